using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Normalises groups of channels of each sample to mean 0 and variance 1, then applies a gamma and beta for each channel.</summary>
/// <remarks>Source: Wu and He 2018 (arXiv:1803.08494); keras/src/layers/normalization/group_normalization.py.</remarks>
public sealed class GroupNormalization : Layer
{
    int _groups;
    readonly int _axis;
    readonly double _epsilon;
    readonly GammaBeta _options;
    int _channels;

    /// <summary>Normalises groups of channels of each sample to mean 0 and variance 1, then applies a gamma and beta for each channel.</summary>
    /// <param name="groups">The number of groups, which divides the channels; -1 for one group for each channel. Default 32.</param>
    /// <param name="axis">The axis of the channels; default the last.</param>
    /// <param name="epsilon">Added to the variance; default 0.001.</param>
    /// <param name="center">Whether to add beta; default true.</param>
    /// <param name="scale">Whether to multiply by gamma; default true.</param>
    /// <param name="beta_initializer">Default zeros.</param>
    /// <param name="gamma_initializer">Default ones.</param>
    /// <param name="beta_regularizer">Default none.</param>
    /// <param name="gamma_regularizer">Default none.</param>
    /// <param name="beta_constraint">Default none.</param>
    /// <param name="gamma_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether gamma and beta are trained; default true.</param>
    public GroupNormalization(int groups = 32, int axis = -1, double epsilon = 1e-3, bool center = true, bool scale = true, Initializer? beta_initializer = null,
        Initializer? gamma_initializer = null, Regularizer? beta_regularizer = null, Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        (_groups, _axis, _epsilon) = (groups is -1 ? groups : Require.Count(1, groups), axis, Require.AtLeast(0, epsilon));
        _options = GammaBeta.Of(center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint);
        supports_masking = true;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="GroupNormalization(int, int, double, bool, bool, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GroupNormalization(int groups = 32, int axis = -1, double epsilon = 1e-3, bool center = true, bool scale = true,
        Func<Shape, DType, Tensor>? beta_initializer = null, Func<Shape, DType, Tensor>? gamma_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : this(groups, axis, epsilon, center, scale, (Initializer?)beta_initializer, (Initializer?)gamma_initializer, beta_regularizer, gamma_regularizer,
            beta_constraint, gamma_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The scale, (C); null without one.</summary>
    public Variable? gamma { get; private set; }

    /// <summary>The offset, (C); null without one.</summary>
    public Variable? beta { get; private set; }

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The groups do not divide the channels.</exception>
    public override void build(Shape input_shape)
    {
        var channels = ConfigForms.KnownDim(input_shape, _axis, this);
        _channels = channels;
        if (_groups == -1) _groups = channels;
        if (_groups > channels || channels % _groups != 0)
            throw new ShapeMismatchException("Groups do not divide the channels", $"layer '{name}'", $"a divisor of {channels} channels", $"{_groups} groups");
        input_spec = new(ndim: input_shape.Rank, axes: new Dictionary<int, long> { [_axis] = channels });
        if (_options.Scale) gamma = add_weight(new Shape(channels), _options.Gamma, regularizer: _options.GammaRegularizer, constraint: _options.GammaConstraint, name: "gamma");
        if (_options.Center) beta = add_weight(new Shape(channels), _options.Beta, regularizer: _options.BetaRegularizer, constraint: _options.BetaConstraint, name: "beta");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        var axis = _axis < 0 ? _axis + x.ndim : _axis;
        var channels = _channels;
        var wide = x.dtype == DType.Float64 ? x : Tf.Cast(x, DType.Float32);
        var shape = Api.ops.shape(x);
        var grouped = Api.ops.reshape(wide, Dims.Create([.. shape[..axis], _groups, channels / _groups, .. shape[(axis + 1)..]]));
        int[] reduced = [.. Enumerable.Range(1, x.ndim).Where(a => a != axis)];
        var (mean, variance) = Api.ops.moments(grouped, reduced, keepdims: true);
        var inverse = Tf.Rsqrt(variance + _epsilon);
        var broadcast = Dims.Create([.. Enumerable.Range(0, x.ndim + 1).Select(a => (Dim)(a == axis ? _groups : a == axis + 1 ? channels / _groups : 1))]);
        if (gamma is not null) inverse *= Tf.Cast(Api.ops.reshape(gamma.value, broadcast), wide.dtype);
        var offset = -mean * inverse;
        if (beta is not null) offset += Tf.Cast(Api.ops.reshape(beta.value, broadcast), wide.dtype);
        return Tf.Cast(Api.ops.reshape((grouped * inverse) + offset, shape), compute_dtype);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["groups"] = _groups, ["axis"] = _axis, ["epsilon"] = _epsilon };
        _options.AddTo(config);
        return config;
    }
}
