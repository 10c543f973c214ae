using Keras.Engines;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Image files on every engine: what each refuses, and that it reads what it wrote.</summary>
sealed class ImageFileTests(string engine) : EngineFixture(engine)
{
    internal static Tensor Decode(byte[] bytes, int channels, DType dtype, bool expand = true) => Dispatch.Run(Graphs.GraphFixture.Op("DecodeImage"), [Tf.Constant(Bytes(bytes))],
        Attributes.Of(("channels", channels), ("dtype", dtype), ("expand_animations", expand)));

    static HostTensor Bytes(byte[] bytes) => HostTensor.OfStrings(Shape.Scalar, [bytes]);

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
        var image = Tf.Constant(HostTensor.Of<byte>(new byte[height * width * channels], new Shape(height, width, channels)));
        Assert.That(() => Tf.EncodePng(image), Throws.TypeOf<ShapeMismatchException>());
        var anySize = FunctionGraph.Trace("encode", [(DType.UInt8, Shape.OfSymbolic(-1, -1, -1), "x")], x => [Tf.EncodePng(x[0])]);
        using var compiled = Runtime.Compile(Lowering.Lower(anySize, Runtime.RunsNatively), new CompileOptions(Jit: false));
        Assert.That(() => compiled.Run([image.RequireEager().Handle], new ITensorHandle[1]), Throws.InstanceOf<KerasException>());
    }

    [Test]
    public void DecodeJpegReadsPngTooAsTensorFlowDoesAndRefusesBmp()
    {
        var pixels = HostTensor.Of<byte>([.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))], new Shape(2, 4, 3));
        Assert.That(Tf.DecodeJpeg(Tf.EncodePng(Tf.Constant(pixels)), channels: 3).ToArray<byte>(), Is.EqualTo(pixels.Data));
        foreach (var text in new[] { "", "BM", "this is no image" })
            Assert.That(() => Tf.DecodeJpeg(Tf.Constant(Bytes(System.Text.Encoding.ASCII.GetBytes(text))), channels: 3).RequireEager().ToHost(), Throws.TypeOf<EngineException>());
    }

    [TestCase("")]
    [TestCase("BM")]
    [TestCase("GIF8")]
    [TestCase("this is no image")]
    public void WhatIsNoImageIsRefused(string text) => Assert.That(() => Decode(System.Text.Encoding.ASCII.GetBytes(text), 3, DType.UInt8), Throws.TypeOf<EngineException>());
}
