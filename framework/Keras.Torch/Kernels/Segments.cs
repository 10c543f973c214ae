namespace Keras.Engines.Torch;

/// <summary>Combines rows by ascending segment ids; in the sparse forms, indices choose the rows first.</summary>
static unsafe class Segments
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["SegmentSum"] = c => Reduce(c, Rows(c), Sum, 0),
        ["SegmentMean"] = c => Scaled(c, Rows(c), count => count),
        ["SegmentProd"] = c => Reduce(c, Rows(c), Product, 1),
        ["SegmentMax"] = c => Reduce(c, Rows(c), Engines.Torch.Rows.Number<Elementwise.Maximum>, 0),
        ["SegmentMin"] = c => Reduce(c, Rows(c), Engines.Torch.Rows.Number<Elementwise.Minimum>, 0),
        ["SparseSegmentSum"] = c => OfChosen(c, rows => Reduce(c, rows, Sum, 0)),
        ["SparseSegmentMean"] = c => OfChosen(c, rows => Scaled(c, rows, count => count)),
        ["SparseSegmentSqrtN"] = c => OfChosen(c, rows => Scaled(c, rows, Math.Sqrt)),
    };

    /// <summary>Rows of values with the segment id of each.</summary>
    sealed record RowsOfIds(TorchTensor Values, long[] Ids)
    {
        public long Inner { get; } = Slicing.Product(Values.Shape, 1, Values.Shape.Rank);
    }

    static RowsOfIds Rows(KernelCall c) => new(c.Tensor(0), c.Longs(1));

    static void OfChosen(KernelCall c, Action<RowsOfIds> reduce)
    {
        var (x, ids) = (c.Tensor(0), c.Longs(2));
        var chosen = Indexing.Indices(c, 1, x.Shape[0]);
        if (chosen.Length != ids.Length) throw c.Fail($"{chosen.Length} ids, as many as indices", $"{ids.Length}");
        using var rows = TorchTensor.Allocate(x.DType, new Shape(chosen.Length).Concat(x.Shape[1..]));
        var bytes = Slicing.Product(x.Shape, 1, x.Shape.Rank) * x.DType.Size;
        for (var i = 0; i < chosen.Length; i++) Buffer.MemoryCopy(x.Data + (chosen[i] * bytes), rows.Data + (i * bytes), bytes, bytes);
        reduce(new(rows, ids));
    }

    static BinaryRow? Sum(DType dtype) => dtype.IsComplex ? Indexing.AddRow(dtype) : Engines.Torch.Rows.Number<Elementwise.Sum>(dtype);

    static BinaryRow? Product(DType dtype) => dtype.IsComplex ? Engines.Torch.Rows.Complex(dtype, (a, b) => a * b) : Engines.Torch.Rows.Number<Elementwise.Product>(dtype);

    static BinaryRow? Quotient(DType dtype) => dtype.IsComplex ? Engines.Torch.Rows.Complex(dtype, (a, b) => a / b) : Engines.Torch.Rows.Number<Elementwise.Quotient>(dtype);

    /// <summary>Reduces segments; an id that does not occur gives a row of one value.</summary>
    static void Reduce(KernelCall c, RowsOfIds rows, Func<DType, BinaryRow?> combine, double empty)
    {
        var (x, ids) = rows;
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] < (i > 0 ? ids[i - 1] : 0)) throw c.Fail("ids from 0 that do not fall", $"{ids[i]} at place {i}", "The ids of segments are not sorted");
        var most = long.MaxValue / Math.Max(rows.Inner * x.DType.Size, 1) - 1;
        if (ids.Length > 0 && ids[^1] > most) throw c.Fail($"ids up to {most}", $"{ids[^1]}", "There are too many segments for memory");
        var row = combine(x.DType) ?? throw c.NotFor(x.DType);
        var result = c.Result(0, new Shape(ids.Length > 0 ? ids[^1] + 1 : 0).Concat(x.Shape[1..]));
        if (empty == 0) Structure.Clear(result);
        else Structure.Fill(result, HostTensor.Scalar(empty, Structure.RealOf(x.DType)));
        // The first row of a segment replaces the initial one; -1 skips a row.
        Indexing.Scatter(c, result, [.. ids.Select((id, i) => i == 0 || id != ids[i - 1] ? id : -1)], rows.Inner, x, null);
        Indexing.Scatter(c, result, [.. ids.Select((id, i) => i > 0 && id == ids[i - 1] ? id : -1)], rows.Inner, x, row);
    }

    /// <summary>Sums segments, divided by a function of their number of rows.</summary>
    static void Scaled(KernelCall c, RowsOfIds rows, Func<double, double> divisor)
    {
        Reduce(c, rows, Sum, 0);
        var sums = (TorchTensor)c.Outputs[0]!;
        var divide = Quotient(sums.DType) ?? throw c.NotFor(sums.DType);
        foreach (var segment in rows.Ids.GroupBy(id => id))
        {
            using var by = TorchTensor.Allocate(sums.DType, Shape.Scalar);
            Structure.Fill(by, HostTensor.Scalar(divisor(segment.Count()), Structure.RealOf(sums.DType)));
            var row = sums.Data + (segment.Key * rows.Inner * sums.DType.Size);
            divide(row, false, by.Data, true, row, rows.Inner);
        }
    }
}
