using System.Diagnostics.CodeAnalysis;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>One step of a recurrent layer: from an input and states to an output and the next states. Derive from it for a cell of your own.</summary>
/// <remarks>Apply it with the states as further argument: it returns the output, then the states. A cell of your own overrides <see cref="state_size"/> and <see cref="call(CallArguments)"/>, which finds the
/// states under <c>args["states"]</c> and returns the output and the next states as a list. Source: keras/src/layers/rnn/rnn.py.</remarks>
public abstract class RnnCell : Layer
{
    /// <summary>One step of a recurrent layer: from an input and states to an output and the next states.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    protected RnnCell(string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype) { }

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["inputs", "states", "training"];

    /// <summary>The size of each state.</summary>
    public abstract IReadOnlyList<int> state_size { get; }

    /// <summary>The size of the output.</summary>
    public virtual int output_size => state_size[0];

    /// <summary>Computes one step.</summary>
    /// <param name="inputs">(B, I).</param>
    /// <param name="states">Each (B, its size).</param>
    /// <param name="training">Whether dropout is active; null inherits from the enclosing call, then false.</param>
    /// <returns>The output (B, output_size), then the next states.</returns>
    public Tensors Apply(Tensor inputs, Tensors states, bool? training = null) => Apply(new CallArguments(inputs, training).With("states", states));

    /// <summary>Draws once for all steps of a sequence, for example dropout masks; null if there is nothing to draw.</summary>
    internal virtual object? Draw(Tensor inputs, Tensor[] states, bool training) => training;

    /// <summary>The shape of each state without the batch axis.</summary>
    internal virtual IReadOnlyList<Shape> StateShapes => [.. state_size.Select(s => new Shape(s))];

    /// <summary>The states before the first step: zeros.</summary>
    internal Tensor[] Zeros(Tensor sequence) => [.. StateShapes.Select(s => Api.ops.zeros(Dims.Create([Dim.Of(sequence, 0), .. s.ToArray().Select(d => (Dim)d)]), compute_dtype))];

    /// <summary>Runs one step; a user's cell runs its <see cref="call(CallArguments)"/>.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    internal virtual (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor[] states, object? drawn)
    {
        if (GetType().GetMethod(nameof(call), [typeof(CallArguments)])!.DeclaringType == typeof(RnnCell))
            throw new UnsupportedException("A cell does not override call", $"cell '{name}' ({GetType().Name})", remedy: "Override call(CallArguments args): return the output and the next states.");
        var made = Apply(inputs, new Tensors(states.Select(s => new Tensors(s))), drawn is true).Flatten();
        return made.Count == states.Length + 1 ? (made[0], [.. made.Skip(1)])
            : throw new ShapeMismatchException("A cell returned the wrong number of tensors", $"cell '{name}' ({GetType().Name})", $"the output and {states.Length} states", $"{made.Count} tensors");
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var states = args["states"]?.Flatten().ToArray() ?? throw new ArgumentException($"The cell '{name}' needs its states. Call Apply(inputs, states).", nameof(args));
        var (output, next) = Step(args.Inputs, states, Draw(args.Inputs, states, args.IsTraining));
        return new Tensors([.. next.Select(n => new Tensors(n)).Prepend(new Tensors(output))]);
    }
}

/// <summary>Options that the cells of recurrent layers share.</summary>
sealed record CellOptions(int Units, ActivationFunction Activation, ActivationFunction? RecurrentActivation, bool UseBias, Initializer KernelInitializer, Initializer RecurrentInitializer, Initializer BiasInitializer,
    Regularizer? KernelRegularizer, Regularizer? RecurrentRegularizer, Regularizer? BiasRegularizer, Constraint? KernelConstraint, Constraint? RecurrentConstraint, Constraint? BiasConstraint,
    double Dropout, double RecurrentDropout, long? Seed)
{
    public void AddTo(Dictionary<string, object?> config)
    {
        config["units"] = Units;
        config["activation"] = Activation.ConfigName;
        if (RecurrentActivation is not null) config["recurrent_activation"] = RecurrentActivation.ConfigName;
        config["use_bias"] = UseBias;
        config["kernel_initializer"] = KernelInitializer.Serialized();
        config["recurrent_initializer"] = RecurrentInitializer.Serialized();
        config["bias_initializer"] = BiasInitializer.Serialized();
        config["kernel_regularizer"] = KernelRegularizer.Serialized();
        config["recurrent_regularizer"] = RecurrentRegularizer.Serialized();
        config["bias_regularizer"] = BiasRegularizer.Serialized();
        config["kernel_constraint"] = KernelConstraint.Serialized();
        config["recurrent_constraint"] = RecurrentConstraint.Serialized();
        config["bias_constraint"] = BiasConstraint.Serialized();
        config["dropout"] = Dropout;
        config["recurrent_dropout"] = RecurrentDropout;
        config["seed"] = Seed;
    }
}

/// <summary>The base of cells with a kernel (I, gates · units), a recurrent kernel (units, gates · units) and a bias.</summary>
public abstract class GatedCell : RnnCell
{
    readonly SeedGenerator? _seeds;

    /// <summary>The base of cells with a kernel (I, gates · units), a recurrent kernel (units, gates · units) and a bias.</summary>
    private protected GatedCell(CellOptions options, int gates, string? name, DTypePolicy? dtype, bool trainable) : base(name, dtype, trainable)
    {
        ConfigForms.Positive(options.Units, "units");
        ConfigForms.Rate(options.Dropout, "dropout");
        ConfigForms.Rate(options.RecurrentDropout, "recurrent_dropout");
        (Options, Gates) = (options, gates);
        _seeds = options.Dropout > 0 || options.RecurrentDropout > 0 ? new(options.Seed) : null;
    }

    internal CellOptions Options { get; }

    private protected int Gates { get; }

    /// <summary>The number of units.</summary>
    public int units => Options.Units;

    /// <summary>The weights of inputs, (I, gates · units).</summary>
    public Variable kernel { get; private set; } = null!;

    /// <summary>The weights of states, (units, gates · units).</summary>
    public Variable recurrent_kernel { get; private set; } = null!;

    /// <summary>The bias; null without one.</summary>
    public Variable? bias { get; private set; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> state_size => [units];

    private protected virtual Shape BiasShape => new(Gates * units);

    private protected virtual Initializer BiasInitializer => Options.BiasInitializer;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        kernel = add_weight(new Shape(ConfigForms.KnownDim(input_shape, -1, this), Gates * units), Options.KernelInitializer, regularizer: Options.KernelRegularizer, constraint: Options.KernelConstraint, name: "kernel");
        recurrent_kernel = add_weight(new Shape(units, Gates * units), Options.RecurrentInitializer, regularizer: Options.RecurrentRegularizer, constraint: Options.RecurrentConstraint, name: "recurrent_kernel");
        if (Options.UseBias) bias = add_weight(BiasShape, BiasInitializer, regularizer: Options.BiasRegularizer, constraint: Options.BiasConstraint, name: "bias");
        built = true;
    }

    internal override object? Draw(Tensor inputs, Tensor[] states, bool training)
    {
        if (!training || _seeds is null) return null;
        Tensor? Mask(Tensor like, double rate) => rate > 0 ? Api.keras.random.dropout(Api.ops.ones_like(like), rate, seed: _seeds) : null;
        return (Mask(inputs, Options.Dropout), Mask(states[0], Options.RecurrentDropout));
    }

    internal sealed override (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor[] states, object? drawn)
    {
        if (drawn is (Tensor inputMask, _)) inputs *= inputMask;
        var hidden = states[0];
        if (drawn is (_, Tensor stateMask)) hidden *= stateMask;
        return Step(inputs, hidden, states);
    }

    /// <summary>Runs one step; dropout may apply to the hidden state.</summary>
    private protected abstract (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor hidden, Tensor[] states);

    /// <summary>One gate's part of a tensor (..., gates · units).</summary>
    private protected Tensor Gate(Tensor all, int index) => all[.., (index * units)..((index + 1) * units)];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = base.get_config();
        Options.AddTo(config);
        return config;
    }
}
