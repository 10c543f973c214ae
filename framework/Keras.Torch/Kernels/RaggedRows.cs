namespace Keras.Engines.Torch;

/// <summary>Gathers rows of ragged tensors, and converts ragged tensors to sparse ones and to variants for loops.</summary>
static unsafe class RaggedRows
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["RaggedGather"] = Gather,
        ["RaggedTensorToSparse"] = ToSparse,
        ["RaggedTensorToVariant"] = ToVariant,
        ["RaggedTensorFromVariant"] = FromVariant,
    };

    /// <summary>Reads the row splits, each checked against the level below; when gathering, the level below may have more than the rows use.</summary>
    static long[][] Splits(KernelCall c, int rank, bool mayHaveMore = false)
    {
        var splits = new long[rank][];
        for (var i = 0; i < rank; i++) splits[i] = c.Longs(i);
        for (var i = 0; i < rank; i++)
        {
            var count = i + 1 < rank ? splits[i + 1].Length - 1 : c.ShapeOf(rank)[0];
            if (splits[i].Length == 0) throw c.Fail("row splits of at least one element", "none");
            if (splits[i][^1] <= count && mayHaveMore) count = splits[i][^1];
            Texts.RequireSplits(c, splits[i], count);
        }
        return splits;
    }

    /// <summary>Copies ranges of flat rows into one tensor.</summary>
    static TorchValue Rows(TorchValue values, IReadOnlyList<(long First, long Count)> ranges)
    {
        var (inner, count) = (values.Shape[1..], ranges.Sum(r => r.Count));
        var (shape, size) = (new Shape(count).Concat(inner), inner.ElementCount);
        if (values is TorchStrings strings)
            return new TorchStrings([.. ranges.SelectMany(r => strings.Values.AsSpan((int)(r.First * size), (int)(r.Count * size)).ToArray())], shape);
        var (from, to) = ((TorchTensor)values, TorchTensor.Allocate(values.DType, shape));
        var at = to.Data;
        var bytes = size * values.DType.Size;
        foreach (var (first, rows) in ranges)
        {
            Buffer.MemoryCopy(from.Data + (first * bytes), at, rows * bytes, rows * bytes);
            at += rows * bytes;
        }
        return to;
    }

    static void WriteSplits(KernelCall c, int output, IReadOnlyCollection<long> splits) => Structure.WriteIntegers(c.Result(output, new Shape(splits.Count)), [.. splits]);

    static void Gather(KernelCall c)
    {
        var rank = c.Inputs.Length - 2;
        var (splits, indices, dims) = (Splits(c, rank, mayHaveMore: true), c.Longs(rank + 1), c.ShapeOf(rank + 1).ToArray());
        var rows = splits[0].Length - 1;
        List<(long First, long Count)> ranges = [];
        foreach (var index in indices)
            ranges.Add(index >= 0 && index < rows ? (index, 1) : throw c.Fail($"rows from 0 to {rows - 1}", $"{index}", "An index is out of range"));
        // Indices with several axes give uniform outer rows.
        var output = 0;
        for (var axis = 1; axis < dims.Length; axis++)
            WriteSplits(c, output++, [.. Enumerable.Range(0, (int)dims[..axis].Aggregate(1L, (n, d) => n * d) + 1).Select(i => i * dims[axis])]);
        for (var level = 0; level < rank; level++)
        {
            // A scalar index takes the row itself, which removes its level.
            var (ends, below) = (new List<long> { 0 }, new List<(long, long)>());
            foreach (var (first, count) in ranges)
            {
                for (var row = first; row < first + count; row++) ends.Add(ends[^1] + splits[level][row + 1] - splits[level][row]);
                below.Add((splits[level][first], splits[level][first + count] - splits[level][first]));
            }
            if (level > 0 || dims.Length > 0) WriteSplits(c, output++, ends);
            ranges = below;
        }
        c.Outputs[output] = Rows(c.Inputs[rank], ranges);
    }

    static void ToSparse(KernelCall c)
    {
        var rank = c.Inputs.Length - 1;
        var (splits, values) = (Splits(c, rank), c.ShapeOf(rank));
        var (inner, dims) = (values[1..].ToArray(), new List<long> { splits[0].Length - 1 });
        foreach (var level in splits) dims.Add(level.Zip(level.Skip(1), (a, b) => b - a).DefaultIfEmpty(0).Max());
        dims.AddRange(inner);
        var places = (long*)c.Result(0, new Shape(values.ElementCount, dims.Count)).Data;
        var block = values[1..].ElementCount;
        var (rows, place) = (new int[rank], new long[dims.Count]);
        for (var row = 0L; row < values[0]; row++)
        {
            var below = row;
            for (var level = rank - 1; level >= 0; level--)
            {
                while (splits[level][rows[level] + 1] <= below) rows[level]++;
                place[level + 1] = below - splits[level][rows[level]];
                below = rows[level];
            }
            place[0] = below;
            for (var k = 0L; k < block; k++)
            {
                var rest = k;
                for (var axis = inner.Length - 1; axis >= 0; axis--) (rest, place[rank + 1 + axis]) = (rest / inner[axis], rest % inner[axis]);
                foreach (var number in place) *places++ = number;
            }
        }
        c.Outputs[1] = c.Inputs[rank].Share(new Shape(values.ElementCount));
        Structure.WriteIntegers(c.Result(2, new Shape(dims.Count)), [.. dims]);
    }

    /// <summary>Converts a ragged tensor to one variant, or to one for each row.</summary>
    static void ToVariant(KernelCall c)
    {
        var rank = c.Inputs.Length - 1;
        var (splits, values) = (Splits(c, rank), c.Inputs[rank]);
        if (!c.Flag("batched_input"))
        {
            c.Outputs[0] = new TorchRagged([new(splits, values.Share())], Shape.Scalar);
            return;
        }
        if (values.Shape.Rank == 0) throw c.Fail("values with an axis of rows", "a scalar");
        var count = rank > 0 ? splits[0].Length - 1 : values.Shape[0];
        var items = new TorchRagged.Item[count];
        for (var row = 0; row < count; row++)
        {
            var (first, rows, below) = ((long)row, 1L, new List<long[]>());
            for (var level = 0; level < rank; level++)
            {
                var part = splits[level][(int)first..(int)(first + rows + 1)];
                if (level > 0) below.Add(Array.ConvertAll(part, s => s - part[0]));
                (first, rows) = (part[0], part[^1] - part[0]);
            }
            var own = Rows(values, [(first, rows)]);
            items[row] = new([.. below], rank > 0 ? own : Dropped(own));
        }
        c.Outputs[0] = new TorchRagged(items, new Shape(count));
    }

    /// <summary>Removes the first axis, of length 1, from a tensor.</summary>
    static TorchValue Dropped(TorchValue row)
    {
        using (row) return row.Share(row.Shape[1..]);
    }

    static void FromVariant(KernelCall c)
    {
        var (ragged, rank, wanted) = (c.Inputs[0] as TorchRagged ?? throw c.Fail("ragged tensors", c.Inputs[0].GetType().Name), c.Int("output_ragged_rank"), c.Get<DType>("Tvalues"));
        var shape = ragged.Shape;
        var inner = c.Get<long>("input_ragged_rank") is >= 0 and var given ? (int)given : rank - shape.Rank;
        if (inner < 0 || inner + shape.Rank != rank) throw c.Fail($"{rank} ragged axes", $"{inner} of {shape} ragged tensors");
        foreach (var item in ragged.Items)
        {
            if (item.Splits.Length != inner) throw c.Fail($"ragged tensors of {inner} ragged axes", $"{item.Splits.Length}");
            if (item.Values.DType != wanted) throw c.Fail(wanted.Name, item.Values.DType.Name, "A ragged tensor has values of another dtype");
        }
        if (shape.Rank == 0)
        {
            for (var level = 0; level < inner; level++) WriteSplits(c, level, ragged.Items[0].Splits[level]);
            c.Outputs[inner] = ragged.Items[0].Values.Share();
            return;
        }
        if (shape.Rank != 1) throw new UnsupportedException("Ragged tensors of more than one axis cannot be read", c.Where, "a vector of them", shape.ToString(), "Run on TensorFlow (KERAS_BACKEND=tensorflow).");
        // The row splits of the new outermost axis: each element's outermost rows, or its values.
        WriteSplits(c, 0, Ends(ragged.Items.Select(i => inner > 0 ? i.Splits[0].Length - 1L : i.Values.Shape.Rank > 0 ? i.Values.Shape[0] : throw c.Fail("values with an axis of rows", "a scalar"))));
        for (var level = 0; level < inner; level++) WriteSplits(c, level + 1, Ends(ragged.Items.SelectMany(i => i.Splits[level].Zip(i.Splits[level].Skip(1), (a, b) => b - a))));
        c.Outputs[rank] = Stacked(c, [.. ragged.Items.Select(i => i.Values)], wanted);
    }

    static List<long> Ends(IEnumerable<long> lengths)
    {
        var ends = new List<long> { 0 };
        foreach (var length in lengths) ends.Add(ends[^1] + length);
        return ends;
    }

    /// <summary>Concatenates values.</summary>
    static TorchValue Stacked(KernelCall c, TorchValue[] parts, DType dtype)
    {
        if (parts.Length == 0) return dtype == DType.String ? new TorchStrings([], new Shape(0)) : TorchTensor.Allocate(dtype, new Shape(0));
        var inner = parts[0].Shape[1..];
        if (Array.Find(parts, p => p.Shape.Rank == 0 || p.Shape[1..] != inner) is { } other) throw c.Fail($"values of shape {inner}", other.Shape.ToString(), "Ragged tensors have values of several shapes");
        var shape = new Shape(parts.Sum(p => p.Shape[0])).Concat(inner);
        if (dtype == DType.String) return new TorchStrings([.. parts.SelectMany(p => ((TorchStrings)p).Values)], shape);
        var whole = TorchTensor.Allocate(dtype, shape);
        var at = whole.Data;
        foreach (TorchTensor part in parts)
        {
            Buffer.MemoryCopy(part.Data, at, part.ByteLength, part.ByteLength);
            at += part.ByteLength;
        }
        return whole;
    }
}
