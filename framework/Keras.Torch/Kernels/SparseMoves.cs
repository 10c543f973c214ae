namespace Keras.Engines.Torch;

/// <summary>Reorders, splits, concatenates and reshapes sparse tensors; values have any dtype.</summary>
static unsafe class SparseMoves
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["SparseReorder"] = Reorder,
        ["SparseReshape"] = Reshape,
        ["SparseConcat"] = Concat,
        ["SparseSlice"] = Slice,
        ["SparseSplit"] = Split,
        ["SparseFillEmptyRows"] = FillEmptyRows,
    };

    static void Reorder(KernelCall c)
    {
        var x = new SparseInput(c, 0, 1, 2);
        var order = x.Sorted();
        SparseInput.WritePlaces(c, 0, [.. order.SelectMany(i => x.Place(i).ToArray())], x.Rank, x.Count);
        SparseInput.Take(c, 1, 1, order);
    }

    static void Reshape(KernelCall c)
    {
        long[] places = c.Longs(0), from = c.Longs(1), to = c.Longs(2);
        if (Array.Exists(from, d => d < 0) || Array.Exists(to, d => d < -1) || to.Count(d => d == -1) > 1) throw c.Fail("dimensions from 0, one of the new ones perhaps -1", $"({string.Join(", ", from)}) and ({string.Join(", ", to)})");
        var size = from.Aggregate(1L, (n, d) => checked(n * d));
        var open = Array.IndexOf(to, -1L);
        var product = to.Where(d => d >= 0).Aggregate(1L, (n, d) => checked(n * d));
        if (open >= 0) to[open] = product > 0 && size % product == 0 ? size / product : throw c.Fail($"a shape that divides {size} elements", $"({string.Join(", ", to)})");
        if (to.Aggregate(1L, (n, d) => checked(n * d)) != size) throw c.Fail($"a shape of {size} elements", $"({string.Join(", ", to)})");
        var count = (int)c.ShapeOf(0)[0];
        if (count > 0 && size == 0) throw c.Fail("a shape with elements", $"({string.Join(", ", to)}), and {count} values");
        long[] strides = Movement.StridesOf(from), steps = Movement.StridesOf(to);
        var moved = (long*)c.Result(0, new Shape(count, to.Length)).Data;
        for (var i = 0; i < count; i++)
        {
            var flat = 0L;
            for (var axis = 0; axis < from.Length; axis++) flat += places[((long)i * from.Length) + axis] * strides[axis];
            for (var axis = 0; axis < to.Length; axis++)
            {
                *moved++ = flat / steps[axis];
                flat %= steps[axis];
            }
        }
        Structure.WriteIntegers(c.Result(1, new Shape(to.Length)), to);
    }

    static void Concat(KernelCall c)
    {
        var count = c.Inputs.Length / 3;
        SparseInput[] parts = [.. Enumerable.Range(0, count).Select(i => new SparseInput(c, i, count + i, (2 * count) + i))];
        var rank = parts[0].Rank;
        var axis = c.Axis(c.Get<long>("concat_dim"), rank);
        var dims = (long[])parts[0].Dims.Clone();
        var all = new List<(long[] Place, int Input, int Element)>();
        for (var k = 0; k < count; k++)
        {
            for (var d = 0; d < rank; d++)
                if (d != axis && parts[k].Dims[d] != dims[d]) throw c.Fail($"sparse tensors whose shapes differ on axis {axis} alone", $"({string.Join(", ", parts[k].Dims)}) and ({string.Join(", ", dims)})");
            var offset = k == 0 ? 0 : dims[axis];
            for (var i = 0; i < parts[k].Count; i++)
            {
                var place = parts[k].Place(i).ToArray();
                place[axis] += offset;
                all.Add((place, count + k, i));
            }
            if (k > 0) dims[axis] = checked(dims[axis] + parts[k].Dims[axis]);
        }
        all = [.. all.OrderBy(v => v.Place, Comparer<long[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))];
        SparseInput.WritePlaces(c, 0, [.. all.SelectMany(v => v.Place)], rank, all.Count);
        SparseInput.Take(c, 1, [.. all.Select(v => (v.Input, v.Element))]);
        Structure.WriteIntegers(c.Result(2, new Shape(rank)), dims);
    }

    static void Slice(KernelCall c)
    {
        var (x, start, size) = (new SparseInput(c, 0, 1, 2), c.Longs(3), c.Longs(4));
        if (Array.Exists(size, s => s < 0)) throw c.Fail("sizes from 0", string.Join(", ", size));
        int[] kept = [.. Enumerable.Range(0, x.Count).Where(i => Enumerable.Range(0, x.Rank).All(a => x.At(i, a) >= start[a] && x.At(i, a) - start[a] < size[a]))];
        SparseInput.WritePlaces(c, 0, [.. kept.SelectMany(i => x.Place(i).ToArray().Select((p, a) => p - start[a]))], x.Rank, kept.Length);
        SparseInput.Take(c, 1, 1, kept);
        Structure.WriteIntegers(c.Result(2, new Shape(x.Rank)), [.. x.Dims.Select((d, a) => Math.Max(0, Math.Min(size[a], d - start[a])))]);
    }

    /// <summary>Splits into parts of equal length; if it does not divide, the first ones are longer by one.</summary>
    static void Split(KernelCall c)
    {
        var (x, count) = (new SparseInput(c, 1, 2, 3).Inside(), c.Int("num_split"));
        var axis = c.Axis(0, x.Rank);
        if (count < 1 || count > x.Dims[axis]) throw c.Fail($"1 to {x.Dims[axis]} parts", $"{count}");
        var (length, longer) = (x.Dims[axis] / count, x.Dims[axis] % count);
        for (var k = 0; k < count; k++)
        {
            var (first, size) = ((k * length) + Math.Min(k, longer), k < longer ? length + 1 : length);
            int[] kept = [.. Enumerable.Range(0, x.Count).Where(i => x.At(i, axis) >= first && x.At(i, axis) < first + size)];
            SparseInput.WritePlaces(c, k, [.. kept.SelectMany(i => x.Place(i).ToArray().Select((p, a) => a == axis ? p - first : p))], x.Rank, kept.Length);
            SparseInput.Take(c, count + k, 2, kept);
            Structure.WriteIntegers(c.Result((2 * count) + k, new Shape(x.Rank)), [.. x.Dims.Select((d, a) => a == axis ? size : d)]);
        }
    }

    /// <summary>Adds a default at the start of each row without values.</summary>
    static void FillEmptyRows(KernelCall c)
    {
        var x = new SparseInput(c, 0, 1, 2);
        var rows = x.Dims[0];
        if (rows > Array.MaxLength) throw c.Fail($"at most {Array.MaxLength} rows", $"{rows}");
        var byRow = new List<int>?[rows];
        for (var i = 0; i < x.Count; i++)
            (byRow[x.At(i, 0) is >= 0 and var row && row < rows ? row : throw c.Fail($"rows from 0 to {rows - 1}", $"{x.At(i, 0)} at place {i}", "A place lies outside of a sparse tensor")] ??= []).Add(i);
        var (places, order, isEmpty, map) = (new List<long>(), new List<(int, int)>(), c.Result(2, new Shape(rows)), new long[x.Count]);
        for (var row = 0L; row < rows; row++)
        {
            isEmpty.Data[row] = byRow[row] is null ? (byte)1 : (byte)0;
            foreach (var i in byRow[row] ?? [-1])
            {
                if (i >= 0) map[i] = order.Count;
                places.AddRange(i >= 0 ? x.Place(i) : [row, .. new long[x.Rank - 1]]);
                order.Add(i >= 0 ? (1, i) : (3, 0));
            }
        }
        SparseInput.WritePlaces(c, 0, places, x.Rank, order.Count);
        SparseInput.Take(c, 1, order);
        Structure.WriteIntegers(c.Result(3, new Shape(x.Count)), map);
    }
}
