using Keras.Graphs;

namespace Keras.Tests.Ops;

static partial class OpCases
{
    static (string, object)[] Window(int[] strides, string padding, int[]? dilations = null, int[]? paddings = null, string? format = null) =>
    [
        ("strides", strides), ("padding", padding), .. dilations is null ? [] : new (string, object)[] { ("dilations", dilations) },
        .. paddings is null ? [] : new (string, object)[] { ("explicit_paddings", paddings) }, .. format is null ? []
            : new (string, object)[] { ("data_format", format) },
    ];

    static IEnumerable<OpCase> Networks =>
    [
        Op("Softmax", n => [n.X(2, 3, 4)]), Op("LogSoftmax", n => [n.X(2, 3, 4)]), Op("L2Loss", n => [n.X(2, 3)]),
        Op("BiasAdd", n => [n.X(2, 3, 4), n.X(4)]), Named("channels first", "BiasAdd", n => [n.X(2, 3, 4, 2), n.X(3)], ("data_format", "NCHW")),
        Op("SparseSoftmaxCrossEntropyWithLogits", n => [n.X(5, 4), n.Ids(4, 5)]),
        Program("SoftmaxCrossEntropyWithLogits", n => [n.X(5, 4), n.X(5, 4)], x => Tf.DenseSoftmaxCrossEntropy(x[0], Tf.Softmax(x[1]))),
        .. new[] { true, false }.Select(training => Named($"training {training}", "FusedBatchNormV3",
            n => [n.F32(2, 3, 2, 4), n.F32(4), n.F32(4), n.F32(4).WithoutGradient(), Numbers.Data(HostTensor.Vector(0.5f, 1, 1.5f, 2))],
                ("is_training", training), ("epsilon", 1e-3f)) is var c
            ? c with { Run = x => [c.Run(x)[0]], HasSecond = false, Tolerance = 1e-4, Differences = (1e-2, 5e-2) } : c),
    ];

    static IEnumerable<OpCase> Convolutions => new OpCase[]
    {
        Op("Conv2D", n => [n.X(2, 5, 6, 2).Knowing(3), n.X(3, 2, 2, 3).Knowing(0, 1, 2, 3)], Window([1, 1, 1, 1], "SAME")),
        Named("patches", "Conv2D", n => [n.X(1, 4, 4, 2).Knowing(3), n.X(2, 2, 2, 3).Knowing(0, 1, 2, 3)], Window([1, 2, 2, 1], "VALID")),
        Named("strides, valid", "Conv2D", n => [n.X(2, 6, 7, 1).Knowing(3), n.X(3, 2, 1, 2).Knowing(0, 1, 2, 3)], Window([1, 2, 3, 1], "VALID")),
        Named("dilated", "Conv2D", n => [n.X(1, 6, 7, 2).Knowing(3), n.X(2, 3, 2, 1).Knowing(0, 1, 2, 3)], Window([1, 1, 1, 1], "SAME", [1, 2, 2, 1])),
        Named("explicit", "Conv2D", n => [n.X(1, 4, 5, 2).Knowing(3), n.X(3, 3, 2, 1).Knowing(0, 1, 2, 3)],
            Window([1, 1, 2, 1], "EXPLICIT", paddings: [0, 0, 1, 2, 0, 1, 0, 0])),
        Op("Conv2DBackpropInput", n => [n.Vector(1, 5, 6, 2), n.X(3, 2, 2, 3).Knowing(0, 1, 2, 3), n.X(1, 3, 3, 3).Knowing(3)], Window([1, 2, 2, 1], "SAME")),
        Op("Conv2DBackpropFilter", n => [n.X(1, 5, 6, 2).Knowing(3), n.Vector(3, 2, 2, 3), n.X(1, 3, 3, 3).Knowing(3)], Window([1, 2, 2, 1], "SAME")),
        Op("DepthwiseConv2dNative", n => [n.X(2, 5, 6, 2).Knowing(3), n.X(3, 2, 2, 2).Knowing(0, 1, 2, 3)], Window([1, 2, 2, 1], "SAME")),
        Named("valid", "DepthwiseConv2dNative", n => [n.X(1, 5, 6, 3).Knowing(3), n.X(3, 2, 3, 1).Knowing(0, 1, 2, 3)], Window([1, 1, 1, 1], "VALID")),
        Program("DepthwiseConv2dNative, dilated", n => [n.X(1, 5, 6, 2).Knowing(3), n.X(2, 2, 2, 1).Knowing(0, 1, 2, 3)],
            x => Tf.ConvolveDepthwise(x[0], x[1], [1, 1, 1, 1], "SAME", [1, 2, 2, 1])),
        Program("Conv2DBackpropInput, dilated", n => [n.X(2, 2, 2, 3).Knowing(0, 1, 2, 3), n.X(1, 3, 3, 3).Knowing(3)],
            x => Tf.Convolve2DTranspose(Tf.Int32(1, 5, 5, 2), x[0], x[1], [1, 1, 1, 1], "VALID", [1, 2, 2, 1])),
        Program("Conv3D, dilated", n => [n.X(1, 3, 3, 5, 1).Knowing(4), n.X(2, 1, 2, 1, 2).Knowing(0, 1, 2, 3, 4)],
            x => Tf.Convolve3D(x[0], x[1], [1, 1, 1, 1, 1], "VALID", [1, 2, 1, 3, 1])),
        Op("Conv3D", n => [n.X(1, 3, 4, 5, 2).Knowing(4), n.X(2, 2, 3, 2, 2).Knowing(0, 1, 2, 3, 4)], Window([1, 1, 2, 1, 1], "SAME")),
        Op("Conv3DBackpropInputV2", n => [n.Vector(1, 3, 4, 5, 2), n.X(2, 2, 3, 2, 2).Knowing(0, 1, 2, 3, 4), n.X(1, 3, 2, 5, 2).Knowing(4)],
            Window([1, 1, 2, 1, 1], "SAME")),
    };

    static (string, object)[] Pool(int[] window, int[] strides, string padding) => [("ksize", window), ("strides", strides), ("padding", padding)];

    static IEnumerable<OpCase> Pools =>
    [
        Op("MaxPool", n => [n.Apart(1, 4, 6, 2)], Pool([1, 2, 2, 1], [1, 2, 2, 1], "VALID")),
        Named("overlapping, same", "MaxPool", n => [n.Apart(2, 3, 4, 1)], Pool([1, 3, 2, 1], [1, 1, 2, 1], "SAME")),
        Op("AvgPool", n => [n.X(1, 4, 6, 2)], Pool([1, 2, 2, 1], [1, 2, 2, 1], "VALID")),
        Named("overlapping, same", "AvgPool", n => [n.X(2, 3, 4, 1)], Pool([1, 3, 2, 1], [1, 1, 2, 1], "SAME")),
        Op("AvgPool3D", n => [n.F32(1, 2, 4, 3, 2)], Pool([1, 2, 2, 2, 1], [1, 1, 2, 1, 1], "SAME")) with { Differences = (1e-1, 1e-4), Tolerance = 1e-5 },
        Program("MaxPool3D", n => [n.Apart(1, 2, 3, 3, 1)],
            x => Tf.Cast(Tf.MaxPool(Tf.Cast(x[0], DType.Float32), [1, 2, 2, 2, 1], [1, 1, 1, 1, 1], "VALID"), DType.Float64)) with { Differences = (1e-2,
            1e-4), Tolerance = 1e-6 },
    ];

    static OpCase Resize(string name, string op, bool gradient, params (string, object)[] options) =>
        Named(name, op, n => [gradient ? n.F32(1, 3, 4, 2) : n.F32(1, 3, 4, 2).WithoutGradient(), n.Vector(5, 3)], options) with
        {
            Tolerance = 1e-5,
            Differences = (0.1, 1e-3)
        };

    static IEnumerable<OpCase> Images =>
    [
        Resize("half pixels", "ResizeBilinear", true, ("half_pixel_centers", true)), Resize("corners", "ResizeBilinear", true, ("align_corners", true)),
        Resize("half pixels", "ResizeBicubic", true, ("half_pixel_centers", true)) with { Xla = false },
        // XLA has the op, not its gradient.
        Resize("half pixels", "ResizeNearestNeighbor", true, ("half_pixel_centers", true)) with { Xla = false },
        Resize("without gradient", "ResizeNearestNeighbor", false, ("half_pixel_centers", true)), Resize("", "ResizeArea", false) with { Xla = false },
        Op("ScaleAndTranslate", n => [n.F32(1, 6, 6, 2), n.Vector(3, 4), Constant(0.5f, 0.6f), Constant(0f, 0.5f)], ("kernel_type", "triangle"),
            ("antialias", true)) with { Xla = false, Tolerance = 1e-5, Differences = (0.1, 1e-3) },
        Op("ImageProjectiveTransformV3", n => [n.F32(1, 4, 5, 2).WithoutGradient(),
            Numbers.Data(HostTensor.Of([1f, 0.1f, 0.5f, -0.2f, 1f, 0f, 0f, 0f], new Shape(1, 8))).Knowing(0, 1), n.Vector(3, 4), ConstantScalar(0f)],
            ("interpolation", "BILINEAR"), ("fill_mode", "REFLECT")) with { Xla = false, Tolerance = 1e-5 },
        Op("CropAndResize", n => [n.F32(2, 4, 5, 2).WithoutGradient(),
            Numbers.Data(HostTensor.Of([0f, 0f, 1f, 1f, 0.2f, 0.3f, 0.7f, 0.9f], new Shape(2, 4))).Knowing(1), n.Ids(2, 2),
            n.Vector(3, 3)]) with { Xla = false, Tolerance = 1e-5 },
        Op("LRN", n => [n.F32(2, 3, 2, 7).WithoutGradient()], ("depth_radius", 2), ("bias", 0.5f), ("alpha", 0.3f), ("beta", 0.75f)) with { Xla = false, Tolerance = 1e-5 },
        Op("ExtractImagePatches", n => [n.X(1, 5, 6, 2).Knowing(3)], ("ksizes", new[] { 1, 2, 3, 1 }), ("strides", new[] { 1, 2, 2, 1 }),
            ("rates", new[] { 1, 1, 1, 1 }), ("padding", "VALID")),
        Named("dilated", "ExtractImagePatches", n => [n.X(1, 5, 6, 1).Knowing(3)], ("ksizes", new[] { 1, 2, 2, 1 }), ("strides", new[] { 1, 1, 1, 1 }),
            ("rates", new[] { 1, 2, 3, 1 }), ("padding", "SAME")),
        .. new[] { "RGBToHSV", "HSVToRGB" }.Select(op => Op(op, n => [n.In(0, 1, 4, 3).WithoutGradient().Knowing(1)]) with { Tolerance = 1e-6 }),
        Op("AdjustContrastv2", n => [n.F32(2, 3, 4, 3).WithoutGradient(), ConstantScalar(1.5f)]) with { Tolerance = 1e-5 },
        Op("AdjustHue", n => [Colours(n), ConstantScalar(0.2f)]) with { Tolerance = 1e-5 },
        Op("AdjustSaturation", n => [Colours(n), ConstantScalar(0.7f)]) with { Tolerance = 1e-5 },
    ];

    static OpInput Colours(Numbers n) => Numbers.Data(HostTensor.Of<float>([.. n.In(0, 1, 2, 3, 3).Value.ToDouble().Select(d => (float)d)],
        new Shape(2, 3, 3))).Knowing(2);

    static readonly OpInput Key = Numbers.Data(HostTensor.Vector(0x9E3779B97F4A7C15UL)).Knowing(0);
    static readonly OpInput Counter = Numbers.Data(HostTensor.Vector(7UL, 0UL)).Knowing(0);

    static IEnumerable<OpCase> Randomness =>
    [
        .. new[] { DType.UInt32, DType.UInt64, DType.Int32,
            DType.Int64 }.Select(d => Named($"{d}", "StatelessRandomUniformFullIntV2",
            _ => [new(HostTensor.Vector(3, 5), IsConstant: true), Key, Counter, new(HostTensor.Scalar(1), IsConstant: true)], ("dtype", d))),
        .. new[] { DType.Float32, DType.Float64, DType.Float16, DType.BFloat16 }.SelectMany(d => new[]
        {
            Program($"RandomUniform {d}", n => [n.Vector(3, 5), Key, Counter], x => Tf.RandomUniform(x[0], x[1], x[2], d)) with { Tolerance = 0 },
            Program($"RandomNormal {d}", n => [n.Vector(100, 50), Key, Counter],
                x => Tf.RandomNormal(x[0], x[1], x[2], d)) with { Tolerance = d == DType.Float16 ? 1e-3 : d == DType.BFloat16 ? 1e-2 : 1e-5 },
        }),
        Program("RandomTruncatedNormal", n => [n.Vector(100, 50), Key, Counter], x => Tf.RandomTruncatedNormal(x[0], x[1], x[2])) with { Tolerance = 1e-5 },
        Program("RandomIntegers", n => [n.Vector(30), Key, Counter], x => Tf.RandomIntegers(x[0], x[1], x[2], Tf.Int32Scalar(-3), Tf.Int32Scalar(9))),
        Program("RandomPermutation", n => [Key, Counter], x => Tf.RandomPermutation(Tf.Int32Scalar(20), x[0], x[1])),
        Program("dropout", n => [n.X(3, 5), Key, Counter], x => Tf.Dropout(x[0], 0.4f, x[1], x[2])),
        Program("dropout of an even number", n => [n.X(4, 5), Key, Counter], x => Tf.Dropout(x[0], 0.4f, x[1], x[2])),
        Program("dropout of everything", n => [n.X(4), Key, Counter], x => Tf.Dropout(x[0], 1, x[1], x[2])),
        Program("dropout of nothing", n => [n.X(4), Key, Counter], x => Tf.Dropout(x[0], 0, x[1], x[2])),
    ];

    static IEnumerable<OpCase> Composites =>
    [
        Program("gelu", n => [n.X(2, 3)], x => Tf.Gelu(x[0])),
        Program("gelu by tanh", n => [n.X(2, 3)], x => Tf.GeluTanh(x[0])),
        Program("layer_norm", n => [n.X(2, 3, 4), n.X(4), n.X(4)], x => Tf.LayerNorm(x[0], x[1], x[2], 1e-3f)),
        Op("layer_norm", n => [n.X(2, 3, 4), n.X(4), n.X(4)], ("epsilon", 1e-3f)) with { Name = "layer_norm with its statistics" },
        Program("softmax_cross_entropy", n => [n.X(2, 3, 4), n.Ids(4, 2, 3)], x => Tf.SoftmaxCrossEntropy(x[0], x[1])),
        Op("softmax_cross_entropy", n => [n.X(2, 4), n.Ids(4, 2)]) with { Name = "softmax_cross_entropy with its derivative" },
    ];

    /// <summary>Numbers whose texts are of different kinds.</summary>
    static OpInput Odd => Numbers.Data(HostTensor.Vector(2.0409191f, -2.555665f, 0.1f, 100000f, 1e6f, 1234567f, 1e-5f, 3e-30f, 0f, float.NaN, float.NegativeInfinity, 16777217f));

    static IEnumerable<OpCase> Texts => new OpCase[]
    {
        Op("StringLower", n => [n.Strings("ÄB c", "")], ("encoding", "utf-8")), Op("StringUpper", n => [n.Strings("äb c")], ("encoding", "utf-8")),
        Op("StringStrip", n => [n.Strings("  a b ")]),
        Op("StringLength", n => [n.Strings("äb", "c")], ("unit", "UTF8_CHAR")),
        Op("StringJoin", n => [n.Strings("a", "b"), n.Strings("c", "d")], ("separator", "-")),
        Op("StringFormat", n => [n.Ids(5, 3)], ("template", "x={}"), ("placeholder", "{}"), ("summarize", 3)),
        Op("ReduceJoin", n => [n.Strings("a", "b"), n.Vector(0)], ("separator", " ")),
        Op("UnsortedSegmentJoin", n => [n.Strings("a", "b", "c"), Numbers.Data(HostTensor.Vector(1, 0, 1)), n.Scalar(2)]),
        Op("Substr", n => [n.Strings("hällo", "welt"), n.Scalar(1), n.Scalar(2)], ("unit", "UTF8_CHAR")),
        Op("StringSplitV2", n => [n.Strings("a b  c", "d"), new(HostTensor.From(""), IsConstant: true)]) with { IsDynamic = true },
        Op("StaticRegexReplace", n => [n.Strings("a1b22")], ("pattern", "[0-9]+"), ("rewrite", "#")),
        Op("StaticRegexReplace", n => [n.Strings("a\U0001F600b\U000F0000\U000F0001c\u00E9\U0010FFFF-]")], ("pattern", @"[\x{F0000}-\x{F00FF}\x{E9}]|\x{1F600}+"), ("rewrite", "#")),
        Op("StaticRegexReplace", n => [n.Strings("a\U0001F600\U00010400\U000103FFz-]\U0010FFFF")], ("pattern", "[]y-\U00010400]"), ("rewrite", "#")),
        Op("StaticRegexReplace", n => [n.Strings("a1b-22")], ("pattern", @"[^\d-]"), ("rewrite", "#")),
        Op("RegexReplace", n => [n.Strings("a1b22"), new(HostTensor.From("[0-9]+"), IsConstant: true), new(HostTensor.From("#"), IsConstant: true)]),
        Op("StaticRegexFullMatch", n => [n.Strings("ab", "abc")], ("pattern", "ab")),
        Op("RegexFullMatch", n => [n.Strings("ab", "abc"), new(HostTensor.From("ab"), IsConstant: true)]),
        Op("UnicodeDecode", n => [n.Strings("hä", "")], ("input_encoding", "UTF-8")) with { IsDynamic = true },
        Op("UnicodeDecodeWithOffsets", n => [n.Strings("hä€", "x")], ("input_encoding", "UTF-8")) with { IsDynamic = true },
        Op("UnicodeEncode", n => [Numbers.Data(HostTensor.Vector(104, 228, 120)), Int64(0, 2, 3)], ("output_encoding", "UTF-8")),
        Op("UnicodeTranscode", n => [n.Strings("hä")], ("input_encoding", "UTF-8"), ("output_encoding", "UTF-16-BE")),
        Op("StringFormat", n => [Odd, Numbers.Data(HostTensor.Vector(0.1, 1e20, 1.0 / 3))], ("template", "x={}, y={}"), ("placeholder", "{}"), ("summarize", 10)),
        Op("AsString", n => [Odd]), Op("AsString", n => [Odd], ("scientific", true)), Op("AsString", n => [Odd], ("shortest", true)), Op("AsString", n => [Odd], ("shortest", true), ("precision", 3), ("width", 12)),
        Op("AsString", n => [n.Ids(100, 4)]), Op("StringToNumber", n => [n.Strings("1.5", "-2")]),
        Op("StringToHashBucketFast", n => [n.Strings("a", "b")], ("num_buckets", 10)),
        Op("StringToHashBucketStrong", n => [n.Strings("a", "b")], ("num_buckets", 10), ("key", new long[] { 1, 2 })),
        Op("DecodeRaw", n => [n.Strings("abcd")], ("out_type", DType.UInt8)) with { IsDynamic = true },
        Op("StringNGrams", n => [n.Strings("a", "b", "c"), Int64(0, 3)], ("separator", " "), ("ngram_widths", new long[] { 2 }), ("left_pad", ""),
            ("right_pad", ""), ("pad_width", 0), ("preserve_short_sequences", false)) with { IsDynamic = true },
        Op("EncodeBase64", n => [n.Strings("", "a", "ab", "abc", "größe?>")]) with { Xla = false }, Named("padded", "EncodeBase64", n => [n.Strings("a", "ab", "abc")], ("pad", true)) with { Xla = false },
        Op("DecodeBase64", n => [n.Strings("", "YQ", "YWI=", "Z3LDtsOfZT8-")]) with { Xla = false },
        Named("by the rows of values", "RaggedTensorToTensor", n => [Constant(-1L, -1L), n.X(4).WithoutGradient(), ConstantScalar(0.0), new(HostTensor.Scalar(4L)), Int64(0, 2, 2, 2)],
            ("row_partition_types", new[] { "FIRST_DIM_SIZE", "VALUE_ROWIDS" })) with { IsDynamic = true, Xla = false, Relaxes = false },
        Named("two ragged axes by the rows of values", "RaggedTensorToTensor", n => [Constant(-1L, -1L, -1L), n.Strings("a", "b", "c", "d"), new(HostTensor.From("")), new(HostTensor.Scalar(2L)),
            Int64(0, 0, 1), Int64(0, 1, 1, 2)], ("row_partition_types", new[] { "FIRST_DIM_SIZE", "VALUE_ROWIDS", "VALUE_ROWIDS" })) with { IsDynamic = true, Xla = false, Relaxes = false },
        Op("RaggedTensorToTensor", n => [Constant(-1L, -1L), n.X(4).WithoutGradient(), ConstantScalar(0.0), Int64(0, 1, 1, 4)],
            ("row_partition_types", new[] { "ROW_SPLITS" })) with { IsDynamic = true },
        Op("RaggedRange", n => [n.Vector(0, 5), n.Vector(3, 7), n.Vector(1, 1)]) with { IsDynamic = true },
    }.Select(c => c with { Xla = false });
}
