using System.Text;
using Keras.Checkpoints;

namespace Keras.Tests.SavedModels;

sealed class Crc32cTests
{
    // The check value of the polynomial and the vectors of RFC 3720, B.4.
    static readonly object[] Vectors =
    [
        new object[] { Encoding.ASCII.GetBytes("123456789"), 0xE3069283u },
        new object[] { new byte[32], 0x8A9136AAu },
        new object[] { Enumerable.Repeat((byte)0xFF, 32).ToArray(), 0x62A8AB43u },
        new object[] { Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), 0x46DD794Eu },
        new object[] { Array.Empty<byte>(), 0u },
    ];

    [TestCaseSource(nameof(Vectors))]
    public void EqualsPublishedVectors(byte[] bytes, uint expected) => Assert.That(Crc32c.Compute(bytes), Is.EqualTo(expected));

    [Test]
    public void EqualsTheBitwiseDefinitionAtEveryLengthAndOffset()
    {
        var bytes = new byte[70];
        new Random(1).NextBytes(bytes);
        for (var start = 0; start < 9; start++)
        {
            for (var end = start; end <= bytes.Length; end++)
                Assert.That(Crc32c.Compute(bytes.AsSpan(start..end)), Is.EqualTo(Bitwise(bytes.AsSpan(start..end))), $"{start}..{end}");
        }
    }

    [Test]
    public void ExtendsInParts()
    {
        var bytes = new byte[100];
        new Random(2).NextBytes(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.That(Crc32c.Extend(Crc32c.Compute(bytes.AsSpan(..cut)), bytes.AsSpan(cut..)), Is.EqualTo(Crc32c.Compute(bytes)));
    }

    [Test]
    public void MasksByRotatingAndAdding() => Assert.That(Crc32c.Mask(0x00018000), Is.EqualTo(3u + 0xA282EAD8));

    static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
        }
        return ~crc;
    }
}
