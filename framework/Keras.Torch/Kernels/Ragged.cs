namespace Keras.Engines.Torch;

/// <summary>Rows of unequal length.</summary>
static unsafe class Ragged
{
    /// <summary>Rows of values, cut at row splits, as a dense tensor padded with a default.</summary>
    public static void ToTensor(KernelCall c)
    {
        var splits = Splits(c);
        Movement.ForStringsToo(call => FromSplits(call, splits))(c);
    }

    /// <summary>Where the rows of each ragged axis begin, outermost first; they may be given by the row of each value.</summary>
    static long[][] Splits(KernelCall c)
    {
        var (splits, rows) = (new List<long[]>(), -1L);
        var types = c.Get<string[]>("row_partition_types");
        for (var i = 0; i < types.Length; i++)
        {
            const int firstPartition = 3;
            var partition = c.Longs(firstPartition + i);
            if (types[i] == "FIRST_DIM_SIZE")
            {
                rows = partition is [var only] ? only : throw c.Fail("one number of rows", $"{partition.Length}");
                continue;
            }
            if (types[i] == "VALUE_ROWIDS") partition = OfRowIds(c, partition, rows);
            else if (types[i] != "ROW_SPLITS")
                throw new UnsupportedException("Ragged rows are not given in a known way", c.Where, "ROW_SPLITS, VALUE_ROWIDS", types[i], "Run on TensorFlow (KERAS_BACKEND=tensorflow).");
            splits.Add(partition.Length > 0 ? partition : throw c.Fail("row splits of at least one element", "none"));
            rows = partition[^1];
        }
        return splits.Count > 0 ? [.. splits] : throw c.Fail("a ragged axis", string.Join(", ", types));
    }

    static long[] OfRowIds(KernelCall c, long[] ids, long rows)
    {
        if (rows < 0) throw c.Fail("a number of rows before the rows of values", "none");
        var splits = new long[rows + 1];
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] < (i > 0 ? ids[i - 1] : 0) || ids[i] >= rows) throw c.Fail($"rows from 0 to {rows - 1} that do not fall", $"{ids[i]} at place {i}");
            splits[ids[i] + 1]++;
        }
        for (var i = 1; i < splits.Length; i++) splits[i] += splits[i - 1];
        return splits;
    }

    /// <summary>How often each number occurs in each row, or the sum of its weights.</summary>
    public static void Bincount(KernelCall c)
    {
        var (splits, values, size, weights) = (c.Longs(0), c.Longs(1), c.Long(2), c.Tensor(3));
        if (splits.Length == 0 || splits[0] != 0 || splits[^1] != values.Length) throw c.Fail($"row splits from 0 to {values.Length}", string.Join(", ", splits));
        var result = c.Result(0, new Shape(splits.Length - 1, size));
        Structure.Clear(result);
        for (var row = 0; row < splits.Length - 1; row++)
            for (var i = splits[row]; i < splits[row + 1]; i++) Searching.Count(c, result, row * size, values[i], size, weights, i);
    }

    static void FromSplits(KernelCall c, long[][] splits)
    {
        var (values, padding) = (c.Tensor(1), c.Tensor(2));
        var wanted = c.ShapeOf(0).Rank == 0 ? [] : c.Longs(0);
        var dims = new long[splits.Length + 1];
        dims[0] = splits[0].Length - 1;
        for (var k = 0; k < splits.Length; k++) dims[k + 1] = Enumerable.Range(0, splits[k].Length - 1).Select(i => splits[k][i + 1] - splits[k][i]).DefaultIfEmpty(0).Max();
        for (var k = 0; k < dims.Length && k < wanted.Length; k++)
            if (wanted[k] >= 0) dims[k] = wanted[k];
        var inner = values.Shape[1..];
        var (block, size) = (inner.ElementCount, values.DType.Size);
        var result = c.Result(0, new Shape(dims).Concat(inner));
        if (padding.Count == 1) Structure.Repeat(result, padding.Data);
        else
            for (var i = 0L; i < result.Count; i += padding.Count) Buffer.MemoryCopy(padding.Data, result.Data + (i * size), padding.ByteLength, padding.ByteLength);
        Place(0, 0, 0);

        // Row by row: the place in the dense tensor, and the row of this depth.
        void Place(int depth, long at, long row)
        {
            if (depth == dims.Length)
            {
                Buffer.MemoryCopy(values.Data + (row * block * size), result.Data + (at * block * size), block * size, block * size);
                return;
            }
            var (first, count) = depth == 0 ? (0L, splits[0].Length - 1L) : (splits[depth - 1][row], splits[depth - 1][row + 1] - splits[depth - 1][row]);
            for (var i = 0L; i < Math.Min(count, dims[depth]); i++) Place(depth + 1, (at * dims[depth]) + i, first + i);
        }
    }

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
