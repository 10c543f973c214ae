namespace Keras.Transformers;

/// <summary>BERT with a head that predicts masked words.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForMaskedLM. Labels of -100 are left out of the loss.</remarks>
public sealed class TFBertForMaskedLM : TFBertWordModel<TFBertForMaskedLM, BertLabelledInputs, TFMaskedLMOutput>, IPretrainedModel<TFBertForMaskedLM>
{
    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForMaskedLM(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, name, dtype) { }

    /// <inheritdoc/>
    public static TFBertForMaskedLM Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertLabelledInputs labels, TFMaskedLMOutput outputs) => ModelLosses.MaskedLanguageModel(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFMaskedLMOutput Forward(BertLabelledInputs inputs)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            logits = WordScores(outputs.last_hidden_state),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}
