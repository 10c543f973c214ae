using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Graphs;

namespace Keras.Callbacks;

/// <summary>The state beside the weights that resumes an interrupted run exactly: metrics and random generators, as a text.</summary>
static class TrainingState
{
    sealed record State(long[][] Seeds, string[]? Metrics);

    public static string Save(Model model, bool withMetrics) => new JsonObject
    {
        [nameof(State.Seeds)] = ListOf(SeedsOf(model), v => ListOf(v.value.RequireEager().ToHost().ToInt64(), n => n)),
        [nameof(State.Metrics)] = withMetrics ? ListOf(MetricsOf(model), v => Convert.ToBase64String(v.value.RequireEager().ReadBytes())) : null,
    }.ToJsonString();

    /// <summary>Restores the seeds now, and the metrics as soon as they exist.</summary>
    /// <exception cref="FileFormatException">The state is damaged.</exception>
    public static void Restore(Model model, string text)
    {
        var state = Read(text);
        Variable[] seeds = [.. SeedsOf(model)];
        if (seeds.Length != state.Seeds.Length)
            throw new FileFormatException("A backup belongs to another model", null, $"{seeds.Length} sources of random draws", $"{state.Seeds.Length}", "Build the model as before, or remove the folder to begin anew.");
        foreach (var (seed, values) in seeds.Zip(state.Seeds)) seed.assign(Tf.Constant(HostTensor.Vector<long>(values)));
        if (state.Metrics is not { } metrics) return;
        model.RestoredMetrics = () =>
        {
            foreach (var (variable, bytes) in MetricsOf(model).Zip(metrics.Select(Convert.FromBase64String)))
                if (bytes.Length == variable.shape.ElementCount * variable.dtype.Size)
                    variable.assign(Tf.Constant(HostTensor.OfBytes(variable.dtype, variable.shape, bytes)));
        };
    }

    static State Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var metrics = root.GetProperty(nameof(State.Metrics));
            return new([.. root.GetProperty(nameof(State.Seeds)).EnumerateArray().Select(s => s.EnumerateArray().Select(v => v.GetInt64()).ToArray())],
                metrics.ValueKind == JsonValueKind.Null ? null : [.. metrics.EnumerateArray().Select(m => m.GetString()!)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FileFormatException("A backup's state of training is damaged", null, "seeds and metrics", e.Message.TrimEnd('.'), "Remove the folder to begin anew.", e);
        }
    }

    static JsonArray ListOf<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => [.. items.Select(write)];

    static IEnumerable<Variable> SeedsOf(Model model) =>
        ((IEnumerable<Layer>)[model, .. model.AllLayers()]).SelectMany(FieldTracker.Held<SeedGenerator>).Append(GlobalSeed.Generator).Distinct().Select(s => s.state);

    static IEnumerable<Variable> MetricsOf(Model model) => model.metrics.SelectMany(m => m.variables).SelectMany(v => v.Lost is { } lost ? (Variable[])[v, lost] : [v]);
}
