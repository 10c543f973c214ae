using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Keras.Optimizers;
using Keras.Optimizers.Schedules;
using Keras.Saving;

namespace Keras.Transformers.Tests.Golden;

/// <summary>The optimizer that a case describes: a kind, and any arguments of its constructor or of <c>create_optimizer</c>.</summary>
static class GoldenOptimizer
{
    public static Optimizer Make(JsonObject options, double[] rates)
    {
        var arguments = ConfigJson.Read(Encoding.UTF8.GetBytes(options.ToJsonString()), "the golden case");
        var kind = (string)arguments["kind"]!;
        arguments.Remove("kind");
        if (kind == nameof(Optimization.create_optimizer)) return WithRates(arguments, rates);
        if (kind == nameof(AdamWeightDecay)) return SerializedObject.Construct<Optimizer>(typeof(AdamWeightDecay), arguments);
        arguments.Remove("exclude_from_weight_decay", out var undecayed);
        var optimizer = Api.keras.optimizers.get(SerializedObject.Of("keras.optimizers", kind, arguments));
        if (undecayed is List<object?> { Count: > 0 } names) optimizer.exclude_from_weight_decay(var_names: [.. names.Cast<string>()]);
        return optimizer;
    }

    /// <summary>The schedule gives the golden learning rate of each step.</summary>
    static Optimizer WithRates(Dictionary<string, object?> arguments, double[] rates)
    {
        var method = typeof(Optimization).GetMethod(nameof(Optimization.create_optimizer))!;
        var parameters = method.GetParameters();
        Assert.That(arguments.Keys, Is.SubsetOf(parameters.Select(p => p.Name)), "Every option is used.");
        var values = Array.ConvertAll(parameters, p => arguments.TryGetValue(p.Name!, out var value) ? value is null ? null : SerializedObject.TryConvert(value, p.ParameterType) : p.DefaultValue);
        var (optimizer, schedule) = ((Optimizer, LearningRateSchedule))method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, values, null)!;
        Assert.That(rates.Select((_, step) => (double)schedule.Apply(Graphs.Tf.Constant(step, DType.Int64)).ToScalar<float>()), Is.EqualTo(rates).Within(1e-8));
        return optimizer;
    }
}
