using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Normalises each sample over some axes, the last by default, to mean 0 and variance 1, then applies gamma and beta.</summary>
/// <remarks>Source: Ba et al. 2016 (arXiv:1607.06450); keras/src/layers/normalization/layer_normalization.py.</remarks>
public class LayerNormalization : Layer
{
    readonly int[] _axis;
    readonly GammaBeta _options;
    readonly bool _rmsScaling;

    /// <summary>Normalises each sample over some axes, the last by default, to mean 0 and variance 1, then applies gamma and beta.</summary>
    /// <param name="axis">The axes that are normalised together; default the last.</param>
    /// <param name="epsilon">Added to the variance; default 0.001.</param>
    /// <param name="center">Whether to add beta; default true.</param>
    /// <param name="scale">Whether to multiply by gamma; default true.</param>
    /// <param name="rms_scaling">Whether to divide by the standard deviation without centring, and to leave beta out; default false.</param>
    /// <param name="beta_initializer">Default zeros.</param>
    /// <param name="gamma_initializer">Default ones.</param>
    /// <param name="beta_regularizer">Default none.</param>
    /// <param name="gamma_regularizer">Default none.</param>
    /// <param name="beta_constraint">Default none.</param>
    /// <param name="gamma_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether gamma and beta are trained; default true.</param>
    public LayerNormalization(Axes? axis = null, double epsilon = 1e-3, bool center = true, bool scale = true, bool rms_scaling = false, Initializer? beta_initializer = null,
        Initializer? gamma_initializer = null, Regularizer? beta_regularizer = null, Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        (_axis, this.epsilon, _rmsScaling) = ([.. axis ?? -1], Require.AtLeast(0, epsilon), rms_scaling);
        _options = GammaBeta.Of(center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint);
        supports_masking = true;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="LayerNormalization(Axes, double, bool, bool, bool, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LayerNormalization(Axes? axis = null, double epsilon = 1e-3, bool center = true, bool scale = true, bool rms_scaling = false,
        Func<Shape, DType, Tensor>? beta_initializer = null, Func<Shape, DType, Tensor>? gamma_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : this(axis, epsilon, center, scale, rms_scaling, (Initializer?)beta_initializer, (Initializer?)gamma_initializer, beta_regularizer, gamma_regularizer,
            beta_constraint, gamma_constraint, name, dtype, trainable)
    {
    }

    internal LayerNormalization(double epsilon, string name, DTypePolicy? dtype) : this(null, epsilon, name: name, dtype: dtype) { }

    /// <summary>The small number added to the variance, so that nothing is divided by 0.</summary>
    public double epsilon { get; }

    /// <summary>The scale, with the sizes of the normalised axes; null without one.</summary>
    public Variable? gamma { get; private set; }

    /// <summary>The offset, with the sizes of the normalised axes; null without one.</summary>
    public Variable? beta { get; private set; }

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var shape = new Shape([.. _axis.Order().Select(a => (long)ConfigForms.KnownDim(input_shape, a, this))]);
        if (_options.Scale || _rmsScaling) gamma = add_weight(shape, _options.Gamma, regularizer: _options.GammaRegularizer, constraint: _options.GammaConstraint, name: "gamma");
        if (_options.Center && !_rmsScaling) beta = add_weight(shape, _options.Beta, regularizer: _options.BetaRegularizer, constraint: _options.BetaConstraint, name: "beta");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        // Moments in half precision would lose small differences.
        var half = x.dtype == DType.Float16 || x.dtype == DType.BFloat16;
        using var precise = Autocast.Enter(half ? null : Autocast.Current);
        if (!half) return Normalized(x, gamma?.value, beta?.value);
        return Tf.Cast(Normalized(Tf.Cast(x, DType.Float32), Wide(gamma), Wide(beta)), x.dtype);
    }

    static Tensor? Wide(Variable? weight) => weight is null ? null : Tf.Cast(weight, DType.Float32);

    Tensor Normalized(Tensor x, Tensor? scale, Tensor? offset)
    {
        if (_rmsScaling) return ScaledByDeviation(x, scale);
        if (_axis is [var only] && (only == -1 || only == x.ndim - 1) && scale is not null && offset is not null) return Tf.LayerNorm(x, scale, offset, (float)epsilon);
        int[] axes = [.. _axis.Order()];
        return Api.ops.layer_normalization(x, Like(scale), Like(offset), axes, epsilon);
    }

    static TensorLike? Like(Tensor? tensor) => tensor is null ? null : (TensorLike?)tensor;

    Tensor ScaledByDeviation(Tensor x, Tensor? scale)
    {
        int[] axes = [.. _axis.Select(a => a < 0 ? a + x.ndim : a).Order()];
        var variance = Api.ops.var(x, axes, keepdims: true);
        var shape = Dims.Create([.. Enumerable.Range(0, x.ndim).Select(a => axes.Contains(a) ? Dim.Of(x, a) : 1)]);
        return x * Tf.Rsqrt(variance + Tf.Constant(epsilon, variance.dtype)) * Api.ops.reshape(scale!, shape);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["axis"] = _axis, ["epsilon"] = epsilon, ["rms_scaling"] = _rmsScaling };
        _options.AddTo(config);
        return config;
    }
}
