using System.Text.Json;
using Keras.Graphs;
using Keras.Layers;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>A model made of Keras' JSON of a Sequential or Functional one, of the layers that training lists use.</summary>
sealed class GoldenModel : Model
{
    readonly Dictionary<string, Layer> _layers = [];
    readonly JsonElement _config;
    readonly JsonElement[] _layerConfigs;
    readonly bool _isSequential;

    GoldenModel(JsonElement json) : base(json.GetProperty("config").GetProperty("name").GetString())
    {
        _config = json.GetProperty("config");
        _isSequential = json.GetProperty("class_name").GetString() == "Sequential";
        _layerConfigs = [.. _config.GetProperty("layers").EnumerateArray()];
        foreach (var layer in _layerConfigs)
            if (ClassOf(layer) == "Dense") _layers[NameOf(layer)] = MakeDense(layer.GetProperty("config"));
    }

    public static GoldenModel Make(JsonElement json)
    {
        var missing = json.GetProperty("config").GetProperty("layers").EnumerateArray().Select(ClassOf).Except(["InputLayer", "Dense", "ReLU", "Add"]).Distinct().ToList();
        if (missing.Count > 0) Assert.Ignore($"The test's model has no layer {string.Join(", ", missing)}.");
        return new(json);
    }

    public override IReadOnlyList<string>? output_names =>
        _config.TryGetProperty("output_layers", out var outputs) && outputs.ValueKind == JsonValueKind.Array && outputs[0].ValueKind == JsonValueKind.Array
            ? [.. outputs.EnumerateArray().Select(o => o[0].GetString()!)] : null;

    public override Tensors call(Tensors inputs, bool training = false)
    {
        var values = new Dictionary<string, Tensor>();
        Tensor? last = null;
        foreach (var layer in _layerConfigs)
        {
            last = Output(layer, last, values, inputs);
            values[NameOf(layer)] = last;
        }
        if (_isSequential) return last!;
        var outputs = _config.GetProperty("output_layers");
        if (outputs.ValueKind == JsonValueKind.Object)
            return new Tensors(outputs.EnumerateObject().Select(o => KeyValuePair.Create(o.Name, new Tensors(values[o.Value[0].GetString()!]))));
        return outputs[0].ValueKind == JsonValueKind.Array ? new Tensors(outputs.EnumerateArray().Select(o => new Tensors(values[o[0].GetString()!]))) : values[outputs[0].GetString()!];
    }

    Tensor Output(JsonElement layer, Tensor? last, Dictionary<string, Tensor> values, Tensors inputs)
    {
        var name = NameOf(layer);
        if (ClassOf(layer) == "InputLayer") return inputs.IsDictionary ? inputs[name] : inputs;
        Tensor[] given = _isSequential ? [last!] : [.. Sources(layer.GetProperty("inbound_nodes")[0].GetProperty("args")[0]).Select(s => values[s])];
        switch (ClassOf(layer))
        {
            case "ReLU": return Tf.Relu(given[0]);
            case "Add": return given.Aggregate((a, b) => a + b);
            default:
                var output = _layers[name].Apply(given[0]).Single;
                AddPenalties(layer.GetProperty("config"), (Dense)_layers[name], output);
                return output;
        }
    }

    void AddPenalties(JsonElement config, Dense layer, Tensor output)
    {
        if (Penalty(config, "kernel_regularizer") is var (kernelKind, kernelFactor)) add_loss(Penalty(kernelKind, layer.kernel.value, kernelFactor));
        if (Penalty(config, "bias_regularizer") is var (biasKind, biasFactor)) add_loss(Penalty(biasKind, layer.bias!.value, biasFactor));
        if (Penalty(config, "activity_regularizer") is var (kind, factor)) add_loss(Penalty(kind, output, factor) / Tf.Cast(Tf.DimOf(output, 0), DType.Float32));
    }

    static (string Kind, double Factor)? Penalty(JsonElement config, string key) => config.TryGetProperty(key, out var json) && json.ValueKind == JsonValueKind.Object
        ? (json.GetProperty("class_name").GetString()!, json.GetProperty("config").EnumerateObject().First().Value.GetDouble()) : null;

    static Tensor Penalty(string kind, Tensor value, double factor) => Tf.Sum(kind == "L1" ? Tf.Abs(value) : Tf.Square(value)) * factor;

    static IEnumerable<string> Sources(JsonElement args) => args.ValueKind == JsonValueKind.Array
        ? args.EnumerateArray().SelectMany(Sources) : [args.GetProperty("config").GetProperty("keras_history")[0].GetString()!];

    static string ClassOf(JsonElement layer) => layer.GetProperty("class_name").GetString()!;

    static string NameOf(JsonElement layer) => layer.GetProperty("config").GetProperty("name").GetString()!;

    static Dense MakeDense(JsonElement config)
    {
        Func<Tensor, Tensor>? activation = config.GetProperty("activation").GetString() switch
        {
            "tanh" => Tf.Tanh,
            "relu" => Tf.Relu,
            "sigmoid" => Tf.Sigmoid,
            "softmax" => Tf.Softmax,
            _ => null,
        };
        return new(config.GetProperty("units").GetInt32(), activation, name: config.GetProperty("name").GetString());
    }

    /// <summary>Builds the model, sets the recorded weights, and returns the variables in the recorded order.</summary>
    public Variable[] Load(GoldenList list, JsonElement weights, Tensors x)
    {
        Apply(x);
        Variable[] ordered = [.. weights.EnumerateArray().Select(w => Find(w.GetProperty("path").GetString()!))];
        for (var i = 0; i < ordered.Length; i++) ordered[i].Load(list.Tensor(weights[i]));
        return ordered;
    }

    Variable Find(string path)
    {
        var parts = path.Split('/');
        return _layers[parts[^2]].weights.Single(w => w.name == parts[^1]);
    }
}

/// <summary>Reads what the training lists hold.</summary>
static class GoldenTraining
{
    public static Tensors Tensors(GoldenList list, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => new(value.EnumerateArray().Select(v => Tensors(list, v))),
        JsonValueKind.Object when !value.TryGetProperty("shape", out _) => new(value.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Tensors(list, p.Value)))),
        _ => new(list.Tensor(value)),
    };

    public static Tensors? Tensors(GoldenList list, JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? Tensors(list, value) : null;

    public static void Compile(Model model, JsonElement compile, RunMode mode)
    {
        JsonElement? Get(string key) => compile.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        model.compile(Optimizer(compile.GetProperty("optimizer")), Get("loss") is { } loss ? Loss(loss) : null, Weights(Get("loss_weights")), Metrics(Get("metrics")),
            Metrics(Get("weighted_metrics")), run_eagerly: mode == RunMode.Eager, steps_per_execution: Get("steps_per_execution")?.GetInt32() ?? 1, jit_compile: mode == RunMode.Xla);
    }

    static OptimizerArg Optimizer(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : new OptimizersApi().get(GoldenList.Object(json));

    static LossArg? Loss(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Array => LossArg.Create([.. json.EnumerateArray().Select(Loss)]),
        _ when json.TryGetProperty("class", out _) => new LossesApi().get(GoldenList.Object(json)),
        _ => json.EnumerateObject().ToDictionary(p => p.Name, p => Loss(p.Value)),
    };

    static MetricsArg? Metrics(JsonElement? given) => given is not { } json ? null : json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Array => MetricsArg.Create([.. json.EnumerateArray().Select(m => Metrics(m))]),
        _ when json.TryGetProperty("class", out _) => new MetricsApi().get(GoldenList.Object(json)),
        _ => json.EnumerateObject().ToDictionary(p => p.Name, p => Metrics(p.Value)),
    };

    static LossWeightsArg? Weights(JsonElement? given) => given is not { } json ? null : json.ValueKind == JsonValueKind.Array
        ? json.EnumerateArray().Select(w => w.GetDouble()).ToArray() : json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());

    public static Dictionary<int, double>? ClassWeight(JsonElement owner) => owner.TryGetProperty("class_weight", out var json) && json.ValueKind == JsonValueKind.Object
        ? json.EnumerateObject().ToDictionary(p => int.Parse(p.Name, System.Globalization.CultureInfo.InvariantCulture), p => p.Value.GetDouble()) : null;

    public static ValidationData? Validation(GoldenList list, JsonElement owner)
    {
        if (!owner.TryGetProperty("validation_data", out var json) || json.ValueKind == JsonValueKind.Null) return null;
        Tensors[] parts = [.. json.EnumerateArray().Select(v => Tensors(list, v))];
        return new(parts[0], parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2));
    }

    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity } : value.GetDouble();

    public static void Close(double actual, JsonElement expected, string what)
    {
        var wanted = Number(expected);
        if (actual.Equals(wanted)) return;
        Assert.That(Math.Abs(actual - wanted), Is.LessThanOrEqualTo(1e-5 + (2e-4 * Math.Abs(wanted))), $"{what}: {actual} instead of {wanted}");
    }

    /// <summary>Compares logs with a list of [name, value].</summary>
    public static void CompareLogs(IEnumerable<KeyValuePair<string, double>> actual, JsonElement expected, string what)
    {
        var logs = actual.ToDictionary();
        Assert.That(logs.Keys, Is.EquivalentTo(expected.EnumerateArray().Select(l => l[0].GetString())), $"names of {what}");
        foreach (var log in expected.EnumerateArray()) Close(logs[log[0].GetString()!], log[1], $"{log[0]} of {what}");
    }

    public static void CompareHistory(IReadOnlyDictionary<string, List<double>> actual, JsonElement expected, Func<string, bool>? where = null)
    {
        foreach (var log in expected.EnumerateArray())
        {
            var name = log[0].GetString()!;
            if (where?.Invoke(name) == false) continue;
            Assert.That(actual, Contains.Key(name));
            Assert.That(actual[name], Has.Count.EqualTo(log[1].GetArrayLength()), name);
            for (var i = 0; i < actual[name].Count; i++) Close(actual[name][i], log[1][i], $"{name} of epoch {i}");
        }
        Assert.That(actual.Keys, Is.EquivalentTo(expected.EnumerateArray().Select(l => l[0].GetString())));
    }

    public static void CompareWeights(GoldenList list, IReadOnlyList<Variable> actual, JsonElement expected)
    {
        for (var i = 0; i < actual.Count; i++) list.Compare(actual[i].value, expected[i], 2e-4, 1e-5, actual[i].path);
    }
}
