using System.Text.Json;
using Keras.Graphs;
using Keras.Optimizers.Schedules;

namespace Keras.Tests.Optimizers;

/// <summary>Every learning rate schedule of Keras' reference vectors.</summary>
[Category("Golden")]
public sealed class ScheduleGoldenTests
{
    static readonly SchedulesApi Schedules = new();

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("schedules", "schedules", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Configs => GoldenList.Cases("schedules", "schedules", RunMode.Eager);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static LearningRateSchedule Make(JsonElement golden) =>
        Schedules.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden)));

    [TestCaseSource(nameof(Cases))]
    public void ValuesAreKeras(JsonElement golden, RunMode mode)
    {
        var schedule = Make(golden);
        using var function = new TracedFunction("schedule", step => new Tensors(schedule.Apply(step)), new(Jit: mode == RunMode.Xla));
        foreach (var (step, expected) in golden.GetProperty("steps").EnumerateArray().Zip(golden.GetProperty("values").EnumerateArray()))
        {
            Tensor at = Tf.Constant(step.GetDouble(), DType.Int64);
            Tensor rate = mode == RunMode.Eager ? schedule.Apply(at) : function.Call(at);
            Assert.That(rate.dtype, Is.EqualTo(DType.Float32));
            var (actual, value) = (rate.ToScalar<float>(), expected.GetDouble());
            if (Math.Abs(actual - value) <= 1e-5 + (1e-5 * Math.Abs(value)) || IsRestart(schedule, step.GetDouble())) continue;
            Assert.Fail($"step {step}: {actual} instead of {value}");
        }
    }

    /// <summary>Exactly at a restart float32 rounding decides which side counts: either is right.</summary>
    static bool IsRestart(LearningRateSchedule schedule, double step)
    {
        var config = schedule.get_config();
        if (schedule is PolynomialDecay && config["cycle"] is true) return step % (double)config["decay_steps"]! == 0;
        if (schedule is not CosineDecayRestarts) return false;
        var (length, start) = ((double)config["first_decay_steps"]!, 0.0);
        while (start < step - 1e-6) (start, length) = (start + length, length * (double)config["t_mul"]!);
        return Math.Abs(start - step) < 1e-6 && step > 0;
    }

    [TestCaseSource(nameof(Configs))]
    public void ConfigIsKeras(JsonElement golden, RunMode _)
    {
        if (golden.TryGetProperty("config", out var expected)) GoldenList.CompareConfig(Make(golden).get_config(), expected, "config");
    }
}
