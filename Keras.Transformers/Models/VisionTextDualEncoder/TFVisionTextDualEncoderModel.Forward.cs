using static Keras.Api;

namespace Keras.Transformers;

/// <content>The computation of a call, by itself and in training.</content>
public sealed partial class TFVisionTextDualEncoderModel
{
    /// <inheritdoc/>
    protected override TFCLIPOutput Forward(VisionTextDualEncoderInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.input_ids is null || inputs.pixel_values is null)
            throw new ArgumentException($"{GetType().Name} was not given both texts and images. Expected: input_ids and pixel_values. Received: no {(inputs.input_ids is null ? "input_ids" : "pixel_values")}. Call get_text_features or get_image_features for one of them alone.");
        var options = ((string, object?)[])[("output_attentions", inputs.output_attentions ?? Asked(config.output_attentions)), ("output_hidden_states", inputs.output_hidden_states ?? Asked(config.output_hidden_states)), ("use_cache", false)];
        var seen = ModelParts.Call(vision_model, new Dictionary<string, Tensors> { ["pixel_values"] = inputs.pixel_values }, options);
        var read = ModelParts.Call(text_model, TextInputs(inputs.input_ids, inputs.attention_mask, inputs.position_ids, inputs.token_type_ids), options);
        var (images, texts) = (Unit(Projected(seen, vision_model)), Unit(Projected(read, text_model)));
        Tensor perText = _scale.Apply(ops.matmul(texts, ops.transpose(images)));
        return new()
        {
            loss = inputs.return_loss ?? false ? ModelLosses.Contrastive(perText) : null,
            logits_per_image = ops.transpose(perText),
            logits_per_text = perText,
            text_embeds = texts,
            image_embeds = images,
            text_model_output = read,
            vision_model_output = seen,
        };
    }

    static bool? Asked(bool setting) => setting ? true : null;

    static Tensors TextInputs(Tensor ids, Tensor? mask, Tensor? positions, Tensor? types) => ModelParts.Named(
        ("input_ids", ids), ("attention_mask", ModelParts.Of(mask)), ("position_ids", ModelParts.Of(positions)), ("token_type_ids", ModelParts.Of(types)));

    Tensor Projected(ModelOutput outputs, TFPreTrainedModel part) => outputs.TryGet("pooler_output", out var pooled)
        ? (part == vision_model ? visual_projection : text_projection).Apply(pooled)
        : throw new ConfigException("A part has no pooled state", $"{GetType().Name}, {part.name}", "a model that returns pooler_output", part.GetType().Name, "Use a model with a pooler, such as bert or vit.");

    static Tensor Unit(Tensor vectors) => vectors / ops.norm(vectors, axis: -1, keepdims: true);

    /// <summary>Embeds texts in the common space, not normalised, (texts, P).</summary>
    /// <param name="input_ids">Token ids, (texts, T), integers.</param>
    /// <param name="attention_mask">1 for tokens, 0 for padding, (texts, T); default all tokens.</param>
    /// <param name="position_ids">The position of each token, (texts, T), integers; default as in the text model.</param>
    /// <param name="token_type_ids">The segment of each token, (texts, T), integers; default as in the text model.</param>
    /// <exception cref="ValueRangeException">An id is outside its range.</exception>
    public Tensor get_text_features(Tensor input_ids, Tensor? attention_mask = null, Tensor? position_ids = null, Tensor? token_type_ids = null)
    {
        ArgumentNullException.ThrowIfNull(input_ids);
        EnsureBuilt();
        return Projected(ModelParts.Call(text_model, TextInputs(input_ids, attention_mask, position_ids, token_type_ids)), text_model);
    }

    /// <summary>Embeds images in the common space, not normalised, (images, P).</summary>
    /// <param name="pixel_values">Images as the vision model takes them, (images, C, H, W).</param>
    /// <exception cref="ShapeMismatchException">Images are of another form.</exception>
    public Tensor get_image_features(Tensor pixel_values)
    {
        ArgumentNullException.ThrowIfNull(pixel_values);
        EnsureBuilt();
        return Projected(ModelParts.Call(vision_model, new Dictionary<string, Tensors> { ["pixel_values"] = pixel_values }), vision_model);
    }

    /// <inheritdoc/>
    /// <remarks>The contrastive loss: text and image of the same number belong together.</remarks>
    protected override DefaultLoss? default_loss => (_, _, outputs) => ModelLosses.Contrastive(outputs["logits_per_text"].Single);

    /// <inheritdoc/>
    /// <remarks>False, because each text is compared with every image in its batch.</remarks>
    internal override bool ComputesRowsApart => false;

    /// <summary>Joins batches and computes similarities between all embeddings, since those within batches are only a part.</summary>
    internal override Tensors JoinedBatches(List<Tensors> parts)
    {
        if (parts.Count < 2) return base.JoinedBatches(parts);
        const int Likenesses = 2;
        foreach (var likeness in parts.SelectMany(p => p.Take(Likenesses))) (likeness.Single as IDisposable)?.Dispose();
        var names = parts[0].Keys;
        var joined = base.JoinedBatches(parts.ConvertAll(p => new Tensors(p.Skip(Likenesses))));
        Tensor perText = _scale.Apply(ops.matmul(joined[0].Single, ops.transpose(joined[1].Single)));
        List<Tensors> all = [ops.transpose(perText), perText, .. joined];
        return names.Count == 0 ? new Tensors(all) : new Tensors(names.Zip(all, KeyValuePair.Create));
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="input_ids">Token ids, (texts, T), integers; or a dictionary or list of all inputs.</param>
    /// <param name="pixel_values">Images as the vision model takes them, (images, C, H, W).</param>
    /// <param name="attention_mask">1 for tokens, 0 for padding, (texts, T); default all tokens.</param>
    /// <param name="position_ids">The position of each token, (texts, T), integers; default as in the text model.</param>
    /// <param name="return_loss">Whether the output holds the contrastive loss; default false.</param>
    /// <param name="token_type_ids">The segment of each token, (texts, T), integers; default as in the text model.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configurations'.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configurations'.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    /// <exception cref="ArgumentException">Texts or images are not given.</exception>
    public TFCLIPOutput Apply(Tensors? input_ids = null, Tensor? pixel_values = null, Tensor? attention_mask = null, Tensor? position_ids = null, bool? return_loss = null, Tensor? token_type_ids = null,
        bool? output_attentions = null, bool? output_hidden_states = null, bool? training = null) =>
        Apply(Keywords(input_ids, new VisionTextDualEncoderInputs
        {
            pixel_values = pixel_values, attention_mask = attention_mask, position_ids = position_ids, token_type_ids = token_type_ids, return_loss = return_loss,
            output_attentions = output_attentions, output_hidden_states = output_hidden_states,
        }, training));
}
