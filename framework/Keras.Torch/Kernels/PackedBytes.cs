using System.IO.Compression;
using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Engines.Torch;

/// <summary>Decodes strings that hold other data: compressed bytes, numbers of a fixed length, serialized tensors.</summary>
static unsafe class PackedBytes
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DecodeCompressed"] = Decompress,
        ["DecodePaddedRaw"] = DecodePadded,
        ["ParseTensor"] = Parse,
        ["SerializeTensor"] = Serialize,
        ["DecodeJSONExample"] = c => c.Result(0, Array.ConvertAll(c.Strings(0).Values, text => ExampleJson.ToExample(c, text)), c.ShapeOf(0)),
    };

    static void Decompress(KernelCall c)
    {
        var kind = c.Get<string>("compression_type");
        Func<Stream, Stream>? open = kind switch
        {
            "" => null,
            "ZLIB" => from => new ZLibStream(from, CompressionMode.Decompress),
            "GZIP" => from => new GZipStream(from, CompressionMode.Decompress),
            _ => throw c.Fail("compression_type \"\", \"ZLIB\" or \"GZIP\"", $"\"{kind}\""),
        };
        var left = MostDecompressed;
        c.Result(0, open is null ? c.Strings(0).Values : Array.ConvertAll(c.Strings(0).Values, bytes => Decompressed(c, bytes, open, kind, ref left)), c.ShapeOf(0));
    }

    /// <summary>The most bytes to which all strings of a call may decompress.</summary>
    const long MostDecompressed = 1 << 28;

    /// <summary>Decompresses bytes, each of which can expand to about a thousand.</summary>
    static byte[] Decompressed(KernelCall c, byte[] bytes, Func<Stream, Stream> open, string kind, ref long left)
    {
        try
        {
            using var stream = open(new MemoryStream(bytes));
            using var whole = new MemoryStream();
            var part = new byte[1 << 16];
            for (var count = stream.Read(part); count > 0; count = stream.Read(part))
            {
                left -= count;
                if (left < 0) throw c.Fail($"at most {MostDecompressed} bytes in all strings", "more", "Strings are too long when they are decompressed");
                whole.Write(part, 0, count);
            }
            return whole.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw c.Fail($"bytes of {kind}", e.Message, "A string could not be decompressed");
        }
    }

    /// <summary>Decodes strings that are cut or zero-padded to one length.</summary>
    static void DecodePadded(KernelCall c)
    {
        var (values, dtype, length) = (c.Strings(0).Values, c.Get<DType>("out_type"), c.Long(1));
        if (length <= 0 || length % dtype.Size != 0) throw c.Fail($"a length above 0 that {dtype.Size} divides", $"{length}");
        var result = c.Result(0, c.ShapeOf(0).Concat(new Shape(length / dtype.Size)));
        Structure.Clear(result);
        for (var i = 0; i < values.Length; i++) values[i].AsSpan(0, (int)Math.Min(values[i].Length, length)).CopyTo(new Span<byte>(result.Data + (i * length), (int)length));
        if (c.Flag("little_endian") || dtype.Size == 1) return;
        for (var at = 0L; at < result.ByteLength; at += dtype.Size) new Span<byte>(result.Data + at, dtype.Size).Reverse();
    }

    /// <summary>Parses a TensorProto, which may give one value for many elements; their number is bounded, since the bytes are untrusted.</summary>
    static void Parse(KernelCall c)
    {
        var bytes = c.Strings(0).Values is [var only] ? only : throw c.Fail("one serialized tensor", c.ShapeOf(0).ToString());
        // An element takes at least 8 bytes, as a reference to a string does.
        var most = Math.Max(1L << 26, 16L * bytes.Length) / Math.Max(c.DTypes[0].Size, 8);
        HostTensor tensor;
        try
        {
            var proto = TensorProto.Parser.ParseFrom(bytes);
            if (proto.Dtype != ShapeProtos.ToProto(c.DTypes[0])) throw c.Fail($"a tensor of {c.DTypes[0]}", $"{proto.Dtype}", "A serialized tensor has another dtype");
            if (Count(proto.TensorShape?.Dim.Select(d => d.Size) ?? []) > most) throw c.Fail($"at most {most} elements of {bytes.Length} bytes", proto.TensorShape!.ToString(), "A serialized tensor is larger than its bytes can be trusted for");
            tensor = TensorProtos.FromProto(proto, c.Where);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FileFormatException)
        {
            throw c.Fail("a serialized tensor", e.Message, "A string is no serialized tensor");
        }
        c.Outputs[0] = Structure.OfHost(tensor);
    }

    /// <summary>The number of elements of any dimensions: exact up to 64 bits, and beyond them if greater.</summary>
    internal static Int128 Count(IEnumerable<long> dims) => dims.Aggregate((Int128)1, (all, dim) => all > long.MaxValue && dim > 0 ? all : all * Math.Max(dim, 0));

    static void Serialize(KernelCall c)
    {
        var value = c.Inputs[0];
        var proto = new TensorProto { Dtype = ShapeProtos.ToProto(value.DType), TensorShape = ShapeProtos.ToProto(value.Shape) };
        if (value is TorchStrings strings) proto.StringVal.AddRange(strings.Values.Select(s => ByteString.CopyFrom(s)));
        else if (value is TorchTensor tensor) proto.TensorContent = ByteString.CopyFrom(new ReadOnlySpan<byte>(tensor.Data, checked((int)tensor.ByteLength)));
        else throw c.NotFor(value.DType);
        c.Result(0, [proto.ToByteArray()], Shape.Scalar);
    }
}
