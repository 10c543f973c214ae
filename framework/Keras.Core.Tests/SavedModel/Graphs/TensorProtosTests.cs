using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Tests.SavedModels;

sealed class TensorProtosTests
{
    static readonly string[] NumericDTypes =
    [
        "float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128",
    ];

    [Test]
    public void ReturnsTensorsOfEveryDType([ValueSource(nameof(NumericDTypes))] string dtype, [Values(1, 2)] int distinct)
    {
        DType type = dtype;
        var cycle = new byte[distinct * type.Size];
        new Random(5).NextBytes(cycle);
        if (type == DType.Bool) for (var i = 0; i < cycle.Length; i++) cycle[i] = (byte)(1 - i);
        var data = Enumerable.Range(0, 6 * type.Size).Select(i => cycle[i % cycle.Length]).ToArray();

        var proto = TensorProto.Parser.ParseFrom(TensorProtos.ToProto(HostTensor.OfBytes(type, (2, 3), data)).ToByteArray());
        var back = TensorProtos.FromProto(proto, "test");

        Assert.That((back.DType, back.Shape), Is.EqualTo((type, (Shape)(2, 3))));
        Assert.That(back.Data, Is.EqualTo(data));
        Assert.That(proto.TensorContent.IsEmpty, Is.EqualTo(distinct == 1), "equal elements are written as one value");
    }

    [TestCaseSource(nameof(NumericDTypes))]
    public void ReturnsEmptyTensors(string dtype)
    {
        var back = TensorProtos.FromProto(TensorProtos.ToProto(HostTensor.OfBytes(dtype, (0, 3), [])), "test");

        Assert.That((back.DType, back.Shape, back.Data.Length), Is.EqualTo(((DType)dtype, (Shape)(0, 3), 0)));
    }

    [Test]
    public void ReturnsStrings()
    {
        byte[][] values = [[], [0, 255], "é"u8.ToArray()];

        var back = TensorProtos.FromProto(TensorProtos.ToProto(HostTensor.OfStrings(3, values)), "test");

        Assert.That(back.Strings, Is.EqualTo(values));
    }

    [Test]
    public void KeepsTheBitsOfNegativeZeroAndNaN()
    {
        var values = new[] { -0f, BitConverter.UInt32BitsToSingle(0x7FC12345) };
        foreach (var value in values)
        {
            var back = TensorProtos.FromProto(TensorProtos.ToProto(HostTensor.Scalar(value)), "test");
            Assert.That(BitConverter.SingleToUInt32Bits(back.As<float>()[0]), Is.EqualTo(BitConverter.SingleToUInt32Bits(value)));
        }
    }

    [Test]
    public void TheLastValueStandsForThoseThatFollowAndNoneForZeros()
    {
        var proto = new TensorProto { Dtype = DataType.DtInt32, TensorShape = ShapeProtos.ToProto(5), IntVal = { 7, 8 } };
        Assert.That(TensorProtos.FromProto(proto, "test").As<int>().ToArray(), Is.EqualTo(new[] { 7, 8, 8, 8, 8 }));

        proto.IntVal.Clear();
        Assert.That(TensorProtos.FromProto(proto, "test").As<int>().ToArray(), Is.EqualTo(new int[5]));
    }

    static readonly TestCaseData[] Impossible =
    [
        new TestCaseData(typeof(FileFormatException), new TensorProto { Dtype = DataType.DtFloat, TensorShape = ShapeProtos.ToProto(2), TensorContent = ByteString.CopyFrom(new byte[4]) }).SetArgDisplayNames("too few bytes"),
        new TestCaseData(typeof(FileFormatException), new TensorProto { Dtype = DataType.DtFloat, TensorShape = ShapeProtos.ToProto(1), FloatVal = { 1, 2 } }).SetArgDisplayNames("too many values"),
        new TestCaseData(typeof(FileFormatException), new TensorProto { Dtype = DataType.DtString, TensorShape = ShapeProtos.ToProto(0), StringVal = { ByteString.Empty } }).SetArgDisplayNames("too many strings"),
        new TestCaseData(typeof(FileFormatException), new TensorProto { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto { UnknownRank = true } }).SetArgDisplayNames("unknown rank"),
        new TestCaseData(typeof(FileFormatException), new TensorProto { Dtype = DataType.DtFloat, TensorShape = ShapeProtos.ToProto(-1) }).SetArgDisplayNames("unknown dimension"),
        new TestCaseData(typeof(UnsupportedException), new TensorProto { Dtype = DataType.DtFloat, TensorShape = ShapeProtos.ToProto(new Shape(1L << 40, 1L << 40)) }).SetArgDisplayNames("elements without end"),
        new TestCaseData(typeof(UnsupportedException), new TensorProto { Dtype = DataType.DtQint8, TensorShape = ShapeProtos.ToProto(1) }).SetArgDisplayNames("quantised dtype"),
        new TestCaseData(typeof(UnsupportedException), new TensorProto { Dtype = DataType.DtResource, TensorShape = ShapeProtos.ToProto(1) }).SetArgDisplayNames("resource"),
    ];

    [TestCaseSource(nameof(Impossible))]
    public void RefusesWhatCannotBe(Type error, object proto) => Assert.Throws(error, () => TensorProtos.FromProto((TensorProto)proto, "node"));
}
