using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Centres and scales each sample over the last axis, then applies gamma and beta.</summary>
/// <remarks>Source: Ba et al. 2016 (arXiv:1607.06450); keras/src/layers/normalization/layer_normalization.py.</remarks>
public class LayerNormalization : Layer
{
    /// <summary>A layer normalisation over the last axis.</summary>
    /// <param name="epsilon">Added to the variance; default 0.001.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public LayerNormalization(double epsilon = 1e-3, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        this.epsilon = epsilon;
        supports_masking = true;
    }

    /// <summary>Added to the variance.</summary>
    public double epsilon { get; }

    /// <summary>The scale, (C).</summary>
    public Variable gamma { get; private set; } = null!;

    /// <summary>The offset, (C).</summary>
    public Variable beta { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        if (!input_shape.HasRank || input_shape[-1] < 0)
            throw new ShapeMismatchException("LayerNormalization needs the size of its axis", $"layer '{name}'", "a known last dimension", input_shape.ToString());
        gamma = add_weight(new Shape(input_shape[-1]), new Ones().call, name: "gamma");
        beta = add_weight(new Shape(input_shape[-1]), new Zeros().call, name: "beta");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        // Moments in half precision would lose the small differences.
        var half = x.dtype == DType.Float16 || x.dtype == DType.BFloat16;
        if (!half) return Tf.LayerNorm(x, gamma, beta, (float)epsilon);
        return Tf.Cast(Tf.LayerNorm(Tf.Cast(x, DType.Float32), Tf.Cast(gamma, DType.Float32), Tf.Cast(beta, DType.Float32), (float)epsilon), x.dtype);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;
}
