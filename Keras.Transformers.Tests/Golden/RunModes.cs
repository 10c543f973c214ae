using Keras.Backend;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Transformers.Tests;

/// <summary>How a model is run.</summary>
public enum RunMode
{
    Eager,
    Graph,
    Xla,
}

/// <summary>A fixture whose tests need an engine; they are skipped where there is none.</summary>
abstract class EngineFixture
{
    protected static readonly RunMode[] Modes = [RunMode.Eager, RunMode.Graph, RunMode.Xla];

    [OneTimeSetUp]
    public void NeedEngine()
    {
        SkipWithoutEngine();
        _ = Engine.Current;
    }

    /// <summary>Skips a test, or a fixture, where there is no engine.</summary>
    internal static void SkipWithoutEngine()
    {
        if (!EngineSelection.IsPresent) Assert.Ignore("no engine is installed: run ./build.sh provision, set KERAS_LIBTENSORFLOW, or restore libtorch");
    }

    /// <summary>Runs a function of tensors op by op, traced, or traced and compiled by XLA.</summary>
    protected static Tensors Run(RunMode mode, Tensors inputs, Func<Tensors, Tensors> function)
    {
        if (mode == RunMode.Eager) return function(inputs);
        using var traced = new TracedFunction("test", function, new CompileOptions(mode == RunMode.Xla));
        return traced.Call(inputs);
    }

    /// <summary>Compiles a model for a mode.</summary>
    protected static void Compile(Model model, RunMode mode, Optimizers.OptimizerArg optimizer, Metrics.MetricsArg? metrics = null) =>
        model.compile(optimizer, metrics: metrics, run_eagerly: mode == RunMode.Eager, jit_compile: mode == RunMode.Xla);

    protected static HostTensor Host(Tensor tensor) => ((EagerTensor)tensor).ToHost();

    protected static float[] Floats(Tensor tensor) => tensor.ToArray<float>();
}
