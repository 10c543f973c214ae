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

    static TestCaseData Case(string name, Type error, DataType dtype, TensorShapeProto shape, Action<TensorProto>? fill = null)
    {
        var proto = new TensorProto { Dtype = dtype, TensorShape = shape };
        fill?.Invoke(proto);
        return new TestCaseData(error, proto).SetArgDisplayNames(name);
    }

    static readonly TestCaseData[] Impossible =
    [
        Case("too few bytes", typeof(FileFormatException), DataType.DtFloat, ShapeProtos.ToProto(2), p => p.TensorContent = ByteString.CopyFrom(new byte[4])),
        Case("too many values", typeof(FileFormatException), DataType.DtFloat, ShapeProtos.ToProto(1), p => p.FloatVal.Add([1, 2])),
        Case("too many strings", typeof(FileFormatException), DataType.DtString, ShapeProtos.ToProto(0), p => p.StringVal.Add(ByteString.Empty)),
        Case("unknown rank", typeof(FileFormatException), DataType.DtFloat, ShapeProtos.ToProto(Shape.Unknown)),
        Case("unknown dimension", typeof(FileFormatException), DataType.DtFloat, ShapeProtos.ToProto(-1)),
        Case("elements without end", typeof(UnsupportedException), DataType.DtFloat, ShapeProtos.ToProto(new Shape(1L << 40, 1L << 40))),
        Case("quantised dtype", typeof(UnsupportedException), DataType.DtQint8, ShapeProtos.ToProto(1)),
        Case("resource", typeof(UnsupportedException), DataType.DtResource, ShapeProtos.ToProto(1)),
    ];

    [TestCaseSource(nameof(Impossible))]
    public void RefusesWhatCannotBe(Type error, object proto) => Assert.Throws(error, () => TensorProtos.FromProto((TensorProto)proto, "node"));
}
