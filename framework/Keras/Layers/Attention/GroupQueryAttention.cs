using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Grouped-query attention: each head of keys and values serves a group of query heads.</summary>
/// <remarks>Inputs (B, T, D). Source: Ainslie et al. 2023 (arXiv:2305.13245); keras/src/layers/attention/grouped_query_attention.py.</remarks>
public sealed class GroupQueryAttention : HeadAttention
{
    /// <summary>Grouped-query attention: each head of keys and values serves a group of query heads.</summary>
    /// <param name="head_dim">The size of a head.</param>
    /// <param name="num_query_heads">The number of heads of queries.</param>
    /// <param name="num_key_value_heads">The number of heads of keys and values, which divides that of queries.</param>
    /// <param name="dropout">The share of scores that are zeroed in training; default 0.</param>
    /// <param name="use_bias">Whether projections have biases; default true.</param>
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
    /// <exception cref="ArgumentException">The number of query heads is not a multiple of that of key heads.</exception>
    /// <exception cref="UnsupportedException">flash_attention is true.</exception>
    public GroupQueryAttention(int head_dim, int num_query_heads, int num_key_value_heads, double dropout = 0, bool use_bias = true, int? sliding_window = null, bool? flash_attention = null,
        Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, bool use_gate = false, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : base(new(dropout, use_bias, sliding_window, flash_attention, kernel_initializer ?? new GlorotUniform(), bias_initializer ?? new Zeros(), kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed), name ?? LayerNames.New("grouped_query_attention"), dtype, trainable)
    {
        (this.head_dim, this.num_query_heads) = (ConfigForms.Positive(head_dim, nameof(head_dim)), ConfigForms.Positive(num_query_heads, nameof(num_query_heads)));
        this.num_key_value_heads = ConfigForms.Positive(num_key_value_heads, nameof(num_key_value_heads));
        if (num_query_heads % num_key_value_heads != 0)
            throw new ArgumentException($"The numbers of heads do not fit. Expected: num_query_heads a multiple of num_key_value_heads. Received: {num_query_heads} and {num_key_value_heads}.", nameof(num_key_value_heads));
        input_spec = new(ndim: 3);
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="GroupQueryAttention(int, int, int, double, bool, int?, bool?, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GroupQueryAttention(int head_dim, int num_query_heads, int num_key_value_heads, double dropout = 0, bool use_bias = true, int? sliding_window = null,
        bool? flash_attention = null, Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, bool use_gate = false, long? seed = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(head_dim, num_query_heads, num_key_value_heads, dropout, use_bias, sliding_window, flash_attention, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed, name, dtype,
            trainable)
    {
    }

    /// <summary>The size of each head.</summary>
    public int head_dim { get; }

    /// <summary>The number of query heads.</summary>
    public int num_query_heads { get; }

    /// <summary>The number of key and value heads.</summary>
    public int num_key_value_heads { get; }

    private protected override (int Query, int KeyValue) Heads => (num_query_heads, num_key_value_heads);

    private protected override (int Key, int Value) HeadSizes => (head_dim, head_dim);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["head_dim"] = head_dim,
        ["num_query_heads"] = num_query_heads,
        ["num_key_value_heads"] = num_key_value_heads,
    };
}
