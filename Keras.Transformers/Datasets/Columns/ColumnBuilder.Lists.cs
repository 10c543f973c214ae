namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Appends one list, or one list of lists of fixed lengths, whose elements are contiguous.</summary>
    /// <exception cref="ShapeMismatchException">The list is of a fixed length, and there are more or fewer elements.</exception>
    public void AppendLists<T>(ReadOnlySpan<T> items, Action<ColumnBuilder, ReadOnlySpan<T>> append)
    {
        var (child, size) = (_children[0], 1);
        for (var inner = child.Type; inner is Sequence { length: var n } list; inner = list.feature) size *= n;
        if (Type is Sequence { length: >= 0 and var length } && (long)length * size != items.Length) throw WrongLength(length * size, items.Length);
        if (child.Type is not Sequence) append(child, items);
        else
            for (var at = 0; at < items.Length; at += size) child.AppendLists(items.Slice(at, size), append);
        if (HasOffsets) EndOffset();
        Valid(true);
    }
}
