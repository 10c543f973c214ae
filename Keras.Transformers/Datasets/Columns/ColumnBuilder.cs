using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Builds a column from parts of others, typed arrays, or single values.</summary>
sealed partial class ColumnBuilder
{
    readonly ElementType? _element;
    readonly ClassLabel? _labels;
    readonly string _path;
    readonly BitBuffer _validity = new();
    readonly BitBuffer _flags = new();
    readonly ByteBuffer _values = new();
    readonly ByteBuffer _offsets = new();
    readonly ColumnBuilder[] _children;
    int _nulls;

    /// <param name="feature">The feature of the column; labels are checked.</param>
    /// <param name="path">The column's name, for errors.</param>
    public ColumnBuilder(Feature feature, string path)
    {
        (Feature, Type, _path) = (feature, feature.Storage, path);
        _labels = feature as ClassLabel;
        _element = (Type as Value)?.Element;
        _children = (feature is Image ? Type : feature) switch
        {
            Sequence list => [new(list.feature, path)],
            Features record => [.. record.Select(c => new ColumnBuilder(c.Value, $"{path}.{c.Key}"))],
            _ => [],
        };
        if (HasOffsets) _offsets.Append(0);
    }

    public Feature Feature { get; }

    public Feature Type { get; }

    public int Length { get; private set; }

    /// <summary>Whether texts of other columns are checked here. Default true; otherwise later, when their row is known.</summary>
    public bool ChecksTexts { get; init; } = true;

    bool HasOffsets => _element?.HasBytes == true || Type is Sequence { length: < 0 };

    /// <summary>The rows so far; the builder is not used any more.</summary>
    public ColumnData Build() => new(Type, Length, _validity.Written, _element?.Kind == ElementKind.Null ? Length : _nulls, _element?.Kind == ElementKind.Bool ? _flags.Written : _values.Written, _offsets.Written,
        [.. _children.Select(c => c.Build())]);

    public void AppendNull()
    {
        Valid(false);
        if (HasOffsets) EndOffset();
        else if (_element is { Kind: ElementKind.Bool }) _flags.Append(false);
        else if (_element is { Width: > 0 and var width }) _values.Grow(width).Clear();
        else if (Type is Sequence { length: var n })
            for (var i = 0; i < n; i++) _children[0].AppendNull();
        else
            foreach (var child in _children) child.AppendNull();
    }

    /// <summary>Rows of another column of the same storage type.</summary>
    public void Append(ColumnData source, int start, int count)
    {
        if (count == 0) return;
        if (_element?.Kind == ElementKind.Null)
        {
            Length += count;
            return;
        }
        if (source.Nulls == 0) _validity.Append(true, count);
        else
        {
            var validity = source.Validity.Span;
            _validity.Append(validity, start, count);
            for (var i = 0; i < count; i++)
                if (!Bits.Get(validity, start + i)) _nulls++;
        }
        Length += count;
        if (HasOffsets) AppendRanges(source, start, count);
        else if (_element is { Kind: ElementKind.Bool }) _flags.Append(source.Values.Span, start, count);
        else if (_element is { Width: > 0 and var width }) _values.Append(source.Values.Span.Slice(start * width, count * width));
        else if (Type is Sequence { length: var n }) _children[0].Append(source.Children[0], start * n, count * n);
        else
            for (var i = 0; i < _children.Length; i++) _children[i].Append(source.Children[i], start, count);
        GC.KeepAlive(source);
    }

    void AppendRanges(ColumnData source, int start, int count)
    {
        var from = source.OffsetSpan;
        var (first, last) = (from[start], from[start + count]);
        var last0 = LastOffset;
        if ((long)last0 + (last - first) > int.MaxValue)
            throw new UnsupportedException("One column of a batch has more than 2^31 elements", _path, "fewer", null, "Use a smaller batch_size or writer_batch_size.");
        var to = MemoryMarshal.Cast<byte, int>(_offsets.Grow(count * sizeof(int)));
        for (var i = 0; i < count; i++) to[i] = from[start + i + 1] - first + last0;
        if (_element is null)
        {
            _children[0].Append(source.Children[0], first, last - first);
            return;
        }
        if (ChecksTexts) source.CheckText();
        _values.Append(source.Values.Span[first..last]);
    }

    int LastOffset => MemoryMarshal.Read<int>(_offsets.Written.Span[^sizeof(int)..]);

    void Valid(bool valid)
    {
        _validity.Append(valid);
        Length++;
        if (!valid) _nulls++;
    }

    /// <summary>Ends a text or list at the current end of its elements.</summary>
    void EndOffset() => _offsets.Append(_element is null ? _children[0].Length : _values.Length);
}
