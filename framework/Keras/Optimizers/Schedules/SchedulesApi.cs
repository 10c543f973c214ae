namespace Keras.Optimizers.Schedules;

/// <summary>keras.optimizers.schedules: makes learning rate schedules.</summary>
public sealed partial class SchedulesApi
{
    static readonly Dictionary<string, Type> Classes = new[]
    {
        typeof(CosineDecay), typeof(CosineDecayRestarts), typeof(ExponentialDecay), typeof(InverseTimeDecay), typeof(PiecewiseConstantDecay), typeof(PolynomialDecay),
    }.ToDictionary(t => t.Name);

    internal SchedulesApi() { }

    /// <summary>A schedule from its serialized form: class_name and config, as in a saved model.</summary>
    internal LearningRateSchedule get(IReadOnlyDictionary<string, object?> config) => SerializedObject.Create<LearningRateSchedule>(Classes, config);
}
