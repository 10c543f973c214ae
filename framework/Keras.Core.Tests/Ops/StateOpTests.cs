using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Variables read and written, whole and in parts, in every mode.</summary>
sealed class StateOpTests(string engine) : EngineFixture(engine)
{
    static Variable New(params double[] values) => new(Doubles(values));

    static Variable NewMatrix(int columns, params double[] values) => new(Matrix(columns, values));

    [Test]
    public void AReadAfterAWriteSeesIt([Values] Mode mode)
    {
        var v = New(1, 2, 3);
        var seen = Run(mode, x =>
        {
            var before = v.value;
            v.assign(x[0]);
            v.assign_add(x[0]);
            var between = v.value;
            v.assign_sub(Tf.Square(between));
            return [before, between, v.value];
        }, Doubles(1, 1, 2));
        AssertClose(seen[0], [1, 2, 3]);
        AssertClose(seen[1], [2, 2, 4]);
        AssertClose(seen[2], [-2, -2, -12]);
        AssertClose(v.value, [-2, -2, -12]);
    }

    [Test]
    public void AVariableKnowsWhetherItHasAValue([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        var empty = new EagerTensor(Runtime.CreateVariable(DType.Float32, 2), Runtime) { HandleData = (DType.Float32, 2) };
        Assert.That(Run(mode, _ => Tf.IsInitialized(empty)).ToScalar<bool>(), Is.False);
        Tf.AssignVariable(empty, Floats(1, 2));
        Assert.That(Run(mode, _ => Tf.IsInitialized(empty)).ToScalar<bool>(), Is.True);
    }

    [Test]
    public void AVariableMayHoldStrings([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        // SavedModels keep the paths of their vocabularies so.
        var paths = new EagerTensor(Runtime.CreateVariable(DType.String, Shape.Scalar), Runtime) { HandleData = (DType.String, Shape.Scalar) };
        Tf.AssignVariable(paths, Tf.Constant(HostTensor.From("a.txt")));
        Tf.AssignVariable(paths, Tf.Constant(HostTensor.From("b.txt")));
        Assert.That(Run(mode, _ => Tf.ReadVariable(paths, DType.String)).ToHost().Strings!.Single(), Is.EqualTo("b.txt"u8.ToArray()));
    }

    [Test]
    public void ANamedVariableIsDestroyed()
    {
        var named = Dispatch.Run(Tf.VarHandleOp, [], Attributes.Of(("dtype", DType.Float32), ("shape", new Shape(2)),
            ("shared_name", Guid.NewGuid().ToString())));
        Tf.AssignVariable(named, Floats(1, 2));
        AssertClose(Tf.ReadVariable(named, DType.Float32), [1, 2]);
        Tf.DestroyResource(named);
        Assert.That(() => Tf.ReadVariable(named, DType.Float32), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void AVariableKnowsItsShape([Values] Mode mode)
    {
        var v = NewMatrix(2, 1, 2, 3, 4, 5, 6);
        AssertClose(Run(mode, _ => Dispatch.Run(Graphs.GraphFixture.Op("VariableShape"), [v.Handle])), [3, 2]);
    }

    [Test]
    public void AFirstValueThatIsOnlyTracedIsAnError() =>
        Assert.That(() => Run(Mode.Graph, x => new Variable(x[0]).value, Doubles(1)), Throws.InvalidOperationException);

    [Test]
    public void RowsAreGathered([Values] Mode mode)
    {
        var v = NewMatrix(2, 1, 2, 3, 4, 5, 6);
        var rows = Run(mode, i => Tf.ResourceGather(v.Handle, i[0], DType.Float64), Tf.Int32(2, 0));
        Assert.That(rows.shape, Is.EqualTo(new Shape(2, 2)));
        AssertClose(rows, [5, 6, 1, 2]);
    }

    [Test]
    public void GatheredRowsHaveGradients([Values] Mode mode)
    {
        var v = NewMatrix(2, 1, 2, 3, 4, 5, 6);
        var gradient = Run(mode, i =>
        {
            using var tape = new GradientTape();
            tape.watch(v);
            return tape.gradient(Tf.Square(Tf.ResourceGather(v.Handle, i[0], DType.Float64)), v)!;
        }, Tf.Int32(2, 0, 2));
        AssertClose(gradient, [2, 4, 0, 0, 20, 24]);
    }

    [Test]
    public void ElementsAreGatheredWithGradients([Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        var v = NewMatrix(2, 1, 2, 3, 4, 5, 6);
        var gradient = Run(mode, i =>
        {
            using var tape = new GradientTape();
            tape.watch(v);
            return tape.gradient(Dispatch.Run(Graphs.GraphFixture.Op("ResourceGatherNd"), [v.Handle, i[0]], Attributes.Of(("dtype", DType.Float64))), v)!;
        }, Tf.Constant(HostTensor.Of([2, 1, 0, 0, 2, 1], new Shape(3, 2))));
        AssertClose(gradient, [1, 0, 0, 0, 0, 2]);
    }

    static readonly (string Op, double[] Expected)[] Scatters =
    [
        ("ResourceScatterUpdate", [7, 8, 3, 4, -1, 9]), ("ResourceScatterAdd", [8, 10, 3, 4, 4, 15]), ("ResourceScatterSub", [-6, -6, 3, 4, 6, -3]),
        ("ResourceScatterMax", [7, 8, 3, 4, 5, 9]), ("ResourceScatterMin", [1, 2, 3, 4, -1, 6]),
    ];

    [Test]
    public void RowsAreScattered([ValueSource(nameof(Scatters))] (string Op, double[] Expected) scatter, [Values] Mode mode)
    {
        var v = NewMatrix(2, 1, 2, 3, 4, 5, 6);
        Run(mode, x =>
        {
            Dispatch.RunAll(Graphs.GraphFixture.Op(scatter.Op), [v.Handle, x[0], x[1]]);
            return [];
        }, Tf.Int32(0, 2), Matrix(2, 7, 8, -1, 9));
        AssertClose(v.value, scatter.Expected);
    }

    static readonly (string Op, double[] Expected)[] NdScatters =
        [("ResourceScatterNdUpdate", [1, 7, 3, 4, 8, 6]), ("ResourceScatterNdAdd", [1, 9, 3, 4, 13, 6]), ("ResourceScatterNdSub", [1, -5, 3, 4, -3, 6])];

    [Test]
    public void ElementsAreScattered([ValueSource(nameof(NdScatters))] (string Op, double[] Expected) scatter, [Values] Mode mode)
    {
        var v = NewMatrix(2, 1, 2, 3, 4, 5, 6);
        Run(mode, x =>
        {
            Dispatch.RunAll(Graphs.GraphFixture.Op(scatter.Op), [v.Handle, x[0], x[1]]);
            return [];
        }, Tf.Constant(HostTensor.Of([0, 1, 2, 0], new Shape(2, 2))), Doubles(7, 8));
        AssertClose(v.value, scatter.Expected);
    }
}
