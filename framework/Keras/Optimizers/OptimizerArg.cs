namespace Keras.Optimizers;

/// <summary>What <c>compile</c> takes as optimizer: a name or an <see cref="Optimizers.Optimizer"/>; both convert implicitly.</summary>
public sealed class OptimizerArg
{
    OptimizerArg(Optimizer optimizer) => Optimizer = optimizer;

    /// <summary>The optimizer; a new one if a name was given.</summary>
    internal Optimizer Optimizer { get; }

    /// <summary>A new optimizer by its name, such as "adam".</summary>
    /// <exception cref="ArgumentException">No optimizer has this name, or it needs arguments.</exception>
    public static implicit operator OptimizerArg(string name) => new(new OptimizersApi().get(name));

    /// <summary>One optimizer object.</summary>
    public static implicit operator OptimizerArg(Optimizer optimizer) => new(optimizer ?? throw new ArgumentNullException(nameof(optimizer)));
}
