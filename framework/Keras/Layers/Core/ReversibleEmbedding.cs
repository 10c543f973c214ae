using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>An embedding that also maps vectors back to a score for each id, by the transposed table or a separate kernel.</summary>
/// <remarks>Source: keras/src/layers/core/reversible_embedding.py.</remarks>
public sealed class ReversibleEmbedding : Embedding
{
    readonly bool _tieWeights;
    readonly DType? _reverseDtype;
    readonly double? _logitSoftCap;
    readonly Initializer _kernelInitializer;
    Variable? reverse_embeddings;

    /// <summary>An embedding that also maps vectors back to a score for each id.</summary>
    /// <param name="input_dim">The number of ids, V.</param>
    /// <param name="output_dim">The size of a vector, C.</param>
    /// <param name="tie_weights">Whether the way back uses the same table; default true.</param>
    /// <param name="embeddings_initializer">Default uniform in ±0.05.</param>
    /// <param name="embeddings_regularizer">Default none.</param>
    /// <param name="embeddings_constraint">Default none.</param>
    /// <param name="mask_zero">Whether id 0 is padding, masked for the layers after this one; default false.</param>
    /// <param name="reverse_dtype">The dtype in which the way back computes; default that of the layer.</param>
    /// <param name="logit_soft_cap">Scores are squeezed between ± this by tanh; default not.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether the table is trained; default true.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    public ReversibleEmbedding(int input_dim, int output_dim, bool tie_weights = true, Initializer? embeddings_initializer = null, Regularizer? embeddings_regularizer = null,
        Constraint? embeddings_constraint = null, bool mask_zero = false, string? reverse_dtype = null, double? logit_soft_cap = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true, Regularizer? activity_regularizer = null)
        : base(input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, name, dtype, trainable, activity_regularizer) =>
        (_tieWeights, _reverseDtype, _logitSoftCap, _kernelInitializer) =
            (tie_weights, reverse_dtype is null ? null : DType.Parse(reverse_dtype), logit_soft_cap is { } cap ? Require.Positive(cap, nameof(logit_soft_cap)) : null, embeddings_initializer ?? new RandomUniform());

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="ReversibleEmbedding(int, int, bool, Initializer, Regularizer, Constraint, bool, string, double?, string, DTypePolicy, bool, Regularizer)"/>
    [OverloadResolutionPriority(-1)]
    public ReversibleEmbedding(int input_dim, int output_dim, bool tie_weights = true, Func<Shape, DType, Tensor>? embeddings_initializer = null,
        Regularizer? embeddings_regularizer = null, Constraint? embeddings_constraint = null, bool mask_zero = false, string? reverse_dtype = null,
        double? logit_soft_cap = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true, Regularizer? activity_regularizer = null)
        : this(input_dim, output_dim, tie_weights, (Initializer?)embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, reverse_dtype,
            logit_soft_cap, name, dtype, trainable, activity_regularizer)
    {
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["inputs", "reverse"];

    /// <summary>Looks up the vectors of ids, or with reverse maps vectors (..., C) back to scores (..., V).</summary>
    /// <param name="inputs">Ids, or vectors.</param>
    /// <param name="reverse">Whether to go back.</param>
    public Tensor Apply(Tensors inputs, bool reverse) => Apply(new CallArguments(inputs).WithOption("reverse", reverse));

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        base.build(input_shape);
        if (!_tieWeights) reverse_embeddings = add_weight(new Shape(output_dim, input_dim), _kernelInitializer, name: "reverse_embeddings");
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (!args.Option("reverse", false)) return base.call(args);
        Tensor x = args.Inputs;
        Tensor kernel = reverse_embeddings is null ? Tf.Transpose(embeddings.value, 1, 0) : reverse_embeddings;
        if (_reverseDtype is not null) (x, kernel) = (Tf.Cast(x, _reverseDtype), Tf.Cast(kernel, _reverseDtype));
        else x = Tf.Cast(x, kernel.dtype);
        var logits = Api.ops.matmul(x, kernel);
        return _logitSoftCap is { } cap ? Tf.Tanh(logits / cap) * cap : logits;
    }

    internal override Tensor?[] ComputeMasks(CallArguments args) => args.Option("reverse", false) ? [args.Mask] : base.ComputeMasks(args);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["tie_weights"] = _tieWeights,
        ["reverse_dtype"] = _reverseDtype?.Name,
        ["logit_soft_cap"] = _logitSoftCap,
    };
}
