using System.Text.Json;

namespace Keras.Tests.Models;

/// <summary>Keras' own models, made of their configs: layers, weights, outputs, summaries, and the config that comes out again.</summary>
[Category("Golden")]
public sealed class FunctionalGoldenTests
{
    static GoldenList List => GoldenList.Find("functional", "models")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("functional", "models", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Once => GoldenList.Cases("functional", "models", RunMode.Eager);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Model Make(JsonElement golden)
    {
        foreach (var name in LayerClasses(golden.GetProperty("to_json")))
            if (!LayerConfigs.Classes.ContainsKey(name)) Assert.Ignore($"no layer {name} yet");
        return (Model)Api.keras.layers.deserialize(GoldenList.Object(golden.GetProperty("to_json")));
    }

    static IEnumerable<string> LayerClasses(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(LayerClasses),
        JsonValueKind.Object => [.. IsLayer(value) ? [value.GetProperty("class_name").GetString()!] : Array.Empty<string>(), .. value.EnumerateObject().SelectMany(p => LayerClasses(p.Value))],
        _ => [],
    };

    static bool IsLayer(JsonElement value) => value.TryGetProperty("class_name", out _) && value.TryGetProperty("module", out var module) && module.GetString() == "keras.layers";

    static Tensors Load(Model model, JsonElement golden)
    {
        var weights = golden.GetProperty("weights").EnumerateArray().ToArray();
        // A layer that its config builds does not know the model around it yet.
        Assert.That(model.weights.Zip(weights, (w, e) => $"/{e.GetProperty("path").GetString()}".EndsWith($"/{w.path}", StringComparison.Ordinal)), Has.All.True);
        Assert.That(model.weights, Has.Count.EqualTo(weights.Length));
        Assert.That(model.weights.Select(w => w.trainable), Is.EqualTo(weights.Select(w => w.GetProperty("trainable").GetBoolean())));
        foreach (var (variable, value) in model.weights.Zip(weights)) variable.Load(List.Tensor(value));
        return Training.GoldenTraining.Tensors(List, golden.GetProperty("inputs")) is var inputs && inputs is { IsDictionary: false, Count: 1 } ? inputs[0] : inputs;
    }

    [TestCaseSource(nameof(Cases))]
    public void OutputsAreKeras(JsonElement golden, RunMode mode)
    {
        var model = Make(golden);
        var inputs = Load(model, golden);

        var outputs = GoldenList.Run(mode, inputs, given => model.Apply(given));

        JsonElement[] expected = golden.GetProperty("outputs") is { ValueKind: JsonValueKind.Object } named ? [.. named.EnumerateObject().Select(o => o.Value)] : [.. golden.GetProperty("outputs").EnumerateArray()];
        if (outputs.IsDictionary) Assert.That(outputs.Keys, Is.EquivalentTo(golden.GetProperty("outputs").EnumerateObject().Select(o => o.Name)));
        var flat = outputs.IsDictionary ? golden.GetProperty("outputs").EnumerateObject().Select(o => outputs[o.Name].Single).ToArray() : [.. outputs.Flatten()];
        Assert.That(flat, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < flat.Length; i++) List.Compare(flat[i], expected[i], 1e-4, 2e-5, $"output {i}");
    }

    [TestCaseSource(nameof(Once))]
    public void LayersAreKeras(JsonElement golden, RunMode _)
    {
        var model = Make(golden);
        Assert.That(model.layers.Select(l => (l.name, l.GetType().Name, l.count_params())),
            Is.EqualTo(golden.GetProperty("layers").EnumerateArray().Select(l => (l.GetProperty("name").GetString(), l.GetProperty("class").GetString(), l.GetProperty("params").GetInt64()))));
        Assert.That(model.count_params(), Is.EqualTo(golden.GetProperty("count_params").GetInt64()));
        if (model is not Functional functional) return;
        Assert.That(functional.input_names, Is.EqualTo(golden.GetProperty("input_names").EnumerateArray().Select(n => n.GetString())));
        Assert.That(functional.output_names, Is.EqualTo(golden.GetProperty("output_names").EnumerateArray().Select(n => n.GetString())));
        Assert.That(InKeysOrder(functional.outputs).Select(o => o.shape.ToString()), Is.EqualTo(golden.GetProperty("output_shapes").EnumerateArray().Select(ShapeOf)));
    }

    static IEnumerable<Tensor> InKeysOrder(Tensors tensors) => tensors.IsDictionary ? tensors.Keys.Order(StringComparer.Ordinal).Select(k => tensors[k].Single) : tensors.Flatten();

    static string ShapeOf(JsonElement dims) => Shape.Create([.. dims.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Null ? (long?)null : d.GetInt64())]).ToString();

    [TestCaseSource(nameof(Once))]
    public void SummaryIsKeras(JsonElement golden, RunMode _)
    {
        var model = Make(golden);
        var texts = new List<string>();
        model.summary(line_length: 90, print_fn: texts.Add);
        Assert.That(texts.Single().TrimEnd(), Is.EqualTo(golden.GetProperty("summary_line_length_90").GetString()!.TrimEnd()));
        model.summary(line_length: 90, print_fn: texts.Add, expand_nested: true, show_trainable: true);
        Assert.That(texts[1].TrimEnd(), Is.EqualTo(golden.GetProperty("summary_expand_nested_show_trainable").GetString()!.TrimEnd()));
    }

    [TestCaseSource(nameof(Once))]
    public void ConfigIsKerasAndMakesTheSameModel(JsonElement golden, RunMode _)
    {
        var model = Make(golden);
        var serialized = Api.keras.layers.serialize(model);
        CompareModels(serialized, golden.GetProperty("to_json"), "model");
        var again = (Model)Api.keras.layers.deserialize(serialized);
        CompareModels(Api.keras.layers.serialize(again), golden.GetProperty("to_json"), "model");
    }

    /// <summary>Arguments of calls that are null, and where layers were built, need not be written.</summary>
    static void CompareModels(object? actual, JsonElement expected, string where)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var map = (IReadOnlyDictionary<string, object?>)actual!;
                string[] Named(IEnumerable<string> keys) => [.. keys.Where(k => k is not ("build_config" or "compile_config"))];
                var inKwargs = where.EndsWith(".kwargs", StringComparison.Ordinal);
                var wanted = expected.EnumerateObject().Where(p => !(inKwargs && p.Value.ValueKind == JsonValueKind.Null)).ToArray();
                Assert.That(Named(map.Keys), Is.EquivalentTo(Named(wanted.Select(p => p.Name))), $"keys of {where}");
                foreach (var property in wanted)
                    if (map.ContainsKey(property.Name) && property.Name != "compile_config") CompareModels(map[property.Name], property.Value, $"{where}.{property.Name}");
                break;
            case JsonValueKind.Array:
                var items = ((System.Collections.IEnumerable)actual!).Cast<object?>().ToArray();
                Assert.That(items, Has.Length.EqualTo(expected.GetArrayLength()), where);
                for (var i = 0; i < items.Length; i++) CompareModels(items[i], expected[i], $"{where}[{i}]");
                break;
            default:
                GoldenList.CompareConfig(actual, expected, where);
                break;
        }
    }
}
