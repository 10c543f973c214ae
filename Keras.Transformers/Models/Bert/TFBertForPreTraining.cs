using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with the two heads of its pretraining: one predicts masked words, the other whether the second sentence follows the first.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForPreTraining. There is a loss only with both kinds of labels.</remarks>
public sealed class TFBertForPreTraining : TFBertWordModel<TFBertForPreTraining, BertForPreTrainingInputs, TFBertForPreTrainingOutput>, IPretrainedModel<TFBertForPreTraining>
{
    readonly Dense seq_relationship;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForPreTraining(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: true, name, dtype) =>
        seq_relationship = new(2, kernel_initializer: BertInit.Weights(config), name: "seq_relationship", dtype: dtype_policy);

    /// <inheritdoc/>
    public static TFBertForPreTraining Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.WithPredictions(config.tie_word_embeddings), .. WeightRow.Dense("cls.seq_relationship", "seq_relationship")];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
        [.. base.IntegerInputs, (nameof(BertForPreTrainingInputs.next_sentence_label), new(0, 1, ModelLosses.Ignored))];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => [];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) =>
        config.ForwardFlops(batch, length) + BertPredictions.Flops(config, (double)batch * length) + (4.0 * batch * config.hidden_size);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertForPreTrainingInputs labels, TFBertForPreTrainingOutput outputs) =>
        ModelLosses.PreTraining(outputs.prediction_logits, outputs.seq_relationship_logits, labels.labels!, labels.next_sentence_label!);

    /// <inheritdoc/>
    protected override TFBertForPreTrainingOutput Forward(BertForPreTrainingInputs inputs)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            prediction_logits = WordScores(outputs.last_hidden_state),
            seq_relationship_logits = seq_relationship.Apply(outputs.pooler_output),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <remarks>
    /// input_ids to output_hidden_states as in <see cref="TFBertPreTrainedModel{TSelf, TInputs, TOut}"/>'s Apply.
    /// <para>labels: The masked words, (B, T), -100 for others.</para>
    /// <para>next_sentence_label: 0 if the second sentence follows, 1 if it does not, (B).</para>
    /// </remarks>
    public TFBertForPreTrainingOutput Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null,
        Tensor? labels = null, Tensor? next_sentence_label = null, bool? training = null) =>
        Apply(Keywords(input_ids, new BertForPreTrainingInputs { attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask, inputs_embeds = inputs_embeds, output_attentions = output_attentions, output_hidden_states = output_hidden_states, labels = labels, next_sentence_label = next_sentence_label }, training));
}

/// <summary>What BERT's two pretraining heads return.</summary>
public sealed class TFBertForPreTrainingOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "prediction_logits", "seq_relationship_logits", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>Scores of the words, (B, T, V).</summary>
    public Tensor prediction_logits { get => Require(); init => Put(value); }

    /// <summary>Scores of "the second sentence follows" and "it does not", (B, 2).</summary>
    public Tensor seq_relationship_logits { get => Require(); init => Put(value); }
}
