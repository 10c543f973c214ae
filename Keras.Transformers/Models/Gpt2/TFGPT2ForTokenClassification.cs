using Keras.Layers;

namespace Keras.Transformers;

/// <summary>GPT-2 with a classifier on the state of each token.</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_gpt2.py, GPT2ForTokenClassification; Hugging Face TF has no such class. As for BERT, negative labels are left out of the loss.</remarks>
public sealed class TFGPT2ForTokenClassification : TFGPT2PreTrainedModel<TFGPT2ForTokenClassification, Gpt2LabelledInputs, TFTokenClassifierOutput>, IPretrainedModel<TFGPT2ForTokenClassification>
{
    const double DropoutRate = 0.1;

    readonly Dropout dropout;
    readonly Dense classifier;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFGPT2ForTokenClassification(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype)
    {
        dropout = new(config.classifier_dropout ?? DropoutRate, name: "dropout", dtype: dtype_policy);
        classifier = new(config.num_labels, kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: "classifier", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFGPT2ForTokenClassification Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((GPT2Config)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. base.WeightRows, .. WeightRow.Dense("classifier", "classifier")];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, (nameof(Gpt2LabelledInputs.labels), new(ModelLosses.Ignored, config.num_labels - 1))];

    private protected override double HeadFlops(double batch, double length) => 2 * batch * length * config.n_embd * config.num_labels;

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Gpt2LabelledInputs labels, TFTokenClassifierOutput outputs) => ModelLosses.TokenClassification(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFTokenClassifierOutput Forward(Gpt2LabelledInputs inputs)
    {
        var outputs = transformer.Apply(inputs);
        return new()
        {
            logits = classifier.Apply(dropout.Apply(outputs.last_hidden_state)),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}
