namespace Keras.Transformers;

/// <summary>GPT-2 without a head: returns the hidden state of each token.</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_tf_gpt2.py, TFGPT2Model.</remarks>
public sealed class TFGPT2Model : TFGPT2PreTrainedModel<TFGPT2Model, Gpt2Inputs, TFBaseModelOutputWithPastAndCrossAttentions>, IPretrainedModel<TFGPT2Model>
{
    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFGPT2Model(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) { }

    /// <inheritdoc/>
    public static TFGPT2Model Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((GPT2Config)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => Gpt2Weights.Backbone("");

    /// <inheritdoc/>
    protected override TFBaseModelOutputWithPastAndCrossAttentions Forward(Gpt2Inputs inputs) => transformer.Apply(inputs);
}
