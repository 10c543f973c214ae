using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>The base of BERT models that predict words: the head and its table of word vectors.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TInputs">The record of its inputs.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFBertWordModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs, TOut> : TFBertPreTrainedModel<TSelf, TInputs, TOut>
    where TSelf : TFBertWordModel<TSelf, TInputs, TOut>, IPretrainedModel<TSelf>
    where TInputs : BertInputs, new()
    where TOut : ModelOutput
{
    readonly BertPredictions predictions;

    private protected TFBertWordModel(BertConfig config, bool add_pooling_layer, string? name, DTypePolicy? dtype) : base(config, add_pooling_layer, name, dtype) =>
        predictions = new(config, dtype_policy);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => BertWeights.WithPredictions(config.tie_word_embeddings);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["bert.pooler.", "cls.seq_relationship."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, (nameof(BertLabelledInputs.labels), new(ModelLosses.Ignored, config.vocab_size - 1))];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length, withPooler: false) + BertPredictions.Flops(config, (double)batch * length);

    /// <inheritdoc/>
    public override Variable? get_output_embeddings() => predictions.OwnTable ?? get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        base.ResizeVocabulary(count);
        predictions.Resize(count);
    }

    /// <summary>Scores of words, (B, T, V), from the states of the last layer, (B, T, C).</summary>
    private protected Tensor WordScores(Tensor states) => predictions.Apply(new BertPredictionsInputs { states = states, words = get_input_embeddings() });
}
