namespace Keras.Engines.Torch;

/// <summary>Set operations on rows of numbers or texts, and counts of numbers.</summary>
static class SparseSets
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DenseToDenseSetOperation"] = Combine,
        ["SetSize"] = Sizes,
        ["DenseCountSparseOutput"] = c => SparseInput.ByKind(c, c.DTypes[1], Count<double>, Count<long>),
    };

    /// <summary>Compares elements of inputs by value, texts by their bytes.</summary>
    static Comparer<int> ByValue(KernelCall c, int first, int second)
    {
        if (c.DTypeOf(first) == DType.String)
        {
            byte[] Text(int element) => element >= 0 ? c.Strings(first).Values[element] : c.Strings(second).Values[~element];
            return Comparer<int>.Create((a, b) => Text(a).AsSpan().SequenceCompareTo(Text(b)));
        }
        long[] x = c.Longs(first), y = c.Longs(second);
        long Number(int element) => element >= 0 ? x[element] : y[~element];
        return Comparer<int>.Create((a, b) => Number(a).CompareTo(Number(b)));
    }

    /// <summary>Combines sets row by row, with sorted results; an element of the second input is written as its complement.</summary>
    static void Combine(KernelCall c)
    {
        var (a, b, order) = (c.ShapeOf(0), c.ShapeOf(1), ByValue(c, 0, 1));
        var (rows, dims) = (a[..^1].ElementCount, a[..^1].ToArray());
        if (b.Rank != a.Rank || b[..^1] != a[..^1]) throw c.Fail($"as many sets as in {a}", b.ToString());
        var (places, values, longest) = (new List<long>(), new List<(int, int)>(), 0L);
        for (var row = 0L; row < rows; row++)
        {
            var first = new SortedSet<int>(Enumerable.Range((int)(row * a[-1]), (int)a[-1]), order);
            var second = new SortedSet<int>(Enumerable.Range((int)(row * b[-1]), (int)b[-1]).Select(i => ~i), order);
            // Passed as lists, because SortedSet would compare with the minimum of an empty set.
            switch (c.Get<string>("set_operation").ToLowerInvariant())
            {
                case "a-b": first.ExceptWith([.. second]); break;
                case "b-a":
                    second.ExceptWith([.. first]);
                    first = second;
                    break;
                case "intersection": first.IntersectWith([.. second]); break;
                case "union": first.UnionWith([.. second]); break;
                default: throw c.Fail("a-b, b-a, intersection or union", c.Get<string>("set_operation"));
            }
            var number = 0L;
            foreach (var element in first)
            {
                places.AddRange([.. Unflat(row, dims), number++]);
                values.Add(element >= 0 ? (0, element) : (1, ~element));
            }
            longest = Math.Max(longest, number);
        }
        SparseInput.WritePlaces(c, 0, places, a.Rank, values.Count);
        SparseInput.Take(c, 1, values);
        Structure.WriteIntegers(c.Result(2, new Shape(a.Rank)), [.. dims, longest]);
    }

    static long[] Unflat(long flat, long[] dims)
    {
        var place = new long[dims.Length];
        for (var axis = dims.Length - 1; axis >= 0; axis--) (flat, place[axis]) = (flat / dims[axis], flat % dims[axis]);
        return place;
    }

    static void Sizes(KernelCall c)
    {
        var (x, order) = (new SparseInput(c, 0, 1, 2), ByValue(c, 1, 1));
        if (x.Rank < 1) throw c.Fail("a sparse tensor of rank 1 or more", $"{x.Rank}");
        x.Inside();
        if (c.Flag("validate_indices")) x.Rising();
        int[] axes = [.. Enumerable.Range(0, x.Rank - 1)];
        var sizes = new long[new Shape(x.Dims.AsSpan(0, x.Rank - 1)).ElementCount];
        foreach (var set in Enumerable.Range(0, x.Count).GroupBy(i => x.Flat(i, axes))) sizes[set.Key] = new SortedSet<int>(set, order).Count;
        Structure.WriteIntegers(c.Result(0, new Shape(x.Dims.AsSpan(0, x.Rank - 1))), sizes);
    }

    static void Count<T>(KernelCall c) where T : System.Numerics.INumber<T>
    {
        var (values, shape, weights) = (c.Longs(0), c.ShapeOf(0), SparseInput.Numbers<T>(c, 1));
        var (least, most, isBinary) = (c.Get<long>("minlength"), c.Get<long>("maxlength"), c.Flag("binary_output"));
        var (rows, width) = shape.Rank == 2 ? (shape[0], shape[1]) : (1, shape[0]);
        var (places, counts, seen) = (new List<long>(), new List<T>(), -1L);
        for (var row = 0L; row < rows; row++)
        {
            var found = new SortedDictionary<long, T>();
            for (var i = row * width; i < (row + 1) * width; i++)
            {
                if (values[i] < 0) throw c.Fail("numbers from 0", $"{values[i]}");
                seen = Math.Max(seen, values[i]);
                if (most >= 0 && values[i] >= most) continue;
                found[values[i]] = isBinary ? T.One : found.GetValueOrDefault(values[i], T.Zero) + (weights.Length > 0 ? weights[i] : T.One);
            }
            foreach (var (value, count) in found)
            {
                if (shape.Rank == 2) places.Add(row);
                places.Add(value);
                counts.Add(count);
            }
        }
        SparseInput.WritePlaces(c, 0, places, shape.Rank, counts.Count);
        SparseInput.Write<T>(c, 1, [.. counts], new Shape(counts.Count));
        var size = most >= 0 ? most : Math.Max(seen + 1, least);
        Structure.WriteIntegers(c.Result(2, new Shape(shape.Rank)), shape.Rank == 2 ? [rows, size] : [size]);
    }
}
