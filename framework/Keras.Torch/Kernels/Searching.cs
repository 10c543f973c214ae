using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Sorting, searching, counting.</summary>
static unsafe class Searching
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["TopKV2"] = HalfPrecision.Widened(TopK),
        ["Where"] = Where,
        ["Unique"] = Unique,
        ["UniqueV2"] = Unique,
        ["UniqueWithCounts"] = Unique,
        ["UniqueWithCountsV2"] = Unique,
        ["ListDiff"] = Difference,
        ["LowerBound"] = c => Bound(c, upper: false),
        ["UpperBound"] = c => Bound(c, upper: true),
        ["Bucketize"] = Bucketize,
        ["HistogramFixedWidth"] = Histogram,
        ["InTopKV2"] = InTopK,
        ["DenseBincount"] = Bincount,
    };

    static void TopK(KernelCall c)
    {
        var x = c.Tensor(0);
        var dtype = x.DType;
        if (dtype == DType.Float32) TopK<float>(c, x);
        else if (dtype == DType.Float64) TopK<double>(c, x);
        else if (dtype == DType.Int32) TopK<int>(c, x);
        else if (dtype == DType.Int64) TopK<long>(c, x);
        else if (dtype == DType.UInt8) TopK<byte>(c, x);
        else if (dtype == DType.Int8) TopK<sbyte>(c, x);
        else if (dtype == DType.Int16) TopK<short>(c, x);
        else if (dtype == DType.UInt16) TopK<ushort>(c, x);
        else if (dtype == DType.UInt32) TopK<uint>(c, x);
        else if (dtype == DType.UInt64) TopK<ulong>(c, x);
        else throw c.NotFor(dtype);
    }

    /// <summary>The greatest values of each row; of equal ones the first comes first.</summary>
    static void TopK<T>(KernelCall c, TorchTensor x) where T : unmanaged, INumber<T>
    {
        var (count, k) = (x.Shape[-1], c.Long(1));
        if (k > count || k < 0) throw c.Fail($"k up to {count}", $"{k}");
        TorchTensor values = c.Result(0, x.Shape.With(-1, k)), places = c.Result(1, x.Shape.With(-1, k));
        if (values.Count == 0) return;
        // As in TensorFlow, all elements, if unsorted, keep their order.
        var sorted = k < count || c.Flag("sorted");
        T* px = (T*)x.Data, pv = (T*)values.Data;
        var pi = places.Data;
        var isLong = places.DType == DType.Int64;
        Workers.Run(x.Count / count, count * 32, (begin, end) =>
        {
            for (var r = begin; r < end; r++)
            {
                var row = px + (r * count);
                var best = k * 16 < count ? Few(row, (int)count, (int)k) : All(row, (int)count, sorted);
                for (var i = 0; i < k; i++)
                {
                    pv[(r * k) + i] = row[best[i]];
                    if (isLong) ((long*)pi)[(r * k) + i] = best[i];
                    else ((int*)pi)[(r * k) + i] = best[i];
                }
            }
        });
    }

    static int[] All<T>(T* row, int count, bool sorted) where T : unmanaged, INumber<T>
    {
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        if (sorted) Array.Sort(order, (a, b) => row[b].CompareTo(row[a]) is not 0 and var by ? by : a.CompareTo(b));
        return order;
    }

    /// <summary>Keeps the greatest elements so far in order; most elements are rejected at once.</summary>
    static int[] Few<T>(T* row, int count, int k) where T : unmanaged, INumber<T>
    {
        var best = new int[k];
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (kept == k && row[i].CompareTo(row[best[k - 1]]) <= 0) continue;
            var at = kept < k ? kept++ : k - 1;
            for (; at > 0 && row[i].CompareTo(row[best[at - 1]]) > 0; at--) best[at] = best[at - 1];
            best[at] = i;
        }
        return best;
    }

    static void Where(KernelCall c)
    {
        var x = c.Tensor(0);
        var (rank, places) = (x.Shape.Rank, new List<long>());
        using var truths = TorchTensor.Allocate(DType.Bool, x.Shape);
        if (x.DType == DType.Bool) Workers.Copy(x.Data, truths.Data, x.Count);
        else Elementwise.Map(x, truths, Casts.Between(x.DType, DType.Bool));
        for (var i = 0L; i < x.Count; i++)
            if (truths.Data[i] != 0) places.Add(i);
        var result = (long*)c.Result(0, new Shape(places.Count, rank)).Data;
        var strides = Movement.StridesOf(x.Shape.ToArray());
        for (var i = 0; i < places.Count; i++)
        {
            var rest = places[i];
            for (var axis = 0; axis < rank; axis++)
            {
                result[(i * rank) + axis] = rest / strides[axis];
                rest %= strides[axis];
            }
        }
    }

    /// <summary>Finds the distinct slices along an axis, in order of first appearance.</summary>
    static void Unique(KernelCall c)
    {
        var value = c.Inputs[0];
        var axes = c.Inputs.Length > 1 ? c.Longs(1) : [];
        var axis = axes.Length > 0 ? c.Axis(axes[0], value.Shape.Rank) : 0;
        var (outer, count, inner) = (Slicing.Product(value.Shape, 0, axis), value.Shape[axis], Slicing.Product(value.Shape, axis + 1, value.Shape.Rank));
        var known = new Dictionary<string, int>();
        var (firsts, counts, places) = (new List<long>(), new List<long>(), new long[count]);
        for (var i = 0L; i < count; i++)
        {
            var key = KeyOf(value, outer, count, inner, i);
            if (key is null || !known.TryGetValue(key, out var place))
            {
                place = firsts.Count;
                if (key is not null) known[key] = place;
                firsts.Add(i);
                counts.Add(0);
            }
            counts[place]++;
            places[i] = place;
        }
        using var picked = TorchTensor.Of(HostTensor.Vector<long>([.. firsts]));
        using var zero = TorchTensor.Of(HostTensor.Scalar((long)axis));
        var gathered = new TorchValue?[1];
        KernelTable.TryGet("GatherV2", out var gather);
        gather!(new KernelCall().Set(GatherOp, c.Where, Graphs.Attributes.None, [value, picked, zero], [value.DType], [Shape.Unknown], gathered));
        c.Outputs[0] = gathered[0];
        Structure.WriteIntegers(c.Result(1, new Shape(count)), places);
        if (c.Outputs.Length > 2) Structure.WriteIntegers(c.Result(2, new Shape(firsts.Count)), [.. counts]);
    }

    static void Difference(KernelCall c)
    {
        var (x, y) = (c.Inputs[0], c.Inputs[1]);
        if (x.Shape.Rank != 1 || y.Shape.Rank != 1) throw c.Fail("two vectors", $"{x.Shape} and {y.Shape}");
        var (known, kept) = (new HashSet<string>(), new List<int>());
        for (var i = 0L; i < y.Shape[0]; i++)
            if (KeyOf(y, 1, y.Shape[0], 1, i) is { } key) known.Add(key);
        for (var i = 0; i < x.Shape[0]; i++)
            if (KeyOf(x, 1, x.Shape[0], 1, i) is not { } key || !known.Contains(key)) kept.Add(i);
        SparseInput.Take(c, 0, 0, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
        Structure.WriteIntegers(c.Result(1, new Shape(kept.Count)), [.. kept.Select(i => (long)i)]);
    }

    static readonly Graphs.OpDefinition GatherOp = Graphs.OpTable.TryGet("GatherV2", out var op) ? op : throw new InvalidOperationException("There is no GatherV2.");

    /// <summary>A text that is equal for equal slices (0 and -0 are equal); null for a slice with NaN, which equals none.</summary>
    static string? KeyOf(TorchValue value, long outer, long count, long inner, long index)
    {
        var key = new System.Text.StringBuilder();
        var numbers = value is TorchTensor tensor && (tensor.DType.IsFloating || tensor.DType.IsComplex) ? tensor : null;
        for (var o = 0L; o < outer; o++)
            for (var k = 0L; k < inner; k++)
            {
                var at = (((o * count) + index) * inner) + k;
                if (numbers is not null)
                {
                    var number = Bands.Read(numbers, at);
                    if (double.IsNaN(number.Real) || double.IsNaN(number.Imaginary)) return null;
                    AppendNumber(key, number.Real);
                    AppendNumber(key, number.Imaginary);
                    continue;
                }
                var bytes = value is TorchStrings strings ? strings.Values[at] : new ReadOnlySpan<byte>(((TorchTensor)value).Data + (at * value.DType.Size), value.DType.Size);
                key.Append((char)bytes.Length);
                foreach (var b in bytes) key.Append((char)b);
            }
        return key.ToString();
    }

    static void AppendNumber(System.Text.StringBuilder key, double number)
    {
        var bits = number == 0 ? 0 : BitConverter.DoubleToUInt64Bits(number);
        for (var shift = 0; shift < 64; shift += 16) key.Append((char)(ushort)(bits >> shift));
    }

    static void Bound(KernelCall c, bool upper)
    {
        var (sorted, values, result) = (c.Tensor(0), c.Tensor(1), c.Result(0, c.ShapeOf(1)));
        long count = sorted.Shape[-1], many = values.Shape[-1];
        var isLong = result.DType == DType.Int64;
        for (var i = 0L; i < values.Count; i++)
        {
            var row = i / Math.Max(many, 1) * count;
            var value = Numbers.Read(values, i);
            var (low, high) = (0L, count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                var there = Numbers.Read(sorted, row + middle);
                if (upper ? there <= value : there < value) low = middle + 1;
                else high = middle;
            }
            if (isLong) ((long*)result.Data)[i] = low;
            else ((int*)result.Data)[i] = (int)low;
        }
    }

    static void Bucketize(KernelCall c)
    {
        var (x, result, boundaries) = (c.Tensor(0), c.Result(0, c.ShapeOf(0)), c.Get<float[]>("boundaries"));
        for (var i = 0L; i < x.Count; i++)
        {
            var value = Numbers.Read(x, i);
            ((int*)result.Data)[i] = Array.FindIndex(boundaries, b => value < b) is >= 0 and var place ? place : boundaries.Length;
        }
    }

    static void Histogram(KernelCall c)
    {
        var (x, bins) = (c.Tensor(0), c.Long(2));
        if (c.ShapeOf(1) != new Shape(2)) throw c.Fail("a range of two numbers", $"a shape of {c.ShapeOf(1)}");
        var (low, high) = (Numbers.Read(c.Tensor(1), 0), Numbers.Read(c.Tensor(1), 1));
        if (bins <= 0 || low >= high) throw c.Fail("at least one part, and a range that rises", $"{bins} parts from {low} to {high}");
        var counts = new long[bins];
        var step = (high - low) / bins;
        for (var i = 0L; i < x.Count; i++) counts[(long)Math.Min((Math.Max(Numbers.Read(x, i), low) - low) / step, bins - 1)]++;
        Structure.WriteIntegers(c.Result(0, new Shape(bins)), counts);
    }

    static void InTopK(KernelCall c)
    {
        var (predictions, targets, k) = (c.Tensor(0), c.Longs(1), c.Long(2));
        var classes = predictions.Shape[-1];
        var result = c.Result(0, c.ShapeOf(1));
        for (var r = 0L; r < targets.Length; r++)
        {
            var row = (float*)predictions.Data + (r * classes);
            var within = targets[r] >= 0 && targets[r] < classes && float.IsFinite(row[targets[r]]);
            var greater = 0L;
            for (var i = 0L; within && i < classes; i++)
            {
                if (!float.IsFinite(row[i])) within = false;
                else if (row[i] > row[targets[r]]) greater++;
            }
            result.Data[r] = within && greater < k ? (byte)1 : (byte)0;
        }
    }

    static void Bincount(KernelCall c)
    {
        if (c.Tensor(0) is { DType: var numbers } && numbers == DType.Int32 && c.Tensor(2).DType == DType.Float32 && c.ShapeOf(2) == c.ShapeOf(0) && c.ShapeOf(0).Rank == 2 && !c.Flag("binary_output"))
        {
            Bins(c);
            return;
        }
        var (values, size, weights) = (c.Longs(0), c.Long(1), c.Tensor(2));
        var shape = c.ShapeOf(0);
        var result = c.Result(0, shape.Rank == 2 ? new Shape(shape[0], size) : new Shape(size));
        Structure.Clear(result);
        var columns = shape.Rank == 2 ? shape[1] : Math.Max(values.Length, 1);
        if (weights.Count > 0 && weights.Count != values.Length) throw c.Fail($"{values.Length} weights", $"{weights.Count}");
        for (var i = 0L; i < values.Length; i++) Count(c, result, i / columns * size, values[i], size, weights, i);
    }

    /// <summary>A fast path for rows of numbers with weights, which text generation needs in each step.</summary>
    static void Bins(KernelCall c)
    {
        var (shape, size) = (c.ShapeOf(0), c.Long(1));
        var result = c.Result(0, new Shape(shape[0], size));
        Structure.Clear(result);
        var numbers = (int*)c.Tensor(0).Data;
        float* weights = (float*)c.Tensor(2).Data, sums = (float*)result.Data;
        var columns = shape[1];
        var isNegative = false;
        Workers.Run(shape[0], columns * 4, (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                var from = row * columns;
                var to = sums + (row * size);
                for (var i = from; i < from + columns; i++)
                {
                    var number = numbers[i];
                    if ((uint)number < (ulong)size) to[number] += weights[i];
                    else if (number < 0) Volatile.Write(ref isNegative, true);
                }
            }
        });
        if (isNegative) throw c.Fail("numbers from 0", "a negative one", "Input arr must be non-negative");
    }

    /// <summary>Counts one value, or adds its weight, in the bins that begin at a position.</summary>
    public static void Count(KernelCall c, TorchTensor result, long first, long value, long size, TorchTensor weights, long index)
    {
        if (value < 0) throw c.Fail("numbers from 0", $"{value}", "Input arr must be non-negative");
        if (value >= size) return;
        var (at, binary) = (first + value, c.Flag("binary_output"));
        var weight = weights.Count > 0 ? Numbers.Read(weights, index) : 1;
        if (result.DType == DType.Int32) Count((int*)result.Data + at, (int)weight, binary);
        else if (result.DType == DType.Int64) Count((long*)result.Data + at, (long)weight, binary);
        else if (result.DType == DType.Float32) Count((float*)result.Data + at, (float)weight, binary);
        else if (result.DType == DType.Float64) Count((double*)result.Data + at, weight, binary);
        else throw c.NotFor(result.DType);
    }

    static void Count<T>(T* bin, T weight, bool binary) where T : unmanaged, INumber<T> => *bin = binary ? T.One : *bin + weight;
}
