using System.Text.Json;
using Keras.Callbacks;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>The models of the training lists.</summary>
static class GoldenModel
{
    public static Model Make(JsonElement json) => (Model)Api.keras.layers.deserialize(GoldenList.Object(json));

    /// <summary>Builds the model, sets the recorded weights, and returns the variables in the recorded order.</summary>
    public static Variable[] Load(this Model model, GoldenList list, JsonElement weights, Tensors x)
    {
        model.Apply(x);
        Variable[] ordered = [.. model.weights];
        Assert.That(ordered.Select(w => w.name), Is.EqualTo(weights.EnumerateArray().Select(w => w.GetProperty("path").GetString()!.Split('/')[^1])));
        for (var i = 0; i < ordered.Length; i++) ordered[i].Load(list.Tensor(weights[i]));
        return ordered;
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

    /// <summary>fit with all that a case says.</summary>
    public static History Fit(Model model, GoldenList list, JsonElement golden, Tensors x, Tensors y, IEnumerable<Callback> callbacks)
    {
        var fit = golden.GetProperty("fit");
        int? Whole(string key) => GoldenList.Part(fit, key) is { ValueKind: JsonValueKind.Number } value ? value.GetInt32() : null;
        return model.fit(x, y, Whole("batch_size"), Whole("epochs") ?? 1, verbose: 0, callbacks: callbacks,
            validation_split: GoldenList.Part(fit, "validation_split")?.GetDouble() ?? 0, validation_data: Validation(list, golden),
            shuffle: GoldenList.Part(fit, "shuffle")?.GetBoolean() ?? false, class_weight: ClassWeight(fit), sample_weight: Tensors(list, golden, "sample_weight"),
            initial_epoch: Whole("initial_epoch") ?? 0, steps_per_epoch: Whole("steps_per_epoch"), validation_steps: Whole("validation_steps"),
            validation_batch_size: Whole("validation_batch_size"), validation_freq: Whole("validation_freq") ?? 1);
    }

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
