using System.IO.Compression;
using System.Text;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Strings that hold other things, draws of which little can be said, pictures and sounds.</summary>
static partial class OpCases
{
    static byte[] Compressed(Func<Stream, Stream> open, string text)
    {
        using var whole = new MemoryStream();
        using (var stream = open(whole)) stream.Write(Encoding.UTF8.GetBytes(text));
        return whole.ToArray();
    }

    /// <summary>A sound of two channels and three samples, with a chunk between that no one reads.</summary>
    static byte[] Wave => [.. "RIFF"u8, 52, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 2, 0, 0x40, 0x1F, 0, 0, 0, 0x7D, 0, 0, 4, 0, 16, 0, .. "note"u8, 4, 0, 0, 0, 1, 2, 3, 4,
        .. "data"u8, 12, 0, 0, 0, 0, 0, 255, 127, 0, 128, 1, 0, 16, 39, 240, 216];

    static readonly byte[][] Sequences =
    [
        [.. ExampleBytes.Of(("f", new float[] { 1, 2 }), ("s", new[] { "x", "" })), .. ExampleBytes.Lists(("t", [new[] { "a" }, new[] { "b", "c" }]), ("n", [new long[] { 1, 2 }, new long[] { 3, 4 }, new long[] { 5, 6 }]))],
        [.. ExampleBytes.Of(("f", new float[] { 3, 4 })), .. ExampleBytes.Lists(("n", [new long[] { 7, 8 }]), ("t", [Array.Empty<string>()]))],
    ];

    static OpInput Bools(params bool[] values) => new(HostTensor.Vector<bool>(values), IsConstant: true);

    static OpInput[] SequenceKeys => [Keys("s"), Keys("f"), Keys("s2"), Keys("t"), Keys("n"), Keys("u")];

    static (string, object)[] SequenceTypes(Shape dense) =>
    [
        ("Ncontext_sparse", 1L), ("context_sparse_types", new[] { DType.String }), ("context_ragged_value_types", new[] { DType.String }), ("context_ragged_split_types", new[] { DType.Int64 }),
        ("context_dense_shapes", new Shape[] { [2] }), ("Nfeature_list_sparse", 1L), ("Nfeature_list_dense", 1L), ("feature_list_dense_types", new[] { DType.Int64 }), ("feature_list_sparse_types", new[] { DType.String }),
        ("feature_list_ragged_value_types", new[] { DType.Float32 }), ("feature_list_ragged_split_types", new[] { DType.Int32 }), ("feature_list_dense_shapes", new[] { dense }),
    ];

    static OpInput Text(byte[] value) => new(HostTensor.OfStrings(Shape.Scalar, [value]));

    static IEnumerable<OpCase> PackedBytes => ((OpCase[])
    [
        Op("DecodeCompressed", n => [Bytes("a"u8.ToArray(), [])]),
        Named("ZLIB", "DecodeCompressed", n => [Bytes(Compressed(s => new ZLibStream(s, CompressionLevel.Optimal), "hello"), Compressed(s => new ZLibStream(s, CompressionLevel.Fastest), new string('x', 5000)))], ("compression_type", "ZLIB")),
        Named("GZIP", "DecodeCompressed", n => [Bytes(Compressed(s => new GZipStream(s, CompressionLevel.Optimal), "hello"))], ("compression_type", "GZIP")),
        Op("DecodePaddedRaw", n => [n.Strings("abcd", "efghij", "k"), n.Scalar(4)], ("out_type", DType.Int16)), Named("big ends", "DecodePaddedRaw", n => [n.Strings("abcd"), n.Scalar(8)], ("out_type", DType.Int32), ("little_endian", false)),
        Op("DecodeJSONExample", n => [n.Strings("{\"features\":{\"feature\":{\"a\":{\"int64List\":{\"value\":[\"1\",-2,3.0]}}}}}", "{\"features\":{\"feature\":{\"b\":{\"bytes_list\":{\"value\":[\"aGk=\",\"\"]}}}}}",
            "{\"features\":{\"feature\":{\"c\":{\"floatList\":{\"value\":[1.5,\"-Infinity\",2]}}}}}", "{}")]),
        Op("SerializeTensor", n => [n.F32(2, 3).WithoutGradient()]), Named("texts", "SerializeTensor", n => [n.Strings("a", "", "ö")]),
        new("ParseTensor", n => [n.F32(2, 3).WithoutGradient()], x => [On("ParseTensor", [On("SerializeTensor", x)], ("out_type", DType.Float32))]),
        Named("one value for all", "ParseTensor", n => [Text([8, 9, 0x12, 4, 0x12, 2, 8, 3, 0x52, 1, 5])], ("out_type", DType.Int64)),
        Op("DecodeWav", n => [Text(Wave)]), Named("more than there is", "DecodeWav", n => [Text(Wave)], ("desired_channels", 3L), ("desired_samples", 5L)),
        Named("less than there is", "DecodeWav", n => [Text(Wave)], ("desired_channels", 1L), ("desired_samples", 2L)),
        // Every code point, and what is none.
        Op("UnicodeScript", n => [new(HostTensor.Vector<int>([.. Enumerable.Range(-1, 0x110002)]))]),
        Op("EncodeWav", n => [n.F32(5, 2).WithoutGradient(), n.Scalar(8000)]),
        Op("ParseSequenceExampleV2", n => [Bytes(Sequences), Keys(), .. SequenceKeys, Bools(true), Numbers32(9, 9)], SequenceTypes([2])),
        // TensorFlow leaves the splits of a single record as its memory was.
        new("ParseSequenceExampleV2, one record", n => [Text(Sequences[0]), Keys(), .. SequenceKeys, Bools(false), Numbers32()],
            x => [.. Dispatch.RunAll(Graphs.GraphFixture.Op("ParseSequenceExampleV2"), x, Attributes.Of(SequenceTypes([2]))).Where((_, i) => i is not (5 or 12))]),
        Named("lists that are not there", "ParseSequenceExampleV2", n => [Bytes(Sequences[0], ExampleBytes.Of(("f", new float[] { 3, 4 }))), Keys("one", "two"), .. SequenceKeys, Bools(true), Numbers32()], SequenceTypes([1, 2])),
        Op("RaggedCross", n => [n.Strings("a", "b", "c"), Int64(7, 8, 9), Int64(0, 2, 3), Int64(0, 1, 3), Longs(2, 2, 0, 0, 1, 1), n.Strings("s", "t"), new(HostTensor.Vector(2L, 2L)), Longs(2, 2, 1, 2, 3, 4)], RaggedCrossTypes("RSDR", isHashed: true)),
        Named("texts", "RaggedCross", n => [n.Strings("a", "b", "c"), Int64(7, 8, 9), Int64(0, 2, 3), Int64(0, 1, 3), Longs(2, 2, 0, 0, 1, 1), n.Strings("s", "t"), new(HostTensor.Vector(2L, 2L)), Longs(2, 2, 1, 2, 3, 4)], RaggedCrossTypes("RRSD", isHashed: false)),
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });

    static (string, object)[] RaggedCrossTypes(string order, bool isHashed) =>
    [
        ("Nsparse", 1L), ("input_order", order), ("hashed_output", isHashed), ("num_buckets", isHashed ? 100L : 0L), ("hash_key", 956888297470L), ("ragged_values_types", new[] { DType.String, DType.Int64 }),
        ("ragged_splits_types", new[] { DType.Int64, DType.Int64 }), ("sparse_values_types", new[] { DType.String }), ("dense_types", new[] { DType.Int64 }),
        ("out_values_type", isHashed ? DType.Int64 : DType.String), ("out_row_splits_type", DType.Int64),
    ];

    /// <summary>What holds of draws whatever is drawn; KernelTableTests compares those of seeds.</summary>
    static IEnumerable<OpCase> StatefulDraws => ((OpCase[])
    [
        .. new[] { DType.Float32, DType.Float64 }.SelectMany(d => new OpCase[]
        {
            new($"RandomUniform, {d}", n => [n.Vector(3, 50)], x => [Tf.Floor(On("RandomUniform", x, ("dtype", d)))]),
            new($"RandomStandardNormal, {d}", n => [n.Vector(3, 50)], x => [Tf.IsFinite(On("RandomStandardNormal", x, ("dtype", d), ("seed", 3L)))]),
            new($"TruncatedNormal, {d}", n => [n.Vector(3, 50)], x => [Tf.Floor(Tf.Abs(On("TruncatedNormal", x, ("dtype", d), ("seed2", 4L))) / 2)]),
        }),
        new("RandomUniformInt", n => [n.Vector(4), n.Scalar(7), n.Scalar(8)], x => [On("RandomUniformInt", x)]),
        new("Multinomial", n => [new(HostTensor.Of<float>([0, float.NegativeInfinity, float.NegativeInfinity, 3], new Shape(2, 2))), n.Scalar(5)], x => [On("Multinomial", x, ("seed", 2L))]),
        new("RandomShuffle", n => [n.Apart(9).WithoutGradient()], x => [Tf.TopK(On("RandomShuffle", x), Tf.Int32Scalar(9)).Values]),
        Op("StatelessShuffle", n => [n.F32(11, 2).WithoutGradient(), Key, Counter, n.Scalar(1)]), Named("texts", "StatelessShuffle", n => [n.Strings("a", "b", "c", "d", "e"), Key, Counter, n.Scalar(1)]),
        Named("one row", "StatelessShuffle", n => [n.F32(1, 3).WithoutGradient(), Key, Counter, n.Scalar(1)]),
        Op("Empty", n => [n.Vector(2, 3)], ("dtype", DType.Float32), ("init", true)), Named("texts", "Empty", n => [n.Vector(2)], ("dtype", DType.String)),
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });

    static OpInput Frames(Numbers n) => n.F32(6, 2, 4).WithoutGradient();

    static IEnumerable<OpCase> Pictures => ((OpCase[])
    [
        .. new[] { true, false }.Select(merges => Named(merges ? "merged" : "apart", "CTCGreedyDecoder", n => [Frames(n), n.Vector(6, 4)], ("merge_repeated", merges))),
        Named("another blank", "CTCGreedyDecoder", n => [n.X(6, 2, 4).WithoutGradient(), n.Vector(6, 4)], ("blank_index", 1L)),
        Op("CTCBeamSearchDecoder", n => [Frames(n), n.Vector(6, 4)], ("beam_width", 10L), ("top_paths", 3L), ("merge_repeated", false)) with { Tolerance = 1e-5 },
        Named("a narrow beam", "CTCBeamSearchDecoder", n => [n.F32(9, 2, 5).WithoutGradient(), n.Vector(9, 5)], ("beam_width", 3L), ("top_paths", 1L)) with { Tolerance = 1e-5 },
        Op("DrawBoundingBoxes", n => [n.F32(2, 6, 7, 3).WithoutGradient(), new(HostTensor.Of<float>([0.1f, 0.2f, 0.6f, 0.9f, -0.5f, 0.4f, 0.5f, 1.5f, 0.9f, 0, 0.1f, 1, 0, 0, 1, 1], new Shape(2, 2, 4)))]),
        Op("DrawBoundingBoxesV2", n => [n.F32(1, 6, 7, 1).WithoutGradient(), new(HostTensor.Of<float>([0.1f, 0.2f, 0.6f, 0.9f, 0, 0, 1, 1], new Shape(1, 2, 4))), new(HostTensor.Of<float>([9, 8, 7, 6], new Shape(2, 2)))]),
        .. new[] { "ExtractGlimpse", "ExtractGlimpseV2" }.SelectMany(op => new[] { (true, true), (true, false), (false, true), (false, false) }.Select(f => Named($"centered {f.Item1}, normalized {f.Item2}", op, n =>
            [n.F32(3, 6, 7, 2).WithoutGradient(), n.Vector(3, 4), new(HostTensor.Of<float>(f.Item2 ? [0, 0, 0.3f, -0.4f, -0.9f, 0.95f] : [0, 0, 2.5f, -1.5f, 4, 5], new Shape(3, 2)))],
            ("centered", f.Item1), ("normalized", f.Item2), ("uniform_noise", false), ("noise", "zero")))),
        .. new[] { "SAME", "VALID" }.Select(padding => Named(padding, "Dilation2D", n => [n.F32(2, 7, 8, 3).WithoutGradient(), n.F32(2, 3, 3).WithoutGradient()],
            ("strides", new long[] { 1, 2, 1, 1 }), ("rates", new long[] { 1, 2, 1, 1 }), ("padding", padding))),
        Named("whole numbers", "Dilation2D", n => [n.Ints(-9, 9, 1, 4, 4, 2), n.Ints(-9, 9, 2, 2, 2)], ("strides", new long[] { 1, 1, 1, 1 }), ("rates", new long[] { 1, 1, 1, 1 }), ("padding", "SAME")),
        .. new[] { "FractionalMaxPool", "FractionalAvgPool" }.SelectMany(op => new[] { (false, false), (true, true) }.Select(f => Named($"pseudo {f.Item1}, overlapping {f.Item2}", op, n => [n.F32(2, 9, 11, 2).WithoutGradient()],
            ("pooling_ratio", new[] { 1, 1.4f, 1.7f, 1 }), ("pseudo_random", f.Item1), ("overlapping", f.Item2), ("deterministic", true), ("seed", 5L), ("seed2", 7L)) with { Tolerance = 1e-6 })),
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });
}
