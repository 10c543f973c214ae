using Keras.Graphs;
using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with a head that chooses among texts: all inputs have one axis more, (B, choices, T).</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForMultipleChoice.</remarks>
public sealed class TFBertForMultipleChoice : TFBertPreTrainedModel<TFBertForMultipleChoice, TFMultipleChoiceModelOutput>, IPretrainedModel<TFBertForMultipleChoice>
{
    readonly Dropout dropout;
    readonly Dense classifier;

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForMultipleChoice(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: true, name, dtype)
    {
        dropout = new(ClassifierDropout, name: "dropout", dtype: dtype_policy);
        classifier = new(1, kernel_initializer: BertInit.Weights(config), name: "classifier", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFBertForMultipleChoice Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = Signature(new Shape(-1, -1, -1));

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("classifier", "classifier")];

    private protected override IReadOnlyList<string> OtherHeads => ["cls."];

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Tensors labels, ModelOutput outputs) => ModelLosses.PerSample(outputs["logits"], labels["labels"].Single);

    /// <inheritdoc/>
    protected override ModelOutput Forward(ModelInputs inputs, CallArguments args)
    {
        var texts = inputs.Nested("input_ids") ?? inputs.Nested("inputs_embeds") ?? throw new ArgumentException("TFBertForMultipleChoice takes either input_ids or inputs_embeds. Received: neither.");
        var choices = Tf.DimOf(texts.Single, 1);
        var outputs = Backbone(inputs.Only(EncoderInputs, Flat), args);
        Tensor scores = classifier.Apply(dropout.Apply(outputs.pooler_output));
        return new TFMultipleChoiceModelOutput
        {
            logits = Tf.Reshape(scores, Tf.Stack([Tf.Int32Scalar(-1), choices], 0)),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Each choice becomes a row: (B, choices, T, ...) to (B · choices, T, ...); heads have no choices.</summary>
    static Tensors Flat(string name, Tensors input)
    {
        if (name == "head_mask") return input;
        var x = input.Single;
        if (x.ndim < 3) throw new ShapeMismatchException("An input has no axis for the choices", name, "(B, choices, T)", x.shape.ToString());
        return Tf.Reshape(x, Tf.Stack([Tf.Int32Scalar(-1), .. Enumerable.Range(2, x.ndim - 2).Select(axis => Tf.DimOf(x, axis))], 0));
    }
}
