using Keras.Graphs;
using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Bahdanau's additive attention: the scores are the sum over channels of scale · tanh(query + key).</summary>
/// <remarks>Inputs as <see cref="Attention"/>. Source: keras/src/layers/attention/additive_attention.py.</remarks>
public sealed class AdditiveAttention : Attention
{
    readonly bool _useScale;

    /// <summary>Bahdanau's additive attention: the scores are the sum over channels of scale · tanh(query + key).</summary>
    /// <param name="use_scale">Whether a trained vector multiplies the channels; default true.</param>
    /// <param name="dropout">The share of scores that are zeroed in training; default 0.</param>
    /// <param name="seed">The seed of dropout; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdditiveAttention(bool use_scale = true, double dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(use_scale, "dot", dropout, seed, name, dtype) =>
        _useScale = use_scale;

    private protected override void BuildScale(Shape query)
    {
        if (_useScale) scale = add_weight(new Shape(ConfigForms.KnownDim(query, -1, this)), new GlorotUniform(), name: "scale");
    }

    private protected override Tensor? Scores(Tensor query, Tensor key)
    {
        var sum = Tf.Tanh(Tf.ExpandDims(query, -2) + Tf.ExpandDims(key, -3));
        return Api.ops.sum(scale is null ? sum : sum * scale.value, -1);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = base.get_config();
        config.Remove("score_mode");
        return config;
    }
}
