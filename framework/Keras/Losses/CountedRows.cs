using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Which rows of a batch are samples: 1 for those, 0 for rows that only fill a batch up to the size that XLA compiled. Losses and metrics take it as a mask.</summary>
static class CountedRows
{
    [ThreadStatic] static Tensor? s_rows;

    /// <summary>float32 (B); null where all rows are samples.</summary>
    public static Tensor? Current => s_rows;

    /// <summary>Sets the rows for this thread until disposed.</summary>
    public static IDisposable Enter(Tensor? rows)
    {
        var before = s_rows;
        s_rows = rows;
        return new Engines.Scope(() => s_rows = before);
    }

    /// <summary>The number of samples of a batch.</summary>
    public static Tensor Count(Tensor x) => s_rows is { } rows ? Tf.Sum(rows) : Tf.Cast(Tf.DimOf(x, 0), DType.Float32);

    /// <summary>A mask of values that is also 0 in rows that are not samples. A value for the whole batch has none: its loss left them out by their labels.</summary>
    public static Tensor? Within(Tensor? mask, Tensor values)
    {
        if (s_rows is not { } rows || values.ndim == 0 || values.shape[0] == 1) return mask;
        var all = Expanded(rows, values.ndim) * Tf.OnesLike(Tf.Cast(values, DType.Float32));
        return mask is null ? all : all * Expanded(Tf.Cast(mask, DType.Float32), values.ndim);
    }

    /// <summary>Weights of samples, or of their values, that are 0 in rows that are not samples.</summary>
    public static Tensor? Weights(Tensor? weight) => s_rows is not { } rows ? weight
        : weight is null ? rows : Tf.Cast(weight, DType.Float32) * Expanded(rows, weight.ndim);

    static Tensor Expanded(Tensor x, int rank)
    {
        while (x.ndim < rank) x = Tf.ExpandDims(x, -1);
        return x;
    }
}
