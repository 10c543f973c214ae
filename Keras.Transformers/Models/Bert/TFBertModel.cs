namespace Keras.Transformers;

/// <summary>BERT without a head.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertModel.</remarks>
public sealed class TFBertModel : TFBertPreTrainedModel<TFBertModel, TFBaseModelOutputWithPooling>, IPretrainedModel<TFBertModel>
{
    readonly TFBertMainLayer bert;
    readonly bool _hasPooler;

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled; default true.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertModel(BertConfig config, bool add_pooling_layer = true, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype)
    {
        bert = new(config, add_pooling_layer, dtype: dtype_policy);
        _hasPooler = add_pooling_layer;
    }

    /// <inheritdoc/>
    public static string ModelType => "bert";

    /// <inheritdoc/>
    public static TFBertModel Create(PretrainedConfig config) => new((BertConfig)config);

    private protected override IEnumerable<WeightRow> WeightRows => BertWeights.Backbone("");

    internal override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length, _hasPooler);

    /// <inheritdoc/>
    public override Tensors call(CallArguments args) => bert.Apply(BackboneArguments(new ModelInputs(this, args), args));
}
