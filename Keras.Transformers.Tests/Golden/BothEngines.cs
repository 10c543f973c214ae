using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Engines.Torch;

namespace Keras.Transformers.Tests;

/// <summary>One engine of each kind for tests that compare them.</summary>
static class BothEngines
{
    static readonly Lazy<IEngine?> TensorFlow = new(() => TensorFlowEngine.IsPresent ? new TensorFlowEngine() : null);
    static readonly Lazy<IEngine?> Torch = new(() => TorchEngine.IsPresent ? new TorchEngine() : null);

    /// <summary>The engine of a name; null where it is not installed.</summary>
    public static IEngine? Find(string name) => name == "torch" ? Torch.Value : TensorFlow.Value;
}
