namespace Keras.Engines;

/// <summary>How a user gets an engine: one wording for every message.</summary>
static class EngineRemedies
{
    /// <summary>How TensorFlow's library comes onto a machine, with packages alone and in the repository.</summary>
    public const string GetTensorFlow =
        "call keras.config.provision_tensorflow() once, or run the tool keras-provision (dotnet tool install --global Keras.Provision; in the repository ./build.sh provision), or reference SciSharp.TensorFlow.Redist 2.16.0";
}
