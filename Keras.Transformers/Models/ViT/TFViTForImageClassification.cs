using Keras.Layers;

namespace Keras.Transformers;

/// <summary>A vision transformer with a classifier (or, for one label, a regressor) on the first state, which is not pooled.</summary>
/// <remarks>Source: transformers/models/vit/modeling_tf_vit.py, TFViTForImageClassification. Unlike it, problem_type is honoured, as in PyTorch.</remarks>
/// <example>
/// <code>
/// var processor = AutoImageProcessor.from_pretrained("google/vit-base-patch16-224");
/// var model = TFViTForImageClassification.from_pretrained("google/vit-base-patch16-224");
/// Tensor logits = model.predict(processor.Apply("cat.jpg"))["logits"];   // (1, 1000)
/// Console.WriteLine(model.config.id2label[ops.argmax(logits, axis: -1).ToArray&lt;int&gt;()[0]]);
/// </code>
/// </example>
public sealed class TFViTForImageClassification : TFViTPreTrainedModel<TFViTForImageClassification, ViTLabelledInputs, TFSequenceClassifierOutput>, IPretrainedModel<TFViTForImageClassification>
{
    readonly Dense classifier;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFViTForImageClassification(ViTConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, use_mask_token: false, name, dtype) =>
        classifier = new(config.num_labels, kernel_initializer: TFViTMainLayer.NewWeights(config), name: "classifier", dtype: dtype_policy);

    /// <inheritdoc/>
    public static TFViTForImageClassification Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((ViTConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. ViTWeights.Backbone("vit."), .. WeightRow.Dense("classifier", "classifier")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["vit.pooler.", "vit.embeddings.mask_token", "decoder."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => ModelLosses.ProblemOf(config) == "single_label_classification"
        ? [(nameof(ViTLabelledInputs.labels), new(0, config.num_labels - 1))]
        : [];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch) + (2.0 * batch * config.hidden_size * config.num_labels);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(ViTLabelledInputs labels, TFSequenceClassifierOutput outputs) => ModelLosses.SequenceClassification(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFSequenceClassifierOutput Forward(ViTLabelledInputs inputs)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            logits = classifier.Apply(outputs.last_hidden_state[.., 0]),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="pixel_values">Images, (B, C, H, W) or (B, H, W, C), floats; or a dictionary or list of all inputs.</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="interpolate_pos_encoding">Whether images may differ in size from the model's; default false.</param>
    /// <param name="labels">The class of each image, (B), or as problem_type requires; then the output holds a loss.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    public TFSequenceClassifierOutput Apply(Tensors? pixel_values = null, Tensor? head_mask = null, bool? output_attentions = null, bool? output_hidden_states = null,
        bool? interpolate_pos_encoding = null, Tensor? labels = null, bool? training = null) =>
        Apply(Keywords(pixel_values, new ViTLabelledInputs
        {
            head_mask = head_mask, output_attentions = output_attentions, output_hidden_states = output_hidden_states, interpolate_pos_encoding = interpolate_pos_encoding, labels = labels,
        }, training));
}
