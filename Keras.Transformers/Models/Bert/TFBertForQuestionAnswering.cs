using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>BERT with a head that finds the first and last token of the answer to a question in a text.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForQuestionAnswering. A position beyond the sequence adds nothing to the loss, as documented and in PyTorch; there it would be an error or NaN.</remarks>
public sealed class TFBertForQuestionAnswering : TFBertPreTrainedModel<TFBertForQuestionAnswering, BertForQuestionAnsweringInputs, TFQuestionAnsweringModelOutput>, IPretrainedModel<TFBertForQuestionAnswering>
{
    const int Scores = 2;

    readonly Dense qa_outputs;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">The configuration does not have two labels, so Hugging Face could not load the saved model.</exception>
    public TFBertForQuestionAnswering(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, name, dtype)
    {
        if (config.num_labels != Scores)
            throw new ConfigException("The head that scores where answers begin and end has another number of labels", "num_labels", $"{Scores}", $"{config.num_labels}", "Give from_pretrained num_labels: 2, or set it in the configuration.");
        qa_outputs = new(Scores, kernel_initializer: BertInit.Weights(config), name: "qa_outputs", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFBertForQuestionAnswering Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames { get; } = [nameof(BertForQuestionAnsweringInputs.start_positions), nameof(BertForQuestionAnsweringInputs.end_positions)];

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("qa_outputs", "qa_outputs")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["bert.pooler.", "cls."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, .. LabelNames.Select(n => (n, new InputRange(0, config.max_position_embeddings)))];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length, withPooler: false) + (4.0 * batch * length * config.hidden_size);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertForQuestionAnsweringInputs labels, TFQuestionAnsweringModelOutput outputs) =>
        ModelLosses.QuestionAnswering(outputs.start_logits, outputs.end_logits, labels.start_positions!, labels.end_positions!);

    /// <inheritdoc/>
    protected override TFQuestionAnsweringModelOutput Forward(BertForQuestionAnsweringInputs inputs)
    {
        var outputs = Backbone(inputs);
        var scores = ops.unstack(qa_outputs.Apply(outputs.last_hidden_state), Scores, -1);
        return new()
        {
            start_logits = scores[0],
            end_logits = scores[1],
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <remarks>
    /// input_ids to output_hidden_states as in <see cref="TFBertPreTrainedModel{TSelf, TInputs, TOut}"/>'s Apply.
    /// <para>start_positions: The token that the answer begins with, (B), from 0.</para>
    /// <para>end_positions: The token that the answer ends with, (B), from 0.</para>
    /// </remarks>
    public TFQuestionAnsweringModelOutput Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null,
        Tensor? start_positions = null, Tensor? end_positions = null, bool? training = null) =>
        Apply(Keywords(input_ids, new BertForQuestionAnsweringInputs { attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask, inputs_embeds = inputs_embeds, output_attentions = output_attentions, output_hidden_states = output_hidden_states, start_positions = start_positions, end_positions = end_positions }, training));
}
