using Keras.Engines;
using Keras.Engines.Torch;
using Keras.Graphs;
using Keras.Tests.Graphs;
using Keras.Tests.Ops;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Every op of the table has a kernel, and the kernel gives what TensorFlow gives.</summary>
sealed class KernelTableTests : TorchFixture
{
    /// <summary>Factors of a matrix are what they are but for signs.</summary>
    static readonly string[] Ambiguous = ["Svd", "SelfAdjointEigV2", "Eig", "Qr"];

    static IEnumerable<OpCase> Comparable => OpCases.All.Where(c => !Ambiguous.Any(a => c.Name.StartsWith(a, StringComparison.Ordinal)));

    /// <summary>Attention is run as what it expands to, whose product of products `Fusions` finds again.</summary>
    static readonly string[] Expanded = ["scaled_dot_product_attention", "scaled_dot_product_attention_grad"];

    [Test]
    public void EveryOpHasAKernelOrExpandsToOpsThatHave()
    {
        Assert.That(OpTable.All.Where(o => !KernelTable.Has(o.Name) && o.Name != "Placeholder").Select(o => o.Name), Is.EquivalentTo(Expanded));
        Assert.That(Expanded.Select(name => OpTable.All.Single(o => o.Name == name).IsComposite), Is.All.True);
    }

    [Test]
    public void AnOpWithoutAKernelIsATypedError() => Assert.That(() => Dispatch.RunAll(GraphFixture.Op("Placeholder"), [], Attributes.Of(("dtype", DType.Float32))),
        Throws.TypeOf<UnsupportedException>().With.Message.Contains("Placeholder"));

    [TestCaseSource(nameof(Comparable))]
    public void ItGivesWhatTensorFlowGives(OpCase c)
    {
        var inputs = c.MakeInputs();
        HostTensor[] On(IEngine engine)
        {
            using var use = Engine.Use(engine);
            return [.. new OpRunner(engine, inputs).Eager(new OpProgram(c, inputs).Values).Select(t => t.ToHost())];
        }
        var (actual, expected) = (On(Runtime), On(TestEngines.Require("tensorflow")));
        for (var i = 0; i < expected.Length; i++) OpRunner.AssertEqual(actual[i], expected[i], Math.Max(c.Tolerance, 1e-6), $"output {i}");
    }

    /// <summary>No subnormal numbers: TensorFlow takes them for 0.</summary>
    static readonly float[] Edges = [0, -0f, 1, -1, 0.5f, -2.5f, 1e-30f, 1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 100, -100, 1e-7f];

    static IEnumerable<string> Unaries => ["Neg", "Abs", "Floor", "Ceil", "Round", "Reciprocal", "Square", "Sqrt", "Rsqrt", "Exp", "Expm1", "Log", "Log1p", "Sin", "Cos", "Atan", "Tanh",
        "Sigmoid", "Erf", "Relu", "Relu6", "Elu", "Selu", "Softsign", "IsNan", "IsInf", "IsFinite"];

    static IEnumerable<string> Binaries => ["AddV2", "Sub", "Mul", "RealDiv", "DivNoNan", "FloorDiv", "FloorMod", "Maximum", "Minimum", "SquaredDifference", "Equal", "NotEqual", "Less",
        "LessEqual", "Greater", "GreaterEqual", "Xdivy", "NextAfter"];

    [TestCaseSource(nameof(Unaries))]
    public void AtTheEdgesToo(string op) => Compare(op, Vector(Edges));

    [TestCaseSource(nameof(Binaries))]
    public void AtTheEdgesOfBothToo(string op) => Compare(op,
        Vector([.. Edges.SelectMany(e => Enumerable.Repeat(e, Edges.Length))]), Vector([.. Edges.SelectMany(_ => Edges)]));

    [TestCase("AddV2")]
    [TestCase("Mul")]
    [TestCase("FloorDiv")]
    [TestCase("FloorMod")]
    [TestCase("TruncateDiv")]
    [TestCase("TruncateMod")]
    [TestCase("Maximum")]
    public void IntegersWrapAndRoundAsThere(string op) => Compare(op, Tf.Int32(7, -7, 7, -7, int.MaxValue, int.MinValue + 1, 0), Tf.Int32(2, 2, -2, -2, 2, 3, 5));

    [TestCase(0, 3)]
    [TestCase(3, 0)]
    public void NothingGivesNothing(int rows, int columns)
    {
        var empty = HostTensor.Of<float>([], new Shape(rows, columns));
        foreach (var op in (string[])["Neg", "Softmax", "LogSoftmax", "Exp"])
        {
            if (columns == 0 && op.Contains("oftmax", StringComparison.Ordinal)) continue;
            Compare(op, Tf.Constant(empty));
        }
        foreach (var axis in (int[])[0, 1])
            foreach (var op in (string[])["Sum", "Prod", "Max", "Min", "Mean"]) Compare(op, Tf.Constant(empty), Tf.Int32(axis));
    }

    [TestCase(DTypeName.Float32, DTypeName.Int32)]
    [TestCase(DTypeName.Float32, DTypeName.UInt8)]
    [TestCase(DTypeName.Int32, DTypeName.Int8)]
    [TestCase(DTypeName.Int64, DTypeName.Float32)]
    [TestCase(DTypeName.Float32, DTypeName.BFloat16)]
    [TestCase(DTypeName.Float32, DTypeName.Float16)]
    [TestCase(DTypeName.BFloat16, DTypeName.Float32)]
    [TestCase(DTypeName.Int32, DTypeName.Bool)]
    [TestCase(DTypeName.Bool, DTypeName.Float32)]
    public void CastsAreThoseOfTensorFlow(string from, string to)
    {
        HostTensor[] On(IEngine engine)
        {
            using var use = Engine.Use(engine);
            return [Tf.Cast(Tf.Cast(Tf.Constant(HostTensor.Vector<float>(0, 1, 2.5f, 3.5f, 100.7f, 1.0009765f, 65)), from), to).RequireEager().ToHost()];
        }
        OpRunner.AssertEqual(On(Runtime)[0], On(TestEngines.Require("tensorflow"))[0], 0, $"{from} to {to}");
    }

    static class DTypeName
    {
        public const string Float32 = "float32", Int32 = "int32", UInt8 = "uint8", Int8 = "int8", Int64 = "int64", BFloat16 = "bfloat16", Float16 = "float16", Bool = "bool";
    }

    [Test]
    public void HashesOfEveryLengthAreThoseOfTensorFlow()
    {
        var texts = HostTensor.From(Enumerable.Range(0, 200).Select(n => string.Concat(Enumerable.Range(0, n).Select(i => (char)('a' + (i * 7 % 26))))).ToArray());
        long[] On(IEngine engine)
        {
            using var use = Engine.Use(engine);
            return [.. Tf.StringToHash(Tf.Constant(texts), int.MaxValue).ToArray<long>(), .. Tf.StringToHash(Tf.Constant(texts), int.MaxValue, 5, -6).ToArray<long>()];
        }
        Assert.That(On(Runtime), Is.EqualTo(On(TestEngines.Require("tensorflow"))));
    }

    /// <summary>More than one part of the work, and an end that fills no group of bits.</summary>
    [TestCase("uint32", 40_007)]
    [TestCase("float32", 65_536)]
    [TestCase("float32", 40_013)]
    [TestCase("float64", 1_001)]
    [TestCase("bfloat16", 1_001)]
    public void ManyRandomBitsAreThoseOfTensorFlow(string dtype, int count)
    {
        HostTensor On(IEngine engine)
        {
            using var use = Engine.Use(engine);
            var (key, counter) = (Tf.Constant(HostTensor.Vector(0x123456789ABCUL)), Tf.Constant(HostTensor.Vector(ulong.MaxValue - 700, 9UL)));
            var result = dtype == "uint32" ? Tf.RandomBits(Tf.Int32(count), key, counter, DType.UInt32)
                : Tf.Dropout(Tf.Cast(Tf.Range(Tf.Int32Scalar(1), Tf.Int32Scalar(count + 1), Tf.Int32Scalar(1)), dtype), 0.1f, key, counter);
            return result.RequireEager().ToHost();
        }
        OpRunner.AssertEqual(On(Runtime), On(TestEngines.Require("tensorflow")), 0, dtype);
    }

    static IEnumerable<TestCaseData> Seeded =>
    [
        new("RandomUniform", new object[] { new[] { 3, 7 } }, new (string, object)[] { ("dtype", DType.Float32) }), new("RandomUniform", new object[] { new[] { 9 } }, new (string, object)[] { ("dtype", DType.Float64) }),
        new("RandomUniformInt", new object[] { new[] { 9 }, -3, 12 }, Array.Empty<(string, object)>()), new("RandomStandardNormal", new object[] { new[] { 5, 3 } }, new (string, object)[] { ("dtype", DType.Float32) }),
        new("Multinomial", new object[] { HostTensor.Of<float>([0, 1, 2, 3], new Shape(1, 4)), 7 }, Array.Empty<(string, object)>()),
        new("TruncatedNormal", new object[] { new[] { 5, 30 } }, new (string, object)[] { ("dtype", DType.Float32) }), new("RandomShuffle", new object[] { new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 } }, Array.Empty<(string, object)>()),
    ];

    /// <summary>Three calls of one node: what it draws, and how much of its stream it takes.</summary>
    [TestCaseSource(nameof(Seeded))]
    public void DrawsOfSeedsAreThoseOfTensorFlow(string op, object[] inputs, (string, object)[] attributes)
    {
        var function = FunctionGraph.Trace("draws", [], _ => Dispatch.RunAll(GraphFixture.Op(op), [.. inputs.Select(i => Tf.Constant(i as HostTensor ?? HostTensor.From(i)))], Attributes.Of([("seed", 11L), ("seed2", 13L), .. attributes])));
        HostTensor[] On(IEngine engine)
        {
            using var use = Engine.Use(engine);
            using var compiled = engine.Compile(Lowering.Lower(function, engine.RunsNatively), new CompileOptions(Jit: false));
            return [.. Enumerable.Range(0, 3).SelectMany(_ =>
            {
                var results = new ITensorHandle[function.Outputs.Count];
                compiled.Run([], results);
                return results.Select(r => new EagerTensor(r, engine).ToHost());
            })];
        }
        var (actual, expected) = (On(Runtime), On(TestEngines.Require("tensorflow")));
        for (var i = 0; i < expected.Length; i++) OpRunner.AssertEqual(actual[i], expected[i], 1e-6, $"result {i}");
    }

    static void Compare(string op, params Tensor[] inputs)
    {
        var hosts = inputs.Select(t => t.RequireEager().ToHost()).ToArray();
        HostTensor[] On(IEngine engine)
        {
            using var use = Engine.Use(engine);
            return [.. Dispatch.RunAll(Graphs.GraphFixture.Op(op), [.. hosts.Select(Tf.Constant)]).Select(t => t.RequireEager().ToHost())];
        }
        OpRunner.AssertEqual(On(Runtime)[0], On(TestEngines.Require("tensorflow"))[0], 2e-6, op);
    }
}
