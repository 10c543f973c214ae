using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Arithmetic on sparse tensors. Floats are computed in float64 and rounded once.</summary>
static class SparseMath
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["SparseTensorDenseMatMul"] = c => SparseInput.ByKind(c, c.DTypeOf(1), MatMul<double>, MatMul<long>),
        ["SparseReduceSum"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => Reduce<double>(x, Sum, false), x => Reduce<long>(x, Sum, false)),
        ["SparseReduceMax"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => Reduce<double>(x, Greater, false), x => Reduce<long>(x, Greater, false)),
        ["SparseReduceSumSparse"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => Reduce<double>(x, Sum, true), x => Reduce<long>(x, Sum, true)),
        ["SparseReduceMaxSparse"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => Reduce<double>(x, Greater, true), x => Reduce<long>(x, Greater, true)),
        ["SparseAdd"] = c => SparseInput.ByKind(c, c.DTypeOf(1), Add<double>, Add<long>),
        ["SparseTensorDenseAdd"] = c => SparseInput.ByKind(c, c.DTypeOf(1), AddDense<double>, AddDense<long>),
        ["SparseSparseMaximum"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => Pairs<double>(x, Greater), x => Pairs<long>(x, Greater)),
        ["SparseSparseMinimum"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => Pairs<double>(x, Lesser), x => Pairs<long>(x, Lesser)),
        ["SparseSoftmax"] = Softmax,
        ["SparseDenseCwiseMul"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => WithDense<double>(x, (a, b) => a * b), x => WithDense<long>(x, (a, b) => unchecked(a * b))),
        ["SparseDenseCwiseAdd"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => WithDense<double>(x, Sum), x => WithDense<long>(x, Sum)),
        ["SparseDenseCwiseDiv"] = c => SparseInput.ByKind(c, c.DTypeOf(1), x => WithDense<double>(x, (a, b) => a / b),
            x => WithDense<long>(x, (a, b) => b != 0 ? a / b : throw c.Fail("divisors other than 0", "0"))),
    };

    static T Sum<T>(T a, T b) where T : INumber<T> => unchecked(a + b);

    static T Greater<T>(T a, T b) where T : INumber<T> => T.Max(a, b);

    static T Lesser<T>(T a, T b) where T : INumber<T> => T.Min(a, b);

    static void MatMul<T>(KernelCall c) where T : INumber<T>
    {
        var (a, b, isTransposed) = (new SparseInput(c, 0, 1, 2), SparseInput.Numbers<T>(c, 3), c.Flag("adjoint_b"));
        var (row, inner) = c.Flag("adjoint_a") ? (1, 0) : (0, 1);
        var (depth, columns) = isTransposed ? (c.ShapeOf(3)[1], c.ShapeOf(3)[0]) : (c.ShapeOf(3)[0], c.ShapeOf(3)[1]);
        if (a.Rank != 2 || a.Dims[inner] != depth) throw c.Fail($"{(a.Rank == 2 ? a.Dims[inner] : -1)} rows on the right", $"{depth}");
        a.Inside();
        var shape = new Shape(a.Dims[row], columns);
        var (product, values) = (new T[shape.ElementCount], a.Numbers<T>());
        for (var i = 0; i < a.Count; i++)
            for (var k = 0L; k < columns; k++)
                product[(a.At(i, row) * columns) + k] = unchecked(product[(a.At(i, row) * columns) + k] + (values[i] * b[isTransposed ? (k * depth) + a.At(i, inner) : (a.At(i, inner) * columns) + k]));
        SparseInput.Write<T>(c, 0, product, shape);
    }

    /// <summary>Reduces values along some axes; without values the result is 0, or absent in a sparse result.</summary>
    static void Reduce<T>(KernelCall c, Func<T, T, T> combine, bool toSparse) where T : INumber<T>
    {
        var (x, keeps) = (new SparseInput(c, 0, 1, 2).Inside(), c.Flag("keep_dims"));
        HashSet<int> reduced = [.. c.Longs(3).Select(a => c.Axis(a, x.Rank))];
        if (reduced.Count == 0) reduced = [.. Enumerable.Range(0, x.Rank)];
        int[] kept = [.. Enumerable.Range(0, x.Rank).Except(reduced)], shown = keeps ? [.. Enumerable.Range(0, x.Rank)] : kept;
        long[] dims = [.. shown.Select(a => reduced.Contains(a) ? 1 : x.Dims[a])];
        var (groups, values) = (new SortedDictionary<long, (int First, T Value)>(), x.Numbers<T>());
        for (var i = 0; i < x.Count; i++)
        {
            var key = x.Flat(i, kept);
            groups[key] = groups.TryGetValue(key, out var group) ? (group.First, combine(group.Value, values[i])) : (i, values[i]);
        }
        if (!toSparse)
        {
            var all = new T[new Shape(dims).ElementCount];
            foreach (var (key, group) in groups) all[key] = group.Value;
            SparseInput.Write<T>(c, 0, all, new Shape(dims));
            return;
        }
        SparseInput.WritePlaces(c, 0, [.. groups.Values.SelectMany(g => shown.Select(a => reduced.Contains(a) ? 0 : x.At(g.First, a)))], dims.Length, groups.Count);
        SparseInput.Write<T>(c, 1, [.. groups.Values.Select(g => g.Value)], new Shape(groups.Count));
        Structure.WriteIntegers(c.Result(2, new Shape(dims.Length)), dims);
    }

    /// <summary>Merges two ordered sparse tensors of the same shape.</summary>
    static (List<long> Places, List<T> Values) Merged<T>(KernelCall c, SparseInput a, SparseInput b, Func<T?, T?, T?> combine) where T : struct, INumber<T>
    {
        if (!a.Dims.AsSpan().SequenceEqual(b.Dims)) throw c.Fail($"two sparse tensors of shape ({string.Join(", ", a.Dims)})", $"({string.Join(", ", b.Dims)})");
        var (x, y, places, values) = (a.Numbers<T>(), b.Numbers<T>(), new List<long>(), new List<T>());
        for (var (i, k) = (0, 0); i < a.Count || k < b.Count;)
        {
            var side = i == a.Count ? 1 : k == b.Count ? -1 : a.Place(i).SequenceCompareTo(b.Place(k));
            var place = side <= 0 ? a.Place(i) : b.Place(k);
            if (combine(side <= 0 ? x[i] : null, side >= 0 ? y[k] : null) is { } value)
            {
                places.AddRange(place);
                values.Add(value);
            }
            if (side <= 0) i++;
            if (side >= 0) k++;
        }
        return (places, values);
    }

    /// <summary>Adds two sparse tensors; sums nearer to 0 than the threshold are dropped.</summary>
    static void Add<T>(KernelCall c) where T : struct, INumber<T>
    {
        var (a, b, least) = (new SparseInput(c, 0, 1, 2), new SparseInput(c, 3, 4, 5), SparseInput.Numbers<T>(c, 6)[0]);
        var (places, values) = Merged<T>(c, a, b, (x, y) =>
        {
            if (x is not { } left) return y;
            if (y is not { } right) return x;
            var sum = Sum(left, right);
            return T.Abs(sum) >= least ? sum : null;
        });
        SparseInput.WritePlaces(c, 0, places, a.Rank, values.Count);
        SparseInput.Write<T>(c, 1, [.. values], new Shape(values.Count));
        Structure.WriteIntegers(c.Result(2, new Shape(a.Rank)), a.Dims);
    }

    static void Pairs<T>(KernelCall c, Func<T, T, T> combine) where T : struct, INumber<T>
    {
        var (a, b) = (new SparseInput(c, 0, 1, 2), new SparseInput(c, 3, 4, 5));
        var (places, values) = Merged<T>(c, a, b, (x, y) => combine(x ?? T.Zero, y ?? T.Zero));
        SparseInput.WritePlaces(c, 0, places, a.Rank, values.Count);
        SparseInput.Write<T>(c, 1, [.. values], new Shape(values.Count));
    }

    static void AddDense<T>(KernelCall c) where T : INumber<T>
    {
        var (a, sum) = (new SparseInput(c, 0, 1, 2), (T[])SparseInput.Numbers<T>(c, 3).Clone());
        if (!a.Dims.AsSpan().SequenceEqual(c.ShapeOf(3).ToArray())) throw c.Fail($"a dense tensor of shape ({string.Join(", ", a.Dims)})", c.ShapeOf(3).ToString());
        a.Inside();
        int[] axes = [.. Enumerable.Range(0, a.Rank)];
        var values = a.Numbers<T>();
        for (var i = 0; i < a.Count; i++) sum[a.Flat(i, axes)] = Sum(sum[a.Flat(i, axes)], values[i]);
        SparseInput.Write<T>(c, 0, sum, c.ShapeOf(3));
    }

    /// <summary>Softmax over the values present in each row.</summary>
    static void Softmax(KernelCall c)
    {
        var x = new SparseInput(c, 0, 1, 2).Inside();
        int[] axes = [.. Enumerable.Range(0, x.Rank - 1)];
        var values = x.Numbers<double>();
        foreach (var row in Enumerable.Range(0, x.Count).GroupBy(i => x.Flat(i, axes)))
        {
            var most = row.Max(i => values[i]);
            var total = row.Sum(i => Math.Exp(values[i] - most));
            foreach (var i in row) values[i] = Math.Exp(values[i] - most) / total;
        }
        SparseInput.Write<double>(c, 0, values, new Shape(x.Count));
    }

    /// <summary>Combines a sparse tensor with a dense one, which is broadcast to the sparse one's shape.</summary>
    static void WithDense<T>(KernelCall c, Func<T, T, T> combine) where T : INumber<T>
    {
        var (x, dense, dims) = (new SparseInput(c, 0, 1, 2), SparseInput.Numbers<T>(c, 3), c.ShapeOf(3).ToArray());
        var before = x.Rank - dims.Length;
        if (before < 0 || dims.Where((d, a) => d != 1 && d != x.Dims[before + a]).Any()) throw c.Fail($"a dense tensor that stretches to ({string.Join(", ", x.Dims)})", c.ShapeOf(3).ToString());
        x.Inside();
        var (strides, values) = (Movement.StridesOf(dims), x.Numbers<T>());
        for (var i = 0; i < x.Count; i++)
        {
            var at = 0L;
            for (var a = 0; a < dims.Length; a++) at += dims[a] == 1 ? 0 : x.At(i, before + a) * strides[a];
            values[i] = combine(values[i], dense[at]);
        }
        SparseInput.Write<T>(c, 0, values, new Shape(x.Count));
    }
}
