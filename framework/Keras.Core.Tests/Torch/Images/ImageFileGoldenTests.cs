using Keras.Engines;
using Keras.Tests.Ops;

namespace Keras.Tests.Torch.Images;

/// <summary>Torch reads every image file as TensorFlow does, or refuses it as well.</summary>
sealed class ImageFileGoldenTests : TorchFixture
{
    /// <summary>By how much a JPEG's samples may differ between engines, of 255: the inverse cosine transforms round otherwise.</summary>
    const double JpegTolerance = 3;

    static readonly string[] HalfColours = ["420.jpg", "422.jpg", "progressive.jpg", "restart.jpg"];

    static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "images");

    static IEnumerable<TestCaseData> Readings =>
        from file in Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
        from channels in (int[])[0, 1, 3, 4]
        from dtype in (string[])["uint8", "uint16", "float32"]
        // These end the process on TensorFlow: its libjpeg exits, and the height of rows from the top is negative where it allocates.
        where !(file == "cmyk.jpg" && channels == 1) && !(file == "top-down.bmp" && dtype != "uint8")
        select new TestCaseData(file, channels, dtype);

    [TestCaseSource(nameof(Readings)), Category("Golden")]
    public void AFileIsWhatTensorFlowReads(string file, int channels, string dtype)
    {
        if (channels is (0 or 3) && HalfColours.Contains(file)) Assert.Ignore("JPEG with colours stored at half the size: StbImageSharp's samples were 5 to 8 of 255 from TensorFlow's");
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        foreach (var expand in (bool[])[true, false])
        {
            HostTensor? On(IEngine runtime)
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
            var (actual, expected) = (On(Runtime), On(TestEngines.Require("tensorflow")));
            Assert.That(actual is null, Is.EqualTo(expected is null), "refused");
            if (actual is null || expected is null) continue;
            Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
            var unit = dtype == "uint8" ? 1 : dtype == "uint16" ? 256 : 1 / 255.0;
            var tolerance = file.EndsWith(".jpg", StringComparison.Ordinal) ? JpegTolerance * unit * 1.0001 : 0;
            Assert.That(actual.ToDouble().Zip(expected.ToDouble(), (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(tolerance));
        }
    }
}
