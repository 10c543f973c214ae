using Keras.Engines;
using Keras.Tests.Ops;

namespace Keras.Tests.Torch.Images;

/// <summary>Torch reads every image file as TensorFlow does, or refuses it as well.</summary>
sealed class ImageFileGoldenTests : TorchFixture
{
    static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "images");

    static IEnumerable<TestCaseData> Readings =>
        from file in Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
        from channels in (int[])[0, 1, 3, 4]
        from dtype in (string[])["uint8", "uint16", "float32"]
        select new TestCaseData(file, channels, dtype);

    [TestCaseSource(nameof(Readings)), Category("Golden")]
    public void AFileIsWhatTensorFlowReads(string file, int channels, string dtype)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        foreach (var expand in (bool[])[true, false])
        {
            var (actual, expected) = (Read(Runtime, bytes, channels, dtype, expand), Read(TestEngines.Require("tensorflow"), bytes, channels, dtype, expand));
            // TensorFlow would end the process: the height of rows from the top is negative where it allocates. So it is refused there.
            if (file == "top-down.bmp" && dtype != "uint8") Assert.That(expected, Is.Null);
            else Assert.That(actual is null, Is.EqualTo(expected is null), "refused");
            if (actual is null || expected is null) continue;
            Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
            Assert.That(actual.Data.SequenceEqual(expected.Data));
        }
    }

    /// <summary>What an engine makes of a file; null where it refuses it.</summary>
    internal static HostTensor? Read(IEngine runtime, byte[] bytes, int channels, string dtype = "uint8", bool expand = true)
    {
        using var use = Engine.Use(runtime);
        try
        {
            return ImageFileTests.Decode(bytes, channels, dtype, expand).RequireEager().ToHost();
        }
        catch (Exception e) when (e is EngineException or UnsupportedException)
        {
            return null;
        }
    }
}
