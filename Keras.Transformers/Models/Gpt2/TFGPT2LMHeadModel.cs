namespace Keras.Transformers;

/// <summary>GPT-2 that predicts the next word with its word vectors.</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_tf_gpt2.py, TFGPT2LMHeadModel.</remarks>
public sealed class TFGPT2LMHeadModel : TFGPT2PreTrainedModel<TFGPT2LMHeadModel, Gpt2LabelledInputs, TFCausalLMOutputWithCrossAttentions>, IPretrainedModel<TFGPT2LMHeadModel>
{
    Gpt2WordScores lm_head;

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFGPT2LMHeadModel(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) => lm_head = new(this.config, this.config.vocab_size, dtype_policy);

    /// <inheritdoc/>
    public static TFGPT2LMHeadModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((GPT2Config)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => Gpt2Weights.WithWords(config.tie_word_embeddings);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, (nameof(Gpt2LabelledInputs.labels), new(ModelLosses.Ignored, config.vocab_size - 1))];

    private protected override double HeadFlops(double batch, double length) => 2 * batch * length * config.n_embd * config.vocab_size;

    /// <inheritdoc/>
    public override Variable? get_output_embeddings() => lm_head.Table ?? get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        base.ResizeVocabulary(count);
        lm_head = lm_head.Resized(count);
    }

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Gpt2LabelledInputs labels, TFCausalLMOutputWithCrossAttentions outputs) => ModelLosses.CausalLanguageModel(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFCausalLMOutputWithCrossAttentions Forward(Gpt2LabelledInputs inputs)
    {
        var outputs = transformer.Apply(inputs);
        return new()
        {
            logits = lm_head.Apply(new Gpt2WordScoresInputs { states = outputs.last_hidden_state, words = get_input_embeddings() }),
            past_key_values = outputs.past_key_values,
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
            cross_attentions = outputs.cross_attentions,
        };
    }
}
