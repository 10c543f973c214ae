using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with the two heads of its pretraining: masked words, and whether the second sentence follows the first.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForPreTraining. There is a loss only with both kinds of labels.</remarks>
public sealed class TFBertForPreTraining : TFBertPreTrainedModel<TFBertForPreTraining, TFBertForPreTrainingOutput>, IPretrainedModel<TFBertForPreTraining>
{
    readonly BertPredictions predictions;
    readonly Dense seq_relationship;

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForPreTraining(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: true, name, dtype)
    {
        predictions = new(config, dtype_policy);
        seq_relationship = new(2, kernel_initializer: BertInit.Weights(config), name: "seq_relationship", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFBertForPreTraining Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    public override IReadOnlyList<string> InputNames { get; } = [.. EncoderInputs, "labels", "next_sentence_label"];

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.WithPredictions(config.tie_word_embeddings), .. WeightRow.Dense("cls.seq_relationship", "seq_relationship")];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        .. base.IntegerInputs, ("labels", new(ModelLosses.Ignored, config.vocab_size - 1)), ("next_sentence_label", new(0, 1, ModelLosses.Ignored)),
    ];

    internal override double? ForwardFlops(long batch, long length) =>
        config.ForwardFlops(batch, length) + BertPredictions.Flops(config, (double)batch * length) + (4.0 * batch * config.hidden_size);

    /// <inheritdoc/>
    public override Variable? get_output_embeddings() => predictions.OwnTable ?? get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        base.ResizeVocabulary(count);
        predictions.Resize(count);
    }

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Tensors labels, ModelOutput outputs) =>
        ModelLosses.PreTraining(outputs["prediction_logits"], outputs["seq_relationship_logits"], labels["labels"].Single, labels["next_sentence_label"].Single);

    /// <inheritdoc/>
    protected override ModelOutput Forward(ModelInputs inputs, CallArguments args)
    {
        var outputs = Backbone(inputs, args);
        return new TFBertForPreTrainingOutput
        {
            prediction_logits = predictions.Scores(outputs.last_hidden_state, get_input_embeddings()),
            seq_relationship_logits = seq_relationship.Apply(outputs.pooler_output),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Applies the model to inputs given by keyword.</summary>
    /// <remarks>
    /// input_ids to output_hidden_states as in <see cref="TFBertPreTrainedModel{TSelf, TOut}"/>'s Apply.
    /// <para>labels: The words behind the masks, (B, T), -100 for others.</para>
    /// <para>next_sentence_label: 0 where the second sentence follows, 1 where it does not, (B).</para>
    /// </remarks>
    public TFBertForPreTrainingOutput Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null,
        Tensor? labels = null, Tensor? next_sentence_label = null, bool? training = null) =>
        Apply(Keywords(input_ids, attention_mask, token_type_ids, position_ids, head_mask, inputs_embeds, output_attentions, output_hidden_states, training)
            .With("labels", labels).With("next_sentence_label", next_sentence_label));
}
