namespace Keras.Engines.Torch;

/// <summary>Kernels for ragged tensors: rows of unequal length.</summary>
static unsafe class Ragged
{
    /// <summary>Converts rows of values, given by row splits or each value's row, to a dense tensor padded with a default.</summary>
    public static void ToTensor(KernelCall c)
    {
        var levels = Levels(c);
        Movement.ForStringsToo(call => FromLevels(call, levels))(c);
    }

    /// <summary>The ragged axes, outermost first.</summary>
    static List<Level> Levels(KernelCall c)
    {
        var (levels, rows) = (new List<Level>(), -1L);
        var types = c.Get<string[]>("row_partition_types");
        for (var i = 0; i < types.Length; i++)
        {
            const int firstPartition = 3;
            var partition = c.Longs(firstPartition + i);
            if (types[i] == "FIRST_DIM_SIZE")
            {
                if (i > 0) throw c.Fail("the number of rows before everything else", string.Join(", ", types));
                rows = partition is [>= 0 and var only] ? only : throw c.Fail("one number of rows from 0", string.Join(", ", partition));
                continue;
            }
            Level level = types[i] switch
            {
                "VALUE_ROWIDS" => OfRowIds(c, partition, rows),
                "ROW_SPLITS" => OfSplits(c, partition),
                _ => throw new UnsupportedException("Ragged rows are not given in a known way", c.Where, "ROW_SPLITS, VALUE_ROWIDS", types[i], "Run on TensorFlow (KERAS_BACKEND=tensorflow)."),
            };
            if (rows >= 0 && level.Rows != rows) throw c.Fail($"{rows} rows on ragged axis {levels.Count + 1}", $"{level.Rows}", "Ragged rows do not fit those before them");
            levels.Add(level);
            rows = level.Count;
        }
        if (levels.Count == 0) throw c.Fail("a ragged axis", string.Join(", ", types));
        var values = c.ShapeOf(1) is { Rank: > 0 } shape ? shape[0] : throw c.Fail("values with an axis of rows", c.ShapeOf(1).ToString());
        // As in TensorFlow, there may be more values than the rows use.
        return rows <= values ? levels : throw c.Fail($"at most {values} values in rows", $"{rows}", "Ragged rows do not fit their values");
    }

    static SplitLevel OfSplits(KernelCall c, long[] splits)
    {
        RequireSplits(c, splits);
        return new(splits);
    }

    static void RequireSplits(KernelCall c, long[] splits)
    {
        if (splits.Length == 0 || splits[0] != 0) throw c.Fail("row splits that begin at 0", splits.Length == 0 ? "none" : $"{splits[0]}");
        for (var i = 1; i < splits.Length; i++)
            if (splits[i] < splits[i - 1]) throw c.Fail("row splits that do not fall", $"{splits[i]} at place {i}");
    }

    static RowIdLevel OfRowIds(KernelCall c, long[] ids, long rows)
    {
        if (rows < 0) throw c.Fail("a number of rows before the rows of values", "none");
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] < (i > 0 ? ids[i - 1] : 0) || ids[i] >= rows) throw c.Fail($"rows from 0 to {rows - 1} that do not fall", $"{ids[i]} at place {i}");
        return new(ids, rows);
    }

    /// <summary>One ragged axis. It allocates only for the values given, however many rows are claimed.</summary>
    abstract class Level
    {
        /// <summary>The number of rows.</summary>
        public abstract long Rows { get; }

        /// <summary>The total number of values.</summary>
        public abstract long Count { get; }

        /// <summary>The length of the longest row.</summary>
        public abstract long Longest { get; }

        /// <summary>Gives the row of each value and its position there; values must be requested in ascending order.</summary>
        public abstract Func<long, (long Row, long Place)> Walk();
    }

    sealed class SplitLevel(long[] splits) : Level
    {
        public override long Rows => splits.Length - 1;

        public override long Count => splits[^1];

        public override long Longest => Enumerable.Range(0, splits.Length - 1).Select(i => splits[i + 1] - splits[i]).DefaultIfEmpty(0).Max();

        public override Func<long, (long Row, long Place)> Walk()
        {
            var row = 0;
            return value =>
            {
                while (splits[row + 1] <= value) row++;
                return (row, value - splits[row]);
            };
        }
    }

    sealed class RowIdLevel(long[] ids, long rows) : Level
    {
        public override long Rows => rows;

        public override long Count => ids.Length;

        public override long Longest
        {
            get
            {
                var walk = Walk();
                return Enumerable.Range(0, ids.Length).Select(i => walk(i).Place + 1).DefaultIfEmpty(0).Max();
            }
        }

        public override Func<long, (long Row, long Place)> Walk()
        {
            var (at, first) = (0L, 0L);
            return value =>
            {
                for (; at < value; at++)
                    if (ids[at + 1] != ids[at]) first = at + 1;
                return (ids[value], value - first);
            };
        }
    }

    /// <summary>Counts how often each number occurs in each row, or sums its weights.</summary>
    public static void Bincount(KernelCall c)
    {
        var (splits, values, size, weights) = (c.Longs(0), c.Longs(1), c.Long(2), c.Tensor(3));
        RequireSplits(c, splits);
        if (splits[^1] != values.Length) throw c.Fail($"row splits up to {values.Length}, the number of values", $"{splits[^1]}");
        if (size < 0) throw c.Fail("a size of at least 0", $"{size}");
        if (weights.Count > 0 && weights.Count != values.Length) throw c.Fail($"{values.Length} weights", $"{weights.Count}");
        var result = c.Result(0, new Shape(splits.Length - 1, size));
        Structure.Clear(result);
        for (var row = 0; row < splits.Length - 1; row++)
            for (var i = splits[row]; i < splits[row + 1]; i++) Searching.Count(c, result, row * size, values[i], size, weights, i);
    }

    static void FromLevels(KernelCall c, List<Level> levels)
    {
        var (values, padding) = (c.Tensor(1), c.Tensor(2));
        var wanted = c.ShapeOf(0).Rank == 0 ? [] : c.Longs(0);
        var inner = values.Shape[1..];
        if (padding.Shape.Rank > inner.Rank || (padding.Count != 1 && !IsEndOf(padding.Shape, inner))) throw c.Fail($"one value to pad with, or values of shape {inner}", padding.Shape.ToString());
        long[] dims = [levels[0].Rows, .. levels.Select(l => l.Longest)];
        for (var k = 0; k < dims.Length && k < wanted.Length; k++)
            if (wanted[k] >= 0) dims[k] = wanted[k];
        var (block, size) = (inner.ElementCount, values.DType.Size);
        var bytes = (Int128)Math.Max(block * size, 1);
        foreach (var dim in dims)
            if ((bytes *= dim) > long.MaxValue) throw c.Fail("a dense tensor that fits in memory", new Shape(dims).Concat(inner).ToString(), "Ragged rows are too many or too long");
        var result = c.Result(0, new Shape(dims).Concat(inner));
        if (padding.Count == 1) Structure.Repeat(result, padding.Data);
        else
            for (var i = 0L; i < result.Count; i += padding.Count) Buffer.MemoryCopy(padding.Data, result.Data + (i * size), padding.ByteLength, padding.ByteLength);
        Func<long, long> place = row => row < dims[0] ? row : -1;
        for (var k = 0; k < levels.Count; k++) place = Within(place, levels[k].Walk(), dims[k + 1]);
        for (var i = 0L; i < levels[^1].Count; i++)
            if (place(i) is >= 0 and var at) Buffer.MemoryCopy(values.Data + (i * block * size), result.Data + (at * block * size), block * size, block * size);
    }

    /// <summary>The position of each value in the dense tensor from that of its row; -1 for a value that is cut off.</summary>
    static Func<long, long> Within(Func<long, long> outer, Func<long, (long Row, long Place)> walk, long width) => value =>
    {
        var (row, place) = walk(value);
        return place < width && outer(row) is >= 0 and var at ? (at * width) + place : -1;
    };

    static bool IsEndOf(Shape end, Shape shape) => shape[(shape.Rank - end.Rank)..] == end;

    public static void Range(KernelCall c)
    {
        if (!c.DTypeOf(0).IsInteger) throw c.NotFor(c.DTypeOf(0));
        long[] starts = c.Longs(0), limits = c.Longs(1), deltas = c.Longs(2);
        var rows = new[] { starts.Length, limits.Length, deltas.Length }.Max();
        var (values, splits) = (new List<long>(), new List<long> { 0 });
        for (var r = 0; r < rows; r++)
        {
            long At(long[] of) => of[of.Length == 1 ? 0 : r];
            var delta = At(deltas) != 0 ? At(deltas) : throw c.Fail("steps other than 0", "0");
            for (var v = At(starts); delta > 0 ? v < At(limits) : v > At(limits); v += delta) values.Add(v);
            splits.Add(values.Count);
        }
        Structure.WriteIntegers(c.Result(0, new Shape(splits.Count)), [.. splits]);
        Structure.WriteIntegers(c.Result(1, new Shape(values.Count)), [.. values]);
    }
}
