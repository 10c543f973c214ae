using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Multi-head attention: each head projects query, key and value and computes softmax(query · keyᵀ / √key_dim) · value.</summary>
/// <remarks>Source: Vaswani et al. 2017 (arXiv:1706.03762); keras/src/layers/attention/multi_head_attention.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((4, 10, 32));
/// Console.WriteLine(keras.layers.MultiHeadAttention(num_heads: 4, key_dim: 8).Apply(x, x).Single.shape);   // self-attention: (4, 10, 32)
/// </code>
/// </example>
public sealed class MultiHeadAttention : HeadAttention
{
    readonly int[]? _attentionAxes;
    readonly Shape? _outputShape;

    /// <summary>Multi-head attention: each head projects query, key and value and computes softmax(query · keyᵀ / √key_dim) · value.</summary>
    /// <param name="num_heads">The number of heads.</param>
    /// <param name="key_dim">The size of a head of queries and keys.</param>
    /// <param name="value_dim">The size of a head of values; default key_dim.</param>
    /// <param name="dropout">The share of scores that are zeroed in training; default 0.</param>
    /// <param name="use_bias">Whether projections have biases; default true.</param>
    /// <param name="output_shape">The output's shape after the axes of steps; default the query's last size.</param>
    /// <param name="attention_axes">The axes that attend to each other; default all between the batch and the last.</param>
    /// <param name="sliding_window">The number of steps that each step sees in both directions; default all.</param>
    /// <param name="flash_attention">Not supported: false or null.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the outputs; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="use_gate">Whether the result is multiplied by a sigmoid of a projection of the query; default false.</param>
    /// <param name="seed">The seed of dropout; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="UnsupportedException">flash_attention is true.</exception>
    public MultiHeadAttention(int num_heads, int key_dim, int? value_dim = null, double dropout = 0, bool use_bias = true, Shape? output_shape = null, Axes? attention_axes = null,
        int? sliding_window = null, bool? flash_attention = null, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, bool use_gate = false,
        long? seed = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(new(dropout, use_bias, sliding_window, flash_attention, kernel_initializer ?? new GlorotUniform(), bias_initializer ?? new Zeros(), kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed), name, dtype, trainable)
    {
        (this.num_heads, this.key_dim) = (ConfigForms.Positive(num_heads, nameof(num_heads)), ConfigForms.Positive(key_dim, nameof(key_dim)));
        this.value_dim = ConfigForms.Positive(value_dim ?? key_dim, nameof(value_dim));
        (_outputShape, _attentionAxes) = (output_shape, attention_axes is null ? null : [.. attention_axes]);
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="MultiHeadAttention(int, int, int?, double, bool, Shape, Axes, int?, bool?, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public MultiHeadAttention(int num_heads, int key_dim, int? value_dim = null, double dropout = 0, bool use_bias = true, Shape? output_shape = null,
        Axes? attention_axes = null, int? sliding_window = null, bool? flash_attention = null, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, bool use_gate = false, long? seed = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(num_heads, key_dim, value_dim, dropout, use_bias, output_shape, attention_axes, sliding_window, flash_attention, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed, name, dtype,
            trainable)
    {
    }

    /// <summary>The number of attention heads.</summary>
    public int num_heads { get; }

    /// <summary>The size of each head's queries and keys.</summary>
    public int key_dim { get; }

    /// <summary>The size of each head's values.</summary>
    public int value_dim { get; }

    private protected override (int Query, int KeyValue) Heads => (num_heads, num_heads);

    private protected override (int Key, int Value) HeadSizes => (key_dim, value_dim);

    private protected override Shape? OutputShape => _outputShape;

    private protected override int[]? AttendedAxes => _attentionAxes;

    int _rank;

    /// <inheritdoc/>
    protected override void build(CallArguments args)
    {
        base.build(args);
        _rank = args.Inputs.Single.ndim;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["num_heads"] = num_heads,
        ["key_dim"] = key_dim,
        ["value_dim"] = value_dim,
        ["output_shape"] = _outputShape?.ToArray(),
        // As in Keras, the axes are known once the layer is built.
        ["attention_axes"] = _attentionAxes ?? (built ? [.. Enumerable.Range(1, _rank - 2)] : null),
    };
}
