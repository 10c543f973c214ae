using Keras.Graphs;

namespace Keras.Losses;

/// <summary>A mask of the rows that are samples: 1 for those, 0 for rows that pad a batch to the size XLA compiled. Losses and metrics apply it.</summary>
static class CountedRows
{
    [ThreadStatic] static Tensor? s_rows;

    /// <summary>The mask, float32 (B); null if all rows are samples.</summary>
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

    /// <summary>Adds the rows' mask to a mask of values. A value for the whole batch needs none: its loss already left padding rows out by their labels.</summary>
    public static Tensor? Within(Tensor? mask, Tensor values)
    {
        if (s_rows is not { } rows || values.ndim == 0 || values.shape[0] == 1) return mask;
        var all = Expanded(rows, values.ndim) * Tf.OnesLike(Tf.Cast(values, DType.Float32));
        return mask is null ? all : all * Expanded(Tf.Cast(mask, DType.Float32), values.ndim);
    }

    /// <summary>Sets sample weights, or weights of values, to 0 in padding rows.</summary>
    public static Tensor? Weights(Tensor? weight) => s_rows is not { } rows ? weight
        : weight is null ? rows : Tf.Cast(weight, DType.Float32) * Expanded(rows, weight.ndim);

    static Tensor Expanded(Tensor x, int rank)
    {
        while (x.ndim < rank) x = Tf.ExpandDims(x, -1);
        return x;
    }
}
