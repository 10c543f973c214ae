using System.Text.Json;
using Keras.Layers;

namespace Keras.Tests.Layers;

/// <summary>Every layer of Keras' reference vectors: outputs, masks, losses, gradients, weights, symbolic shapes and configs.</summary>
[Category("Golden")]
public sealed class LayerGoldenTests
{
    static IEnumerable<TestCaseData> Cases(params RunMode[] modes) => from list in GoldenList.Names("layers")
                                                                      where GoldenList.Find("layers", list)!.Json.TryGetProperty("cases", out _)
                                                                      from test in GoldenList.Cases("layers", list, modes)
                                                                      select new TestCaseData([list, .. test.Arguments]).SetArgDisplayNames([list, .. test.ArgDisplayNames!]);

    static IEnumerable<TestCaseData> AllModes => Cases(RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Once => Cases(RunMode.Eager);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    /// <summary>Gradients, attention, convolutions and recurrent layers: 1e-4 relative, 2e-5 absolute; else 1e-5 (the golden README). Resizing in 0 to 255: 1e-3.</summary>
    static (double Relative, double Absolute) ToleranceOf(string list, string name) => name switch
    {
        "Resizing" => (1e-5, 1e-3),
        _ => list is "attention" or "convolution" or "recurrent" or "recurrent_more" ? (1e-4, 2e-5) : (1e-5, 1e-5),
    };

    [TestCaseSource(nameof(AllModes))]
    public void ValuesAreKeras(string list, JsonElement golden, RunMode mode)
    {
        var golds = GoldenList.Find("layers", list)!;
        var call = LayerCase.Make(golds, golden);
        var tolerance = ToleranceOf(list, call.Name);

        var results = call.Run(mode);

        Compare(golds, golden, "outputs", results.Outputs, tolerance);
        Compare(golds, golden, "output_masks", results.Masks, tolerance);
        if (golden.TryGetProperty("layer_losses", out var losses))
            Assert.That(results.Losses.Select(l => l!.ToScalar<float>()), Is.EqualTo(losses.EnumerateArray().Select(l => l.GetDouble())).Within(1e-5));
        if (golden.TryGetProperty("grads", out var gradients))
        {
            Compare(golds, gradients, "inputs", results.InputGradients, (1e-4, 2e-5));
            Compare(golds, gradients, "weights", results.WeightGradients, (1e-4, 2e-5));
        }
        if (golden.TryGetProperty("weights_after", out _)) Compare(golds, golden, "weights_after", [.. call.Layer.weights.Select(w => w.value)], tolerance);
    }

    static void Compare(GoldenList golds, JsonElement owner, string key, IReadOnlyList<Tensor?> actual, (double Relative, double Absolute) tolerance)
    {
        if (!owner.TryGetProperty(key, out var expected) || expected.ValueKind != JsonValueKind.Array) return;
        Assert.That(actual, Has.Count.EqualTo(expected.GetArrayLength()), $"number of {key}");
        for (var i = 0; i < actual.Count; i++)
        {
            if (expected[i].ValueKind == JsonValueKind.Null) Assert.That(actual[i], key == "weights" ? Is.Null.Or.Not.Null : Is.Null, $"{key} {i}");
            else if (expected[i].TryGetProperty("strings", out var strings)) Assert.That(actual[i]!.ToArray<string>(), Is.EqualTo(strings.EnumerateArray().Select(s => s.GetString())), key);
            else golds.Compare(actual[i] ?? throw new AssertionException($"There is no {key} {i}."), expected[i], tolerance.Relative, tolerance.Absolute, $"{key} {i}");
        }
    }

    [TestCaseSource(nameof(Once))]
    public void WeightsAreKeras(string list, JsonElement golden, RunMode _)
    {
        var call = LayerCase.Make(GoldenList.Find("layers", list)!, golden);
        var expected = GoldenList.Items(golden, "weights");
        if (expected.Length == 0) return;
        Assert.That(call.Layer.weights.Select(w => w.name), Is.EqualTo(expected.Select(w => w.GetProperty("name").GetString())));
        Assert.That(call.Layer.weights.Select(w => w.trainable), Is.EqualTo(expected.Select(w => w.GetProperty("trainable").GetBoolean())));
        Assert.That(call.Layer.weights.Select(w => Unnumbered(w.path)), Is.EqualTo(expected.Select(w => Unnumbered(w.GetProperty("path").GetString()!))));
    }

    /// <summary>Automatic names count per process.</summary>
    static string Unnumbered(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"_\d+(?=/)", "");

    [TestCaseSource(nameof(Once))]
    public void SymbolicShapesAreKeras(string list, JsonElement golden, RunMode _)
    {
        var call = LayerCase.Make(GoldenList.Find("layers", list)!, golden);
        if (golden.TryGetProperty("symbolic_outputs", out var batches)) call.CheckSymbolic(batches, (shape, _) => shape.Rank == 0 ? shape : shape.With(0, -1));
        if (golden.TryGetProperty("symbolic_outputs_unknown", out var unknown))
            call.CheckSymbolic(unknown, (shape, _) => new Shape([.. shape.ToArray().Select((d, axis) => axis == shape.Rank - 1 ? d : -1)]));
    }

    [TestCaseSource(nameof(Once))]
    public void ConfigIsKerasAndMakesTheSameLayer(string list, JsonElement golden, RunMode _)
    {
        var call = LayerCase.Make(GoldenList.Find("layers", list)!, golden);
        if (!golden.TryGetProperty("config", out var expected)) return;
        var config = call.Layer.get_config();
        // A seed that nobody gave is a number of chance.
        if (config.TryGetValue("seed", out var seed) && seed is not null && !GoldenList.Kwargs(golden).ContainsKey("seed"))
            expected = JsonSerializer.SerializeToElement(expected.EnumerateObject().ToDictionary(p => p.Name, p => p.Name == "seed" ? JsonSerializer.SerializeToElement(seed) : p.Value));
        GoldenList.CompareConfig(config, expected, "config");
        var again = LayerConfigs.Make(call.Layer.GetType(), config);
        // The layers inside of others tell what they were built for.
        if (again is Wrapper or Bidirectional && call.Layer.BuildShapes is { } shapes) again.BuildFor(shapes.Single.shape);
        GoldenList.CompareConfig(again.get_config(), expected, "config");
        Assert.That(again.name, Is.EqualTo(call.Layer.name));
    }
}
