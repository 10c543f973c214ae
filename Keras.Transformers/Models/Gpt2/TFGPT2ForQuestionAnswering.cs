using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>GPT-2 with a head that finds the first and last token of the answer to a question in a text.</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_gpt2.py, GPT2ForQuestionAnswering; Hugging Face TF has no such class. A position beyond the sequence adds nothing to the loss.</remarks>
public sealed class TFGPT2ForQuestionAnswering : TFGPT2PreTrainedModel<TFGPT2ForQuestionAnswering, Gpt2QuestionAnsweringInputs, TFQuestionAnsweringModelOutput>, IPretrainedModel<TFGPT2ForQuestionAnswering>
{
    const int Scores = 2;

    readonly Dense qa_outputs;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFGPT2ForQuestionAnswering(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) =>
        qa_outputs = new(Scores, kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: "qa_outputs", dtype: dtype_policy);

    /// <inheritdoc/>
    public static TFGPT2ForQuestionAnswering Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((GPT2Config)config, dtype: dtype);

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames { get; } = [nameof(Gpt2QuestionAnsweringInputs.start_positions), nameof(Gpt2QuestionAnsweringInputs.end_positions)];

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. base.WeightRows, .. WeightRow.Dense("qa_outputs", "qa_outputs")];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, .. LabelNames.Select(n => (n, new InputRange(0, config.n_positions)))];

    private protected override double HeadFlops(double batch, double length) => 2 * batch * length * config.n_embd * Scores;

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Gpt2QuestionAnsweringInputs labels, TFQuestionAnsweringModelOutput outputs) =>
        ModelLosses.QuestionAnswering(outputs.start_logits, outputs.end_logits, labels.start_positions!, labels.end_positions!);

    /// <inheritdoc/>
    protected override TFQuestionAnsweringModelOutput Forward(Gpt2QuestionAnsweringInputs inputs)
    {
        var outputs = transformer.Apply(inputs);
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
    /// input_ids to output_hidden_states as in <see cref="TFGPT2PreTrainedModel{TSelf, TInputs, TOut}"/>'s Apply.
    /// <para>start_positions: The token that the answer begins with, (B), from 0.</para>
    /// <para>end_positions: The token that the answer ends with, (B), from 0.</para>
    /// </remarks>
    public TFQuestionAnsweringModelOutput Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null, Tensor? head_mask = null,
        Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null, Tensor? start_positions = null, Tensor? end_positions = null, bool? training = null) =>
        Apply(Keywords(input_ids, new Gpt2QuestionAnsweringInputs
        {
            attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask, inputs_embeds = inputs_embeds,
            output_attentions = output_attentions, output_hidden_states = output_hidden_states, start_positions = start_positions, end_positions = end_positions,
        }, training));
}
