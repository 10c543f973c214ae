using Keras.Backend;

namespace Keras.Serving.Tests;

/// <summary>Nothing runs without an engine.</summary>
[SetUpFixture]
public sealed class SetUp
{
    [OneTimeSetUp]
    public void UseEngine()
    {
        if (!EngineSelection.IsPresent) Assert.Ignore("no engine is installed: run ./build.sh provision, set KERAS_LIBTENSORFLOW, or restore libtorch");
    }
}
