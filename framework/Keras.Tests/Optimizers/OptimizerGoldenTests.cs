using System.Text.Json;
using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Tests.Optimizers;

/// <summary>Every optimizer of Keras' reference vectors: six steps on four variables, learning rates, state, configs, identifiers.</summary>
[Category("Golden")]
public sealed class OptimizerGoldenTests
{
    static readonly OptimizersApi Optimizers = new();

    static GoldenList List => GoldenList.Find("optimizers", "optimizers")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("optimizers", "optimizers", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Configs => GoldenList.Cases("optimizers", "optimizers", RunMode.Eager);

    static IEnumerable<JsonProperty> Identifiers =>
        GoldenList.Find("optimizers", "optimizers")?.Json is { } json && json.TryGetProperty("identifiers", out var names) ? [.. names.EnumerateObject()] : [];

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Optimizer Make(JsonElement golden) =>
        Optimizers.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden)));

    [TestCaseSource(nameof(Cases))]
    public void StepsAreKeras(JsonElement golden, RunMode mode)
    {
        var tolerance = golden.GetProperty("class").GetString() == "Muon" ? 1e-4 : 1e-5;
        var optimizer = Make(golden);
        var trained = golden.GetProperty("variables").EnumerateArray().ToArray();
        Variable[] variables = [.. trained.Select(v => new Variable(List.Tensor(v.GetProperty("initial")), name: v.GetProperty("name").GetString()!))];
        if (golden.TryGetProperty("exclude_from_weight_decay", out var excluded))
            optimizer.exclude_from_weight_decay(var_names: [.. excluded.GetProperty("var_names").EnumerateArray().Select(n => n.GetString()!)]);
        optimizer.build(variables);
        using var step = new TracedFunction("step", given => Step(optimizer, given, variables), new(Jit: mode == RunMode.Xla));
        for (var i = 0; i < golden.GetProperty("steps").GetInt32(); i++)
        {
            if (golden.TryGetProperty("learning_rate", out var rates))
                Assert.That(optimizer.learning_rate.value.ToScalar<float>(), Is.EqualTo(rates[i].GetDouble()).Within(1e-5).Percent, $"learning rate of step {i}");
            var scale = 1.0;
            if (golden.TryGetProperty("loss_scale_before_step", out var scales))
            {
                scale = scales[i].GetDouble();
                Assert.That(optimizer.scale_loss(1f).ToScalar<float>(), Is.EqualTo(scale), $"loss scale before step {i}");
            }
            Tensors gradients = new([.. trained.Select(v => new Tensors(Row(v.GetProperty("grads"), i) * scale))]);
            if (mode == RunMode.Eager) Step(optimizer, gradients, variables);
            else step.Call(gradients);
            for (var k = 0; k < variables.Length; k++) Compare(variables[k], Row(trained[k].GetProperty("values"), i), tolerance, $"{variables[k].name} after step {i}");
        }
        CompareState(golden, optimizer, tolerance);
        if (GoldenList.Part(golden, "values_after_finalize") is not { } averages) return;
        optimizer.finalize_variable_values(variables);
        foreach (var (variable, value) in variables.Zip(averages.EnumerateArray())) List.Compare(variable, value, tolerance, tolerance, $"{variable.name} after finalize_variable_values");
    }

    static Tensors Step(Optimizer optimizer, Tensors gradients, Variable[] variables)
    {
        optimizer.apply([.. gradients.Flatten()], variables);
        return new Tensors(Tf.Constant(0, DType.Float32));
    }

    static Tensor Row(JsonElement steps, int step) => Tf.Gather(List.Tensor(steps), Tf.Int32Scalar(step), 0);

    static void Compare(Tensor actual, Tensor expected, double tolerance, string what)
    {
        var (a, e) = (actual.ToArray<float>(), expected.ToArray<float>());
        for (var i = 0; i < e.Length; i++)
            Assert.That(Math.Abs(a[i] - e[i]), Is.LessThanOrEqualTo(tolerance * (1 + Math.Abs(e[i]))), $"element {i} of {what}: {a[i]} instead of {e[i]}");
    }

    static void CompareState(JsonElement golden, Optimizer optimizer, double tolerance)
    {
        if (!golden.TryGetProperty("optimizer_variables", out var expected)) return;
        Assert.That(optimizer.variables.Select(v => v.path), Is.EqualTo(expected.EnumerateArray().Select(v => v.GetProperty("path").GetString())));
        foreach (var (variable, value) in optimizer.variables.Zip(expected.EnumerateArray())) List.Compare(variable, value, tolerance, tolerance, variable.path);
    }

    [TestCaseSource(nameof(Configs))]
    public void ConfigIsKerasAndMakesTheSameOptimizer(JsonElement golden, RunMode _)
    {
        if (!golden.TryGetProperty("config", out var expected)) return;
        var config = Make(golden).get_config();
        GoldenList.CompareConfig(config, expected, "config");
        var again = Optimizers.get(SerializedObject.Of("keras.optimizers", golden.GetProperty("class").GetString()!, config));
        GoldenList.CompareConfig(again.get_config(), expected, "config");
    }

    [TestCaseSource(nameof(Identifiers))]
    public void IdentifierIsKnown(JsonProperty identifier)
    {
        var target = identifier.Value.GetString()!;
        if (target is "Optimizer" or "OptimizerMap" or "MultiOptimizer" or "LossScaleOptimizer")
            Assert.That(() => Optimizers.get(identifier.Name), Throws.ArgumentException, "the class needs arguments");
        else
            Assert.That(Optimizers.get(identifier.Name).GetType().Name, Is.EqualTo(target));
    }
}
