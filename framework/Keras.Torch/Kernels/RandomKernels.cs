namespace Keras.Engines.Torch;

/// <summary>Kernels that generate random bits.</summary>
static unsafe class RandomKernels
{
    public static readonly Dictionary<string, Kernel> Kernels = new() { ["StatelessRandomUniformFullIntV2"] = Bits };

    public const int PhiloxAlgorithm = 1;

    /// <summary>The number with which an op leaves the choice of algorithm to the engine.</summary>
    public const int AnyAlgorithm = 3;

    static void Bits(KernelCall c)
    {
        if (c.Long(3) is not (PhiloxAlgorithm or AnyAlgorithm)) throw c.Fail("algorithm 1, Philox", $"{c.Long(3)}");
        var philox = Philox.Of(c.Tensor(1), c.Tensor(2));
        var result = c.Result(0, new Shape(c.Longs(0)));
        var data = result.Data;
        var bytes = result.ByteLength;
        Workers.Run((bytes + Philox.GroupBytes - 1) / Philox.GroupBytes, 64, (begin, end) =>
        {
            var whole = Math.Min(end, bytes / Philox.GroupBytes);
            philox.Fill((ulong)begin, whole - begin, (uint*)(data + (begin * Philox.GroupBytes)));
            if (whole == end) return;
            // The last group may be used only in part.
            var words = stackalloc uint[4];
            philox.Fill((ulong)whole, 1, words);
            var rest = (int)(bytes - (whole * Philox.GroupBytes));
            new ReadOnlySpan<byte>(words, rest).CopyTo(new Span<byte>(data + (whole * Philox.GroupBytes), rest));
        });
    }
}
