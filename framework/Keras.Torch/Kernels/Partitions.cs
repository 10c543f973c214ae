using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Partitions and stitches rows, converts sparse elements to dense, and slices at computed positions.</summary>
static unsafe class Partitions
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DynamicPartition"] = Movement.ForStringsToo(Partition),
        ["DynamicStitch"] = Movement.ForStringsToo(Stitch),
        ["ParallelDynamicStitch"] = Movement.ForStringsToo(Stitch),
        ["SparseToDense"] = Movement.ForStringsToo(SparseToDense),
        ["XlaDynamicUpdateSlice"] = Movement.ForStringsToo(UpdateSlice),
        ["XlaDynamicSlice"] = Movement.ForStringsToo(Slice),
        ["BroadcastArgs"] = BroadcastArgs,
        ["Cross"] = Cross,
    };

    static void Copy(TorchTensor from, long fromRow, TorchTensor to, long toRow, long bytes) =>
        Buffer.MemoryCopy(from.Data + (fromRow * bytes), to.Data + (toRow * bytes), bytes, bytes);

    static void Partition(KernelCall c)
    {
        var (data, chosen, count) = (c.Tensor(0), c.Longs(1), c.Int("num_partitions"));
        var rank = c.ShapeOf(1).Rank;
        var bytes = Slicing.Product(data.Shape, rank, data.Shape.Rank) * data.DType.Size;
        var sizes = new long[count];
        for (var i = 0; i < chosen.Length; i++)
        {
            if (chosen[i] < 0 || chosen[i] >= count) throw c.Fail($"partitions from 0 to {count - 1}", $"{chosen[i]} at place {i}");
            sizes[chosen[i]]++;
        }
        for (var p = 0; p < count; p++) c.Result(p, new Shape(sizes[p]).Concat(data.Shape[rank..]));
        var next = new long[count];
        for (var i = 0; i < chosen.Length; i++) Copy(data, i, (TorchTensor)c.Outputs[chosen[i]]!, next[chosen[i]]++, bytes);
    }

    /// <summary>Stitches rows together by their indices; if an index occurs twice, the later row counts.</summary>
    static void Stitch(KernelCall c)
    {
        var half = c.Inputs.Length / 2;
        var places = Enumerable.Range(0, half).Select(c.Longs).ToArray();
        if (Array.Exists(places, p => Array.Exists(p, i => i < 0))) throw c.Fail("indices from 0", "a negative index");
        var row = c.ShapeOf(half)[c.ShapeOf(0).Rank..];
        var result = c.Result(0, new Shape(places.SelectMany(p => p).DefaultIfEmpty(-1).Max() + 1).Concat(row));
        Structure.Clear(result);
        for (var k = 0; k < half; k++)
        {
            var data = c.Tensor(half + k);
            if (data.Shape != c.ShapeOf(k).Concat(row)) throw c.Fail($"data of shape {c.ShapeOf(k).Concat(row)}", data.Shape.ToString());
            for (var i = 0; i < places[k].Length; i++) Copy(data, i, result, places[k][i], row.ElementCount * data.DType.Size);
        }
    }

    static void SparseToDense(KernelCall c)
    {
        var (indices, dims, values, padding) = (c.Longs(0), c.Longs(1), c.Tensor(2), c.Tensor(3));
        if (Array.Exists(dims, d => d < 0)) throw c.Fail("dimensions from 0", string.Join(", ", dims));
        var result = c.Result(0, new Shape(dims));
        var (rank, count) = (c.ShapeOf(0).Rank == 2 ? c.ShapeOf(0)[1] : 1, c.ShapeOf(0).Rank == 0 ? 1 : c.ShapeOf(0)[0]);
        if (rank != dims.Length) throw c.Fail($"indices of {dims.Length} numbers", $"{rank}");
        if (values.Shape.Rank > 0 && values.Count != count) throw c.Fail($"{count} values", $"{values.Count}");
        if (padding.Count != 1) throw c.Fail("one default", padding.Shape.ToString());
        Structure.Repeat(result, padding.Data);
        var before = -1L;
        for (var i = 0L; i < count; i++)
        {
            var place = 0L;
            for (var axis = 0; axis < dims.Length; axis++)
            {
                var index = indices[(i * rank) + axis];
                if (index < 0 || index >= dims[axis]) throw c.Fail($"indices from 0 to {dims[axis] - 1} for axis {axis}", $"{index} at place {i}", "An index is out of range");
                place = (place * dims[axis]) + index;
            }
            if (c.Flag("validate_indices") && place <= before) throw c.Fail("indices that rise", $"place {i}", "Indices are out of order or repeated");
            before = place;
            Copy(values, values.Shape.Rank > 0 ? i : 0, result, place, values.DType.Size);
        }
    }

    /// <summary>The start of a slice in a tensor, moved back if the slice would reach beyond the tensor.</summary>
    static long Start(KernelCall c, int input, Shape whole, Shape slice)
    {
        var starts = c.Longs(input);
        if (starts.Length != whole.Rank || slice.Rank != whole.Rank) throw c.Fail($"{whole.Rank} starts and a slice of as many axes", $"{starts.Length} and {slice}");
        var offset = 0L;
        for (var axis = 0; axis < starts.Length; axis++)
        {
            if (slice[axis] > whole[axis]) throw c.Fail($"a slice within {whole}", slice.ToString());
            offset = (offset * whole[axis]) + Math.Clamp(starts[axis], 0, whole[axis] - slice[axis]);
        }
        return offset;
    }

    static void UpdateSlice(KernelCall c)
    {
        var (x, update) = (c.Tensor(0), c.Tensor(1));
        var start = Start(c, 2, x.Shape, update.Shape) * x.DType.Size;
        var result = c.ResultInPlaceOf(0);
        if (result.Data != x.Data) Workers.Copy(x.Data, result.Data, x.ByteLength);
        var dims = update.Shape.ToArray();
        if (update.Count > 0) Movement.Copy(update.Data, Movement.StridesOf(dims), result.Data + start, Movement.StridesOf(x.Shape.ToArray()), dims, x.DType.Size);
    }

    static void Slice(KernelCall c)
    {
        var (x, dims) = (c.Tensor(0), c.Longs(2));
        if (Array.Exists(dims, d => d < 0)) throw c.Fail("sizes from 0", string.Join(", ", dims));
        var start = Start(c, 1, x.Shape, new Shape(dims)) * x.DType.Size;
        var result = c.Result(0, new Shape(dims));
        if (result.Count > 0) Movement.Copy(x.Data + start, Movement.StridesOf(x.Shape.ToArray()), result.Data, Movement.StridesOf(dims), dims, x.DType.Size);
    }

    static void BroadcastArgs(KernelCall c)
    {
        long[] x = c.Longs(0), y = c.Longs(1);
        var both = new long[Math.Max(x.Length, y.Length)];
        for (var i = 1; i <= both.Length; i++)
        {
            var (a, b) = (i <= x.Length ? x[^i] : 1, i <= y.Length ? y[^i] : 1);
            both[^i] = a == b || b == 1 ? a : a == 1 ? b : throw c.Fail("shapes that broadcast together", $"({string.Join(", ", x)}) and ({string.Join(", ", y)})");
        }
        Structure.WriteIntegers(c.Result(0, new Shape(both.Length)), both);
    }

    static void Cross(KernelCall c)
    {
        if (c.ShapeOf(0) != c.ShapeOf(1) || c.ShapeOf(0).Rank == 0 || c.ShapeOf(0)[-1] != 3) throw c.Fail("two tensors of vectors of 3", $"{c.ShapeOf(0)} and {c.ShapeOf(1)}");
        var dtype = c.DTypeOf(0);
        if (dtype == DType.Float32) Cross<float>(c);
        else if (dtype == DType.Float64) Cross<double>(c);
        else if (dtype == DType.Int32) Cross<int>(c);
        else if (dtype == DType.Int64) Cross<long>(c);
        else throw c.NotFor(dtype);
    }

    static void Cross<T>(KernelCall c) where T : unmanaged, INumber<T>
    {
        var result = c.Result(0, c.ShapeOf(0));
        T* a = (T*)c.Tensor(0).Data, b = (T*)c.Tensor(1).Data, d = (T*)result.Data;
        for (var i = 0L; i < result.Count; i += 3)
            for (var k = 0; k < 3; k++)
            {
                var (next, last) = (i + ((k + 1) % 3), i + ((k + 2) % 3));
                d[i + k] = (a[next] * b[last]) - (a[last] * b[next]);
            }
    }
}
