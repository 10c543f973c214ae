using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;

namespace Keras.Training;

/// <summary>What <c>compile</c> was told, and the functions traced for it.</summary>
sealed class CompiledState
{
    public required Optimizer Optimizer { get; init; }

    public LossArg? Loss { get; init; }

    public LossWeightsArg? LossWeights { get; init; }

    public MetricsArg? Metrics { get; init; }

    public MetricsArg? WeightedMetrics { get; init; }

    public CompileLoss? CompileLoss { get; init; }

    public DefaultLoss? DefaultLoss { get; init; }

    public CompileMetrics? CompileMetrics { get; init; }

    public required Mean LossTracker { get; init; }

    public bool RunEagerly { get; init; }

    public int StepsPerExecution { get; init; }
}
