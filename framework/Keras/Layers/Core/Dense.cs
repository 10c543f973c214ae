using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>activation(inputs · kernel + bias) over the last axis.</summary>
/// <remarks>Source: keras/src/layers/core/dense.py.</remarks>
public class Dense : Layer
{
    readonly Func<Tensor, Tensor>? _activation;
    readonly Initializer _kernelInitializer;
    readonly Initializer _biasInitializer;

    /// <summary>A dense layer.</summary>
    /// <param name="units">The size of the output's last axis.</param>
    /// <param name="activation">Applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Dense(int units, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        (this.units, _activation, this.use_bias) = (units, activation, use_bias);
        (_kernelInitializer, _biasInitializer) = (kernel_initializer ?? new GlorotUniform(), bias_initializer ?? new Zeros());
        supports_masking = true;
    }

    /// <summary>The size of the output's last axis.</summary>
    public int units { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool use_bias { get; }

    /// <summary>The weights, (I, O).</summary>
    public Variable kernel { get; private set; } = null!;

    /// <summary>The bias, (O); null without one.</summary>
    public Variable? bias { get; private set; }

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        if (!input_shape.HasRank || input_shape.Rank < 1 || input_shape[-1] < 0)
            throw new ShapeMismatchException("Dense needs the size of its inputs' last axis", $"layer '{name}'", "a known last dimension", input_shape.ToString());
        kernel = add_weight(new Shape(input_shape[-1], units), _kernelInitializer.call, name: "kernel");
        if (use_bias) bias = add_weight(new Shape(units), _biasInitializer.call, name: "bias");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        if (x.shape[-1] >= 0 && x.shape[-1] != kernel.shape[0])
            throw new ShapeMismatchException("The inputs do not fit a layer's weights", NameScope.Current, $"a last dimension of {kernel.shape[0]}", x.shape.ToString());
        if (x.ndim == 2) return Finish(Tf.MatMul(x, kernel));
        var rows = Finish(Tf.MatMul(Tf.Reshape(x, Tf.Int32(-1, checked((int)kernel.shape[0]))), kernel));
        return Tf.Reshape(rows, Tf.WithLastDim(x, units));
    }

    Tensor Finish(Tensor product)
    {
        if (bias is not null) product = Tf.BiasAdd(product, bias);
        return _activation is null ? product : _activation(product);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return input_shape.With(-1, units);
    }
}
