using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Looks ids up in a table of vectors.</summary>
/// <remarks>Source: keras/src/layers/core/embedding.py. The gradient of the table is dense. Ids are checked on the host where they come
/// from there; ids computed inside a compiled function are not (XLA clamps them).</remarks>
public class Embedding : Layer
{
    readonly Initializer _initializer;

    /// <summary>An embedding.</summary>
    /// <param name="input_dim">The number of ids, V.</param>
    /// <param name="output_dim">The size of a vector, C.</param>
    /// <param name="embeddings_initializer">Default uniform in ±0.05.</param>
    /// <param name="mask_zero">Whether id 0 is padding, masked for the layers behind; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Embedding(int input_dim, int output_dim, Initializer? embeddings_initializer = null, bool mask_zero = false, string? name = null, DTypePolicy? dtype = null)
        : base(name, dtype: dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input_dim);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(output_dim);
        (this.input_dim, this.output_dim, this.mask_zero) = (input_dim, output_dim, mask_zero);
        _initializer = embeddings_initializer ?? new RandomUniform();
        autocast = false;
        supports_masking = mask_zero;
    }

    /// <summary>The number of ids.</summary>
    public int input_dim { get; }

    /// <summary>The size of a vector.</summary>
    public int output_dim { get; }

    /// <summary>Whether id 0 is padding.</summary>
    public bool mask_zero { get; }

    /// <summary>The table, (V, C).</summary>
    public Variable embeddings { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        embeddings = add_weight(new Shape(input_dim, output_dim), _initializer.call, name: "embeddings");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor ids = inputs;
        if (ids.dtype != DType.Int32 && ids.dtype != DType.Int64) ids = Tf.Cast(ids, DType.Int32);
        return Tf.Cast(Tf.Gather(embeddings, ids, 0), compute_dtype);
    }

    /// <inheritdoc/>
    public override Tensor? compute_mask(Tensors inputs, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return mask_zero ? Tf.NotEqual(inputs.Single, Tf.ZerosLike(inputs.Single)) : null;
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return input_shape.Concat(new Shape(output_dim));
    }
}
