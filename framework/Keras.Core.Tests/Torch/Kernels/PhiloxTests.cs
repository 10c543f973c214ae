using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Groups that are computed together have the bits of groups computed one by one.</summary>
sealed unsafe class PhiloxTests
{
    [Test]
    public void TogetherOrAloneTheBitsAreTheSame(
        [Values(0UL, 3UL, ulong.MaxValue - 4, ulong.MaxValue - 20, 0xFFFFFFFDUL)] ulong low, [Values(0UL, ulong.MaxValue)] ulong high,
        [Values(0UL, 5UL, 1UL << 40)] ulong first, [Values(1, 7, 8, 33)] int groups)
    {
        var philox = new Philox(0x123456789ABCDEF1, low, high);
        uint[] together = new uint[groups * 4], alone = new uint[groups * 4];
        fixed (uint* a = together, b = alone)
        {
            philox.Fill(first, groups, a);
            philox.Each(first, groups, b);
        }
        Assert.That(together, Is.EqualTo(alone));
    }

    /// <summary>The known answers of the generator's authors.</summary>
    [TestCase(0UL, 0UL, 0UL, new uint[] { 0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8 })]
    [TestCase(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, new uint[] { 0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD })]
    [TestCase(0x299F31D0A4093822UL, 0x85A308D3243F6A88UL, 0x0370734413198A2EUL, new uint[] { 0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1 })]
    public void KnownAnswers(ulong key, ulong low, ulong high, uint[] expected)
    {
        var words = new uint[4];
        fixed (uint* w = words) new Philox(key, low, high).Each(0, 1, w);
        Assert.That(words, Is.EqualTo(expected));
    }
}
