namespace Keras.Engines;

/// <summary>Tells users how to get an engine, in the same words in every message.</summary>
static class EngineRemedies
{
    /// <summary>How to install TensorFlow's library, from packages alone and in the repository.</summary>
    public const string GetTensorFlow =
        "call keras.config.provision_tensorflow() once, or run the tool keras-provision (dotnet tool install --global Keras.Provision; in the repository ./build.sh provision), or reference SciSharp.TensorFlow.Redist 2.16.0";
}
