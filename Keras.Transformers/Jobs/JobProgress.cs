namespace Keras.Transformers;

/// <summary>How far a job is.</summary>
/// <param name="Stage">The current stage, such as "training".</param>
/// <param name="Done">The number of steps, rows or bytes of the stage that are done.</param>
/// <param name="Total">The total number; null if unknown.</param>
/// <param name="Figures">Figures so far by name, "loss" and "accuracy"; empty if there are none.</param>
public sealed record JobProgress(string Stage, long Done, long? Total, IReadOnlyDictionary<string, double> Figures)
{
    static readonly Dictionary<string, double> None = [];

    internal static JobProgress Of(string stage, long done = 0, long? total = null) => new(stage, done, total, None);
}
