using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>What lookup layers and bins learned: after it changes, in files, and in files that are damaged.</summary>
public sealed class LookupStateTests
{
    static readonly string[] Words = ["a", "b", "a", "c"];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Model Of(Layer layer, string dtype = "string")
    {
        var inputs = keras.Input(shape: 1, dtype: dtype);
        return keras.Model(inputs, layer.Apply(inputs));
    }

    static TLayer Reloaded<TLayer>(TLayer layer, string dtype = "string") where TLayer : Layer
    {
        using var folder = new TemporaryFolder();
        Of(layer, dtype).save(folder["model.keras"]);
        return keras.models.load_model(folder["model.keras"]).layers.OfType<TLayer>().Single();
    }

    [Test]
    public void An_empty_token_is_exported()
    {
        using var folder = new TemporaryFolder();
        var model = Of(keras.layers.StringLookup(vocabulary: ["a", "", "b"]));
        model.export(folder["1"], verbose: false);
        var served = keras.layers.TFSMLayer(folder["1"], call_endpoint: "serving_default").Apply(Tensor.Of(new[,] { { "b" }, { "" }, { "x" } }));
        Assert.That(served.Flatten()[0].ToArray<long>(), Is.EqualTo(new long[] { 3, 2, 0 }));
        Assert.That(Directory.Exists(folder["1/assets"]) && Directory.EnumerateFiles(folder["1/assets"]).Any(), Is.False, "TensorFlow refuses files with empty lines");
    }
}
