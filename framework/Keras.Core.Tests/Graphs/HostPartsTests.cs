using Keras.Graphs;
using Keras.Tests.Ops;

namespace Keras.Tests.Graphs;

/// <summary>What no compiler of numbers takes (strings, tables, lists) runs outside of the compiled part, on every engine.</summary>
sealed class HostPartsTests(string engine) : EngineFixture(engine)
{
    static readonly DType[] DTypes = [DType.Float32, DType.Float64, DType.Float16, DType.BFloat16, DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt16,
        DType.UInt32, DType.UInt64, DType.Bool, DType.Complex64, DType.Complex128, DType.String];

    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static Variable Weight() => new(Doubles(1, 2, 3));

    static Tensor Table()
    {
        var table = Tf.HashTable(DType.Int64, DType.String);
        Tf.InitializeTable(table, Longs(0, 1, 2), Strings("none", "one", "two"));
        return table;
    }

    void SameCompiled(Func<Tensor[], Tensor[]> body, params Tensor[] inputs)
    {
        var expected = Run(Mode.Eager, body, inputs);
        var actual = Run(Mode.Xla, body, inputs);
        for (var i = 0; i < expected.Length; i++) OpRunner.AssertEqual(actual[i].ToHost(), expected[i].ToHost(), 1e-12, $"output {i}");
    }

    [Test]
    public void EveryDTypeGoesInAndOut([ValueSource(nameof(DTypes))] DType dtype)
    {
        var x = dtype == DType.String ? Strings("a", "größe", "") : Tf.Constant(HostTensor.OfBytes(dtype, new Shape(3), new byte[3 * dtype.Size]));
        SameCompiled(t => [t[0], Tf.Identity(t[0]), Tf.Reverse(t[0], 0)], x);
    }

    [Test]
    public void StringsBeforeTheWeights()
    {
        var weight = Weight();
        SameCompiled(x => [Tf.Cast(Tf.StringLength(x[0], "BYTE"), DType.Float64) * weight.value, Tf.StringLower(x[0], ""), x[0]], Strings("A", "bc", ""));
    }

    [Test]
    public void TablesBehindTheWeights()
    {
        var (weight, table) = (Weight(), Table());
        SameCompiled(x => [Tf.Lookup(table, Tf.Cast(x[0] * weight.value, DType.Int64), Tf.Constant(HostTensor.From("?"))), x[0] + weight.value], Doubles(1, 1, 1));
    }

    [Test]
    public void StringsOnBothSides()
    {
        var (weight, table) = (Weight(), Table());
        SameCompiled(x => [Tf.StringJoin([x[0], Tf.Lookup(table, Tf.Cast(Tf.StringToNumber(x[0], DType.Float64) * weight.value, DType.Int64), Tf.Constant(HostTensor.From("?")))])], Strings("1", "1", "0"));
    }

    [Test]
    public void SizesThatComeOfTexts()
    {
        var weight = Weight();
        SameCompiled(x =>
        {
            var (splits, points) = Tf.UnicodeDecode(x[0]);
            var dense = Tf.RaggedToTensor(Longs(-1, -1), points, Tf.Int32Scalar(0), splits);
            var spaces = Tf.Where(Tf.Equal(dense, Tf.Int32Scalar(' ')));
            return [Tf.Cast(dense, DType.Float64) * weight.value[0], spaces];
        }, Strings("a b", "größe", ""));
    }

    [Test]
    public void ListsThatGoInAndOut()
    {
        var weight = Weight();
        Tensor List() => On("TensorListFromTensor", [Matrix(3, 1, 2, 3, 4, 5, 6), Tf.Int32(3)]);
        Tensor[] Body(Tensor[] x)
        {
            var row = On("TensorListGetItem", [x[0], Tf.Int32Scalar(1), Tf.Int32(3)], ("element_dtype", DType.Float64));
            return [row * weight.value, On("TensorListSetItem", [x[0], Tf.Int32Scalar(0), row])];
        }
        double[] Rows(Tensor list) => Values(On("TensorListStack", [list, Tf.Int32(3)], ("element_dtype", DType.Float64)));
        var results = Run(Mode.Xla, Body, List());
        Assert.That(Values(results[0]), Is.EqualTo(new double[] { 4, 10, 18 }));
        Assert.That(Rows(results[1]), Is.EqualTo(new double[] { 4, 5, 6, 4, 5, 6 }));
    }

    [Test]
    public void ALoopOverStrings()
    {
        var weight = Weight();
        SameCompiled(x =>
        {
            var end = ControlFlow.While(v => Tf.Less(v[0], Tf.Int32Scalar(3)), v => [v[0] + 1, Tf.StringJoin([v[1], v[1]])], [Tf.Int32Scalar(0), x[0]]);
            return [end[1], Tf.Cast(Tf.StringLength(end[1], "BYTE"), DType.Float64) * weight.value];
        }, Strings("a", "bc", ""));
    }

    [Test]
    public void ChangesOfVariablesStayInOrder()
    {
        double[] After(Mode mode)
        {
            var weight = Weight();
            var seen = Run(mode, x =>
            {
                var before = weight.value * 1;
                weight.assign_add(Tf.Cast(Tf.StringLength(x[0], "BYTE"), DType.Float64));
                return [before, weight.value * 2];
            }, Strings("a", "bc", ""));
            return [.. seen.SelectMany(Values), .. Values(weight.value)];
        }
        Assert.That(After(Mode.Xla), Is.EqualTo(After(Mode.Eager)));
    }

    [Test]
    public void WeightsBehindStringsBehindWeightsAreATypedErrorThatNamesTheOp()
    {
        var weight = Weight();
        var handle = weight.Handle;
        SameCompiled(x => [Tf.StringToNumber(Tf.AsString(x[0] * weight.value), DType.Float64) * weight.value], Doubles(1, 2, 3));
        var error = Assert.Throws<EngineException>(() => Run(Mode.Xla, x => [Tf.ResourceGather(handle, Tf.StringLength(Tf.AsString(x[0] * weight.value), "BYTE"), DType.Float64)], Doubles(1, 2, 3)))!;
        Assert.That(error.Message, Does.StartWith("jit_compile cannot compile").And.Contain("String"));
        Assert.That(error.Remedy, Does.Contain("jit_compile: false"));
    }

    static IEnumerable<OpCase> NotForXla => OpCases.All.Where(c => !c.Xla && !c.Name.StartsWith("Stateless", StringComparison.Ordinal)); // XLA draws other numbers.

    /// <summary>Everything else that XLA does not take.</summary>
    [TestCaseSource(nameof(NotForXla))]
    public void CompiledItIsItsValueOrATypedError(OpCase c)
    {
        var inputs = c.MakeInputs();
        var runner = new OpRunner(Runtime, inputs);
        var program = new OpProgram(c, inputs);
        var expected = runner.Eager(program.Values);
        try
        {
            var actual = runner.Compiled(program.Values, jit: true, KnownDims.Exact, mustInfer: false);
            for (var i = 0; i < expected.Length; i++) OpRunner.AssertEqual(actual[i], expected[i].ToHost(), Math.Max(c.Tolerance, 1e-6), $"output {i}");
        }
        catch (KerasException e) when (e is EngineException or UnsupportedException)
        {
            TestContext.Out.WriteLine(e.Message);
        }
    }
}
