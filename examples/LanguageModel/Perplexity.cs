using Keras.Metrics;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>Perplexity, the number of tokens a model hesitates between: e to the mean negative log-probability of labelled tokens, given those before.
/// The model's weights mark the labelled tokens.</summary>
sealed class Perplexity : Metric
{
    readonly Variable surprise, tokens;

    public Perplexity() : base(name: "perplexity") => (surprise, tokens) = (add_variable(name: "surprise"), add_variable(name: "tokens"));

    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        var losses = ops.sparse_categorical_crossentropy(y_true[.., 1..], ops.cast(y_pred[.., ..^1], "float32"), from_logits: true);
        var isAsked = sample_weight is null ? ops.ones_like(losses) : sample_weight[.., 1..];
        surprise.assign_add(ops.sum(losses * isAsked));
        tokens.assign_add(ops.sum(isAsked));
    }

    public override Tensors result() => ops.exp(surprise.value / tokens.value);
}
