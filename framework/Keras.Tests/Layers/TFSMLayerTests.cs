using Keras.Graphs;
using Keras.Layers;
using Keras.Tests.SavedModels;

namespace Keras.Tests.Layers;

/// <summary>Exports of Hugging Face TF as layers, on the engine that runs.</summary>
sealed class TFSMLayerTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(typeof(GoldenSavedModels), nameof(GoldenSavedModels.Cases)), Category("Golden")]
    public void AnExportGivesItsGoldenOutputs(string name)
    {
        GoldenFolder.Require("savedmodels", name, "saved_model.pb");
        var (inputs, expected) = GoldenSavedModels.Call(name);
        using var layer = new TFSMLayer(GoldenFolder.PathOf("savedmodels", name));

        var outputs = layer.Apply(new Tensors(inputs.Select(i => KeyValuePair.Create(i.Key, new Tensors(Tf.Constant(i.Value))))));

        GoldenSavedModels.AssertClose(outputs.Named().ToDictionary(o => o.Key, o => o.Value.Single.RequireEager().ToHost()), expected);
    }

    [Test]
    public void AnUnknownSignatureIsNamedWithTheKnownOnes()
    {
        var name = GoldenSavedModels.Cases.FirstOrDefault();
        if (name is null) Assert.Ignore("The golden folder has no savedmodels.");

        var error = Assert.Throws<ArgumentException>(() => _ = new TFSMLayer(GoldenFolder.PathOf("savedmodels", name!), call_endpoint: "predict"))!;

        Assert.That(error.Message, Does.Contain("predict").And.Contain("serving_default"));
    }
}
