using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The tokens of many texts, one after another.</summary>
/// <param name="Ids">(N), int32.</param>
/// <param name="Rows">The text of each, (N), int32.</param>
/// <param name="Counts">The number of tokens in each text, (B), int32.</param>
sealed record RowTokens(Tensor Ids, Tensor Rows, Tensor Counts)
{
    /// <summary>Collects the tokens from positions that have one.</summary>
    /// <param name="ids">The ids, or -1 if no token begins there, (M), int32.</param>
    /// <param name="rows">The text of each, (M), int32.</param>
    /// <param name="texts">The number of texts, int32.</param>
    public static RowTokens OfPlaces(Tensor ids, Tensor rows, Tensor texts)
    {
        var kept = Tf.Reshape(Tf.Where(Tf.GreaterEqual(ids, Tf.Int32Scalar(0))), Tf.Int32(-1));
        (ids, rows) = (Tf.Gather(ids, kept, 0), Tf.Gather(rows, kept, 0));
        return new(ids, rows, Tf.UnsortedSegmentSum(Tf.Fill(Tf.ShapeOf(ids), Tf.Int32Scalar(1)), rows, texts));
    }

    /// <summary>Writes the first tokens of each row into a table, starting at a position.</summary>
    /// <param name="table">(B, T), int32.</param>
    /// <param name="kept">The number of tokens to write, (B), int32.</param>
    /// <param name="from">The position in each row, (B), int32.</param>
    public Tensor PlaceIn(Tensor table, Tensor kept, Tensor from)
    {
        var begins = Tf.Cumsum(Counts, 0, exclusive: true);
        var within = Tf.Range(Tf.Int32Scalar(0), Tf.SizeOf(Ids), Tf.Int32Scalar(1)) - Tf.Gather(begins, Rows, 0);
        var stay = Tf.Reshape(Tf.Where(Tf.Less(within, Tf.Gather(kept, Rows, 0))), Tf.Int32(-1));
        var rows = Tf.Gather(Rows, stay, 0);
        var places = Tf.Stack([rows, Tf.Gather(within, stay, 0) + Tf.Gather(from, rows, 0)], 1);
        return Tf.TensorScatterUpdate(table, places, Tf.Gather(Ids, stay, 0));
    }
}

/// <summary>Helpers for rows of different lengths.</summary>
static class GraphRows
{
    /// <summary>The row of each element, (N), int32, of (B + 1) row splits.</summary>
    public static Tensor RowsOf(Tensor splits, Tensor values)
    {
        var positions = Tf.Range(Tf.Int32Scalar(0), Tf.SizeOf(values), Tf.Int32Scalar(1));
        var found = Tf.UpperBound(Tf.ExpandDims(Tf.Cast(splits, DType.Int32), 0), Tf.ExpandDims(positions, 0), DType.Int32);
        return Tf.Squeeze(found, 0) - Tf.Int32Scalar(1);
    }

    /// <summary>The length of padded rows.</summary>
    /// <param name="lengths">(B), int32.</param>
    /// <param name="least">The minimum length.</param>
    /// <param name="multiple">The multiple to round the length up to; null for none.</param>
    public static Tensor Width(Tensor lengths, int least, int? multiple)
    {
        var width = Tf.Maximum(Tf.Max(lengths, [0]), Tf.Int32Scalar(least));
        if (multiple is not { } step) return width;
        return Tf.Mul(Tf.FloorDiv(width + Tf.Int32Scalar(step - 1), Tf.Int32Scalar(step)), Tf.Int32Scalar(step));
    }
}
