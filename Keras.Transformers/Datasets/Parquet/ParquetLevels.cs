using System.Buffers.Binary;

namespace Keras.Transformers;

/// <summary>The levels of one leaf of a column, and its non-null values in plain encoding. Everything may be null, as in pyarrow's files.</summary>
sealed class ParquetLevels
{
    readonly ByteBuffer _values = new();
    readonly BitBuffer _flags = new();
    readonly ColumnData _leaf;

    ParquetLevels(ColumnData leaf, int mostRepetition) => (_leaf, MostRepetition) = (leaf, mostRepetition);

    public int MostRepetition { get; }

    public ByteBuffer Definitions { get; } = new();

    public ByteBuffer Repetitions { get; } = new();

    public ReadOnlyMemory<byte> Values => _leaf.Element!.Kind == ElementKind.Bool ? _flags.Written : _values.Written;

    /// <summary>The leaves of a column in order.</summary>
    public static List<ParquetLevels> Of(ColumnData column)
    {
        var leaves = new List<(ParquetLevels Levels, int[] Path)>();
        Find(column, [], 0, leaves);
        foreach (var (levels, path) in leaves)
            for (var row = 0; row < column.Length; row++) levels.Add(column, path, 0, row, 0, 0, 0);
        return [.. leaves.Select(l => l.Levels)];
    }

    static void Find(ColumnData column, int[] path, int repetition, List<(ParquetLevels, int[])> leaves)
    {
        if (column.Element is not null) leaves.Add((new(column, repetition), path));
        for (var i = 0; i < column.Children.Length; i++) Find(column.Children[i], [.. path, i], repetition + (column.Type is Sequence ? 1 : 0), leaves);
    }

    /// <param name="column">The column, or a part of it.</param>
    /// <param name="path">The child indices that lead to the leaf, level by level.</param>
    /// <param name="depth">The level.</param>
    /// <param name="row">The row of this part.</param>
    /// <param name="definition">The definition level so far.</param>
    /// <param name="lists">The number of lists around the value.</param>
    /// <param name="repetition">The list in which this value starts a new element.</param>
    void Add(ColumnData column, int[] path, int depth, int row, int definition, int lists, int repetition)
    {
        if (column.IsNull(row))
        {
            Note(definition, repetition);
            return;
        }
        if (column.Element is not null)
        {
            Note(definition + 1, repetition);
            AddValue(row);
            return;
        }
        var child = column.Children[path[depth]];
        if (column.Type is not Sequence)
        {
            Add(child, path, depth + 1, row, definition + 1, lists, repetition);
            return;
        }
        var (start, count) = column.Range(row);
        if (count == 0) Note(definition + 1, repetition);
        for (var i = 0; i < count; i++) Add(child, path, depth + 1, start + i, definition + 2, lists + 1, i == 0 ? repetition : lists + 1);
    }

    void Note(int definition, int repetition)
    {
        Definitions.Append((byte)definition);
        if (MostRepetition > 0) Repetitions.Append((byte)repetition);
    }

    void AddValue(int row)
    {
        var element = _leaf.Element!;
        switch (element.Kind)
        {
            case ElementKind.Bool: _flags.Append(_leaf.Flag(row)); break;
            case ElementKind.Text or ElementKind.Bytes:
                var bytes = _leaf.Bytes(row);
                _values.Append(bytes.Length);
                _values.Append(bytes);
                break;
            case ElementKind.Int or ElementKind.UInt when element.Width < sizeof(int): _values.Append((int)_leaf.Int64(row)); break;
            case ElementKind.Decimal: BinaryPrimitives.WriteInt128BigEndian(_values.Grow(Decimals.Width), _leaf.Int128(row)); break;
            // Parquet's dates are days.
            case ElementKind.Date when element.Width == sizeof(long): _values.Append((int)Math.Floor(_leaf.Int64(row) / 86_400_000.0)); break;
            default: _values.Append(_leaf.Values.Span.Slice(row * element.Width, element.Width)); break;
        }
    }
}
