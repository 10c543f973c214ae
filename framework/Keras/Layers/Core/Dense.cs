using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>The fully connected layer: activation(inputs · kernel + bias), over the last axis.</summary>
/// <remarks>Input (..., I), output (..., units). Source: keras/src/layers/core/dense.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((8, 16));
/// Console.WriteLine(keras.layers.Dense(32, activation: "relu").Apply(x).Single.shape);   // (8, 32)
///
/// var model = keras.Sequential([keras.Input([16]), keras.layers.Dense(32, activation: "relu"), keras.layers.Dense(1)]);
/// </code>
/// </example>
public class Dense : Layer
{
    readonly ActivationFunction? _activation;
    readonly Initializer _kernelInitializer;
    readonly Initializer _biasInitializer;
    readonly Regularizer? _kernelRegularizer;
    readonly Regularizer? _biasRegularizer;
    readonly Constraint? _kernelConstraint;
    readonly Constraint? _biasConstraint;

    /// <summary>The fully connected layer: activation(inputs · kernel + bias), over the last axis.</summary>
    /// <param name="units">The size of the output's last axis.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="lora_rank">Freezes the kernel and trains a product of two thin matrices of this rank beside it; default none.</param>
    /// <param name="lora_alpha">The factor of that product is lora_alpha / lora_rank; default lora_rank.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">units or lora_rank is not positive.</exception>
    public Dense(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, int? lora_rank = null, double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        this.units = ConfigForms.Positive(units, nameof(units));
        (_activation, this.use_bias) = (activation, use_bias);
        (_kernelInitializer, _biasInitializer) = (kernel_initializer ?? new GlorotUniform(), bias_initializer ?? new Zeros());
        (_kernelRegularizer, _biasRegularizer, _kernelConstraint, _biasConstraint) = (kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint);
        if (lora_alpha is { } alpha) Require.Finite(alpha, nameof(lora_alpha));
        if (lora_rank is { } rank) (this.lora_rank, this.lora_alpha) = (ConfigForms.Positive(rank, nameof(lora_rank)), lora_alpha ?? rank);
        this.activity_regularizer = activity_regularizer;
        supports_masking = true;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Dense(int units, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, int? lora_rank = null,
        double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(units, activation, use_bias, (Initializer?)kernel_initializer, (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, lora_rank, lora_alpha, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Dense(int units, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, int? lora_rank = null, double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(units, (ActivationFunction?)activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, lora_rank, lora_alpha, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as regularizer.</summary>
    /// <inheritdoc cref="Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Dense(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Func<Tensor, Tensor>? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, int? lora_rank = null, double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(units, activation, use_bias, kernel_initializer, bias_initializer, FunctionRegularizer.Of(kernel_regularizer), bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, lora_rank, lora_alpha, name, dtype, trainable)
    {
    }

    /// <summary>The size of the output's last axis.</summary>
    public int units { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool use_bias { get; }

    /// <summary>The rank of LoRA's addition to the kernel; null without LoRA.</summary>
    public int? lora_rank { get; private set; }

    /// <summary>LoRA's addition is scaled by lora_alpha / lora_rank.</summary>
    public double? lora_alpha { get; private set; }

    /// <summary>The weights, (I, O), without LoRA's addition.</summary>
    public Variable kernel { get; private set; } = null!;

    /// <summary>The bias, (O); null without one.</summary>
    public Variable? bias { get; private set; }

    Variable? lora_kernel_a;
    Variable? lora_kernel_b;

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        var size = ConfigForms.KnownDim(input_shape, -1, this);
        kernel = add_weight(new Shape(size, units), _kernelInitializer, regularizer: _kernelRegularizer, constraint: _kernelConstraint, name: "kernel");
        if (use_bias) bias = add_weight(new Shape(units), _biasInitializer, regularizer: _biasRegularizer, constraint: _biasConstraint, name: "bias");
        built = true;
        if (lora_rank is { } rank) AddLora(rank, lora_alpha ?? rank);
    }

    /// <summary>Turns LoRA on: freezes the kernel and trains a product of two thin matrices, (I, rank) and (rank, O), that is added to it.</summary>
    /// <param name="rank">The inner size.</param>
    /// <param name="a_initializer">Default HeUniform.</param>
    /// <param name="b_initializer">Default zeros.</param>
    /// <param name="lora_alpha">The factor is lora_alpha / rank; default rank.</param>
    /// <exception cref="InvalidOperationException">The layer is not built, has a kernel constraint, or has LoRA already.</exception>
    public void enable_lora(int rank, Initializer? a_initializer = null, Initializer? b_initializer = null, double? lora_alpha = null)
    {
        if (!built) throw new InvalidOperationException($"LoRA cannot be enabled: the layer '{name}' is not built and has no kernel yet. Build it first.");
        if (lora_kernel_a is not null) throw new InvalidOperationException($"The layer '{name}' has LoRA already.");
        AddLora(ConfigForms.Positive(rank, nameof(rank)), Require.Finite(lora_alpha ?? rank, nameof(lora_alpha)), a_initializer, b_initializer);
    }

    void AddLora(int rank, double alpha, Initializer? a_initializer = null, Initializer? b_initializer = null)
    {
        if (_kernelConstraint is not null) throw new InvalidOperationException($"LoRA is incompatible with a kernel constraint (layer '{name}'). Leave one out.");
        (lora_rank, lora_alpha) = (rank, alpha);
        lora_kernel_a = add_weight(new Shape(kernel.shape[0], rank), a_initializer ?? new HeUniform(), regularizer: _kernelRegularizer, name: "lora_kernel_a");
        lora_kernel_b = add_weight(new Shape(rank, units), b_initializer ?? new Zeros(), regularizer: _kernelRegularizer, name: "lora_kernel_b");
        Freeze(kernel);
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        if (x.shape[-1] >= 0 && x.shape[-1] != kernel.shape[0])
            throw new ShapeMismatchException("The inputs do not fit a layer's weights", NameScope.Current, $"a last dimension of {kernel.shape[0]}", x.shape.ToString());
        if (x.ndim == 2) return Finish(Tf.MatMul(x, Kernel));
        var rows = Finish(Tf.MatMul(Tf.Reshape(x, Tf.Int32(-1, checked((int)kernel.shape[0]))), Kernel));
        return Tf.Reshape(rows, Tf.WithLastDim(x, units));
    }

    Tensor Kernel => lora_kernel_a is null ? kernel : kernel.value + (Tf.MatMul(lora_kernel_a, lora_kernel_b!) * (lora_alpha!.Value / lora_rank!.Value));

    Tensor Finish(Tensor product)
    {
        if (bias is not null) product = Tf.BiasAdd(product, bias);
        return _activation is null ? product : _activation.Apply(product);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return input_shape.With(-1, units);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config())
        {
            ["units"] = units,
            ["activation"] = _activation?.ConfigName ?? "linear",
            ["use_bias"] = use_bias,
            ["kernel_initializer"] = _kernelInitializer.Serialized(),
            ["bias_initializer"] = _biasInitializer.Serialized(),
            ["kernel_regularizer"] = _kernelRegularizer.Serialized(),
            ["bias_regularizer"] = _biasRegularizer.Serialized(),
            ["kernel_constraint"] = _kernelConstraint.Serialized(),
            ["bias_constraint"] = _biasConstraint.Serialized(),
            ["quantization_config"] = null,
        };
        if (lora_rank is not null) (config["lora_rank"], config["lora_alpha"]) = (lora_rank, lora_alpha);
        return config;
    }
}
