using System.Runtime.InteropServices;
using Keras.Checkpoints;

namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Appends a row from an entry of a TFRecord file.</summary>
    /// <exception cref="DTypeMismatchException">The feature's list is of another kind than the column.</exception>
    /// <exception cref="ShapeMismatchException">The row has several values, or none, where the column has one.</exception>
    public void AppendExample(TfExample.Entry entry)
    {
        if (Type is Sequence { length: var length })
        {
            var count = _children[0].AppendItems(entry);
            if (length >= 0 && count != length) throw WrongLength(length, count);
            if (HasOffsets) EndOffset();
            Valid(true);
        }
        else if (AppendItems(entry) is not 1 and var count) throw new ShapeMismatchException("A feature has several values or none, but its column has one", Here, "1 value", $"{count}", "Make the column a Sequence in features.");
    }

    int AppendItems(TfExample.Entry entry)
    {
        var before = Length;
        switch (entry.Kind)
        {
            case TfExampleKind.Bytes when _element?.HasBytes == true:
                foreach (var bytes in TfExample.Bytes(entry.List)) AppendBytes(bytes.Span);
                break;
            case TfExampleKind.Floats when _element is not null: AppendNumbers<float>(CollectionsMarshal.AsSpan(TfExample.Floats(entry.List))); break;
            case TfExampleKind.Integers when _element is { Kind: ElementKind.Bool }:
                foreach (var flag in TfExample.Integers(entry.List)) AppendObject(flag != 0);
                break;
            case TfExampleKind.Integers when _element is not null: AppendNumbers<long>(CollectionsMarshal.AsSpan(TfExample.Integers(entry.List))); break;
            default: throw Mismatch($"{entry.Kind}");
        }
        return Length - before;
    }
}
