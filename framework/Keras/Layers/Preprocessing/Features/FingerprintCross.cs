using Keras.Graphs;

namespace Keras.Layers;

/// <summary>TensorFlow's hash of several fingerprints, in int64, which wraps around as uint64 does.</summary>
static class FingerprintCross
{
    const long Seed = 0xDECAFCAFFE, Multiplier = unchecked((long)0xC6A4A7935BD1E995);

    const int MixedBits = 47;

    /// <summary>FarmHash64 of texts as int64, from the op that only gives bins: one bin is the low 62 bits, and the remainder by 5 gives the two above.</summary>
    public static Tensor Fingerprint(Tensor texts)
    {
        const int Low = 62;
        Tensor low = Tf.StringToHash(texts, 1L << Low), remainder = Tf.StringToHash(texts, 5);
        // 2^62 is 4 modulo 5, and 4 is its own inverse.
        var high = Tf.FloorMod(Tf.FloorMod(remainder - low, Number(5)) * Number(4), Number(5));
        return Tf.BitwiseOr(low, Tf.LeftShift(high, Number(Low)));
    }

    /// <summary>The bin of several fingerprints, which depends on their order.</summary>
    public static Tensor Of(Tensor[] fingerprints, int bins)
    {
        var hash = Number(Seed);
        foreach (var fingerprint in fingerprints) hash = Joined(hash, fingerprint);
        // The unsigned remainder: twice that of half the number, plus the last bit.
        var half = Tf.FloorMod(Shifted(hash, 1), Number(bins));
        return Tf.FloorMod((half * Number(2)) + Tf.BitwiseAnd(hash, Number(1)), Number(bins));
    }

    static Tensor Joined(Tensor hash, Tensor fingerprint)
    {
        var mixed = Tf.BitwiseXor(Tf.BitwiseXor(hash, Number(Multiplier)), Mixed(fingerprint * Number(Multiplier)) * Number(Multiplier));
        return Mixed(Mixed(mixed * Number(Multiplier)) * Number(Multiplier));
    }

    static Tensor Mixed(Tensor x) => Tf.BitwiseXor(x, Shifted(x, MixedBits));

    /// <summary>Shifts right and fills with zeros from above.</summary>
    static Tensor Shifted(Tensor x, int bits) => Tf.BitwiseAnd(Tf.RightShift(x, Number(bits)), Number((1L << (64 - bits)) - 1));

    static Tensor Number(long value) => Tf.Constant(HostTensor.Scalar(value));
}
