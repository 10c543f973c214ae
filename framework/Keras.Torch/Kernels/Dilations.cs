namespace Keras.Engines.Torch;

/// <summary>Greyscale dilation and fractional pooling.</summary>
static unsafe class Dilations
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["Dilation2D"] = HalfPrecision.Widened(Dilate),
        ["FractionalMaxPool"] = c => Pool(c, mean: false),
        ["FractionalAvgPool"] = c => Pool(c, mean: true),
    };

    static void Dilate(KernelCall c)
    {
        var (x, filter) = (c.Tensor(0), c.Tensor(1));
        if (x.Shape.Rank != 4 || filter.Shape.Rank != 3 || filter.Shape[2] != x.Shape[3]) throw c.Fail("an input (B, H, W, C) and a filter (rows, columns, C)", $"{x.Shape} and {filter.Shape}");
        var windows = new Windows(c, [x.Shape[1], x.Shape[2]], [filter.Shape[0], filter.Shape[1]], "strides", "rates", 3, isListed: false);
        var (height, width, channels, pixels) = (x.Shape[1], x.Shape[2], x.Shape[3], x.Shape[1] * x.Shape[2]);
        var taps = (Rows: filter.Shape[0], Columns: filter.Shape[1]);
        var result = c.Result(0, new Shape(x.Shape[0], windows.Output[0], windows.Output[1], channels));
        // As in TensorFlow, the maximum of no elements is the lowest finite number.
        var (isWhole, least, leastWhole) = (!x.DType.IsFloating, x.DType == DType.Float64 ? double.MinValue : float.MinValue, x.DType.IsSignedInteger ? -(Int128.One << ((8 * x.DType.Size) - 1)) : 0);
        Workers.Run(result.Count, windows.Taps * 64, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                var (image, position, channel) = (i / channels / windows.Positions, i / channels % windows.Positions, i % channels);
                var (most, mostWhole) = (least, leastWhole);
                var (top, left) = ((position / windows.Output[1] * windows.Steps[0]) - windows.Low[0], (position % windows.Output[1] * windows.Steps[1]) - windows.Low[1]);
                for (var r = 0L; r < taps.Rows; r++)
                {
                    var row = top + (r * windows.Spread[0]);
                    if (row < 0 || row >= height) continue;
                    for (var k = 0L; k < taps.Columns; k++)
                    {
                        var column = left + (k * windows.Spread[1]);
                        if (column < 0 || column >= width) continue;
                        var (at, by) = ((((image * pixels) + (row * width) + column) * channels) + channel, (((r * taps.Columns) + k) * channels) + channel);
                        if (isWhole) mostWhole = Int128.Max(mostWhole, Whole(x, at) + Whole(filter, by));
                        else most = Math.Max(most, Rounded(Numbers.Read(x, at) + Numbers.Read(filter, by), x.DType));
                    }
                }
                if (isWhole) SparseInput.Write(result, i, mostWhole);
                else SparseInput.Write(result, i, most);
            }
        });
    }

    static double Rounded(double value, DType dtype) => dtype == DType.Float32 ? (float)value : value;

    static Int128 Whole(TorchTensor x, long at) => x.DType == DType.UInt64 ? ((ulong*)x.Data)[at] : x.DType == DType.Int64 ? ((long*)x.Data)[at] : (Int128)Numbers.Read(x, at);

    /// <summary>Fractional pooling, over windows with random ends.</summary>
    /// <remarks>Source: tensorflow/core/kernels/fractional_pool_common.cc; with seeds the ends equal TensorFlow's.</remarks>
    static void Pool(KernelCall c, bool mean)
    {
        var (x, ratios, overlaps) = (c.Tensor(0), c.Get<float[]>("pooling_ratio"), c.Flag("overlapping"));
        if (x.Shape.Rank != 4) throw c.Fail("images (B, H, W, C)", x.Shape.ToString());
        // A deterministic op draws the same regions in each call, with or without seeds.
        var stream = c.Flag("deterministic") ? new DrawStream((ulong)c.Get<long>("seed"), (ulong)c.Get<long>("seed2")) : DrawStream.Of(c);
        long[] Ends(int axis)
        {
            var (whole, parts) = (x.Shape[axis], (long)Math.Floor(x.Shape[axis] / ratios[axis]));
            if (parts <= 0 || parts > whole) throw c.Fail($"at least {ratios[axis]} pixels on axis {axis}", $"{whole}");
            return c.Flag("pseudo_random") ? Spread(stream, whole, parts) : Shuffled(stream, whole, parts);
        }
        var (rows, columns) = (Ends(1), Ends(2));
        var channels = x.Shape[3];
        var result = c.Result(0, new Shape(x.Shape[0], rows.Length - 1, columns.Length - 1, channels));
        Structure.WriteIntegers(c.Result(1, new Shape(rows.Length)), rows);
        Structure.WriteIntegers(c.Result(2, new Shape(columns.Length)), columns);
        for (var i = 0L; i < result.Count; i++)
        {
            var (image, row, column, channel) = (i / channels / (columns.Length - 1) / (rows.Length - 1), i / channels / (columns.Length - 1) % (rows.Length - 1), i / channels % (columns.Length - 1), i % channels);
            var (sum, most, count) = (0.0, double.NegativeInfinity, 0);
            for (var r = rows[row]; r <= Math.Min(rows[row + 1] - (overlaps ? 0 : 1), x.Shape[1] - 1); r++)
                for (var k = columns[column]; k <= Math.Min(columns[column + 1] - (overlaps ? 0 : 1), x.Shape[2] - 1); k++, count++)
                {
                    var value = Numbers.Read(x, (((((image * x.Shape[1]) + r) * x.Shape[2]) + k) * channels) + channel);
                    (sum, most) = (sum + value, Math.Max(most, value));
                }
            SparseInput.Write(result, i, mean ? sum / count : most);
        }
    }

    /// <summary>Random ends: sizes that differ by at most one, in random order.</summary>
    static long[] Shuffled(DrawStream stream, long whole, long parts)
    {
        var sizes = new long[parts];
        for (var i = 0L; i < parts; i++) sizes[i] = (whole / parts) + (i < whole % parts ? 1 : 0);
        Shuffles.Permute(stream.TakeWords(parts), sizes);
        var ends = new long[parts + 1];
        for (var i = 0L; i < parts; i++) ends[i + 1] = ends[i] + sizes[i];
        return ends;
    }

    /// <summary>Pseudorandom ends: equal steps from a random start (Graham 2014).</summary>
    static long[] Spread(DrawStream stream, long whole, long parts)
    {
        var (step, least) = ((double)whole / parts, whole / parts);
        var most = Math.Min(((least + 2) / step) - 1, ((whole + 1 - least) / step) - (parts - 1));
        var words = stackalloc uint[4];
        stream.TakeWords(2).Each(0, 1, words);
        var start = Draws.Double(words[0], words[1]) * most;
        var ends = new long[parts + 1];
        for (var i = 1; i < parts; i++) ends[i] = (long)Math.Ceiling(step * (i + start)) - 1;
        ends[parts] = whole;
        return ends;
    }
}
