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
        var reductions = golden.GetProperty("results").EnumerateObject().Select(r => r.Name).ToArray();
        if (mode != RunMode.Eager) reductions = ["sum_over_batch_size", "none"];
        var inputs = new Dictionary<string, Tensor>();
        foreach (var name in (string[])["y_true", "y_pred", "sample_weight", "mask"])
            if (golden.TryGetProperty(name, out var value)) inputs[name] = List.Tensor(value);
        var results = golden.GetProperty("results");
        if (results.EnumerateObject().First().Value.TryGetProperty("raises", out _))
        {
            Assert.That(() => Make(golden, reductions[0]).Apply(inputs["y_true"], inputs["y_pred"]), Throws.InstanceOf<KerasException>());
            return;
        }

        var outputs = GoldenList.Run(mode, inputs, given => Compute(golden, reductions, given), opensFirst: true);

        for (var i = 0; i < reductions.Length; i++) List.Compare(outputs[i], results.GetProperty(reductions[i]), 1e-5, 1e-5, reductions[i]);
        if (golden.TryGetProperty("grad", out var gradient)) List.Compare(outputs[^1], gradient, 1e-4, 2e-5, "gradient");
    }

    /// <summary>The loss under each reduction, then the gradient of the first.</summary>
    static Tensors Compute(JsonElement golden, string[] reductions, Tensors given)
    {
        Tensor Input(string name) => given[name];
        var (predictions, weight) = (Input("y_pred"), given.ContainsKey("sample_weight") ? Input("sample_weight") : null);
        using var tape = new GradientTape(persistent: true);
        tape.watch(predictions);
        if (given.ContainsKey("mask")) predictions.KerasMask = Input("mask");
        var values = Array.ConvertAll(reductions, r => Make(golden, r).Apply(Input("y_true"), predictions, weight));
        var main = values[Array.IndexOf(reductions, "sum_over_batch_size")];
        return new Tensors([.. values.Select(v => new Tensors(v)), new Tensors(tape.gradient(main, predictions) ?? Tf.ZerosLike(predictions))]);
    }

    static Loss Make(JsonElement golden, string reduction)
    {
        var config = GoldenList.Object(golden.GetProperty("kwargs"));
        config["reduction"] = reduction == "null" ? null : reduction;
        return Losses.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, config));
    }

    [TestCaseSource(nameof(Configs))]
    public void ConfigIsKeras(JsonElement golden, RunMode _)
    {
        if (golden.TryGetProperty("config", out var expected)) GoldenList.CompareConfig(Losses.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Object(golden.GetProperty("kwargs")))).get_config(), expected, "config");
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
