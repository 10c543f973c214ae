using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>A fixture whose tests run on the TensorFlow engine, or are skipped where there is no library.</summary>
abstract class TensorFlowFixture
{
    static readonly Lazy<TensorFlowEngine> Shared = new(() => new TensorFlowEngine());

    IDisposable? _scope;

    protected static TensorFlowEngine Runtime => Shared.Value;

    [SetUp]
    public void UseEngine()
    {
        if (!TensorFlowEngine.IsPresent) Assert.Ignore("libtensorflow is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW");
        _scope = Engine.Use(Runtime);
    }

    [TearDown]
    public void LeaveEngine() => _scope?.Dispose();

    protected static Tensor Vector(params float[] values) => Tf.Constant(HostTensor.Of<float>(values, new Shape(values.Length)));

    protected static Tensor Matrix(int rows, int columns, Func<int, float> value) =>
        Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, rows * columns).Select(value)], new Shape(rows, columns)));

    protected static float[] Floats(Tensor tensor) => ((EagerTensor)tensor).ReadArray<float>();

    protected static ITensorHandle Handle(Tensor tensor) => ((EagerTensor)tensor).Handle;

    /// <summary>Traces, lowers and compiles.</summary>
    protected static ICompiledFunction Compile(bool jit, Func<Tensor[], IEnumerable<Tensor>> body, params (DType DType, Shape Shape)[] parameters) =>
        Compile(jit, body, out _, parameters);

    protected static ICompiledFunction Compile(bool jit, Func<Tensor[], IEnumerable<Tensor>> body, out FunctionGraph traced, params (DType DType, Shape Shape)[] parameters)
    {
        traced = FunctionGraph.Trace("test", parameters.Select((p, i) => (p.DType, p.Shape, $"x{i}")), body);
        return Runtime.Compile(Lowering.Lower(traced, Runtime.RunsNatively), new CompileOptions(jit));
    }

    protected static EagerTensor[] Run(ICompiledFunction function, int outputs, params Tensor[] inputs)
    {
        var results = new ITensorHandle[outputs];
        function.Run([.. inputs.Select(Handle)], results);
        return [.. results.Select(r => new EagerTensor(r, Runtime))];
    }

    /// <summary>Collects what nothing uses, so that handle counts are exact.</summary>
    protected static long LiveAfterCollection(HandleKind kind)
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return LiveHandles.Of(kind);
    }

    /// <summary>Does work twice; the second time must leave no more handles of any kind than the first.</summary>
    /// <remarks>It may leave fewer: a status and the prepared ops of each thread go when a thread of some earlier test ends.</remarks>
    protected static void AssertLeavesNothing(Action work)
    {
        var kinds = Enum.GetValues<HandleKind>();
        work();
        var before = kinds.Select(LiveAfterCollection).ToArray();
        work();
        foreach (var (i, kind) in kinds.Index()) Assert.That(LiveAfterCollection(kind), Is.LessThanOrEqualTo(before[i]), kind.ToString());
    }
}
