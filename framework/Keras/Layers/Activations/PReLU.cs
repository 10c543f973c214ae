using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>A ReLU with a trained slope: x if positive, otherwise alpha · x; one alpha for each element of a sample, except along shared axes.</summary>
/// <remarks>Source: keras/src/layers/activations/prelu.py.</remarks>
public sealed class PReLU : Layer
{
    readonly Initializer _initializer;
    readonly Regularizer? _regularizer;
    readonly Constraint? _constraint;
    readonly int[]? _sharedAxes;

    /// <summary>A ReLU with a trained slope: x if positive, otherwise alpha · x; one alpha for each element of a sample, except along shared axes.</summary>
    /// <param name="alpha_initializer">Default zeros.</param>
    /// <param name="alpha_regularizer">Default none.</param>
    /// <param name="alpha_constraint">Default none.</param>
    /// <param name="shared_axes">The axes, from 1, along which the slope is the same; default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether the slopes are trained; default true.</param>
    public PReLU(Initializer? alpha_initializer = null, Regularizer? alpha_regularizer = null, Constraint? alpha_constraint = null, Axes? shared_axes = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        (_initializer, _regularizer, _constraint, _sharedAxes) = (alpha_initializer ?? new Zeros(), alpha_regularizer, alpha_constraint, shared_axes is null ? null : [.. shared_axes]);
        supports_masking = true;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="PReLU(Initializer, Regularizer, Constraint, Axes, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public PReLU(Func<Shape, DType, Tensor>? alpha_initializer = null, Regularizer? alpha_regularizer = null, Constraint? alpha_constraint = null,
        Axes? shared_axes = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this((Initializer?)alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes, name, dtype, trainable)
    {
    }

    /// <summary>The trained slopes; axes that share them have size 1.</summary>
    public Variable alpha { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var shape = input_shape[1..].ToArray();
        foreach (var axis in _sharedAxes ?? [])
        {
            if (axis < 1 || axis > shape.Length) throw new ShapeMismatchException("An axis of shared_axes does not exist", $"layer '{name}'", $"an axis from 1 to {shape.Length}", $"{axis}");
            shape[axis - 1] = 1;
        }
        alpha = add_weight(new Shape(shape), _initializer, regularizer: _regularizer, constraint: _constraint, name: "alpha");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        return Tf.Relu(x) - (alpha.value * Tf.Relu(-x));
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["alpha_initializer"] = _initializer.Serialized(),
        ["alpha_regularizer"] = _regularizer.Serialized(),
        ["alpha_constraint"] = _constraint.Serialized(),
        ["shared_axes"] = _sharedAxes,
    };
}
