using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>GPT-2 with a classifier (or, for one label, a regressor) on the state of the last token before padding.</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_gpt2.py, GPT2ForSequenceClassification, whose logits are always (B, labels). The last token is the one before the first with the padding id;
/// in texts without padding, and for inputs_embeds, it is the last one.</remarks>
public sealed class TFGPT2ForSequenceClassification : TFGPT2PreTrainedModel<TFGPT2ForSequenceClassification, Gpt2LabelledInputs, TFSequenceClassifierOutputWithPast>, IPretrainedModel<TFGPT2ForSequenceClassification>
{
    readonly Dense score;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFGPT2ForSequenceClassification(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) =>
        score = new(config.num_labels, use_bias: false, kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: "score", dtype: dtype_policy);

    /// <inheritdoc/>
    public static TFGPT2ForSequenceClassification Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((GPT2Config)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. base.WeightRows, WeightRow.Dense("score", "score")[0]];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => ModelLosses.ProblemOf(config) == "single_label_classification"
        ? [.. base.IntegerInputs, (nameof(Gpt2LabelledInputs.labels), new(0, config.num_labels - 1))]
        : base.IntegerInputs;

    private protected override double HeadFlops(double batch, double length) => 2 * batch * config.n_embd * config.num_labels;

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Gpt2LabelledInputs labels, TFSequenceClassifierOutputWithPast outputs) => ModelLosses.SequenceClassification(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFSequenceClassifierOutputWithPast Forward(Gpt2LabelledInputs inputs)
    {
        var outputs = transformer.Apply(inputs);
        return new()
        {
            logits = score.Apply(LastStates(outputs.last_hidden_state, inputs.input_ids)),
            past_key_values = outputs.past_key_values,
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    Tensor LastStates(Tensor states, Tensor? ids)
    {
        if (ids is null) return states[.., ^1];
        if (config.pad_token_id is not { } pad)
            return ops.shape(ids)[0].Known is > 1
                ? throw new ConfigException("A batch of texts cannot be classified without a padding id, which tells where each ends", "pad_token_id", "the id that pads", "null", "Set config.pad_token_id, for example to eos_token_id, or give one text at a time.")
                : states[.., ^1];
        var length = ops.shape(ids)[1].ToTensor();
        // The position before the first padding; -1, if there is none or it comes first, means the last position.
        var last = ops.cast(ops.argmax(ops.cast(ops.equal(ops.cast(ids, "int32"), pad), "int32"), -1), "int32") - 1;
        last = ops.where(last < 0, length - 1, last);
        return ops.squeeze(ops.take_along_axis(states, ops.expand_dims(last, [1, 2]), 1), 1);
    }
}
