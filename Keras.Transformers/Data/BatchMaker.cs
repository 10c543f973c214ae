using Keras.Data;

namespace Keras.Transformers;

/// <summary>Makes batches of rows: gathers their columns, calls the collator and casts every column.</summary>
sealed class BatchMaker
{
    readonly IColumnSource _source;
    readonly DataCollator _collator;
    readonly string[] _columns;
    readonly bool _isBatched;

    public BatchMaker(IColumnSource source, IReadOnlyList<string>? wanted, DataCollator collator, bool isBatched)
    {
        (_source, _collator, _isBatched) = (source, collator, isBatched);
        // Collators rename label to labels, so if any label name is wanted, all are read.
        _columns = [.. source.ColumnNames.Where(c => wanted is null || wanted.Contains(c) || TFDatasets.IsLabel(c))];
        if (source.RowCount == 0) throw new ArgumentException("The table has no rows.");
    }

    public Dictionary<string, BatchColumn> Make(Element rows)
    {
        var numbers = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(rows.Leaves[0].Bytes.Span);
        return Collate(numbers);
    }

    Dictionary<string, BatchColumn> Collate(ReadOnlySpan<long> numbers) => _collator.Apply(_source.Gather(numbers, _columns)).ToDictionary(c => c.Key, c => Typed(c.Key, c.Value));

    static BatchColumn Typed(string name, BatchColumn column) => column switch
    {
        { IsWhole: true } => column.As(DType.Int64),
        { IsFloating: true } => column.As(DType.Float32),
        { Values: bool[] } => column.As(DType.Int64),
        { Values: string[] } => column,
        _ => throw new DTypeMismatchException("A column has elements that pipelines do not take", name, "whole numbers, fractions, booleans or texts", column.DType.Name),
    };

    /// <summary>The shapes and dtypes of the columns, found from some batches of two rows; dimensions that differ are unknown.</summary>
    public Dictionary<string, TensorSpec> Spec(int? batchSize, int most)
    {
        var specs = new Dictionary<string, TensorSpec>();
        var size = Math.Min(_source.RowCount, 2);
        var step = Math.Max(1, (_source.RowCount - size) / most);
        for (var (first, tested) = (0L, 0); first + size <= _source.RowCount && tested < most; first += step, tested++)
        {
            foreach (var (name, column) in Collate(size == 1 ? [first] : [first, first + 1]))
            {
                var shape = column.ShapeAs(name);
                if (!specs.TryGetValue(name, out var known)) specs[name] = new(shape, column.DType);
                else if (known.shape.Rank != shape.Rank) throw new ShapeMismatchException("A column differs in rank from batch to batch", name, $"{known.shape}", $"{shape}");
                else specs[name] = known with { shape = new([.. Enumerable.Range(0, shape.Rank).Select(d => known.shape[d] == shape[d] ? shape[d] : -1)]) };
            }
        }
        var rows = batchSize is { } given ? Math.Min(given, _source.RowCount) : -1;
        return specs.ToDictionary(s => s.Key, s => s.Value with { shape = _isBatched ? new Shape(rows).Concat(s.Value.shape[1..]) : s.Value.shape[1..] });
    }
}

/// <summary>Splits columns into inputs and labels; a single column becomes a bare tensor.</summary>
/// <param name="Inputs">The columns of the inputs; null for all, and no labels.</param>
/// <param name="Truth">The columns of the labels.</param>
sealed record Split(IReadOnlyList<string>? Inputs, IReadOnlyList<string> Truth)
{
    public Element Of(Dictionary<string, BatchColumn> batch, bool isBatched)
    {
        Leaf Leaf(string name)
        {
            var column = batch.TryGetValue(name, out var made) ? made : throw new ArgumentException($"A batch has no column '{name}', which others have. It has: {Known.List(batch.Keys)}.");
            var shape = column.ShapeAs(name);
            if (column.IsMapped) Touch(column.Bytes.Span);
            var leaf = column.DType == DType.String ? Keras.Data.Leaf.Of(HostTensor.From(column.Values).Reshaped(shape)) : Keras.Data.Leaf.Of(column.DType, shape, column.Bytes);
            return isBatched ? leaf : leaf.Row(0);
        }
        return Made(Inputs ?? [.. batch.Keys], names => names.Select(Leaf), (structure, leaves) => new Element(structure, [.. leaves]));
    }

    /// <summary>Reads mapped bytes in now, while batches are prefetched, and not later in the training thread.</summary>
    static void Touch(ReadOnlySpan<byte> bytes)
    {
        const int page = 4096;
        byte any = 0;
        for (var i = 0; i < bytes.Length; i += page) any |= bytes[i];
        Volatile.Write(ref any, any);
    }

    public ElementSpec Of(Dictionary<string, TensorSpec> specs) =>
        Made(Inputs ?? [.. specs.Keys], names => names.Select(n => specs[n]), (structure, parts) => new ElementSpec(structure, parts));

    TResult Made<TPart, TResult>(IReadOnlyList<string> inputs, Func<IEnumerable<string>, IEnumerable<TPart>> parts, Func<ElementStructure, IEnumerable<TPart>, TResult> make) =>
        make(Truth.Count == 0 ? Structure(inputs, Inputs is null) : ElementStructure.ListOf([Structure(inputs, false), Structure(Truth, false)]), parts(inputs.Concat(Truth)));

    static ElementStructure Structure(IReadOnlyList<string> names, bool isWhole) => names.Count == 1 && !isWhole ? ElementStructure.One
        : ElementStructure.DictionaryOf(names, [.. names.Select(_ => ElementStructure.One)]);
}

/// <summary>Computes orders of rows.</summary>
static class Orders
{
    const int BatchesOfGroup = 50;

    public static Func<Random, long[]> Shuffled(long count) => random =>
    {
        var rows = new long[count];
        for (var i = 0L; i < count; i++) rows[i] = i;
        random.Shuffle(rows);
        return rows;
    };

    /// <summary>Groups rows of similar length, if shuffled within groups of many batches. Source: transformers/trainer_pt_utils.py, get_length_grouped_indices.</summary>
    public static Func<Random, long[]> ByLength(int[] lengths, int batchSize, bool shuffles) => random =>
    {
        if (!shuffles) return [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => lengths[i]).Select(i => (long)i)];
        var rows = Shuffled(lengths.Length)(random);
        var group = Math.Max(1, Math.Min(lengths.Length / (batchSize * 4), BatchesOfGroup)) * batchSize;
        for (var start = 0; start < rows.Length; start += group)
            rows.AsSpan(start, Math.Min(group, rows.Length - start)).Sort((a, b) => lengths[b].CompareTo(lengths[a]));
        var batches = rows.Chunk(batchSize).ToArray();
        // Shuffle the batches, so that lengths do not fall repeatedly; only a last, smaller one stays in place.
        random.Shuffle(batches.AsSpan(0, rows.Length / batchSize));
        return [.. batches.SelectMany(b => b)];
    };
}
