using Keras.Engines;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>How a piece of code is run.</summary>
enum Mode
{
    Eager,
    Graph,
    Xla,
}

/// <summary>A fixture whose tests run on every engine; on one that is not there they are skipped.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Names))]
abstract class EngineFixture(string engine)
{
    IDisposable? _scope;

    protected string EngineName => engine;

    protected IEngine Runtime => TestEngines.Require(engine);

    [SetUp]
    public void UseEngine()
    {
        _scope = Engine.Use(Runtime);
    }

    [TearDown]
    public void LeaveEngine() => _scope?.Dispose();

    protected static Tensor Floats(params float[] values) => Tf.Constant(HostTensor.Vector<float>(values));

    protected static Tensor Doubles(params double[] values) => Tf.Constant(HostTensor.Vector<double>(values));

    protected static Tensor Longs(params long[] values) => Tf.Constant(HostTensor.Vector<long>(values));

    protected static Tensor Strings(params string[] values) => Tf.Constant(HostTensor.From(values));

    protected static Tensor Matrix(int columns, params double[] values) =>
        Tf.Constant(HostTensor.Of<double>(values, new Shape(values.Length / columns, columns)));

    protected static double[] Values(Tensor tensor) => tensor.RequireEager().ToHost().ToDouble();

    /// <summary>Runs a body in one of the ways; what it uses from outside is captured.</summary>
    protected EagerTensor[] Run(Mode mode, Func<Tensor[], Tensor[]> body, params Tensor[] inputs)
    {
        if (mode == Mode.Eager) return [.. body(inputs).Select(t => t.RequireEager())];
        var function = FunctionGraph.Trace("test", inputs.Select((t, i) => (t.dtype, t.shape, $"x{i}")), body);
        using var compiled = Runtime.Compile(Lowering.Lower(function, Runtime.RunsNatively), new CompileOptions(mode == Mode.Xla));
        var results = new ITensorHandle[function.Outputs.Count];
        EagerTensor[] all = [.. inputs.Concat(function.CapturedSources).Cast<EagerTensor>()];
        compiled.Run([.. all.Select(t => t.Handle)], results);
        GC.KeepAlive(all);
        return [.. results.Select(r => new EagerTensor(r, Runtime))];
    }

    protected EagerTensor Run(Mode mode, Func<Tensor[], Tensor> body, params Tensor[] inputs) => Run(mode, x => [body(x)], inputs)[0];

    protected static void AssertClose(Tensor actual, double[] expected, double tolerance = 1e-6, string what = "") =>
        Assert.That(Values(actual), Is.EqualTo(expected).Within(tolerance), what);
}
