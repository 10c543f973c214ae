namespace Keras.Transformers;

/// <summary>BERT with a head that fills masked words.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForMaskedLM. Labels of -100 are left out of the loss.</remarks>
public sealed class TFBertForMaskedLM : TFBertPreTrainedModel<TFBertForMaskedLM, TFMaskedLMOutput>, IPretrainedModel<TFBertForMaskedLM>
{
    readonly BertPredictions predictions;

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForMaskedLM(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, name, dtype) =>
        predictions = new(config, dtype_policy);

    /// <inheritdoc/>
    public static TFBertForMaskedLM Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => BertWeights.WithPredictions(config.tie_word_embeddings);

    private protected override IReadOnlyList<string> OtherHeads => ["bert.pooler.", "cls.seq_relationship."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, ("labels", new(ModelLosses.Ignored, config.vocab_size - 1))];

    internal override double? ForwardFlops(long batch, long length) =>
        config.ForwardFlops(batch, length, withPooler: false) + BertPredictions.Flops(config, (double)batch * length);

    /// <inheritdoc/>
    public override Variable? get_output_embeddings() => predictions.OwnTable ?? get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        base.ResizeVocabulary(count);
        predictions.Resize(count);
    }

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Tensors labels, ModelOutput outputs) => ModelLosses.MaskedLanguageModel(outputs["logits"], labels["labels"].Single, config);

    /// <inheritdoc/>
    protected override ModelOutput Forward(ModelInputs inputs, CallArguments args)
    {
        var outputs = Backbone(inputs, args);
        return new TFMaskedLMOutput
        {
            logits = predictions.Scores(outputs.last_hidden_state, get_input_embeddings()),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}
