using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>A dense layer over any axes, given by an equation: activation(einsum(equation, inputs, kernel) + bias).</summary>
/// <remarks>Source: keras/src/layers/core/einsum_dense.py. The sizes of the kernel's axes follow from the inputs' and the output's shape.</remarks>
public sealed class EinsumDense : Layer
{
    readonly string _equation;
    readonly Shape _outputShape;
    readonly string? _biasAxes;
    readonly ActivationFunction? _activation;
    readonly Initializer _kernelInitializer;
    readonly Initializer _biasInitializer;
    readonly Regularizer? _kernelRegularizer;
    readonly Regularizer? _biasRegularizer;
    readonly Constraint? _kernelConstraint;
    readonly Constraint? _biasConstraint;

    /// <summary>A dense layer over any axes, given by an equation: activation(einsum(equation, inputs, kernel) + bias).</summary>
    /// <param name="equation">As "ab,bc->ac", "...ab,bc->...ac" or "ab...,bc->ac...": inputs, kernel, output.</param>
    /// <param name="output_shape">The output's shape without the batch and the axes of an ellipsis; null if it equals the inputs'.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="bias_axes">The letters of the output along which the bias differs; default no bias.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    public EinsumDense(string equation, Shape output_shape, ActivationFunction? activation = null, string? bias_axes = null, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        (_equation, _outputShape) = (equation ?? throw new ArgumentNullException(nameof(equation)), output_shape ?? throw new ArgumentNullException(nameof(output_shape)));
        (_activation, _biasAxes) = (activation, bias_axes);
        (_kernelInitializer, _biasInitializer) = (kernel_initializer ?? new GlorotUniform(), bias_initializer ?? new Zeros());
        (_kernelRegularizer, _biasRegularizer, _kernelConstraint, _biasConstraint) = (kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint);
        this.activity_regularizer = activity_regularizer;
        supports_masking = true;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="EinsumDense(string, Shape, ActivationFunction, string, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public EinsumDense(string equation, Shape output_shape, ActivationFunction? activation = null, string? bias_axes = null,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(equation, output_shape, activation, bias_axes, (Initializer?)kernel_initializer, (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="EinsumDense(string, Shape, ActivationFunction, string, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public EinsumDense(string equation, Shape output_shape, Func<Tensor, Tensor>? activation = null, string? bias_axes = null, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(equation, output_shape, (ActivationFunction?)activation, bias_axes, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The weights, in the shape that the equation gives them.</summary>
    public Variable kernel { get; private set; } = null!;

    /// <summary>The bias; null without one.</summary>
    public Variable? bias { get; private set; }

    /// <summary>The axes of the kernel over which the product sums.</summary>
    internal int[] ContractedAxes
    {
        get
        {
            var sides = _equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
            return [.. sides[0].Split(',')[1].Replace("...", "", StringComparison.Ordinal).Index().Where(letter => !sides[1].Contains(letter.Item, StringComparison.Ordinal)).Select(letter => letter.Index)];
        }
    }

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The equation does not fit the inputs' or the output's shape.</exception>
    public override void build(Shape input_shape)
    {
        var (kernelShape, biasShape, _) = EinsumShapes.Of(_equation, _biasAxes, input_shape, _outputShape);
        kernel = add_weight(kernelShape, _kernelInitializer, regularizer: _kernelRegularizer, constraint: _kernelConstraint, name: "kernel");
        if (biasShape is not null) bias = add_weight(biasShape, _biasInitializer, regularizer: _biasRegularizer, constraint: _biasConstraint, name: "bias");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var product = Einsum.Compute(_equation, [inputs.Single, kernel.value]);
        if (bias is not null) product += bias.value;
        return _activation is null ? product : _activation.Apply(product);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => EinsumShapes.Of(_equation, _biasAxes, input_shape, _outputShape).Output;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["output_shape"] = _outputShape.Select(d => (object?)d).ToArray(),
        ["equation"] = _equation,
        ["activation"] = _activation?.ConfigName ?? "linear",
        ["bias_axes"] = _biasAxes,
        ["kernel_initializer"] = _kernelInitializer.Serialized(),
        ["bias_initializer"] = _biasInitializer.Serialized(),
        ["kernel_regularizer"] = _kernelRegularizer.Serialized(),
        ["bias_regularizer"] = _biasRegularizer.Serialized(),
        ["activity_regularizer"] = activity_regularizer.Serialized(),
        ["kernel_constraint"] = _kernelConstraint.Serialized(),
        ["bias_constraint"] = _biasConstraint.Serialized(),
        ["quantization_config"] = null,
    };
}
