namespace Keras.Engines.Torch;

/// <summary>Diagonals and triangles of the last two axes.</summary>
static unsafe class Matrices
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["MatrixBandPart"] = BandPart,
        ["MatrixDiagV3"] = c => Write(c, null, c.Tensor(0), 4),
        ["MatrixSetDiagV3"] = c => Write(c, c.Tensor(0), c.Tensor(1), -1),
        ["MatrixDiagPartV3"] = Read,
    };

    static void BandPart(KernelCall c)
    {
        var x = c.Tensor(0);
        var (lower, upper) = (c.Long(1), c.Long(2));
        var (rows, columns, size) = (x.Shape[-2], x.Shape[-1], x.DType.Size);
        var result = c.Result(0, x.Shape);
        Structure.Clear(result);
        if (x.Count == 0) return;
        byte* px = x.Data, pd = result.Data;
        Workers.Run(x.Count / columns, 2 * columns * size, (begin, end) =>
        {
            for (var r = begin; r < end; r++)
            {
                var i = r % rows;
                var first = lower < 0 ? 0 : Math.Clamp(i - lower, 0, columns);
                var last = upper < 0 ? columns : Math.Clamp(i + upper + 1, 0, columns);
                if (last <= first) continue;
                var at = ((r * columns) + first) * size;
                new ReadOnlySpan<byte>(px + at, (int)((last - first) * size)).CopyTo(new Span<byte>(pd + at, (int)((last - first) * size)));
            }
        });
    }

    /// <summary>The diagonals that an input names, and their layout in rows of the longest one's length.</summary>
    sealed class Diagonals
    {
        public Diagonals(KernelCall c, int input, long rows, long columns)
        {
            var k = c.Longs(input);
            (Lower, Upper) = (k[0], k[^1]);
            (Rows, Columns) = (rows, columns);
            Align = c.Get<string>("align");
            if (Lower > Upper) throw c.Fail("diagonals from low to high", $"{Lower} to {Upper}");
            Longest = Math.Min(rows + Math.Min(Upper, 0), columns - Math.Max(Lower, 0));
        }

        public long Lower { get; }
        public long Upper { get; }
        public long Rows { get; }
        public long Columns { get; }
        public long Longest { get; }
        public string Align { get; }
        public long Count => Upper - Lower + 1;

        public long LengthOf(long k) => Math.Max(0, Math.Min(Rows + Math.Min(k, 0), Columns - Math.Max(k, 0)));

        /// <summary>The position of a diagonal's first element in its row.</summary>
        public long StartOf(long k)
        {
            var isRight = k >= 0 ? Align.StartsWith("RIGHT", StringComparison.Ordinal) : Align.EndsWith("RIGHT", StringComparison.Ordinal);
            return isRight ? Longest - LengthOf(k) : 0;
        }

        /// <summary>Visits the elements by their positions in the rows of diagonals and in the matrix.</summary>
        public void Visit(Action<long, long> visit)
        {
            for (var k = Upper; k >= Lower; k--)
            {
                var at = ((Upper - k) * Longest) + StartOf(k);
                for (var i = 0L; i < LengthOf(k); i++) visit(at + i, ((i - Math.Min(k, 0)) * Columns) + i + Math.Max(k, 0));
            }
        }
    }

    static void Write(KernelCall c, TorchTensor? x, TorchTensor diagonal, int padding)
    {
        Shape shape;
        if (x is not null) shape = x.Shape;
        else
        {
            var k = c.Longs(1);
            var batch = diagonal.Shape[..(k[^1] > k[0] ? ^2 : ^1)];
            var longest = diagonal.Shape[-1];
            var (rows, columns) = (c.Long(2), c.Long(3));
            var (leastRows, leastColumns) = (longest - Math.Min(k[^1], 0), longest + Math.Max(k[0], 0));
            if (rows < 0 && columns < 0) rows = columns = Math.Max(leastRows, leastColumns);
            shape = batch.Concat(new Shape(rows < 0 ? leastRows : rows, columns < 0 ? leastColumns : columns));
        }
        var result = c.Result(0, shape);
        if (x is not null) Workers.Copy(x.Data, result.Data, x.ByteLength);
        else Structure.Repeat(result, c.Tensor(padding).Data);
        var d = new Diagonals(c, x is null ? 1 : 2, shape[-2], shape[-1]);
        var (size, matrix) = (result.DType.Size, shape[-2] * shape[-1]);
        var batches = matrix == 0 ? 0 : result.Count / matrix;
        for (var b = 0L; b < batches; b++)
            d.Visit((from, to) => new ReadOnlySpan<byte>(diagonal.Data + (((b * d.Count * d.Longest) + from) * size), size).CopyTo(new Span<byte>(result.Data + (((b * matrix) + to) * size), size)));
    }

    static void Read(KernelCall c)
    {
        var x = c.Tensor(0);
        var d = new Diagonals(c, 1, x.Shape[-2], x.Shape[-1]);
        var result = c.Result(0, x.Shape[..^2].Concat(d.Count > 1 ? new Shape(d.Count, d.Longest) : new Shape(d.Longest)));
        Structure.Repeat(result, c.Tensor(2).Data);
        var (size, matrix) = (x.DType.Size, x.Shape[-2] * x.Shape[-1]);
        var batches = matrix == 0 ? 0 : x.Count / matrix;
        for (var b = 0L; b < batches; b++)
            d.Visit((to, from) => new ReadOnlySpan<byte>(x.Data + (((b * matrix) + from) * size), size).CopyTo(new Span<byte>(result.Data + (((b * d.Count * d.Longest) + to) * size), size)));
    }
}
