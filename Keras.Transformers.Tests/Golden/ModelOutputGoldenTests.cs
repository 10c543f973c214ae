using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Every call of every golden model: all outputs, losses and gradients.</summary>
[Category("Golden")]
sealed class ModelOutputGoldenTests : EngineFixture
{
    const double OutputTolerance = 2e-5;
    const double GradientTolerance = 1e-4;

    static IEnumerable<TestCaseData> WithCalls => ModelCases.With("calls", Modes);

    static IEnumerable<TestCaseData> WithGradients => ModelCases.With("gradients", Modes);

    static IEnumerable<TestCaseData> Weights => ModelCases.Weights();

    [TestCaseSource(nameof(WithCalls))]
    public void Calls_return_the_golden_outputs(string name, RunMode mode)
    {
        var golden = ModelCases.Open(name);
        var model = golden.Load();
        var closeness = new Closeness();
        foreach (var call in golden.Json["calls"]!.AsArray().Select(c => c!.AsObject()))
        {
            var outputs = Run(mode, golden.Tensors(call["inputs"]!), inputs => Apply(model, inputs, call));
            CompareOutputs(closeness, golden, call, outputs);
        }
        closeness.Verify();
    }

    [TestCaseSource(nameof(WithGradients))]
    public void Gradients_of_every_weight_are_the_golden_ones(string name, RunMode mode)
    {
        var golden = ModelCases.Open(name);
        var model = golden.Load();
        var gradients = golden.Json["gradients"]!;
        var call = golden.Json["calls"]!.AsArray().Single(c => c!["name"]!.GetValue<string>() == gradients["call"]!.GetValue<string>())!.AsObject();
        List<string> keys = [.. model.Weights.Keys];
        var values = gradients["values"]!.AsObject();
        Assert.That(values.Select(v => v.Key), Is.SubsetOf(keys), "Every golden gradient is of a weight.");
        var missing = new List<string>();
        var computed = Run(mode, golden.Tensors(call["inputs"]!), inputs =>
        {
            using var tape = new GradientTape();
            var loss = Graphs.Tf.Mean(Apply(model, inputs, call)["loss"].Single);
            var found = tape.gradient(loss, [.. keys.Select(model.Weights.VariableOf)]);
            missing = [.. keys.Where((_, i) => found[i] is null)];
            return new Tensors(found.Select((g, i) => new Tensors(g ?? Graphs.Tf.ZerosLike(model.Weights.VariableOf(keys[i])))));
        });
        // A weight that the call does not use has no golden gradient: ours is none, or zero.
        Assert.That(missing.Intersect(values.Select(v => v.Key)), Is.Empty, "weights without a gradient");
        var closeness = new Closeness();
        foreach (var (key, i) in keys.Select((k, i) => (k, i)))
        {
            // The weights are not needed any more: the table itself brings a gradient into the file's layout.
            model.Weights.VariableOf(key).assign(computed[i].Single);
            var actual = InFile(model, key);
            closeness.Compare(key, actual, values[key] is { } expected ? golden.Host(expected) : Zeros(actual), GradientTolerance);
        }
        closeness.Verify();
    }

    [TestCaseSource(nameof(Weights))]
    public void Every_kind_of_weights_gives_the_golden_output(string name, string kind)
    {
        var golden = ModelCases.Open(name);
        var call = golden.Json["calls"]![0]!.AsObject();
        var outputs = Apply(golden.Load(kind), golden.Tensors(call["inputs"]!), call);
        var first = call["outputs"]!.AsObject().First();
        var closeness = new Closeness();
        closeness.Compare(first.Key, Host(outputs[first.Key]), golden.Host(golden.Json["weights_checks"]?[kind]?["expected"] ?? first.Value!), OutputTolerance);
        closeness.Verify();
    }

    static HostTensor Zeros(HostTensor like) => HostTensor.OfBytes(like.DType, like.Shape, new byte[like.Data.Length]);

    static ModelOutput Apply(TFPreTrainedModel model, Tensors inputs, JsonObject call)
    {
        var arguments = new CallArguments(inputs, training: false);
        foreach (var (option, value) in call["options"]?.AsObject() ?? []) arguments.WithOption(option, Plain(value));
        return model.Apply(arguments);
    }

    static object? Plain(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.AsValue().TryGetValue<int>(out var whole) ? whole : value.GetValue<double>(),
        var kind => throw new AssertionException($"An option of a call is of a kind that the test does not know: {kind}."),
    };

    internal static HostTensor InFile(TFPreTrainedModel model, string key)
    {
        var tensor = model.Weights.ToFile(key);
        using var stream = new MemoryStream();
        tensor.WriteTo(stream);
        return HostTensor.OfBytes(tensor.DType, tensor.Shape, stream.ToArray());
    }

    static void CompareOutputs(Closeness closeness, ModelCase golden, JsonObject call, Tensors outputs)
    {
        var title = call["name"]!.GetValue<string>();
        var expected = call["outputs"]!.AsObject();
        var names = expected.Select(o => o.Key).Concat(call["loss"] is null ? [] : ["loss"]);
        // transformers 5, which knows no TensorFlow classes, recorded main outputs only.
        var isComplete = !golden.Name.Contains("-v5", StringComparison.Ordinal);
        if (isComplete ? !names.Order().SequenceEqual(outputs.Keys.Order()) : names.Except(outputs.Keys).Any()) closeness.Fail($"{title}: outputs {string.Join(", ", outputs.Keys)}, expected {string.Join(", ", names)}");
        var valid = call["valid_mask"] is { } mask ? golden.Host(mask) : null;
        foreach (var (name, keys) in expected)
            if (outputs.TryGet(name, out var output)) CompareNested(closeness, golden, $"{title}/{name}", output, keys!, valid);
        if (call["loss"] is { } loss && outputs.TryGet("loss", out var computed)) CompareLoss(closeness, $"{title}/loss", Host(computed), golden.Host(loss), call);
    }

    static void CompareNested(Closeness closeness, ModelCase golden, string title, Tensors output, JsonNode keys, HostTensor? valid)
    {
        if (keys is not JsonArray list)
        {
            closeness.Compare(title, Host(output), golden.Host(keys), OutputTolerance, valid is null ? null : Positions(title, golden.Host(keys).Shape, valid));
            return;
        }
        if (output.Count != list.Count) closeness.Fail($"{title}: {output.Count} items, expected {list.Count}");
        else for (var i = 0; i < list.Count; i++) CompareNested(closeness, golden, $"{title}/{i}", output[i], list[i]!, valid);
    }

    /// <summary>The elements of valid positions: axes 0 and 1, of attentions (their rows), keys and values axes 0 and 2, of both together, (2, B, H, S, D), axes 1 and 3;
    /// tensors without positions count whole.</summary>
    static Func<long[], bool>? Positions(string title, Shape shape, HostTensor valid)
    {
        var (sample, axis) = shape.Rank == 5 ? (1, 3) : title.Contains("attentions", StringComparison.Ordinal) || title.Contains("past_key_values", StringComparison.Ordinal) ? (0, 2) : (0, 1);
        if (shape.Rank < 3 || shape[axis] != valid.Shape[1]) return null;
        var mask = valid.ToInt64();
        return position => mask[(position[sample] * valid.Shape[1]) + position[axis]] != 0;
    }

    /// <summary>A loss has the golden shape, or where Hugging Face TF has no rule, the golden mean.</summary>
    static void CompareLoss(Closeness closeness, string title, HostTensor computed, HostTensor golden, JsonObject call)
    {
        if (call["loss_tf_shape"] is not null) closeness.Compare(title, computed, golden, OutputTolerance);
        closeness.Compare($"{title} mean", [computed.ToDouble().Average()], [golden.ToDouble().Average()], OutputTolerance);
    }
}
