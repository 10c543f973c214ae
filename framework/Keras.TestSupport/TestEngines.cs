using Keras.Backend;
using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Engines.Torch;

namespace Keras.Tests;

/// <summary>The engines that tests run on, made once each.</summary>
static class TestEngines
{
    static readonly Dictionary<string, (Func<bool> IsPresent, Lazy<IEngine> Engine, string Missing)> All = new()
    {
        ["tensorflow"] = (() => TensorFlowEngine.IsPresent, new(() => new TensorFlowEngine()), "libtensorflow is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW"),
        ["torch"] = (() => TorchEngine.IsPresent, new(() => new TorchEngine()), "libtorch is not installed: restore the NuGet package libtorch-cpu of this system"),
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The engine of this run: the tests of a project run once on each, so these need not take turns by themselves.</summary>
    public static IEnumerable<string> Selected => [EngineSelection.Name];

    /// <summary>An engine; null where it is not installed.</summary>
    public static IEngine? Find(string name) => All[name].IsPresent() ? All[name].Engine.Value : null;

    /// <summary>An engine, or the end of the test as skipped.</summary>
    public static IEngine Require(string name)
    {
        var (isPresent, engine, missing) = All[name];
        if (!isPresent()) Assert.Ignore(missing);
        return engine.Value;
    }
}
