using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Runs a recurrent layer over sequences forwards and a second one backwards, and merges their outputs.</summary>
/// <remarks>Source: keras/src/layers/rnn/bidirectional.py.</remarks>
public sealed class Bidirectional : Layer
{
    readonly string? _mergeMode;

    /// <summary>Runs a recurrent layer over sequences forwards and a second one backwards, and merges their outputs.</summary>
    /// <param name="layer">The recurrent layer for the forward direction; the backward one is made from its config.</param>
    /// <param name="merge_mode">"concat" (default), "sum", "mul", "ave", or null for a list of both.</param>
    /// <param name="backward_layer">The layer for the backward direction; default of the config of the first.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The merge mode is unknown, or the backward layer does not go backwards or returns something else.</exception>
    public Bidirectional(RNN layer, string? merge_mode = "concat", RNN? backward_layer = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Known.OneOf(merge_mode, nameof(merge_mode), null, "concat", "sum", "mul", "ave");
        _mergeMode = merge_mode;
        forward_layer = Direction(layer, "forward", layer.GoBackwards);
        this.backward_layer = backward_layer is null ? Direction(layer, "backward", !layer.GoBackwards) : Direction(backward_layer, "backward", backward_layer.GoBackwards);
        if (this.backward_layer.GoBackwards == forward_layer.GoBackwards) throw new ArgumentException("The backward layer reads in the same direction as the forward layer. Give it go_backwards: true.", nameof(backward_layer));
        if (this.backward_layer.ReturnSequences != forward_layer.ReturnSequences || this.backward_layer.ReturnState != forward_layer.ReturnState)
            throw new ArgumentException("Both layers must have the same return_sequences and return_state.", nameof(backward_layer));
        if (this.backward_layer.stateful != forward_layer.stateful) throw new ArgumentException("Both layers must have the same stateful.", nameof(backward_layer));
        supports_masking = true;
        input_spec = layer.input_spec;
    }

    static RNN Direction(RNN layer, string direction, bool backwards)
    {
        var config = layer.get_config();
        config["name"] = $"{direction}_{Unprefixed(layer.name)}";
        config["go_backwards"] = backwards;
        if (layer.ReturnSequences) config["zero_output_for_mask"] = true;
        return (RNN)LayerConfigs.Make(layer.GetType(), config);
    }

    /// <summary>Removes this class's prefix from a name, so that it is not prefixed twice.</summary>
    static string Unprefixed(string name) => name.StartsWith("forward_", StringComparison.Ordinal) ? name["forward_".Length..] : name.StartsWith("backward_", StringComparison.Ordinal) ? name["backward_".Length..] : name;

    /// <summary>The layer that reads sequences forwards.</summary>
    public RNN forward_layer { get; }

    /// <summary>The layer that reads sequences backwards.</summary>
    public RNN backward_layer { get; }

    /// <summary>Whether states are kept from batch to batch.</summary>
    public bool stateful => forward_layer.stateful;

    /// <summary>The states that the next batch starts from, those of the forward direction first; null if none are kept, or before the layer is built.</summary>
    public IReadOnlyList<Variable>? states => forward_layer.states is { } forward && backward_layer.states is { } backward ? [.. forward, .. backward] : null;

    /// <summary>Sets the kept states of both directions to zeros.</summary>
    /// <exception cref="InvalidOperationException">The layer keeps no states.</exception>
    public void reset_state()
    {
        if (!stateful) throw new InvalidOperationException($"The layer '{name}' keeps no states: it was made with stateful: false.");
        forward_layer.reset_state();
        backward_layer.reset_state();
    }

    /// <summary>Keras' older name of <see cref="reset_state"/>.</summary>
    public void reset_states() => reset_state();

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["sequences", "initial_state", "mask", "training"];

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        forward_layer.BuildFor(input_shape);
        backward_layer.BuildFor(input_shape);
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor[]? states = args["initial_state"]?.Flatten().ToArray();
        Tensors? Half(int from) => states is null ? null : (Tensors)states[(from * states.Length / 2)..((from + 1) * states.Length / 2)];
        var forward = forward_layer.Apply(args.Inputs, Half(0), args.Mask, args.Training).Flatten();
        var backward = backward_layer.Apply(args.Inputs, Half(1), args.Mask, args.Training).Flatten();
        var (y, reversed) = (forward[0], forward_layer.ReturnSequences ? Api.ops.flip(backward[0], 1) : backward[0]);
        Tensor[] merged = _mergeMode switch
        {
            "concat" => [Tf.Concat([y, reversed], y.ndim - 1)],
            "sum" => [y + reversed],
            "ave" => [(y + reversed) / 2],
            "mul" => [y * reversed],
            _ => [y, reversed],
        };
        Tensor[] all = [.. merged, .. forward.Skip(1), .. backward.Skip(1)];
        return all.Length == 1 ? all[0] : (Tensors)all;
    }

    internal override Tensor?[] ComputeMasks(CallArguments args) => !forward_layer.ReturnSequences ? [null] : _mergeMode is null ? [args.Mask, args.Mask] : [args.Mask];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["merge_mode"] = _mergeMode,
        ["layer"] = forward_layer.Serialized(),
        ["backward_layer"] = backward_layer.Serialized(),
    };
}
