using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Wraps a layer and, in training, divides its kernel by its largest singular value before each call: this steadies GANs.</summary>
/// <remarks>Source: Miyato et al. 2018 (arXiv:1802.05957); keras/src/layers/normalization/spectral_normalization.py.</remarks>
public sealed class SpectralNormalization : Wrapper
{
    readonly int _powerIterations;
    Variable kernel = null!;
    Variable vector_u = null!;

    /// <summary>Wraps a layer to normalise its kernel.</summary>
    /// <param name="layer">A layer with a kernel or embeddings.</param>
    /// <param name="power_iterations">The number of refinements of the singular vector per step; default 1.</param>
    /// <param name="name">The name of this one.</param>
    /// <param name="dtype">The dtype policy.</param>
    public SpectralNormalization(Layer layer, int power_iterations = 1, string? name = null, DTypePolicy? dtype = null) : base(layer, name, dtype) =>
        _powerIterations = ConfigForms.Positive(power_iterations, nameof(power_iterations));

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">The layer has neither kernel nor embeddings.</exception>
    public override void build(Shape input_shape)
    {
        base.build(input_shape);
        input_spec = new(min_ndim: 1, axes: new Dictionary<int, long> { [-1] = ConfigForms.KnownDim(input_shape, -1, this) });
        kernel = layer.weights.FirstOrDefault(w => w.name is "kernel" or "embeddings")
            ?? throw new UnsupportedException("A layer has no kernel to normalise", $"layer '{layer.name}' ({layer.GetType().Name})", "a weight 'kernel' or 'embeddings'", string.Join(", ", layer.weights.Select(w => w.name)));
        vector_u = add_weight(new Shape(1, kernel.shape[-1]), new TruncatedNormal(stddev: 0.02), kernel.dtype, trainable: false, name: "vector_u");
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (training) Normalize();
        ArgumentNullException.ThrowIfNull(inputs);
        return Tf.Cast(layer.Apply(inputs), inputs.Single.dtype);
    }

    void Normalize()
    {
        using var precise = Autocast.Enter(null);
        var value = kernel.value;
        var weights = Tf.Reshape(value, Tf.Int32(-1, checked((int)kernel.shape[-1])));
        Tensor u = vector_u;
        Tensor v = u;
        for (var i = 0; i < _powerIterations; i++)
        {
            v = Unit(Tf.MatMul(u, Tf.Transpose(weights, 1, 0)));
            u = Unit(Tf.MatMul(v, weights));
        }
        (u, v) = (Tf.StopGradient(u), Tf.StopGradient(v));
        var sigma = Tf.Reshape(Tf.MatMul(Tf.MatMul(v, weights), Tf.Transpose(u, 1, 0)), Shape.Scalar);
        // A kernel of zeros stays as it is.
        var isZero = Api.ops.all(Tf.Equal(value, Tf.ZerosLike(value)));
        vector_u.assign(Tf.SelectV2(isZero, vector_u.value, u));
        kernel.assign(Tf.SelectV2(isZero, value, Tf.DivNoNan(value, sigma)));
    }

    static Tensor Unit(Tensor x) => x * Tf.Rsqrt(Tf.Maximum(Tf.Sum(Tf.Square(x)), Tf.Constant(1e-12, x.dtype)));

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => layer.compute_output_shape(input_shape);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["power_iterations"] = _powerIterations };
}
