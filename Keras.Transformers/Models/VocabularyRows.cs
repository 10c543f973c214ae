using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Resizes variables that have a row for each word.</summary>
static class VocabularyRows
{
    /// <summary>Copies the rows of an old variable into a new one and initializes those that it lacked.</summary>
    /// <param name="from">The old variable, (V, ...).</param>
    /// <param name="to">The new one, of another V.</param>
    /// <param name="initializer">Makes new rows from shape and dtype.</param>
    public static void Copy(Variable from, Variable to, Func<Shape, DType, Tensor> initializer)
    {
        var (rows, kept) = (to.shape[0], Math.Min(from.shape[0], to.shape[0]));
        var value = from[..(int)kept];
        if (rows > kept) value = ops.concatenate([value, initializer(from.shape.With(0, rows - kept), from.dtype)], 0);
        to.Load(value);
        to.path = from.path;
    }
}
