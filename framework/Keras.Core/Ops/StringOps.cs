namespace Keras.Graphs;

/// <summary>Byte strings, text and ragged rows.</summary>
static partial class Tf
{
    static OpDefinition Text(string signature, ShapeFunction? shapes = null) => Define(signature, shapes ?? ShapeRules.SameAsFirst, differentiable: false);

    const string Encoding = "encoding: string = ''";
    const string DecodeErrors = "errors: string = 'replace', replacement_char: int = 65533, replace_control_characters: bool = false";

    static readonly OpDefinition StringLowerOp = Text($"StringLower(input: string) -> (output: string) {{ {Encoding} }}");
    static readonly OpDefinition StringUpperOp = Text($"StringUpper(input: string) -> (output: string) {{ {Encoding} }}");
    static readonly OpDefinition StringStripOp = Text("StringStrip(input: string) -> (output: string)");
    static readonly OpDefinition EncodeBase64Op = Text("EncodeBase64(input: string) -> (output: string) { pad: bool = false }");
    static readonly OpDefinition DecodeBase64Op = Text("DecodeBase64(input: string) -> (output: string)");
    static readonly OpDefinition StringLengthOp = Text("StringLength(input: string) -> (output: int32) { unit: string = 'BYTE' }");
    static readonly OpDefinition StringJoinOp = Text("StringJoin(inputs: N*string) -> (output: string) { separator: string = '' }", c =>
        [c.Inputs.Select(i => i.shape).Aggregate(Shape.Scalar, (a, b) => a is { HasRank: true, Rank: 0 } ? b : b is { HasRank: true, Rank: 0 } ? a
            : a.IsCompatibleWith(b) ? a.MergeWith(b) : throw c.Fail($"strings of shape {a} or scalars", b.ToString()))]);
    static readonly OpDefinition StringFormatOp = Text("StringFormat(inputs: [T]) -> (output: string) { template: string = '%s', placeholder: string = '%s', summarize: int = 3 }", ShapeRules.Scalar);
    static readonly OpDefinition ReduceJoinOp = Text("ReduceJoin(inputs: string, reduction_indices: int32) -> (output: string) { keep_dims: bool = false, separator: string = '' }", ReducedShape);
    static readonly OpDefinition UnsortedSegmentJoinOp = Text(
        "UnsortedSegmentJoin(inputs: string, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: string) { separator: string = '' }",
            c => c[1] is { HasRank: true, Rank: 0 } ? throw c.Fail("ids of rank 1 or more", c[1].ToString()) : SegmentedShape(c));
    static readonly OpDefinition SubstrOp = Text("Substr(input: string, pos: T, len: T) -> (output: string) { unit: string = 'BYTE' }",
        c => c[1].IsCompatibleWith(c[2]) ? [ShapeRules.Broadcast(c, c[0], c[1])] : throw c.Fail("as many places as lengths", $"{c[1]} and {c[2]}"));
    static readonly OpDefinition StringSplitOp = Text("StringSplitV2(input: string, sep: string) -> (indices: int64, values: string, shape: int64) { maxsplit: int = -1 }",
        _ => [Shape.OfSymbolic(-1, 2), Shape.OfRank(1), new Shape(2)]);
    /// <summary>The older split: each byte of the delimiter separates; without a delimiter every byte is a part.</summary>
    static readonly OpDefinition OldStringSplitOp = Text("StringSplit(input: string, delimiter: string) -> (indices: int64, values: string, shape: int64) { skip_empty: bool = true }",
        _ => [Shape.OfSymbolic(-1, 2), Shape.OfRank(1), new Shape(2)]);
    /// <summary>Parses CSV lines into columns; a field that is empty or <c>na_value</c> gets its column's default.</summary>
    static readonly OpDefinition DecodeCsvOp = Define(
        "DecodeCSV(records: string, record_defaults: [OUT_TYPE]) -> (output: [OUT_TYPE]) { field_delim: string = ',', use_quote_delim: bool = true, na_value: string = '', select_cols: list(int) = [] }", c =>
        {
            for (var i = 1; i < c.Inputs.Length; i++)
                if (c[i] is { HasRank: true } given && (given.Rank > 1 || given is { IsFullyKnown: true, ElementCount: > 1 })) throw c.Fail("defaults of one value, or none", given.ToString());
            return [.. Enumerable.Repeat(c[0], c.Inputs.Length - 1)];
        }, differentiable: false, checksFirst: true);
    static readonly OpDefinition StaticRegexReplaceOp = Text("StaticRegexReplace(input: string) -> (output: string) { pattern: string, rewrite: string, replace_global: bool = true }");
    static readonly OpDefinition RegexReplaceOp = Text("RegexReplace(input: string, pattern: string, rewrite: string) -> (output: string) { replace_global: bool = true }");
    static readonly OpDefinition StaticRegexFullMatchOp = Text("StaticRegexFullMatch(input: string) -> (output: bool) { pattern: string }");
    static readonly OpDefinition RegexFullMatchOp = Text("RegexFullMatch(input: string, pattern: string) -> (output: bool)");
    static readonly OpDefinition UnicodeDecodeOp = Text(
        $"UnicodeDecode(input: string) -> (row_splits: Tsplits, char_values: int32) {{ input_encoding: string, {DecodeErrors}, Tsplits: type = int64 }}",
            c => [RowSplits(c), Shape.OfRank(1)]);
    static readonly OpDefinition UnicodeDecodeWithOffsetsOp = Text(
        $"UnicodeDecodeWithOffsets(input: string) -> (row_splits: Tsplits, char_values: int32, char_to_byte_starts: int64) {{ input_encoding: string, {DecodeErrors}, Tsplits: type = int64 }}",
        c => [RowSplits(c), Shape.OfRank(1), Shape.OfRank(1)]);
    static readonly OpDefinition UnicodeEncodeOp = Text(
        "UnicodeEncode(input_values: int32, input_splits: Tsplits) -> (output: string) { errors: string = 'replace', output_encoding: string, replacement_char: int = 65533 }",
        c => [c[1] is { HasRank: true, Rank: 1 } s && s[0] > 0 ? new Shape(s[0] - 1) : Shape.OfRank(1)]);
    static readonly OpDefinition UnicodeScriptOp = Text("UnicodeScript(input: int32) -> (output: int32)");
    static readonly OpDefinition UnicodeTranscodeOp = Text($"UnicodeTranscode(input: string) -> (output: string) {{ input_encoding: string, output_encoding: string, {DecodeErrors} }}");
    static readonly OpDefinition AsStringOp = Text(
        "AsString(input: T) -> (output: string) { precision: int = -1, scientific: bool = false, shortest: bool = false, width: int = -1, fill: string = '' }");
    static readonly OpDefinition StringToNumberOp = Text("StringToNumber(string_tensor: string) -> (output: out_type) { out_type: type = float32 }");
    static readonly OpDefinition StringToOldHashOp = Text("StringToHashBucket(string_tensor: string) -> (output: int64) { num_buckets: int }");
    static readonly OpDefinition StringToHashOp = Text("StringToHashBucketFast(input: string) -> (output: int64) { num_buckets: int }");
    static readonly OpDefinition StringToStrongHashOp = Text("StringToHashBucketStrong(input: string) -> (output: int64) { num_buckets: int, key: list(int) }");
    static readonly OpDefinition StringNGramsOp = Text(
        "StringNGrams(data: string, data_splits: Tsplits) -> (ngrams: string, ngrams_splits: Tsplits) " +
        "{ separator: string, ngram_widths: list(int), left_pad: string, right_pad: string, pad_width: int, preserve_short_sequences: bool }",
            c => [Shape.OfRank(1), c[1]]);
    static readonly OpDefinition DecodeRawOp = Text("DecodeRaw(bytes: string) -> (output: out_type) { out_type: type, little_endian: bool = true }",
        c => [c[0].HasRank ? c[0].Concat(Shape.OfRank(1)) : Shape.Unknown]);

    static readonly OpDefinition RaggedToTensorOp = Define(
        "RaggedTensorToTensor(shape: Tshape, values: T, default_value: T, row_partition_tensors: num_row_partition_tensors*Tindex) -> (result: T) { row_partition_types: list(string) }", c =>
        {
            var partitions = c.Get<string[]>("row_partition_types");
            var ragged = partitions.Length - (partitions is ["FIRST_DIM_SIZE", ..] ? 1 : 0);
            if (c[1] is { HasRank: true, Rank: 0 }) throw new ShapeMismatchException("The values of ragged rows have no axis of rows", NameScope.Path("RaggedTensorToTensor"), "values with an axis of rows", c[1].ToString());
            for (var i = 0; i < partitions.Length && i + 3 < c.Inputs.Length; i++)
                if (c[i + 3] is { HasRank: true } partition && partition.Rank != (partitions[i] == "FIRST_DIM_SIZE" ? 0 : 1)) throw c.Fail($"{partitions[i]} as a {(partitions[i] == "FIRST_DIM_SIZE" ? "scalar" : "vector")}", partition.ToString());
            for (var i = 0; i < partitions.Length && i + 3 < c.Inputs.Length; i++)
                if (partitions[i] == "ROW_SPLITS" && c[i + 3] is { IsFullyKnown: true, ElementCount: 0 }) throw c.Fail("row splits of at least one element", "none");
            if (c[0] is { IsFullyKnown: true, Rank: 1 } asked && c[1].HasRank && asked[0] != ragged + c[1].Rank) throw c.Fail($"a shape of {ragged + c[1].Rank} dimensions", $"{asked[0]}");
            var inner = c[1].HasRank ? c[1][1..] : Shape.Unknown;
            var outer = c.Value(0) is { IsScalar: false } given ? Shape.OfSymbolic(given.AsDimensions()) : Shape.Unknown;
            if (!inner.HasRank) return [outer];
            var whole = Shape.OfRank(ragged + 1).Concat(inner);
            return [outer.HasRank && outer.IsCompatibleWith(whole) ? whole.MergeWith(outer) : whole];
        }, checksFirst: true);

    static readonly OpDefinition RaggedRangeOp = Text("RaggedRange(starts: T, limits: T, deltas: T) -> (rt_nested_splits: Tsplits, rt_dense_values: T) { Tsplits: type = int64 }", _ => [Shape.OfRank(1), Shape.OfRank(1)]);

    static Shape RowSplits(ShapeContext c) => c[0].IsFullyKnown ? new Shape(c[0].ElementCount + 1) : Shape.OfRank(1);

    /// <summary>Texts as valid UTF-8, with U+FFFD for invalid bytes.</summary>
    public static Tensor UnicodeTranscode(Tensor x) => Run(UnicodeTranscodeOp, [x], ("input_encoding", "UTF-8"), ("output_encoding", "UTF-8"));
    public static Tensor StringJoin(ReadOnlySpan<Tensor> parts, string separator = "") => Run(StringJoinOp, parts, ("separator", separator));
    public static Tensor Substr(Tensor x, Tensor position, Tensor length, string unit) => Run(SubstrOp, [x, position, length], ("unit", unit));
    public static Tensor DecodeRaw(Tensor x, DType dtype) => Run(DecodeRawOp, [x], ("out_type", dtype));
    /// <param name="x">Strings.</param>
    /// <param name="unit">"BYTE" or "UTF8_CHAR".</param>
    public static Tensor StringLength(Tensor x, string unit) => Run(StringLengthOp, [x], ("unit", unit));
    public static Tensor StringToNumber(Tensor x, DType dtype) => Run(StringToNumberOp, [x], ("out_type", dtype));
    /// <param name="x">Strings.</param>
    /// <param name="encoding">"utf-8", or "" for ASCII letters only.</param>
    public static Tensor StringLower(Tensor x, string encoding) => Run(StringLowerOp, [x], ("encoding", encoding));

    /// <summary>Replaces matches of an RE2 pattern.</summary>
    public static Tensor RegexReplace(Tensor x, string pattern, string rewrite, bool all = true) =>
        Run(StaticRegexReplaceOp, [x], ("pattern", pattern), ("rewrite", rewrite), ("replace_global", all));
    /// <summary>The code points of a vector of texts, row after row, and the row splits.</summary>
    public static (Tensor RowSplits, Tensor CodePoints) UnicodeDecode(Tensor x, string encoding = "UTF-8", string errors = "replace",
        int replacement = 0xFFFD) =>
        Pair(RunAll(UnicodeDecodeOp, [x], ("input_encoding", encoding), ("errors", errors), ("replacement_char", replacement)));
    /// <summary>Joins the strings along an axis.</summary>
    public static Tensor ReduceJoin(Tensor x, int axis, string separator = "") => Run(ReduceJoinOp, [x, Int32Scalar(axis)], ("separator", separator));
    public static Tensor AsString(Tensor x, int precision = -1) => Run(AsStringOp, [x], ("precision", precision));
    public static Tensor StringToHash(Tensor x, long buckets) => Run(StringToHashOp, [x], ("num_buckets", buckets));
    public static Tensor StringToHash(Tensor x, long buckets, long key0, long key1) =>
        Run(StringToStrongHashOp, [x], ("num_buckets", buckets), ("key", new[] { key0, key1 }));
    /// <summary>Converts rows of values, given by row splits, to a dense tensor padded with a default.</summary>
    /// <param name="shape">The dense shape; -1 for the longest row.</param>
    /// <param name="values">The values of all rows.</param>
    /// <param name="padding">The value after the end of a row.</param>
    /// <param name="rowSplits">The row splits of each ragged axis, outermost first.</param>
    public static Tensor RaggedToTensor(Tensor shape, Tensor values, Tensor padding, params ReadOnlySpan<Tensor> rowSplits) =>
        Run(RaggedToTensorOp, [shape, values, padding, .. rowSplits], ("row_partition_types", Enumerable.Repeat("ROW_SPLITS", rowSplits.Length).ToArray()));

    /// <summary>Splits a vector of texts into words: their indices (N, 2), row after row, the words (N), and the dense shape. Splits at whitespace without a separator.</summary>
    public static (Tensor Indices, Tensor Values, Tensor Shape) StringSplit(Tensor x, string separator = "")
    {
        var found = RunAll(StringSplitOp, [x, Constant(HostTensor.From(separator))]);
        return (found[0], found[1], found[2]);
    }
    /// <summary>Encodes rows of code points as texts.</summary>
    public static Tensor UnicodeEncode(Tensor codePoints, Tensor rowSplits) => Run(UnicodeEncodeOp, [codePoints, rowSplits], ("output_encoding", "UTF-8"));
    /// <summary>Joins neighbours in a row to n-grams of each width; shorter rows have none.</summary>
    public static (Tensor Values, Tensor RowSplits) StringNGrams(Tensor values, Tensor rowSplits, long[] widths, string separator) =>
        Pair(RunAll(StringNGramsOp, [values, rowSplits], ("separator", separator), ("ngram_widths", widths), ("left_pad", ""), ("right_pad", ""), ("pad_width", 0), ("preserve_short_sequences", false)));

    public static Tensor UnsortedSegmentJoin(Tensor x, Tensor ids, Tensor count, string separator = "") =>
        Run(UnsortedSegmentJoinOp, [x, ids, count], ("separator", separator));
}
