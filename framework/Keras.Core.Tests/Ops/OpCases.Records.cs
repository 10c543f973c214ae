namespace Keras.Tests.Ops;

static partial class OpCases
{
    static OpInput Bytes(params byte[][] values) => new(HostTensor.OfStrings(new Shape(values.Length), values));

    static OpInput Bytes(byte[] value) => new(HostTensor.OfStrings(Shape.Scalar, [value]));

    static OpInput Keys(params string[] keys) => new(HostTensor.OfStrings(new Shape(keys.Length), [.. keys.Select(System.Text.Encoding.UTF8.GetBytes)]), IsConstant: true);

    static readonly byte[][] Examples =
    [
        ExampleBytes.Of(("f", new float[] { 1, 2 }), ("s", new[] { "x", "" }), ("n", new long[] { 4, -1, 6 }), ("other", new long[] { 7 })),
        ExampleBytes.Of(("f", new float[] { 3, 4 }), ("n", Array.Empty<byte>())),
        ExampleBytes.Of(("n", new long[] { long.MaxValue }), ("s", new[] { "größe" }), ("f", new float[] { 5, 6 }), ("s", new[] { "the last one counts" })),
    ];

    static (string, object)[] ExampleTypes(DType[] sparse, DType[] values, DType[] splits, params Shape[] dense) =>
        [("num_sparse", (long)sparse.Length), ("sparse_types", sparse), ("ragged_value_types", values), ("ragged_split_types", splits), ("dense_shapes", dense)];

    static OpInput Numbers32(params float[] values) => new(HostTensor.Vector<float>(values));

    static OpInput Number64(long value) => new(HostTensor.Scalar(value));

    static IEnumerable<OpCase> Records => new OpCase[]
    {
        Op("ParseExampleV2", n => [Bytes(Examples), Keys(), Keys("s"), Keys("f", "d"), Keys("n"), Numbers32(), Number64(9)],
            ExampleTypes([DType.String], [DType.Int64], [DType.Int32], [2], [])),
        Named("padded rows", "ParseExampleV2", n => [Bytes(Examples), Keys("one", "two", "three"), Keys("n", "missing"), Keys("s", "n2"), Keys("f", "none"), Text("-"), Number64(-1)],
            ExampleTypes([DType.Int64, DType.Float32], [DType.Float32, DType.String], [DType.Int64, DType.Int64], [null], [null, 2])),
        Named("one record", "ParseExampleV2", n => [Bytes(Examples[0]), Keys(), Keys("s"), Keys("f", "n", "none"), Keys("none2"), Numbers32(), Number64(0), Text("")],
            ExampleTypes([DType.String], [DType.Int64], [DType.Int32], [1, 2], [null], [null, 3])),
        Named("no records", "ParseExampleV2", n => [Bytes(Array.Empty<byte[]>()), Keys(), Keys("s"), Keys("f", "n"), Keys("r"), Numbers32(), Number64(0)],
            ExampleTypes([DType.String], [DType.Int64], [DType.Int32], [2], [null])),
        Named("sparse alone", "ParseExampleV2", n => [Bytes(Examples), Keys(), Keys("n", "f"), Keys(), Keys()], ExampleTypes([DType.Int64, DType.Float32], [], [])),
        Op("ParseExample", n => [Bytes(Examples), Keys(), Text("s"), Text("f"), Text("d"), Numbers32(), Number64(9)],
            ("Nsparse", 1L), ("Ndense", 2L), ("sparse_types", new[] { DType.String }), ("Tdense", new[] { DType.Float32, DType.Int64 }), ("dense_shapes", new Shape[] { [2], [] })),
        Op("ParseSingleExample", n => [Bytes(Examples[0]), Numbers32(), Number64(9)],
            ("num_sparse", 1L), ("sparse_keys", new[] { "s" }), ("dense_keys", new[] { "f", "n" }), ("sparse_types", new[] { DType.String }), ("dense_shapes", new Shape[] { [2], [null] })),
        Op("DecodeCSV", n => [n.Strings("1,2.5,x,-7", ",,\"a,\"\"b\",9", "5, 1e3 ,,"), new(HostTensor.Vector(3)), Numbers32(0.5f), Text("none"), Number64(8)]),
        Named("chosen columns", "DecodeCSV", n => [n.Strings("1|NA|3", "4|5|\"6"), Numbers32(0.5f), Text("")], ("field_delim", "|"), ("na_value", "NA"), ("select_cols", new long[] { 1, 2 }), ("use_quote_delim", false)),
        Op("StringSplit", n => [n.Strings("a b,c", "", " ,d "), Text(" ,")]), Named("with empty parts", "StringSplit", n => [n.Strings("a b,c", "", " ,d "), Text(" ,")], ("skip_empty", false)),
        Named("into bytes", "StringSplit", n => [n.Strings("abc", "", "ä"), Text("")]),
        Op("StringToHashBucket", n => [n.Strings("", "a", "abcdefg", "abcdefgh", "the quick brown fox")], ("num_buckets", 1L << 40)),
    }.Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });
}
