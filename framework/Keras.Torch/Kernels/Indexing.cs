namespace Keras.Engines.Torch;

/// <summary>Reading and writing elements at computed positions.</summary>
static unsafe class Indexing
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["GatherV2"] = Movement.ForStringsToo(c => Gather(c, c.Tensor(0), c.Axis(2, c.ShapeOf(0).Rank))),
        ["ResourceGather"] = c =>
        {
            using var variable = (TorchTensor)((TorchVariable)c.Inputs[0]).Read();
            Gather(c, variable, c.Int("batch_dims") is var batch && batch < 0 ? batch + c.ShapeOf(1).Rank : batch);
        },
        ["GatherNd"] = Movement.ForStringsToo(c => GatherNd(c, c.Tensor(0))),
        ["ResourceGatherNd"] = c =>
        {
            using var variable = (TorchTensor)((TorchVariable)c.Inputs[0]).Read();
            GatherNd(c, variable);
        },
        ["ScatterNd"] = ScatterNd,
        ["TensorScatterUpdate"] = c => TensorScatter(c, null),
        ["TensorScatterAdd"] = c => TensorScatter(c, Rows.Number<Elementwise.Sum>),
        ["TensorScatterSub"] = c => TensorScatter(c, Rows.Number<Elementwise.Difference>),
        ["TensorScatterMax"] = c => TensorScatter(c, Rows.Number<Elementwise.Maximum>),
        ["TensorScatterMin"] = c => TensorScatter(c, Rows.Number<Elementwise.Minimum>),
        ["ResourceScatterUpdate"] = c => ResourceScatter(c, null),
        ["ResourceScatterAdd"] = c => ResourceScatter(c, Rows.Number<Elementwise.Sum>),
        ["ResourceScatterSub"] = c => ResourceScatter(c, Rows.Number<Elementwise.Difference>),
        ["ResourceScatterMax"] = c => ResourceScatter(c, Rows.Number<Elementwise.Maximum>),
        ["ResourceScatterMin"] = c => ResourceScatter(c, Rows.Number<Elementwise.Minimum>),
        ["ResourceScatterNdUpdate"] = c => ResourceScatterNd(c, null),
        ["ResourceScatterNdAdd"] = c => ResourceScatterNd(c, Rows.Number<Elementwise.Sum>),
        ["ResourceScatterNdSub"] = c => ResourceScatterNd(c, Rows.Number<Elementwise.Difference>),
        ["UnsortedSegmentSum"] = c => Segments(c, Rows.Number<Elementwise.Sum>, _ => 0),
        ["UnsortedSegmentProd"] = c => Segments(c, Rows.Number<Elementwise.Product>, _ => 1),
        ["UnsortedSegmentMax"] = c => Segments(c, Rows.Number<Elementwise.Maximum>, Lowest),
        ["UnsortedSegmentMin"] = c => Segments(c, Rows.Number<Elementwise.Minimum>, Highest),
        ["OneHot"] = Movement.ForStringsToo(OneHot),
    };

    /// <summary>Reads and checks indices; an index out of range fails with its position.</summary>
    public static long[] Indices(KernelCall c, int input, long size)
    {
        var indices = c.Longs(input);
        for (var i = 0; i < indices.Length; i++)
            if ((ulong)indices[i] >= (ulong)size) throw c.Fail($"indices from 0 to {size - 1}", $"{indices[i]} at place {i}", "An index is out of range");
        return indices;
    }

    static void Gather(KernelCall c, TorchTensor x, int axis)
    {
        var shape = c.ShapeOf(1);
        var batch = c.Int("batch_dims");
        if (batch < 0) batch += shape.Rank;
        var indices = Indices(c, 1, x.Shape[axis]);
        var result = c.Result(0, x.Shape[..axis].Concat(shape[batch..]).Concat(x.Shape[(axis + 1)..]));
        var batches = Slicing.Product(shape, 0, batch);
        var (outer, inner) = (Slicing.Product(x.Shape, batch, axis), Slicing.Product(x.Shape, axis + 1, x.Shape.Rank));
        var (dim, size) = (x.Shape[axis], x.DType.Size);
        var count = batches == 0 ? 0 : indices.Length / batches;
        if (result.Count == 0) return;
        byte* px = x.Data, pd = result.Data;
        var bytes = inner * size;
        Workers.Run(batches * outer * count, 2 * bytes, (begin, end) =>
        {
            for (var r = begin; r < end; r++)
            {
                var (b, o, i) = (r / (outer * count), r / count % outer, r % count);
                var from = px + (((((b * outer) + o) * dim) + indices[(b * count) + i]) * bytes);
                new ReadOnlySpan<byte>(from, (int)bytes).CopyTo(new Span<byte>(pd + (r * bytes), (int)bytes));
            }
        });
    }

    /// <summary>The position of each index vector, in blocks of the inner size.</summary>
    static long[] Places(KernelCall c, int input, Shape tensor, out long inner)
    {
        var shape = c.ShapeOf(input);
        var depth = (int)shape[-1];
        if (depth > tensor.Rank) throw c.Fail($"index vectors of at most {tensor.Rank} elements", shape.ToString());
        inner = Slicing.Product(tensor, depth, tensor.Rank);
        var vectors = c.Longs(input);
        var places = new long[Slicing.Product(shape, 0, shape.Rank - 1)];
        for (var i = 0; i < places.Length; i++)
            for (var k = 0; k < depth; k++)
            {
                var index = vectors[(i * depth) + k];
                if ((ulong)index >= (ulong)tensor[k])
                    throw c.Fail($"indices from 0 to {tensor[k] - 1} for axis {k}", $"{index} at place {i}", "An index is out of range");
                places[i] = (places[i] * tensor[k]) + index;
            }
        return places;
    }

    static void GatherNd(KernelCall c, TorchTensor x)
    {
        var places = Places(c, 1, x.Shape, out var inner);
        var shape = c.ShapeOf(1);
        var result = c.Result(0, shape[..^1].Concat(x.Shape[(int)shape[-1]..]));
        byte* px = x.Data, pd = result.Data;
        var bytes = inner * x.DType.Size;
        if (result.Count > 0)
            Workers.Run(places.Length, 2 * bytes, (begin, end) =>
            {
                for (var i = begin; i < end; i++) new ReadOnlySpan<byte>(px + (places[i] * bytes), (int)bytes).CopyTo(new Span<byte>(pd + (i * bytes), (int)bytes));
            });
    }

    static void ScatterNd(KernelCall c)
    {
        var result = c.Result(0, new Shape(c.Longs(2)));
        Structure.Clear(result);
        var places = Places(c, 0, result.Shape, out var inner);
        Scatter(c, result, places, inner, c.Tensor(1), AddRow(result.DType) ?? throw c.NotFor(result.DType));
    }

    /// <summary>Adds elements of any dtype; for bools it is "or".</summary>
    public static BinaryRow? AddRow(DType dtype) => dtype.IsComplex ? Rows.Complex(dtype, (a, b) => a + b) : dtype == DType.Bool ? Rows.IntegerPair<Elementwise.BitOr>(DType.UInt8) : Rows.Number<Elementwise.Sum>(dtype);

    static void TensorScatter(KernelCall c, Func<DType, BinaryRow?>? combine)
    {
        var x = c.Tensor(0);
        var places = Places(c, 1, x.Shape, out var inner);
        var row = combine is null ? null : combine(x.DType) ?? throw c.NotFor(x.DType);
        var result = c.ResultInPlaceOf(0);
        if (result.Data != x.Data) Workers.Copy(x.Data, result.Data, x.ByteLength);
        Scatter(c, result, places, inner, c.Tensor(2), row);
    }

    static void ResourceScatter(KernelCall c, Func<DType, BinaryRow?>? combine) => ((TorchVariable)c.Inputs[0]).Update(value =>
    {
        var inner = Slicing.Product(value.Shape, 1, value.Shape.Rank);
        Scatter(c, value, Indices(c, 1, value.Shape[0]), inner, c.Tensor(2), combine is null ? null : combine(value.DType) ?? throw c.NotFor(value.DType));
    });

    static void ResourceScatterNd(KernelCall c, Func<DType, BinaryRow?>? combine) => ((TorchVariable)c.Inputs[0]).Update(value =>
    {
        var places = Places(c, 1, value.Shape, out var inner);
        Scatter(c, value, places, inner, c.Tensor(2), combine is null ? null : combine(value.DType) ?? throw c.NotFor(value.DType));
    });

    /// <summary>Writes or combines blocks into a tensor; each thread takes some columns of every block, so that writes to equal positions keep their order.</summary>
    public static void Scatter(KernelCall c, TorchTensor target, long[] places, long inner, TorchTensor updates, BinaryRow? combine)
    {
        var isScalar = updates.Count == 1 && places.Length * inner != 1;
        if (!isScalar && updates.Count != places.Length * inner) throw c.Fail($"updates of {places.Length * inner} elements", updates.Shape.ToString());
        if (places.Length == 0 || inner == 0) return;
        byte* pt = target.Data, pu = updates.Data;
        var size = target.DType.Size;
        Workers.Run(inner, 3L * size * places.Length, (begin, end) =>
        {
            var count = end - begin;
            for (var i = 0L; i < places.Length; i++)
            {
                if (places[i] < 0) continue;
                var t = pt + (((places[i] * inner) + begin) * size);
                var u = isScalar ? pu : pu + (((i * inner) + begin) * size);
                if (combine is not null) combine(t, false, u, isScalar, t, count);
                else if (!isScalar) new ReadOnlySpan<byte>(u, (int)(count * size)).CopyTo(new Span<byte>(t, (int)(count * size)));
                else for (var k = 0L; k < count; k++) new ReadOnlySpan<byte>(u, size).CopyTo(new Span<byte>(t + (k * size), size));
            }
        });
    }

    static double Lowest(DType dtype) => dtype == DType.Float64 ? double.MinValue : dtype == DType.Int32 ? int.MinValue : dtype == DType.Int64 ? long.MinValue
        : dtype == DType.Float16 ? (double)Half.MinValue : dtype.IsFloating ? float.MinValue : dtype == DType.Int8 ? sbyte.MinValue : dtype == DType.Int16 ? short.MinValue : 0;

    static double Highest(DType dtype) => dtype == DType.Float64 ? double.MaxValue : dtype == DType.Int32 ? int.MaxValue : dtype == DType.Int64 ? long.MaxValue
        : dtype == DType.Float16 ? (double)Half.MaxValue : dtype.IsFloating ? float.MaxValue : dtype == DType.Int8 ? sbyte.MaxValue : dtype == DType.Int16 ? short.MaxValue
        : dtype == DType.UInt8 ? byte.MaxValue : dtype == DType.UInt16 ? ushort.MaxValue : dtype == DType.UInt32 ? uint.MaxValue : ulong.MaxValue;

    static void Segments(KernelCall c, Func<DType, BinaryRow?> combine, Func<DType, double> start)
    {
        var x = c.Tensor(0);
        var (shape, count) = (c.ShapeOf(1), c.Long(2));
        var places = c.Longs(1);
        for (var i = 0; i < places.Length; i++)
            if (places[i] >= count) throw c.Fail($"segment ids below {count}", $"{places[i]} at place {i}", "A segment id is out of range");
        var row = (x.DType.IsComplex && c.Op.Name == "UnsortedSegmentSum" ? AddRow(x.DType) : combine(x.DType)) ?? throw c.NotFor(x.DType);
        var result = c.Result(0, new Shape(count).Concat(x.Shape[shape.Rank..]));
        var first = start(x.DType);
        if (first == 0) Structure.Clear(result);
        else
        {
            var value = stackalloc byte[16];
            if (x.DType == DType.Int64) *(long*)value = first < 0 ? long.MinValue : first == 1 ? 1 : long.MaxValue;
            else if (x.DType == DType.UInt64) *(ulong*)value = first == 1 ? 1 : ulong.MaxValue;
            else Casts.Between(DType.Float64, x.DType)((byte*)&first, value, 1);
            Structure.Repeat(result, value);
        }
        Scatter(c, result, places, Slicing.Product(x.Shape, shape.Rank, x.Shape.Rank), x, row);
    }

    static void OneHot(KernelCall c)
    {
        var indices = c.Longs(0);
        var depth = c.Long(1);
        var (on, off) = (c.Tensor(2), c.Tensor(3));
        var shape = c.ShapeOf(0);
        var axis = c.Axis(c.Get<long>("axis"), shape.Rank + 1);
        var result = c.Result(0, shape[..axis].Concat(new Shape(depth)).Concat(shape[axis..]));
        Structure.Repeat(result, off.Data);
        var inner = Slicing.Product(shape, axis, shape.Rank);
        var size = result.DType.Size;
        for (var i = 0L; i < indices.Length; i++)
            if (indices[i] >= 0 && indices[i] < depth)
                new ReadOnlySpan<byte>(on.Data, size).CopyTo(new Span<byte>(result.Data + (((((i / inner) * depth) + indices[i]) * inner) + (i % inner)) * size, size));
    }
}
