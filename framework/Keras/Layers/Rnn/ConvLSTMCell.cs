using Keras.Graphs;

namespace Keras.Layers;

/// <summary>A long short-term memory whose products with weights are convolutions: one step of <see cref="ConvLSTM"/>.</summary>
/// <remarks>Without dropout, the four gates are one convolution of the inputs and one of the state. Source: Shi et al. 2015 (arXiv:1506.04214); keras/src/layers/rnn/conv_lstm.py.</remarks>
sealed class ConvLSTMCell : RnnCell
{
    const int Gates = 4;

    readonly int _rank;
    readonly ConvWindow _window;
    readonly CellOptions _options;
    readonly bool _unitForgetBias;
    readonly SeedGenerator? _seeds;
    Shape? _stateShape;

    public ConvLSTMCell(int rank, ConvWindow window, CellOptions options, bool unit_forget_bias, DTypePolicy? dtype, bool trainable) : base("conv_lstm_cell", dtype, trainable)
    {
        ConfigForms.Positive(options.Units, "filters");
        ConfigForms.Rate(options.Dropout, "dropout");
        ConfigForms.Rate(options.RecurrentDropout, "recurrent_dropout");
        (_rank, _window, _options, _unitForgetBias) = (rank, window, options, unit_forget_bias);
        _seeds = options.Dropout > 0 || options.RecurrentDropout > 0 ? new(options.Seed) : null;
    }

    int Filters => _options.Units;

    /// <summary>The weights of inputs, (spatial..., I, 4 · filters).</summary>
    public Variable kernel { get; private set; } = null!;

    /// <summary>The weights of states, (spatial..., filters, 4 · filters).</summary>
    public Variable recurrent_kernel { get; private set; } = null!;

    /// <summary>The bias, (4 · filters); null without one.</summary>
    public Variable? bias { get; private set; }

    public override IReadOnlyList<int> state_size => [Filters, Filters];

    internal override IReadOnlyList<Shape> StateShapes => _stateShape is null ? throw new InvalidOperationException($"The cell '{name}' is not built.") : [_stateShape, _stateShape];

    public override void build(Shape input_shape)
    {
        var channels = ConfigForms.KnownDim(input_shape, _window.ChannelAxis, this);
        kernel = add_weight(_window.Kernel(channels, Gates * Filters), _options.KernelInitializer, regularizer: _options.KernelRegularizer, constraint: _options.KernelConstraint, name: "kernel");
        recurrent_kernel = add_weight(_window.Kernel(Filters, Gates * Filters), _options.RecurrentInitializer, regularizer: _options.RecurrentRegularizer, constraint: _options.RecurrentConstraint, name: "recurrent_kernel");
        var initializer = _unitForgetBias ? new LSTMCell.ForgetBias(_options.BiasInitializer) : _options.BiasInitializer;
        if (_options.UseBias) bias = add_weight(new Shape(Gates * Filters), initializer, regularizer: _options.BiasRegularizer, constraint: _options.BiasConstraint, name: "bias");
        var first = _window.ChannelAxis == 1 ? 2 : 1;
        var sizes = Enumerable.Range(0, _rank).Select(i => _window.SizeAfter(ConfigForms.KnownDim(input_shape, first + i, this), i)).ToArray();
        if (sizes.Any(s => s < 1)) throw new ShapeMismatchException("The window is larger than the input", $"layer '{name}'", $"at least {string.Join(" x ", _window.Size)}", input_shape.ToString());
        _stateShape = _window.ChannelAxis == 1 ? new Shape([Filters, .. sizes]) : new Shape([.. sizes, Filters]);
        built = true;
    }

    /// <summary>Dropout masks, one for each gate.</summary>
    sealed record Masks(Tensor[]? Inputs, Tensor[]? States);

    internal override object? Draw(Tensor inputs, Tensor[] states, bool training)
    {
        if (!training || _seeds is null) return null;
        Tensor[]? Mask(Tensor like, double rate) => rate > 0 ? (Tensor[])[.. Enumerable.Range(0, Gates).Select(_ => Api.keras.random.dropout(Api.ops.ones_like(like), rate, seed: _seeds))] : null;
        return new Masks(Mask(inputs, _options.Dropout), Mask(states[0], _options.RecurrentDropout));
    }

    internal override (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor[] states, object? drawn)
    {
        var masks = drawn as Masks;
        var axis = _window.ChannelAxis == 1 ? 1 : _rank + 1;
        var ofInputs = _window.Finished(Convolved(inputs, kernel, masks?.Inputs, axis, InputConvolution), bias, null);
        var all = Tf.Split(ofInputs + Convolved(states[0], recurrent_kernel, masks?.States, axis, StateConvolution), Gates, axis);
        var gate = _options.RecurrentActivation!;
        var carry = (gate.Apply(all[1]) * states[1]) + (gate.Apply(all[0]) * _options.Activation.Apply(all[2]));
        var output = gate.Apply(all[3]) * _options.Activation.Apply(carry);
        return (output, [output, carry]);
    }

    Tensor InputConvolution(Tensor x, Tensor weights) => Api.ops.conv(x, weights, _window.Strides, _window.Padding, _window.Format, _window.Dilation);

    Tensor StateConvolution(Tensor x, Tensor weights) => Api.ops.conv(x, weights, 1, "same", _window.Format);

    /// <summary>Convolves for all gates at once, or separately if dropout gives each gate different inputs.</summary>
    Tensor Convolved(Tensor x, Variable weights, Tensor[]? masks, int axis, Func<Tensor, Tensor, Tensor> convolve)
    {
        if (masks is null) return convolve(x, weights.value);
        var parts = Tf.Split(weights.value, Gates, _rank + 1);
        return Tf.Concat([.. masks.Zip(parts, (m, w) => convolve(x * m, w))], axis);
    }

    public override Dictionary<string, object?> get_config()
    {
        var config = base.get_config();
        _options.AddTo(config);
        config.Remove("units");
        config["filters"] = Filters;
        config["unit_forget_bias"] = _unitForgetBias;
        _window.AddTo(config);
        return config;
    }
}
