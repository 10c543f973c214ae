using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Variables with a row for each word, when the number of words changes.</summary>
static class VocabularyRows
{
    /// <summary>Takes the place of another variable: keeps its first rows, and makes those that it had not.</summary>
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
