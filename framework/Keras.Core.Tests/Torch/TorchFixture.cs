using Keras.Engines;
using Keras.Engines.Torch;
using Keras.Graphs;

namespace Keras.Tests.Torch;

/// <summary>A fixture whose tests run on the Torch engine, or are skipped where there is no library.</summary>
abstract class TorchFixture
{
    IDisposable? _scope;

    protected static IEngine Runtime => TestEngines.Require("torch");

    [SetUp]
    public void UseEngine() => _scope = Engine.Use(Runtime);

    [TearDown]
    public void LeaveEngine() => _scope?.Dispose();

    protected static Tensor Vector(params float[] values) => Tf.Constant(HostTensor.Of<float>(values, new Shape(values.Length)));

    protected static float[] Floats(Tensor tensor) => ((EagerTensor)tensor).ReadArray<float>();

    protected static ICompiledFunction Compile(Func<Tensor[], IEnumerable<Tensor>> body, out FunctionGraph traced, bool jit = false, params (DType DType, Shape Shape)[] parameters)
    {
        traced = FunctionGraph.Trace("test", parameters.Select((p, i) => (p.DType, p.Shape, $"x{i}")), body);
        return Runtime.Compile(Lowering.Lower(traced, Runtime.RunsNatively), new CompileOptions(jit));
    }

    protected static EagerTensor[] Run(ICompiledFunction function, int outputs, params Tensor[] inputs)
    {
        var results = new ITensorHandle[outputs];
        function.Run([.. inputs.Select(t => ((EagerTensor)t).Handle)], results);
        return [.. results.Select(r => new EagerTensor(r, Runtime))];
    }

    /// <summary>Collects what nothing uses, so that counts are exact.</summary>
    protected static long LiveAfterCollection()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return LiveBlocks.Count;
    }
}
