using Keras.Backend;
using Keras.Graphs;

namespace Keras.Fuzz;

/// <summary>Targets for untrusted bytes that graphs parse on the running engine: records of tf.train.Example.</summary>
static class GraphTargets
{
    public static readonly IReadOnlyList<FuzzTarget> All = [new("parseexample", "fuzz.example", ParseExample) { Made = [.. Enumerable.Range(0, 4).Select(Record)] }];

    /// <summary>Parses the record alone, and in a batch with an intact one: dense, sparse, ragged and padded features.</summary>
    static void ParseExample(string path)
    {
        _ = EngineSelection.Current;
        var record = File.ReadAllBytes(path);
        try
        {
            foreach (var records in (HostTensor[])[HostTensor.OfStrings(Shape.Scalar, [record]), HostTensor.OfStrings(new Shape(2), [record, Record(0)])])
                foreach (var output in Dispatch.RunAll(OpTable.TryGet("ParseExampleV2", out var op) ? op : throw new InvalidOperationException("no such op"),
                    [Tf.Constant(records), Texts(), Texts("s", "n"), Texts("f", "d", "v"), Texts("r"), Tf.Constant(HostTensor.Vector(0f, 0f)), Tf.Constant(HostTensor.Scalar(9L)), Tf.Constant(HostTensor.Scalar(0f))],
                    Attributes.Of(("num_sparse", 2L), ("sparse_types", new[] { DType.String, DType.Int64 }), ("ragged_value_types", new[] { DType.String }), ("ragged_split_types", new[] { DType.Int64 }),
                        ("dense_shapes", new Shape[] { [2], [], [null] }))))
                    output.RequireEager().ToHost();
        }
        catch (EngineException e)
        {
            throw new FileFormatException(e.Message, path, inner: e);
        }
    }

    static Tensor Texts(params string[] values) => Tf.Constant(HostTensor.OfStrings(new Shape(values.Length), [.. values.Select(System.Text.Encoding.UTF8.GetBytes)]));

    /// <summary>Makes a record whose features grow with its number.</summary>
    static byte[] Record(int number) => Part(1, [.. Features(number).SelectMany(f => Part(1, [.. Part(1, System.Text.Encoding.UTF8.GetBytes(f.Name)), .. Part(2, f.List)]))]);

    static IEnumerable<(string Name, byte[] List)> Features(int number)
    {
        byte[] texts = [.. Enumerable.Range(0, number * 3).SelectMany(i => Part(1, new byte[i]))];
        byte[] floats = [.. Enumerable.Range(0, number * 5).SelectMany(i => BitConverter.GetBytes(i / 3f))];
        yield return ("f", Part(2, Part(1, new byte[8])));
        yield return ("s", Part(1, texts));
        yield return ("n", Part(3, Part(1, [.. Enumerable.Range(0, number * 40).Select(i => (byte)(i & 0x7F))])));
        yield return ("d", Part(3, Part(1, [5])));
        yield return ("v", Part(2, Part(1, floats)));
        yield return ("r", Part(1, texts));
    }

    static byte[] Part(int field, byte[] content) => [(byte)((field << 3) | 2), .. Varint(content.Length), .. content];

    static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
