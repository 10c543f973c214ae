using System.Text.Json;
using Keras.Graphs;
using Keras.Losses;

namespace Keras.Tests.Losses;

/// <summary>Every loss of Keras' reference vectors: all reductions, the gradient, configs, identifiers.</summary>
[Category("Golden")]
public sealed class LossGoldenTests
{
    static readonly LossesApi Losses = new();

    static GoldenList List => GoldenList.Find("losses", "losses")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("losses", "losses", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Configs => GoldenList.Cases("losses", "losses", RunMode.Eager);

    static IEnumerable<JsonProperty> Identifiers =>
        GoldenList.Find("losses", "losses")?.Json is { } json && json.TryGetProperty("identifiers", out var names) ? [.. names.EnumerateObject()] : [];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void ValuesAndGradientAreKeras(JsonElement golden, RunMode mode)
    {
        var results = GoldenList.Part(golden, "results");
        string[] reductions = results is { } all ? [.. all.EnumerateObject().Select(r => r.Name)] : [];
        if (mode != RunMode.Eager) reductions = [.. reductions.Intersect(["sum_over_batch_size", "none"])];
        var inputs = new Dictionary<string, Tensor>();
        foreach (var name in (string[])["y_true", "y_pred", "sample_weight", "mask"])
            if (golden.TryGetProperty(name, out var value)) inputs[name] = List.Tensor(value);
        foreach (var refused in reductions.Where(r => GoldenList.Part(results!.Value.GetProperty(r), "raises") is not null))
            Assert.That(() => Make(golden, refused).Apply(inputs["y_true"], inputs["y_pred"], inputs.GetValueOrDefault("sample_weight")), Throws.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>());
        reductions = [.. reductions.Where(r => GoldenList.Part(results!.Value.GetProperty(r), "raises") is null)];
        var gradient = GoldenList.Part(golden, "grad");
        if (reductions.Length == 0 && gradient is null) return;

        var outputs = GoldenList.Run(mode, inputs, given => Compute(golden, reductions, given, gradient is not null), opensFirst: true);

        for (var i = 0; i < reductions.Length; i++) List.Compare(outputs[i], results!.Value.GetProperty(reductions[i]), 1e-5, 1e-5, reductions[i]);
        if (gradient is { } expected) List.Compare(outputs[^1], expected, 1e-4, 2e-5, "gradient");
    }

    /// <summary>The loss under each reduction, then the gradient of the mean.</summary>
    static Tensors Compute(JsonElement golden, string[] reductions, Tensors given, bool hasGradient)
    {
        Tensor Input(string name) => given[name];
        var (predictions, weight) = (Input("y_pred"), given.ContainsKey("sample_weight") ? Input("sample_weight") : null);
        using var tape = new GradientTape();
        tape.watch(predictions);
        if (given.ContainsKey("mask")) predictions.KerasMask = Input("mask");
        var values = Array.ConvertAll(reductions, r => Make(golden, r).Apply(Input("y_true"), predictions, weight));
        if (!hasGradient) return new Tensors(values.Select(v => new Tensors(v)));
        var main = Make(golden, "sum_over_batch_size").Apply(Input("y_true"), predictions, weight);
        return new Tensors([.. values.Select(v => new Tensors(v)), new Tensors(tape.gradient(main, predictions) ?? Tf.ZerosLike(predictions))]);
    }

    static Loss Make(JsonElement golden, string reduction)
    {
        var config = GoldenList.Kwargs(golden);
        config["reduction"] = reduction == "null" ? null : reduction;
        return Losses.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, config));
    }

    [TestCaseSource(nameof(Configs))]
    public void ConfigIsKeras(JsonElement golden, RunMode _)
    {
        if (golden.TryGetProperty("config", out var expected)) GoldenList.CompareConfig(Losses.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden))).get_config(), expected, "config");
    }

    [TestCaseSource(nameof(Identifiers))]
    public void IdentifierIsKnown(JsonProperty identifier)
    {
        var target = identifier.Value.GetProperty("target").GetString()!;
        if (target is "Loss" or "LossFunctionWrapper")
        {
            Assert.That(() => Losses.get(identifier.Name), Throws.ArgumentException, "a base class computes nothing");
            return;
        }
        var loss = Losses.get(identifier.Name);
        Assert.That((loss as LossFunctionWrapper)?.FunctionName ?? loss.GetType().Name, Is.EqualTo(target));
    }
}
