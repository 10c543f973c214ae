using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Normalises each channel to mean 0 and variance 1, then applies gamma and beta: in training by the batch's own statistics, otherwise by their moving averages.</summary>
/// <remarks>A mask (B, T) leaves padding out of the moments. A layer that is not trainable uses the moving averages in training too. Batch
/// renormalisation and synchronisation between replicas are not supported. Source: Ioffe and Szegedy 2015 (arXiv:1502.03167);
/// keras/src/layers/normalization/batch_normalization.py.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([
///     keras.Input([28, 28, 1]),
///     keras.layers.Conv2D(16, 3, use_bias: false),
///     keras.layers.BatchNormalization(),
///     keras.layers.Activation("relu"),
/// ]);
/// </code>
/// </example>
public sealed class BatchNormalization : Layer
{
    readonly int _axis;
    readonly double _momentum;
    readonly double _epsilon;
    readonly GammaBeta _options;
    readonly Initializer _meanInitializer;
    readonly Initializer _varianceInitializer;
    readonly double _renormMomentum;

    /// <summary>Normalises each channel to mean 0 and variance 1, then applies gamma and beta: in training by the batch's own statistics, otherwise by their moving averages.</summary>
    /// <param name="axis">The axis of the channels; default the last.</param>
    /// <param name="momentum">The fraction of a moving average that a step keeps; default 0.99.</param>
    /// <param name="epsilon">Added to the variance; default 0.001.</param>
    /// <param name="center">Whether to add beta; default true.</param>
    /// <param name="scale">Whether to multiply by gamma; default true.</param>
    /// <param name="beta_initializer">Default zeros.</param>
    /// <param name="gamma_initializer">Default ones.</param>
    /// <param name="moving_mean_initializer">Default zeros.</param>
    /// <param name="moving_variance_initializer">Default ones.</param>
    /// <param name="beta_regularizer">Default none.</param>
    /// <param name="gamma_regularizer">Default none.</param>
    /// <param name="beta_constraint">Default none.</param>
    /// <param name="gamma_constraint">Default none.</param>
    /// <param name="synchronized">Not supported: false.</param>
    /// <param name="renorm">Not supported: false.</param>
    /// <param name="renorm_clipping">Belongs to renorm: null.</param>
    /// <param name="renorm_momentum">Belongs to renorm; kept for configs.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether gamma, beta and the moving averages change in training; default true.</param>
    /// <exception cref="UnsupportedException">synchronized or renorm is requested.</exception>
    public BatchNormalization(int axis = -1, double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true, Initializer? beta_initializer = null,
        Initializer? gamma_initializer = null, Initializer? moving_mean_initializer = null, Initializer? moving_variance_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, bool synchronized = false, bool renorm = false,
        Dictionary<string, double>? renorm_clipping = null, double renorm_momentum = 0.99, string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        if (synchronized || renorm || renorm_clipping is not null)
            throw new UnsupportedException("An option of a layer is not supported", nameof(BatchNormalization), "synchronized: false and renorm: false", synchronized ? "synchronized" : "renorm", "Leave it out.");
        (_axis, _momentum, _epsilon, _renormMomentum) = (axis, Require.Share(momentum), Require.AtLeast(0, epsilon), renorm_momentum);
        _options = GammaBeta.Of(center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint);
        (_meanInitializer, _varianceInitializer) = (moving_mean_initializer ?? new Zeros(), moving_variance_initializer ?? new Ones());
        supports_masking = true;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="BatchNormalization(int, double, double, bool, bool, Initializer, Initializer, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, bool, bool, Dictionary{string, double}, double, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public BatchNormalization(int axis = -1, double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true,
        Func<Shape, DType, Tensor>? beta_initializer = null, Func<Shape, DType, Tensor>? gamma_initializer = null,
        Func<Shape, DType, Tensor>? moving_mean_initializer = null, Func<Shape, DType, Tensor>? moving_variance_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, bool synchronized = false, bool renorm = false,
        Dictionary<string, double>? renorm_clipping = null, double renorm_momentum = 0.99, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(axis, momentum, epsilon, center, scale, (Initializer?)beta_initializer, (Initializer?)gamma_initializer, (Initializer?)moving_mean_initializer,
            (Initializer?)moving_variance_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint, synchronized, renorm, renorm_clipping,
            renorm_momentum, name, dtype, trainable)
    {
    }

    /// <summary>The scale, (C); null without one.</summary>
    public Variable? gamma { get; private set; }

    /// <summary>The offset, (C); null without one.</summary>
    public Variable? beta { get; private set; }

    /// <summary>The moving mean, (C).</summary>
    public Variable moving_mean { get; private set; } = null!;

    /// <summary>The moving variance, (C).</summary>
    public Variable moving_variance { get; private set; } = null!;

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        var channels = ConfigForms.KnownDim(input_shape, _axis, this);
        input_spec = new(ndim: input_shape.Rank, axes: new Dictionary<int, long> { [_axis] = channels });
        if (_options.Scale) gamma = add_weight(new Shape(channels), _options.Gamma, regularizer: _options.GammaRegularizer, constraint: _options.GammaConstraint, name: "gamma");
        if (_options.Center) beta = add_weight(new Shape(channels), _options.Beta, regularizer: _options.BetaRegularizer, constraint: _options.BetaConstraint, name: "beta");
        moving_mean = add_weight(new Shape(channels), _meanInitializer, trainable: false, name: "moving_mean");
        moving_variance = add_weight(new Shape(channels), _varianceInitializer, trainable: false, name: "moving_variance");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor given = args.Inputs;
        using var precise = Autocast.Enter(null);
        var x = given.dtype == DType.Float64 ? given : Tf.Cast(given, DType.Float32);
        var (mean, variance) = args.IsTraining && trainable ? Learned(x, args.Mask) : (Tf.Cast(moving_mean, x.dtype), Tf.Cast(moving_variance, x.dtype));
        return Tf.Cast(Api.ops.batch_normalization(x, mean, variance, _axis, Like(beta, x), Like(gamma, x), _epsilon), given.dtype);
    }

    static TensorLike? Like(Variable? weight, Tensor x) => weight is null ? null : (TensorLike?)Tf.Cast(weight, x.dtype);

    (Tensor Mean, Tensor Variance) Learned(Tensor x, Tensor? mask)
    {
        var (mean, variance) = Moments(x, mask);
        Move(moving_mean, mean);
        Move(moving_variance, variance);
        return (mean, variance);
    }

    void Move(Variable average, Tensor moment) =>
        average.assign(Tf.Cast((Tf.Cast(average, moment.dtype) * _momentum) + (moment * (1 - _momentum)), average.dtype));

    (Tensor Mean, Tensor Variance) Moments(Tensor x, Tensor? mask)
    {
        var axis = _axis < 0 ? _axis + x.ndim : _axis;
        int[] axes = [.. Enumerable.Range(0, x.ndim).Where(a => a != axis)];
        if (mask is null) return Api.ops.moments(x, axes);
        if (mask.ndim != x.ndim - 1) throw new ShapeMismatchException("A mask does not fit the inputs", $"layer '{name}'", $"{x.ndim - 1} dimensions", mask.shape.ToString());
        var weights = Tf.ExpandDims(Tf.Cast(mask, x.dtype), -1);
        var count = Api.ops.sum(weights * Api.ops.ones_like(x), axes) + Api.keras.config.epsilon();
        var mean = Api.ops.sum(weights * x, axes) / count;
        var shape = Dims.Create([.. Enumerable.Range(0, x.ndim).Select(a => (Dim)(a == axis ? x.shape[axis] : 1))]);
        var distance = Tf.Square(x - Api.ops.reshape(mean, shape));
        return (mean, Api.ops.sum(weights * distance, axes) / count);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config())
        {
            ["axis"] = _axis,
            ["momentum"] = _momentum,
            ["epsilon"] = _epsilon,
            ["moving_mean_initializer"] = _meanInitializer.Serialized(),
            ["moving_variance_initializer"] = _varianceInitializer.Serialized(),
            ["synchronized"] = false,
            ["renorm"] = false,
            ["renorm_clipping"] = null,
            ["renorm_momentum"] = _renormMomentum,
        };
        _options.AddTo(config);
        return config;
    }
}
