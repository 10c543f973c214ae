using static Keras.Api;

namespace Keras.Transformers;

/// <summary>GPT-2 with the head that predicts the next word, for generating text.</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_tf_gpt2.py, TFGPT2LMHeadModel.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFGPT2LMHeadModel.from_pretrained("gpt2");
/// int[] prompt = [.. tokenizer.encode("Once upon a time")];
/// var output = model.generate(prompt, max_new_tokens: 30);
/// Console.WriteLine(tokenizer.decode(output.sequences[0], skip_special_tokens: true));
/// </code>
/// </example>
public sealed class TFGPT2LMHeadModel : TFGPT2PreTrainedModel<TFGPT2LMHeadModel, Gpt2LabelledInputs, TFCausalLMOutputWithCrossAttentions>, IPretrainedModel<TFGPT2LMHeadModel>, ICausalLanguageModel
{
    Gpt2WordScores lm_head;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
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
    public override double? DecodeBytes(long batch, long past) =>
        DecodeBytes(lm_head.Table is null ? [transformer.PositionTable] : [transformer.PositionTable, get_input_embeddings()], 2 * config.n_layer * batch * past * config.n_embd);

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
    protected override TFCausalLMOutputWithCrossAttentions Forward(Gpt2LabelledInputs inputs) => Scored(inputs, null);

    TFCausalLMOutputWithCrossAttentions Scored(Gpt2Inputs inputs, Tensor? places)
    {
        var outputs = transformer.Apply(inputs);
        var states = places is null ? outputs.last_hidden_state : ops.take(outputs.last_hidden_state, places, 1);
        return new()
        {
            logits = lm_head.Apply(new Gpt2WordScoresInputs { states = states, words = get_input_embeddings() }),
            past_key_values = outputs.past_key_values,
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
            cross_attentions = outputs.cross_attentions,
        };
    }

    CacheForm ICausalLanguageModel.CacheForm => new(config.n_layer, config.n_head, config.n_embd / config.n_head);

    int ICausalLanguageModel.PositionCount => config.n_positions;

    TFCausalLMOutputWithCrossAttentions ICausalLanguageModel.Decode(DecoderInputs inputs) => Scored(new Gpt2Inputs
    {
        input_ids = inputs.input_ids, inputs_embeds = inputs.inputs_embeds, attention_mask = inputs.attention_mask, position_ids = inputs.position_ids, token_type_ids = inputs.token_type_ids,
        encoder_hidden_states = inputs.encoder_hidden_states, encoder_attention_mask = inputs.encoder_attention_mask, cache = inputs.cache, use_cache = false,
        output_attentions = inputs.output_attentions, output_hidden_states = inputs.output_hidden_states,
    }, inputs.scored);

    Tensors ICausalLanguageModel.PastOf(KeyValueCache cache) => Gpt2Past.Stacked(cache.ToTensors());

    GrowingCache ICausalLanguageModel.CacheOf(Tensors past_key_values) => GrowingCache.Of(Gpt2Past.Unstacked(past_key_values), config.n_layer);
}
