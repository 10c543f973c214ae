using System.Text.Json;
using Keras.Layers;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>Layers of texts and features, and models of them, as Python's Keras has them.</summary>
public sealed class FeatureGoldenTests
{
    static IEnumerable<TestCaseData> Cases => FeatureCases.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.GetProperty("id").GetString()!));

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void Values_are_Keras_eager_in_graphs_and_beside_compiled_parts(JsonElement golden)
    {
        var config = golden.GetProperty("kwargs").EnumerateObject().ToDictionary(k => k.Name, k => GoldenList.Plain(k.Value));
        var layer = Api.keras.layers.deserialize(SerializedObject.Of("keras.layers", golden.GetProperty("class").GetString()!, config));
        if (golden.TryGetProperty("adapt", out var data)) ((IAdaptable)layer).adapt(FeatureCases.Tensor(data));
        Tensors[] inputs = [.. golden.GetProperty("inputs").EnumerateArray().Select(i => new Tensors(FeatureCases.Tensor(i)))];
        var given = inputs.Length == 1 ? inputs[0] : new Tensors(inputs.AsEnumerable());
        foreach (var mode in new[] { RunMode.Eager, RunMode.Graph, RunMode.Xla })
            FeatureCases.Same(GoldenList.Run(mode, given, x => layer.Apply(x)).Single, golden.GetProperty("output"));
        if (golden.TryGetProperty("vocabulary", out var vocabulary))
        {
            var expected = vocabulary.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString() : v.GetRawText());
            Assert.That(layer switch { TextVectorization t => t.get_vocabulary(), StringLookup s => s.get_vocabulary(), var i => ((IntegerLookup)i).get_vocabulary().Select(n => $"{n}") }, Is.EqualTo(expected));
        }
        if (golden.TryGetProperty("boundaries", out var boundaries)) Assert.That(((Discretization)layer).bin_boundaries, Is.EqualTo(boundaries.EnumerateArray().Select(b => b.GetDouble())).Within(1e-6));
    }

    [TestCase("text.keras")]
    [TestCase("space.keras")]
    public void Files_of_Keras_load_and_go_back(string file)
    {
        using var folder = new TemporaryFolder();
        var golden = FeatureCases.Read("files.json").GetProperty(file);
        var model = Api.keras.models.load_model(FeatureCases.PathOf(file));
        var inputs = FeatureCases.Columns(golden.GetProperty("inputs"));
        FeatureCases.Same(model.Apply(inputs).Single, golden.GetProperty("output"));

        model.save(folder["again.keras"]);
        var again = Api.keras.models.load_model(folder["again.keras"]);
        FeatureCases.Same(again.Apply(inputs).Single, golden.GetProperty("output"));
    }

    [TestCase("text.keras")]
    [TestCase("space.keras")]
    [Category("Peer")]
    public void Keras_loads_what_is_saved_and_exported(string file)
    {
        using var folder = new TemporaryFolder();
        var golden = FeatureCases.Read("files.json").GetProperty(file);
        var model = Api.keras.models.load_model(FeatureCases.PathOf(file));
        model.Apply(FeatureCases.Columns(golden.GetProperty("inputs")));
        model.save(folder["ours.keras"]);
        model.export(folder["1"], verbose: false);
        var there = KerasPython.Run("framework/Keras.Tests/Layers/Preprocessing/features_in_keras.py", folder["ours.keras"], folder["1"], folder["theirs.keras"], golden.GetProperty("inputs").GetRawText());
        var expected = FeatureCases.Values(FeatureCases.Tensor(golden.GetProperty("output")));
        foreach (var way in new[] { "file", "signature" }) Assert.That(there.GetProperty(way).EnumerateArray().Select(v => v.GetDouble()), Is.EqualTo(expected).Within(1e-5), way);
        Assert.That(there.GetProperty("assets").GetInt32(), Is.EqualTo(2), "a vocabulary a file");
        FeatureCases.Same(Api.keras.models.load_model(folder["theirs.keras"]).Apply(FeatureCases.Columns(golden.GetProperty("inputs"))).Single, golden.GetProperty("output"));
    }
}
