using static Keras.Api;

namespace Keras.Transformers;

/// <summary>BERT as a decoder that predicts the next word; it can reuse the keys and values of earlier words and attend to an encoder's states.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertLMHeadModel. Without is_decoder it warns, because every word then sees later ones.</remarks>
public sealed class TFBertLMHeadModel : TFBertWordModel<TFBertLMHeadModel, BertLMHeadInputs, TFCausalLMOutputWithCrossAttentions>, IPretrainedModel<TFBertLMHeadModel>, ICausalLanguageModel
{
    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertLMHeadModel(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, name, dtype)
    {
        if (!config.is_decoder) Graphs.Diagnostics.Warn("TFBertLMHeadModel predicts the next word only as a decoder. Set is_decoder: true in its configuration.");
    }

    /// <inheritdoc/>
    public static TFBertLMHeadModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    public override double? DecodeBytes(long batch, long past) => !config.is_decoder ? null
        : DecodeBytes(bert.LookedUpTables.Concat(get_output_embeddings() == get_input_embeddings() ? [] : [get_input_embeddings()]), 2 * config.num_hidden_layers * batch * past * config.hidden_size);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertLMHeadInputs labels, TFCausalLMOutputWithCrossAttentions outputs) => ModelLosses.CausalLanguageModel(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFCausalLMOutputWithCrossAttentions Forward(BertLMHeadInputs inputs) => Scored(inputs, null);

    TFCausalLMOutputWithCrossAttentions Scored(BertLMHeadInputs inputs, Tensor? places)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            logits = WordScores(places is null ? outputs.last_hidden_state : ops.take(outputs.last_hidden_state, places, 1)),
            past_key_values = outputs.past_key_values,
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
            cross_attentions = outputs.cross_attentions,
        };
    }

    CacheForm ICausalLanguageModel.CacheForm => new(config.num_hidden_layers, config.num_attention_heads, config.hidden_size / config.num_attention_heads);

    int ICausalLanguageModel.PositionCount => config.max_position_embeddings;

    TFCausalLMOutputWithCrossAttentions ICausalLanguageModel.Decode(DecoderInputs inputs) => Scored(new BertLMHeadInputs
    {
        input_ids = inputs.input_ids, inputs_embeds = inputs.inputs_embeds, attention_mask = inputs.attention_mask, position_ids = inputs.position_ids, token_type_ids = inputs.token_type_ids,
        encoder_hidden_states = inputs.encoder_hidden_states, encoder_attention_mask = inputs.encoder_attention_mask, cache = inputs.cache, use_cache = false,
        output_attentions = inputs.output_attentions, output_hidden_states = inputs.output_hidden_states,
    }, inputs.scored);

    Tensors ICausalLanguageModel.PastOf(KeyValueCache cache) => cache.ToTensors();

    GrowingCache ICausalLanguageModel.CacheOf(Tensors past_key_values) => GrowingCache.Of(past_key_values, config.num_hidden_layers);

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <remarks>
    /// input_ids to output_hidden_states as in <see cref="TFBertPreTrainedModel{TSelf, TInputs, TOut}"/>'s Apply.
    /// <para>encoder_hidden_states: An encoder's states to attend to, (B, S, C).</para>
    /// <para>encoder_attention_mask: 1 for an encoder's tokens, 0 for padding, (B, S); default all tokens.</para>
    /// <para>past_key_values: The keys and values that an earlier call returned; then input_ids are the words since, attention_mask covers all.</para>
    /// <para>use_cache: Whether keys and values are returned; default the configuration's.</para>
    /// </remarks>
    public TFCausalLMOutputWithCrossAttentions Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, Tensor? encoder_hidden_states = null, Tensor? encoder_attention_mask = null,
        Tensors? past_key_values = null, bool? use_cache = null, bool? output_attentions = null, bool? output_hidden_states = null, Tensor? labels = null, bool? training = null) =>
        Apply(Keywords(input_ids, new BertLMHeadInputs { attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask, inputs_embeds = inputs_embeds, output_attentions = output_attentions, output_hidden_states = output_hidden_states, encoder_hidden_states = encoder_hidden_states, encoder_attention_mask = encoder_attention_mask, past_key_values = past_key_values, use_cache = use_cache, labels = labels }, training));
}
