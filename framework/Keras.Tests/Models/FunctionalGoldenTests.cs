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
        var weights = GoldenList.Items(golden, "weights");
        // A layer that its config builds does not know the model around it yet.
        Assert.That(model.weights.Zip(weights, (w, e) => $"/{e.GetProperty("path").GetString()}".EndsWith($"/{w.path}", StringComparison.Ordinal)), Has.All.True);
        Assert.That(model.weights, Has.Count.EqualTo(weights.Length));
        Assert.That(model.weights.Select(w => w.trainable), Is.EqualTo(weights.Select(w => w.GetProperty("trainable").GetBoolean())));
        foreach (var (variable, value) in model.weights.Zip(weights)) variable.Load(List.Tensor(value));
        return Inputs(golden);
    }

    static Tensors Inputs(JsonElement golden) => Training.GoldenTraining.Tensors(List, golden.GetProperty("inputs")) is var inputs && inputs is { IsDictionary: false, Count: 1 } ? inputs[0] : inputs;

    [TestCaseSource(nameof(Cases))]
    public void OutputsAreKeras(JsonElement golden, RunMode mode)
    {
        var model = Make(golden);
        var inputs = Load(model, golden);

        var outputs = GoldenList.Run(mode, inputs, given => model.Apply(given));

        CompareOutputs(outputs, golden);
    }

    static void CompareOutputs(Tensors outputs, JsonElement golden)
    {
        if (GoldenList.Part(golden, "outputs") is not { } record) return;
        JsonElement[] expected = record.ValueKind == JsonValueKind.Object ? [.. record.EnumerateObject().Select(o => o.Value)] : [.. record.EnumerateArray()];
        if (outputs.IsDictionary) Assert.That(outputs.Keys, Is.EquivalentTo(record.EnumerateObject().Select(o => o.Name)));
        Tensor[] flat = outputs.IsDictionary ? [.. record.EnumerateObject().Select(o => outputs[o.Name].Single)] : [.. outputs.Flatten()];
        Assert.That(flat, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < flat.Length; i++) List.Compare(flat[i], expected[i], 1e-4, 2e-5, $"output {i}");
    }

    static IEnumerable<TestCaseData> WeightFiles => from test in Once
                                                    from file in GoldenList.Part((JsonElement)test.Arguments[0]!, "files") is { } files ? files.EnumerateObject().ToArray() : []
                                                    where file.Name != "keras" && File.Exists(PathOf(file.Value))
                                                    select new TestCaseData(test.Arguments[0], file).SetArgDisplayNames(test.ArgDisplayNames![0], file.Name);

    static string PathOf(JsonElement file) => Path.Combine(GoldenList.FolderOf("functional"), file.GetString()!);

    [TestCaseSource(nameof(WeightFiles))]
    public void WeightFilesOfKerasLoad(JsonElement golden, JsonProperty file)
    {
        var model = Make(golden);
        model.load_weights(PathOf(file.Value));
        CompareOutputs(model.Apply(Inputs(golden)), golden);
    }

    [TestCaseSource(nameof(Once))]
    public void LayersAreKeras(JsonElement golden, RunMode _)
    {
        var model = Make(golden);
        if (GoldenList.Part(golden, "layers") is { } layers)
            Assert.That(model.layers.Select(l => (l.name, l.GetType().Name, l.count_params())),
                Is.EqualTo(layers.EnumerateArray().Select(l => (l.GetProperty("name").GetString(), l.GetProperty("class").GetString(), l.GetProperty("params").GetInt64()))));
        if (GoldenList.Part(golden, "count_params") is { } count) Assert.That(model.count_params(), Is.EqualTo(count.GetInt64()));
        if (model is not Functional functional) return;
        if (GoldenList.Part(golden, "input_names") is { } inputs) Assert.That(functional.input_names, Is.EqualTo(inputs.EnumerateArray().Select(n => n.GetString())));
        if (GoldenList.Part(golden, "output_names") is { } outputs) Assert.That(functional.output_names, Is.EqualTo(outputs.EnumerateArray().Select(n => n.GetString())));
        if (GoldenList.Part(golden, "output_shapes") is { } shapes) Assert.That(InKeysOrder(functional.outputs).Select(o => o.shape.ToString()), Is.EqualTo(shapes.EnumerateArray().Select(ShapeOf)));
    }

    static IEnumerable<Tensor> InKeysOrder(Tensors tensors) => tensors.IsDictionary ? tensors.Keys.Order(StringComparer.Ordinal).Select(k => tensors[k].Single) : tensors.Flatten();

    static string ShapeOf(JsonElement dims) => Shape.Create([.. dims.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Null ? (long?)null : d.GetInt64())]).ToString();

    [TestCaseSource(nameof(Once))]
    public void SummaryIsKeras(JsonElement golden, RunMode _)
    {
        var model = Make(golden);
        var texts = new List<string>();
        model.summary(line_length: 90, print_fn: texts.Add);
        if (GoldenList.Part(golden, "summary_line_length_90") is { } plain) Assert.That(texts.Single().TrimEnd(), Is.EqualTo(plain.GetString()!.TrimEnd()));
        model.summary(line_length: 90, print_fn: texts.Add, expand_nested: true, show_trainable: true);
        if (GoldenList.Part(golden, "summary_expand_nested_show_trainable") is { } nested) Assert.That(texts[1].TrimEnd(), Is.EqualTo(nested.GetString()!.TrimEnd()));
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
