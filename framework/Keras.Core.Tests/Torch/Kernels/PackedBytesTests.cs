using System.IO.Compression;
using Keras.Graphs;
using Keras.Tests.Graphs;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Strings that come from anywhere and are not what an op reads: typed errors, and no memory that their bytes do not warrant.</summary>
sealed class PackedBytesTests : TorchFixture
{
    static byte[] Header(ushort kind, ushort channels, ushort bits, uint length) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, .. BitConverter.GetBytes(kind), .. BitConverter.GetBytes(channels), .. new byte[10], .. BitConverter.GetBytes(bits), .. "data"u8, .. BitConverter.GetBytes(length)];

    static byte[] Zeros(int count)
    {
        using var whole = new MemoryStream();
        using (var stream = new ZLibStream(whole, CompressionLevel.Optimal)) stream.Write(new byte[count]);
        return whole.ToArray();
    }

    static IEnumerable<TestCaseData> Broken =>
    [
        new("DecodeWav", Array.Empty<byte>(), null), new("DecodeWav", "RIFFxxxxWAVE"u8.ToArray(), null), new("DecodeWav", Header(1, 1, 16, uint.MaxValue), null),
        new("DecodeWav", Header(3, 1, 16, 0), null), new("DecodeWav", Header(1, 0, 16, 0), null), new("DecodeWav", Header(1, 1, 8, 0), null),
        new("ParseTensor", new byte[] { 255 }, DType.Float32), new("ParseTensor", new byte[] { 8, 1, 0x12, 4, 0x12, 2, 8, 3, 0x22, 1, 0 }, DType.Float32), new("ParseTensor", new byte[] { 8, 1 }, DType.Int64),
        new("ParseTensor", new byte[] { 8, 1, 0x12, 8, 0x12, 6, 8, 255, 255, 255, 255, 7 }, DType.Float32), new("ParseTensor", new byte[] { 8, 7, 0x12, 8, 0x12, 6, 8, 255, 255, 255, 255, 7 }, DType.String),
        new("ParseTensor", new byte[] { 8, 7, 0x12, 7, 0x12, 5, 8, 0x80, 0x80, 0x80, 0x10 }, DType.String), new("DecodeJSONExample", "{\"features\":{\"feature\":{\"a\":{},\"a\":{}}}}"u8.ToArray(), null),
        new("DecodeJSONExample", "{"u8.ToArray(), null), new("DecodeJSONExample", "[]"u8.ToArray(), null), new("DecodeJSONExample", "{\"features\":{\"feature\":{\"a\":{\"int64List\":{\"value\":[1.5]}}}}}"u8.ToArray(), null),
        new("DecodeJSONExample", "{\"features\":{\"feature\":{\"a\":{\"bytesList\":{\"value\":[\"?\"]}}}}}"u8.ToArray(), null), new("DecodeJSONExample", "{\"other\":1}"u8.ToArray(), null),
        new("DecodeCompressed", new byte[] { 1, 2, 3 }, null), new("DecodeCompressed", new byte[] { 0x78, 0xBB, 1, 2, 3, 4 }, null),
    ];

    [TestCaseSource(nameof(Broken))]
    public void WhatIsNotReadIsATypedError(string op, byte[] bytes, DType? dtype)
    {
        var attributes = dtype is not null ? Attributes.Of(("out_type", dtype)) : op == "DecodeCompressed" ? Attributes.Of(("compression_type", "ZLIB")) : Attributes.None;
        Assert.That(() => Dispatch.RunAll(GraphFixture.Op(op), [Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [bytes]))], attributes), Throws.TypeOf<EngineException>());
    }

    /// <summary>Numbers of few bits are none that an operation would compute with, or read off other bytes.</summary>
    [Test]
    public void NumbersOfFewBitsAreNotTakenForOthers()
    {
        var quantized = Dispatch.RunAll(GraphFixture.Op("QuantizeV2"), [Tf.Constant(HostTensor.Vector(1f, 2f)), Tf.Constant(HostTensor.Scalar(0f)), Tf.Constant(HostTensor.Scalar(2f))], Attributes.Of(("T", DType.QInt8)))[0];
        Assert.That(() => Tf.Cast(quantized, DType.Float32), Throws.InstanceOf<KerasException>());
        Assert.That(() => Dispatch.Run(GraphFixture.Op("AddV2"), [quantized, quantized]), Throws.InstanceOf<KerasException>());
        Assert.That(() => Dispatch.Run(GraphFixture.Op("TopKV2"), [quantized, Tf.Int32Scalar(1)]), Throws.InstanceOf<KerasException>());
        Assert.That(() => Dispatch.Run(GraphFixture.Op("ParseTensor"), [Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [[8, 11]]))], Attributes.Of(("out_type", DType.QInt8))), Throws.InstanceOf<KerasException>());
    }

    [Test]
    public void CompressedBytesComeBack()
    {
        var result = Dispatch.Run(GraphFixture.Op("DecodeCompressed"), [Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [Zeros(1_000_000)]))], Attributes.Of(("compression_type", "ZLIB")));
        Assert.That(result.RequireEager().ToHost().Strings![0], Has.Length.EqualTo(1_000_000));
    }

    [TestCase("noise", "gaussian")]
    [TestCase("noise", "uniform")]
    public void NoiseStaysWithinThePicture(string attribute, string noise)
    {
        var picture = HostTensor.Of<float>([.. Enumerable.Range(0, 60).Select(i => i / 10f)], new Shape(1, 5, 6, 2));
        var glimpse = Dispatch.Run(GraphFixture.Op("ExtractGlimpseV2"), [Tf.Constant(picture), Tf.Int32(20, 20), Tf.Constant(HostTensor.Of<float>([0, 0], new Shape(1, 2)))],
            Attributes.Of((attribute, noise), ("uniform_noise", false)));
        var values = glimpse.RequireEager().ToHost().ToDouble();
        Assert.That(values, Is.All.InRange(0, 5.9001));
        Assert.That(values.Distinct().Count(), Is.GreaterThan(500));
    }

    [Test]
    public void DrawsWithoutSeedsDiffer()
    {
        double[] Draw() => Dispatch.Run(GraphFixture.Op("RandomUniform"), [Tf.Int32(50)], Attributes.Of(("dtype", DType.Float32))).RequireEager().ToHost().ToDouble();
        var (first, second) = (Draw(), Draw());
        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(first.Average(), Is.InRange(0.2, 0.8));
    }
}
