using Keras.Engines;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Image files on every engine: what both refuse and read, and that they read the same.</summary>
sealed class ImageFileTests(string engine) : EngineFixture(engine)
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

    static Tensor Decode(byte[] bytes, int channels, DType dtype, bool expand = true) => Dispatch.Run(Graphs.GraphFixture.Op("DecodeImage"), [Tf.Constant(Bytes(bytes))],
        Attributes.Of(("channels", channels), ("dtype", dtype), ("expand_animations", expand)));

    static HostTensor Bytes(byte[] bytes) => HostTensor.OfStrings(Shape.Scalar, [bytes]);

    [TestCaseSource(nameof(Readings)), Category("Golden")]
    public void AFileIsWhatTensorFlowReads(string file, int channels, string dtype)
    {
        if (EngineName == "torch" && channels is (0 or 3) && HalfColours.Contains(file)) Assert.Ignore("StbImageSharp enlarges colours stored at half the size otherwise: 5 to 8 of 255 from TensorFlow's");
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        foreach (var expand in (bool[])[true, false])
        {
            HostTensor? On(IEngine runtime)
            {
                using var use = Engine.Use(runtime);
                try
                {
                    return Decode(bytes, channels, dtype, expand).RequireEager().ToHost();
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

    [Test]
    public void EveryKindOfImageSurvivesPng([Values(1, 2, 3, 4)] int channels, [Values("uint8", "uint16")] string dtype, [Values(-1, 0, 9)] int compression)
    {
        var (random, shape) = (new Random(channels), new Shape(2, 5, 7, channels));
        var bytes = new byte[shape.ElementCount * DType.Parse(dtype).Size];
        random.NextBytes(bytes);
        var images = HostTensor.OfBytes(dtype, shape, bytes);
        var files = Dispatch.Run(Graphs.GraphFixture.Op("EncodePng"), [Tf.Constant(images)], Attributes.Of(("compression", compression)));
        Assert.That(files.shape, Is.EqualTo(new Shape(2)));
        var decoded = files.ToArray<byte[]>().SelectMany(f => Decode(f, channels == 2 ? 0 : channels, dtype).RequireEager().ToHost().Data.ToArray());
        Assert.That(decoded, Is.EqualTo(bytes));
    }

    [TestCase(0, 3, 3)]
    [TestCase(2, 0, 3)]
    [TestCase(2, 3, 5)]
    public void AnImageThatNoPngCanHoldIsRefused(int height, int width, int channels)
    {
        if (EngineName == "tensorflow" && height * width == 0) Assert.Ignore("TensorFlow ends the process on an empty image");
        Assert.That(() => Tf.EncodePng(Tf.Constant(HostTensor.Of<byte>(new byte[height * width * channels], new Shape(height, width, channels)))), Throws.TypeOf<EngineException>());
    }

    [TestCase("")]
    [TestCase("BM")]
    [TestCase("GIF8")]
    [TestCase("this is no image")]
    public void WhatIsNoImageIsRefused(string text) => Assert.That(() => Decode(System.Text.Encoding.ASCII.GetBytes(text), 3, DType.UInt8), Throws.TypeOf<EngineException>());
}
