using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Runs a recurrent cell over each step of sequences, passing its states on to the next step; the base of <see cref="LSTM"/>, <see cref="GRU"/> and <see cref="SimpleRNN"/>.</summary>
/// <remarks>Input (B, T, ...). At masked steps, states and output stay unchanged. The steps are laid out one after the other where T is
/// known; otherwise they loop, which has no gradient: pad to one length for training. Source: keras/src/layers/rnn/rnn.py.</remarks>
public class RNN : Layer
{
    readonly bool _returnSequences;
    readonly bool _returnState;
    readonly bool _goBackwards;
    readonly bool _unroll;
    readonly bool _zeroOutputForMask;
    readonly bool _stateful;

    /// <summary>States kept between batches, in no field that is searched for weights: as in Keras, they are neither weights nor saved.</summary>
    readonly KeptStates _kept = new();

    /// <summary>Runs a recurrent cell over each step of sequences, passing its states on to the next step; the base of <see cref="LSTM"/>, <see cref="GRU"/> and <see cref="SimpleRNN"/>.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="return_sequences">Whether to return the outputs of all steps instead of the last one only; default false.</param>
    /// <param name="return_state">Whether to return the last states too; default false.</param>
    /// <param name="go_backwards">Whether sequences are read from their end; default false.</param>
    /// <param name="stateful">Whether each sample starts from the states with which the sample at its place in the previous batch ended; all batches then have one size, which <c>keras.Input(batch_shape: ...)</c> or the
    /// first call tells. <see cref="reset_state"/> starts over. Default false.</param>
    /// <param name="unroll">Whether the number of steps must be known, so that they are unrolled; default false: unrolled whenever it is known.</param>
    /// <param name="zero_output_for_mask">Whether steps that the mask leaves out give zeros; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    public RNN(RnnCell cell, bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false, bool zero_output_for_mask = false,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        this.cell = cell ?? throw new ArgumentNullException(nameof(cell));
        (_returnSequences, _returnState, _goBackwards, _unroll, _zeroOutputForMask, _stateful) = (return_sequences, return_state, go_backwards, unroll, zero_output_for_mask, stateful);
        supports_masking = true;
        input_spec = cell is GatedCell or StackedRNNCells { cells: [GatedCell, ..] } ? new(ndim: 3) : new(min_ndim: 3);
    }

    /// <summary>The cell that computes one step.</summary>
    public RnnCell cell { get; }

    internal bool ReturnSequences => _returnSequences;

    internal bool ReturnState => _returnState;

    internal bool GoBackwards => _goBackwards;

    /// <summary>Whether states are kept from batch to batch.</summary>
    public bool stateful => _stateful;

    /// <summary>The states that the next batch starts from, each (B, its size); null if none are kept, or before the layer is built.</summary>
    public IReadOnlyList<Variable>? states => _kept.Variables;

    internal override IReadOnlyList<Variable> StatesBetweenCalls => _kept.Variables ?? [];

    private protected override bool TakesWholeNumbers => true;

    /// <summary>Sets the kept states to zeros, so that the next batch starts new sequences.</summary>
    /// <remarks>Does nothing if no states are kept, as in Keras.</remarks>
    public void reset_state()
    {
        foreach (var state in states ?? []) state.assign(Tf.ZerosLike(state.value));
    }

    /// <summary>Keras' older name of <see cref="reset_state"/>.</summary>
    public void reset_states() => reset_state();

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["sequences", "initial_state", "mask", "training"];

    /// <summary>Applies the layer to sequences, starting from given states.</summary>
    /// <param name="sequences">(B, T, I).</param>
    /// <param name="initial_state">The states before the first step, each (B, its size); default zeros.</param>
    /// <param name="mask">Which steps are data, (B, T), bool; default the mask that the inputs carry.</param>
    /// <param name="training">Whether dropout is active; null inherits from the enclosing call, then false.</param>
    /// <returns>(B, units), or (B, T, units) for all steps; with the states in a list if returned.</returns>
    public Tensors Apply(Tensor sequences, Tensors? initial_state, Tensor? mask = null, bool? training = null) =>
        Apply(new CallArguments(sequences ?? throw new ArgumentNullException(nameof(sequences)), training) { Mask = mask }.With("initial_state", initial_state));

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">stateful is true and the size of batches is unknown.</exception>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        cell.BuildFor(input_shape[..1].Concat(input_shape[2..]));
        if (_stateful)
        {
            if (input_shape[0] < 0)
                throw new ShapeMismatchException("The batch size is unknown, and states that are kept depend on it", Place, "(B, T, ...) with a known B", input_shape.ToString(), "Give keras.Input its whole batch_shape, or call the layer on data first.");
            _kept.Variables = [.. cell.StateShapes.Select(s => new Variable(() => Api.ops.zeros(new Shape(input_shape[0]).Concat(s), variable_dtype), new Shape(input_shape[0]).Concat(s), variable_dtype, trainable: false, "rnn_state"))];
        }
        built = true;
    }

    string Place => $"layer '{name}' ({GetType().Name})";

    /// <summary>The initial states of a batch: given, kept from the last, or zeros.</summary>
    Tensor[] StatesFor(Tensor sequence, Tensors? given)
    {
        var known = states;
        // Each batch size has its own trace, so a size that does not match the states is detected.
        if (known is not null && sequence.shape[0] < 0 && Graph.Current is not { IsScratch: true }) UnknownDimension.Refuse();
        if (known is [var first, ..] && sequence.shape[0] >= 0 && sequence.shape[0] != first.shape[0])
            throw new ShapeMismatchException("The batch has another size than the kept states", Place, $"a batch of {first.shape[0]}", $"{sequence.shape[0]}",
                "Cut the data into batches of that size; its last batch may not have fewer rows.");
        var expected = cell.StateShapes;
        if (given is null) return known is null ? cell.Zeros(sequence) : [.. known.Select(s => Tf.Cast(s.value, compute_dtype))];
        Tensor[] flat = [.. given.Flatten()];
        if (flat.Length != expected.Count) throw new ShapeMismatchException("The number of initial states is not that of the cell", Place, $"{expected.Count}", $"{flat.Length}");
        for (var i = 0; i < flat.Length; i++)
            if (!flat[i].shape.IsCompatibleWith(new Shape(sequence.shape[0]).Concat(expected[i])))
                throw new ShapeMismatchException("A state does not fit its cell", $"{Place}, initial_state {i}", new Shape(sequence.shape[0]).Concat(expected[i]).ToString(), flat[i].shape.ToString());
        return flat;
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor sequence = args.Inputs;
        var length = sequence.shape[1];
        if (_unroll && length < 0 && Graph.Current is not { IsScratch: true })
        {
            UnknownDimension.Refuse();
            throw new ShapeMismatchException("The number of steps is unknown, so the layer cannot be unrolled", Place, "(B, T, ...) with a known T", sequence.shape.ToString(), "Give keras.Input the number of steps, or leave out unroll.");
        }
        var states = StatesFor(sequence, args["initial_state"]);
        var (outputs, last, final) = length >= 0 ? LaidOut(sequence, states, args, (int)length)
            : Graph.Current is { IsScratch: true } ? Inferred(sequence, states, args)
            : Looped(sequence, states, args);
        if (_kept.Variables is { } kept && Graph.Current is not { IsScratch: true })
            foreach (var (variable, state) in kept.Zip(final)) variable.assign(Tf.Cast(state, variable.dtype));
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

    /// <summary>Runs one step; where the mask is false, states and output stay unchanged.</summary>
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
            ["stateful"] = _stateful,
            ["unroll"] = _unroll,
            ["zero_output_for_mask"] = _zeroOutputForMask,
        };
        if (GetType() == typeof(RNN)) config["cell"] = cell.Serialized();
        else AddCell(config);
        return config;
    }

    /// <summary>Adds the cell's options to the layer's config.</summary>
    void AddCell(Dictionary<string, object?> config)
    {
        foreach (var (key, value) in cell.get_config())
            if (key is not ("name" or "trainable" or "dtype")) config[key] = value;
        config["activity_regularizer"] = activity_regularizer.Serialized();
    }

    sealed class KeptStates
    {
        public Variable[]? Variables { get; set; }
    }
}
