using System.IO.Compression;
using Keras.Backend;
using Keras.Graphs;

namespace Keras.Fuzz;

/// <summary>Targets for strings that graphs decode: sounds, tensors, compressed bytes, JSON records and sequence records.</summary>
static class PackedBytesTargets
{
    public static readonly IReadOnlyList<FuzzTarget> All = [new("packedbytes", "fuzz.bytes", Unpack) { Made = [Wave, Tensor, Json, Zlib, Sequence, Sequence[2..]] }];

    static byte[] Wave => [.. "RIFF"u8, 44, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 2, 0, 0x40, 0x1F, 0, 0, 0, 0x7D, 0, 0, 4, 0, 16, 0, .. "data"u8, 8, 0, 0, 0, 0, 1, 255, 127, 0, 128, 1, 0];

    static byte[] Tensor => [8, 1, 0x12, 8, 0x12, 2, 8, 2, 0x12, 2, 8, 3, 0x22, 24, .. new byte[24]];

    static byte[] Json => "{\"features\":{\"feature\":{\"a\":{\"int64List\":{\"value\":[\"1\",-2]}},\"b\":{\"floatList\":{\"value\":[1.5,\"NaN\"]}},\"c\":{\"bytesList\":{\"value\":[\"aGk=\"]}}}}}"u8.ToArray();

    static byte[] Zlib
    {
        get
        {
            using var whole = new MemoryStream();
            using (var stream = new ZLibStream(whole, CompressionLevel.Optimal)) stream.Write(new byte[3000]);
            return whole.ToArray();
        }
    }

    /// <summary>Makes a record with a context of one feature and a list of two steps.</summary>
    static byte[] Sequence =>
    [
        0x0A, 12, 0x0A, 10, 0x0A, 1, (byte)'s', 0x12, 5, 0x0A, 3, 0x0A, 1, (byte)'x',
        0x12, 19, 0x0A, 17, 0x0A, 1, (byte)'n', 0x12, 12, 0x0A, 4, 0x1A, 2, 8, 5, 0x0A, 4, 0x1A, 2, 8, 7,
    ];

    static void Unpack(string path)
    {
        _ = EngineSelection.Current;
        var bytes = File.ReadAllBytes(path);
        var one = Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [bytes]));
        var found = false;
        foreach (var call in (Func<Tensor[]>[])
        [
            () => Run("DecodeWav", [one]), () => Run("DecodeWav", [one], ("desired_channels", 3L), ("desired_samples", 9L)), () => Run("ParseTensor", [one], ("out_type", DType.Float32)),
            () => Run("ParseTensor", [one], ("out_type", DType.String)), () => Run("DecodeJSONExample", [one]), () => Run("DecodeCompressed", [one], ("compression_type", "ZLIB")),
            () => Run("DecodeCompressed", [one], ("compression_type", "GZIP")), () => Sequences(one), () => Sequences(Tf.Constant(HostTensor.OfStrings(new Shape(2), [bytes, Sequence]))),
        ])
        {
            try
            {
                foreach (var output in call()) output.RequireEager().ToHost();
                found = true;
            }
            catch (KerasException)
            {
                // Each string is valid for at most one of these.
            }
        }
        if (!found) throw new FileFormatException("No operation reads these bytes", path);
    }

    static Tensor[] Sequences(Tensor records) => Run("ParseSequenceExampleV2",
        [records, Texts(), Texts("s"), Texts(), Texts("r"), Texts("t"), Texts("n"), Texts("u"), Tf.Constant(HostTensor.Vector(true))],
        ("Ncontext_sparse", 1L), ("context_sparse_types", new[] { DType.String }), ("context_ragged_value_types", new[] { DType.Int64 }), ("context_ragged_split_types", new[] { DType.Int64 }),
        ("Nfeature_list_sparse", 1L), ("Nfeature_list_dense", 1L), ("feature_list_dense_types", new[] { DType.Int64 }), ("feature_list_sparse_types", new[] { DType.Float32 }),
        ("feature_list_ragged_value_types", new[] { DType.String }), ("feature_list_ragged_split_types", new[] { DType.Int64 }), ("feature_list_dense_shapes", new Shape[] { [1] }));

    static Tensor Texts(params string[] values) => Tf.Constant(HostTensor.OfStrings(new Shape(values.Length), [.. values.Select(System.Text.Encoding.UTF8.GetBytes)]));

    static Tensor[] Run(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Dispatch.RunAll(OpTable.TryGet(op, out var definition) ? definition : throw new InvalidOperationException("no such op"), inputs, Attributes.Of(attributes));
}
