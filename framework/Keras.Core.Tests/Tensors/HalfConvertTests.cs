namespace Keras.Tests;

sealed class HalfConvertTests
{
    static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, float.NaN, -float.NaN, BitConverter.UInt32BitsToSingle(0x7F800001), BitConverter.UInt32BitsToSingle(0xFF800001),
        BitConverter.UInt32BitsToSingle(0x7FFFFFFF), float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon,
        -float.Epsilon, 65504f, 65519.996f, 65520f, -65520f, 5.9604645e-8f, 2.9802322e-8f, 2.9802326e-8f, 6.097555e-5f, 6.1035156e-5f,
    ];

    [Test]
    public void Every_float16_widens_as_one_number_does()
    {
        var source = Enumerable.Range(0, 65536).Select(i => BitConverter.UInt16BitsToHalf((ushort)i)).ToArray();
        var target = new float[source.Length];
        HalfConvert.Widen(source, target);
        for (var i = 0; i < source.Length; i++) AssertSame(target[i], (float)source[i], $"{i:x4}");
    }

    [Test]
    public void Every_bfloat16_widens_to_its_bits_and_zeros()
    {
        var source = Enumerable.Range(0, 65536).Select(i => new BFloat16((ushort)i)).ToArray();
        var target = new float[source.Length];
        HalfConvert.Widen(source, target);
        for (var i = 0; i < source.Length; i++)
            Assert.That(BitConverter.SingleToUInt32Bits(target[i]), Is.EqualTo((uint)i << 16));
    }

    [Test]
    public void Narrowing_to_float16_rounds_to_the_nearest_ties_to_even()
    {
        var source = Neighbours(i => (float)BitConverter.UInt16BitsToHalf((ushort)i));
        var target = new Half[source.Length];
        HalfConvert.Narrow(source, target);
        for (var i = 0; i < source.Length; i++)
        {
            if (float.IsNaN(source[i])) Assert.That(Half.IsNaN(target[i]));
            else if (target[i] != (Half)source[i] || Half.IsNegative(target[i]) != float.IsNegative(source[i])) Assert.Fail($"{source[i]:R} gives {target[i]}, {(Half)source[i]} is right");
        }
    }

    [Test]
    public void Narrowing_to_bfloat16_rounds_to_the_nearest_ties_to_even()
    {
        var source = Neighbours(i => new BFloat16((ushort)i));
        var target = new BFloat16[source.Length];
        HalfConvert.Narrow(source, target);
        for (var i = 0; i < source.Length; i++)
        {
            if (target[i].Bits != ((BFloat16)source[i]).Bits) Assert.Fail($"{source[i]:R} gives {target[i]}, {(BFloat16)source[i]} is right");
            if (float.IsNaN(source[i]) != float.IsNaN(target[i])) Assert.Fail($"{source[i]:R} gives {target[i]}");
        }
    }

    /// <summary>The ties, decided by hand: 1 + 1/256 lies between 1 and 1 + 1/128, whose last bit is odd.</summary>
    [TestCase(0x3F808000u, 0x3F80)]
    [TestCase(0x3F808001u, 0x3F81)]
    [TestCase(0x3F818000u, 0x3F82)]
    [TestCase(0x3F817FFFu, 0x3F81)]
    [TestCase(0x7F7FFFFFu, 0x7F80)]
    [TestCase(0x00008000u, 0x0000)]
    [TestCase(0x00018000u, 0x0002)]
    public void Ties_of_bfloat16_go_to_the_even_one(uint bits, int expected)
    {
        var source = new float[33];
        Array.Fill(source, BitConverter.UInt32BitsToSingle(bits));
        var target = new BFloat16[33];
        HalfConvert.Narrow(source, target);
        Assert.That(target.Select(t => (int)t.Bits), Is.All.EqualTo(expected));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(15)]
    [TestCase(17)]
    [TestCase(1_000_003)]
    public void Every_length_is_converted_to_its_end(int length)
    {
        var random = new Random(3);
        var source = new float[length];
        for (var i = 0; i < length; i++) source[i] = (random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-20, 15));
        var (halves, brains, back, backBrain) = (new Half[length], new BFloat16[length], new float[length], new float[length]);
        HalfConvert.Narrow(source, halves);
        HalfConvert.Narrow(source, brains);
        HalfConvert.Widen(halves, back);
        HalfConvert.Widen(brains, backBrain);
        Assert.That(halves, Is.EqualTo(Array.ConvertAll(source, v => (Half)v)));
        Assert.That(brains, Is.EqualTo(Array.ConvertAll(source, v => (BFloat16)v)));
        Assert.That(back, Is.EqualTo(Array.ConvertAll(halves, v => (float)v)));
        Assert.That(backBrain, Is.EqualTo(Array.ConvertAll(brains, v => (float)v)));
    }

    [Test]
    public void A_target_of_another_length_is_refused() =>
        Assert.That(() => HalfConvert.Widen(new Half[3], new float[4]), Throws.ArgumentException.With.Message.Contains("3").And.Message.Contains("4"));

    /// <summary>Every 16-bit value, the middle to the next one and what lies a hair beside both, and the special values.</summary>
    static float[] Neighbours(Func<int, float> widen)
    {
        var values = new List<float>(Special);
        for (var i = 0; i < 65536; i++)
        {
            var (value, next) = (widen(i), widen(Math.Min(i + 1, 65535)));
            var middle = (float)(((double)value + next) / 2);
            values.AddRange([value, MathF.BitIncrement(value), MathF.BitDecrement(value), middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)]);
        }
        return [.. values];
    }

    static void AssertSame(float actual, float expected, string name)
    {
        if (float.IsNaN(expected) ? !float.IsNaN(actual) : BitConverter.SingleToUInt32Bits(actual) != BitConverter.SingleToUInt32Bits(expected))
            Assert.Fail($"{name} gives {actual:R}, {expected:R} is right");
    }
}
