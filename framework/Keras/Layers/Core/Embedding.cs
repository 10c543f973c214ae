using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Turns ids, such as those of words, into trained vectors: looks them up in a table.</summary>
/// <remarks>Input (...) of integers, output (..., output_dim). Source: keras/src/layers/core/embedding.py. The gradient of the table is dense.
/// Ids are checked on the host where they come from there; ids computed inside a compiled function are not (XLA clamps them).</remarks>
/// <example>
/// <code>
/// int[,] words = { { 4, 7, 1 }, { 2, 9, 0 } };
/// Console.WriteLine(keras.layers.Embedding(input_dim: 10, output_dim: 8).Apply(words).Single.shape);   // (2, 3, 8)
/// </code>
/// </example>
public class Embedding : Layer
{
    readonly Initializer _initializer;
    readonly Regularizer? _regularizer;
    readonly Constraint? _constraint;

    /// <summary>Turns ids, such as those of words, into trained vectors: looks them up in a table.</summary>
    /// <param name="input_dim">The number of ids, V.</param>
    /// <param name="output_dim">The size of a vector, C.</param>
    /// <param name="embeddings_initializer">Default uniform in ±0.05.</param>
    /// <param name="embeddings_regularizer">Default none.</param>
    /// <param name="embeddings_constraint">Default none.</param>
    /// <param name="mask_zero">Whether id 0 is padding, masked for the layers after this one; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether the table is trained; default true.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Embedding(int input_dim, int output_dim, Initializer? embeddings_initializer = null, Regularizer? embeddings_regularizer = null, Constraint? embeddings_constraint = null,
        bool mask_zero = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true, Regularizer? activity_regularizer = null) : base(name, trainable, dtype)
    {
        (this.input_dim, this.output_dim, this.mask_zero) = (ConfigForms.Positive(input_dim, nameof(input_dim)), ConfigForms.Positive(output_dim, nameof(output_dim)), mask_zero);
        (_initializer, _regularizer, _constraint) = (embeddings_initializer ?? new RandomUniform(), embeddings_regularizer, embeddings_constraint);
        this.activity_regularizer = activity_regularizer;
        autocast = false;
        supports_masking = mask_zero;
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Embedding(int, int, Initializer, Regularizer, Constraint, bool, string, DTypePolicy, bool, Regularizer)"/>
    [OverloadResolutionPriority(-1)]
    public Embedding(int input_dim, int output_dim, Func<Shape, DType, Tensor>? embeddings_initializer = null, Regularizer? embeddings_regularizer = null,
        Constraint? embeddings_constraint = null, bool mask_zero = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true,
        Regularizer? activity_regularizer = null)
        : this(input_dim, output_dim, (Initializer?)embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, name, dtype, trainable,
            activity_regularizer)
    {
    }

    /// <summary>The number of ids, the rows of the table.</summary>
    public int input_dim { get; }

    /// <summary>The size of each vector.</summary>
    public int output_dim { get; }

    /// <summary>Whether id 0 is padding, which later layers then skip.</summary>
    public bool mask_zero { get; }

    /// <summary>The table of vectors, (V, C).</summary>
    public Variable embeddings { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        embeddings = add_weight(new Shape(input_dim, output_dim), _initializer, regularizer: _regularizer, constraint: _constraint, name: "embeddings");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor ids = inputs;
        if (ids.dtype != DType.Int32 && ids.dtype != DType.Int64) ids = OpsApi.ClassIndices(ids);
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

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["input_dim"] = input_dim,
        ["output_dim"] = output_dim,
        ["embeddings_initializer"] = _initializer.Serialized(),
        ["embeddings_regularizer"] = _regularizer.Serialized(),
        ["activity_regularizer"] = activity_regularizer.Serialized(),
        ["embeddings_constraint"] = _constraint.Serialized(),
        ["mask_zero"] = mask_zero,
        ["quantization_config"] = null,
    };
}
