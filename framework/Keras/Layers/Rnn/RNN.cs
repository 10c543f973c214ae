using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Applies a cell to every step of sequences, each with the states of the step before.</summary>
/// <remarks>Input (B, T, ...). Steps that the mask leaves out keep states and output. The steps are laid out one after the other where T is
/// known; else they loop, which has no gradient: pad to one length for training. Source: keras/src/layers/rnn/rnn.py.</remarks>
public class RNN : Layer
{
    readonly bool _returnSequences;
    readonly bool _returnState;
    readonly bool _goBackwards;
    readonly bool _unroll;
    readonly bool _zeroOutputForMask;

    /// <summary>A recurrent layer.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="return_sequences">Whether the outputs of all steps are returned, not of the last only; default false.</param>
    /// <param name="return_state">Whether the last states are returned too; default false.</param>
    /// <param name="go_backwards">Whether sequences are read from their end; default false.</param>
    /// <param name="stateful">Not supported: false.</param>
    /// <param name="unroll">Whether steps are laid out one after the other; kept for configs, see the remarks.</param>
    /// <param name="zero_output_for_mask">Whether steps that the mask leaves out give zeros; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="UnsupportedException">stateful is true.</exception>
    public RNN(RnnCell cell, bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false, bool zero_output_for_mask = false,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        if (stateful) throw new UnsupportedException("States are not kept between batches", GetType().Name, "stateful: false", "true", "Give initial_state, and take the states with return_state: true.");
        this.cell = cell ?? throw new ArgumentNullException(nameof(cell));
        (_returnSequences, _returnState, _goBackwards, _unroll, _zeroOutputForMask) = (return_sequences, return_state, go_backwards, unroll, zero_output_for_mask);
        supports_masking = true;
        input_spec = new(ndim: 3);
    }

    /// <summary>The cell.</summary>
    public RnnCell cell { get; }

    internal bool ReturnSequences => _returnSequences;

    internal bool ReturnState => _returnState;

    internal bool GoBackwards => _goBackwards;

    private protected override bool TakesWholeNumbers => cell is RnnCell;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["sequences", "initial_state", "mask", "training"];

    /// <summary>Applies the layer.</summary>
    /// <param name="sequences">(B, T, I).</param>
    /// <param name="initial_state">The states before the first step, each (B, its size); default zeros.</param>
    /// <param name="mask">Which steps are data, (B, T), bool; default the mask that the inputs carry.</param>
    /// <param name="training">Whether dropout is active; null inherits from the enclosing call, then false.</param>
    /// <returns>(B, units), or (B, T, units) for all steps; with the states in a list where they are returned.</returns>
    public Tensors Apply(Tensor sequences, Tensors? initial_state, Tensor? mask = null, bool? training = null) =>
        Apply(new CallArguments(sequences ?? throw new ArgumentNullException(nameof(sequences)), training) { Mask = mask }.With("initial_state", initial_state));

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        cell.BuildFor(input_shape[..1].Concat(input_shape[2..]));
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor sequence = args.Inputs;
        var states = args["initial_state"]?.Flatten().ToArray() ?? cell.Zeros(sequence);
        var count = cell.Zeros(sequence).Length;
        if (states.Length != count) throw new ShapeMismatchException("A cell has another number of states", $"layer '{name}'", $"{count}", $"{states.Length}");
        var length = sequence.shape[1];
        var (outputs, last, final) = length >= 0 ? LaidOut(sequence, states, args, (int)length)
            : Graph.Current is { IsScratch: true } ? Inferred(sequence, states, args)
            : Looped(sequence, states, args);
        var output = _returnSequences ? outputs! : last;
        return _returnState ? new Tensors([.. final.Select(s => new Tensors(s)).Prepend(new Tensors(output))]) : output;
    }

    (Tensor? Outputs, Tensor Last, Tensor[] States) LaidOut(Tensor sequence, Tensor[] states, CallArguments args, int length)
    {
        if (length == 0) throw new ShapeMismatchException("A sequence has no steps", $"layer '{name}'", "(B, T, ...) with T above 0", sequence.shape.ToString());
        var steps = Tf.Unstack(sequence, 1, length);
        var masks = args.Mask is null ? null : Tf.Unstack(args.Mask, 1, length);
        var drawn = cell.Draw(steps[0], states, args.IsTraining);
        var outputs = new Tensor[length];
        Tensor? before = null;
        for (var i = 0; i < length; i++)
        {
            var at = _goBackwards ? length - 1 - i : i;
            (var output, states, before) = MaskedStep(steps[at], states, masks?[at], before, drawn);
            outputs[i] = output;
        }
        return (_returnSequences ? Tf.Stack(outputs, 1) : null, outputs[^1], states);
    }

    /// <summary>One step; where the mask is false, states and output stay.</summary>
    (Tensor Output, Tensor[] States, Tensor Before) MaskedStep(Tensor step, Tensor[] states, Tensor? mask, Tensor? before, object? drawn)
    {
        var (output, next) = cell.Step(step, states, drawn);
        if (mask is null) return (output, next, output);
        var kept = Tf.SelectV2(Widened(mask, output), output, before ?? Tf.ZerosLike(output));
        next = [.. next.Zip(states, (n, s) => Tf.SelectV2(Widened(mask, n), n, s))];
        return (_zeroOutputForMask ? Tf.SelectV2(Widened(mask, output), output, Tf.ZerosLike(output)) : kept, next, kept);
    }

    static Tensor Widened(Tensor mask, Tensor like)
    {
        while (mask.ndim < like.ndim) mask = Tf.ExpandDims(mask, -1);
        return mask;
    }

    (Tensor? Outputs, Tensor Last, Tensor[] States) Inferred(Tensor sequence, Tensor[] states, CallArguments args)
    {
        var step = Graph.Scratch.AddPlaceholder(sequence.dtype, sequence.shape[..1].Concat(sequence.shape[2..]), "step");
        var (output, next) = cell.Step(step, states, cell.Draw(step, states, args.IsTraining));
        return (Graph.Scratch.AddPlaceholder(output.dtype, output.shape[..1].Concat(new Shape(-1)).Concat(output.shape[1..]), "steps"), output, next);
    }

    (Tensor? Outputs, Tensor Last, Tensor[] States) Looped(Tensor sequence, Tensor[] states, CallArguments args)
    {
        if (GradientTape.IsActive)
        {
            UnknownDimension.Refuse();
            throw new UnsupportedException("A recurrent layer has no gradient over sequences of unknown length", $"layer '{name}'", "a known number of steps", sequence.shape.ToString(), "Pad all batches to one length.");
        }
        int[] timeFirst = [1, 0, .. Enumerable.Range(2, sequence.ndim - 2)];
        var (steps, masks) = (Tf.Transpose(sequence, timeFirst), args.Mask is null ? null : Tf.Transpose(args.Mask, 1, 0));
        var count = Tf.DimOf(sequence, 1);
        var drawn = cell.Draw(Tf.Gather(steps, Tf.Int32Scalar(0), 0), states, args.IsTraining);
        var output = Tf.ZerosLike(cell.Step(Tf.Gather(steps, Tf.Int32Scalar(0), 0), states, drawn).Output);
        Tensor[] sequences = _returnSequences ? [Api.ops.zeros(Dims.Create([count, .. Api.ops.shape(output)]), output.dtype)] : [];
        Tensor[] variables = [Tf.Int32Scalar(0), output, .. states, .. sequences];
        var end = ControlFlow.While(v => Tf.Less(v[0], count), v =>
        {
            var at = _goBackwards ? count - Tf.Int32Scalar(1) - v[0] : v[0];
            var (made, next, before) = MaskedStep(Tf.Gather(steps, at, 0), v[2..(2 + states.Length)], masks is null ? null : Tf.Gather(masks, at, 0), v[1], drawn);
            Tensor[] all = _returnSequences ? [Api.ops.scatter_update(v[^1], Tf.Reshape(v[0], Tf.Int32(1, 1)), Tf.ExpandDims(made, 0))] : [];
            return [v[0] + Tf.Int32Scalar(1), _returnSequences ? before : made, .. next, .. all];
        }, variables);
        var outputs = _returnSequences ? Tf.Transpose(end[^1], [1, 0, .. Enumerable.Range(2, output.ndim - 1)]) : null;
        return (outputs, end[1], end[2..(2 + states.Length)]);
    }

    internal override Tensor?[] ComputeMasks(CallArguments args) => [_returnSequences ? args.Mask : null];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config())
        {
            ["return_sequences"] = _returnSequences,
            ["return_state"] = _returnState,
            ["go_backwards"] = _goBackwards,
            ["stateful"] = false,
            ["unroll"] = _unroll,
            ["zero_output_for_mask"] = _zeroOutputForMask,
        };
        if (GetType() == typeof(RNN)) config["cell"] = cell.Serialized();
        else if (cell is GatedCell gated) AddCell(config, gated);
        return config;
    }

    /// <summary>The options of the cell, among those of the layer.</summary>
    void AddCell(Dictionary<string, object?> config, GatedCell gated)
    {
        foreach (var (key, value) in gated.get_config())
            if (key is not ("name" or "trainable" or "dtype")) config[key] = value;
        config["activity_regularizer"] = activity_regularizer.Serialized();
    }
}
