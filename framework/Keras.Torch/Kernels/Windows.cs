namespace Keras.Engines.Torch;

/// <summary>The windows of a convolution, a pooling or a patch extraction over (B, spatial..., C).</summary>
sealed class Windows
{
    /// <param name="c">The call, whose attributes give strides, padding and so on.</param>
    /// <param name="spatial">The spatial dimensions of the input.</param>
    /// <param name="sizes">The window size along each of them.</param>
    /// <param name="strides">The attribute that holds the strides.</param>
    /// <param name="dilations">The attribute that holds the dilations; null for none.</param>
    /// <param name="channels">The channel axis.</param>
    /// <param name="isListed">Whether to fill <see cref="Sources"/>, which is large for large filters over large images.</param>
    public Windows(KernelCall c, long[] spatial, long[] sizes, string strides, string? dilations, int channels, bool isListed = true)
    {
        var rank = spatial.Length + 2;
        int[] axes = [.. Enumerable.Range(1, rank - 1).Where(a => a != channels)];
        long[] Of(string? name) => name is not null && c.Op.Attribute(name) is not null ? [.. axes.Select(a => c.Get<long[]>(name)[a])] : [.. axes.Select(_ => 1L)];
        var (steps, spread) = (Of(strides), Of(dilations));
        Output = new long[spatial.Length];
        var low = new long[spatial.Length];
        for (var i = 0; i < spatial.Length; i++)
        {
            var reach = ((sizes[i] - 1) * spread[i]) + 1;
            switch (c.Get<string>("padding"))
            {
                case "SAME":
                    Output[i] = (spatial[i] + steps[i] - 1) / steps[i];
                    low[i] = Math.Max(((Output[i] - 1) * steps[i]) + reach - spatial[i], 0) / 2;
                    break;
                case "EXPLICIT":
                    var pads = c.Get<long[]>("explicit_paddings");
                    low[i] = pads[2 * axes[i]];
                    Output[i] = Math.Max(0, ((spatial[i] + low[i] + pads[(2 * axes[i]) + 1] - reach) / steps[i]) + 1);
                    break;
                default:
                    Output[i] = Math.Max(0, (spatial[i] - reach + steps[i]) / steps[i]);
                    break;
            }
        }
        (Positions, Taps, Steps, Spread, Low) = (Product(Output), Product(sizes), steps, spread, low);
        if (!isListed) return;
        Sources = new long[Positions * Taps];
        var (position, tap) = (new long[spatial.Length], new long[spatial.Length]);
        for (var p = 0L; p < Positions; p++)
        {
            Spell(p, Output, position);
            for (var t = 0L; t < Taps; t++)
            {
                Spell(t, sizes, tap);
                var source = 0L;
                for (var i = 0; i < spatial.Length && source >= 0; i++)
                {
                    var at = (position[i] * steps[i]) - low[i] + (tap[i] * spread[i]);
                    source = at < 0 || at >= spatial[i] ? -1 : (source * spatial[i]) + at;
                }
                Sources[(p * Taps) + t] = source;
            }
        }
    }

    /// <summary>The spatial dimensions of the output.</summary>
    public long[] Output { get; }

    /// <summary>The number of windows, and of elements in a window.</summary>
    public long Positions { get; }

    public long Taps { get; }

    /// <summary>For each element of each window its spatial position; -1 for padding.</summary>
    public long[] Sources { get; } = [];

    /// <summary>Along each spatial axis the stride, the dilation, and the padding before the first position.</summary>
    public long[] Steps { get; }

    public long[] Spread { get; }

    public long[] Low { get; }

    public static long Product(ReadOnlySpan<long> dims)
    {
        var product = 1L;
        foreach (var dim in dims) product *= dim;
        return product;
    }

    static void Spell(long index, long[] dims, long[] result)
    {
        for (var i = dims.Length - 1; i >= 0; i--)
        {
            result[i] = index % dims[i];
            index /= dims[i];
        }
    }
}
