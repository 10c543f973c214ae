using System.Diagnostics.CodeAnalysis;
using Keras.Graphs;
using Keras.Layers;

namespace Keras.Transformers;

/// <summary>The base of models that combine an encoder with a decoder that attends to its states, each of any family.</summary>
/// <remarks>Source: transformers/models/vision_encoder_decoder/modeling_tf_vision_encoder_decoder.py, encoder_decoder/modeling_tf_encoder_decoder.py. output_attentions and output_hidden_states
/// of a part's own configuration are respected too, as in PyTorch.</remarks>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TInputs">The record of its inputs.</typeparam>
public abstract partial class TFEncoderDecoderPreTrainedModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs>
    : TFPreTrainedModel<TSelf, TInputs, TFSeq2SeqLMOutput>, IEncoderDecoderModel
    where TSelf : TFEncoderDecoderPreTrainedModel<TSelf, TInputs>, IPretrainedModel<TSelf>
    where TInputs : LayerArguments, new()
{
    readonly Dense? enc_to_dec_proj;

    private protected TFEncoderDecoderPreTrainedModel(EncoderDecoderPartsConfig config, TFPreTrainedModel? encoder, TFPreTrainedModel? decoder, string? name, DTypePolicy? dtype)
        : base(config, name, dtype ?? decoder?.dtype_policy)
    {
        this.encoder = ModelParts.Named(encoder, "encoder", typeof(TFAutoModel), config.encoder, dtype_policy);
        this.decoder = ModelParts.Named(decoder, "decoder", typeof(TFAutoModelForCausalLM), config.decoder, dtype_policy);
        RequireParts();
        var width = ModelParts.Width(config.decoder);
        if (ModelParts.Width(config.encoder) != width)
            enc_to_dec_proj = new(width, kernel_initializer: new Initializers.TruncatedNormal(stddev: config.encoder.Common("initializer_range") ?? 0.02), name: "enc_to_dec_proj", dtype: dtype_policy);
        foreach (var part in new[] { this.encoder, this.decoder }) part.Resized += Forget;
    }

    /// <summary>The encoder, which turns the inputs into hidden states; Hugging Face's <c>get_encoder()</c>.</summary>
    public TFPreTrainedModel encoder { get; }

    /// <summary>The decoder, which predicts words from these states; Hugging Face's <c>get_decoder()</c>.</summary>
    public TFPreTrainedModel decoder { get; }

    /// <summary>The configuration of the model.</summary>
    public new EncoderDecoderPartsConfig config => (EncoderDecoderPartsConfig)base.config;

    /// <summary>The names of the encoder's inputs, the main one first.</summary>
    private protected abstract IReadOnlyList<string> EncoderInputNames { get; }

    /// <summary>The inputs that build and export the model.</summary>
    private protected abstract IReadOnlyList<string> SignatureNames { get; }

    /// <summary>Converts a record of inputs to a call.</summary>
    private protected abstract EncoderDecoderCall CallOf(TInputs inputs);

    void RequireParts()
    {
        var owner = GetType().Name;
        if (encoder.main_input_name != EncoderInputNames[0])
            throw new ConfigException("The encoder takes other inputs than the model", $"{owner}, encoder", $"a model of {EncoderInputNames[0]}", $"{encoder.GetType().Name}, a model of {encoder.main_input_name}", "Give another encoder, or use another class.");
        if (encoder.LabelNames.Count > 0)
            throw new ConfigException("The encoder has a head", $"{owner}, encoder", "a bare model, as TFAutoModel makes it", encoder.GetType().Name, "Load it with TFAutoModel.from_pretrained.");
        if (decoder is not ICausalLanguageModel || !decoder.InputNames.Contains("encoder_hidden_states"))
            throw new ConfigException("The decoder cannot predict words from an encoder's states", $"{owner}, decoder", "a model that TFAutoModelForCausalLM makes and that takes encoder_hidden_states", decoder.GetType().Name,
                "Give the folder of a decoder with cross-attention, such as bert or gpt2.");
        ModelParts.RequireOneEngine(owner, encoder, decoder);
    }

    /// <inheritdoc/>
    internal sealed override IEnumerable<WeightPart> WeightParts =>
    [
        .. encoder.WeightParts.Select(p => p.Under("encoder")), .. decoder.WeightParts.Select(p => p.Under("decoder")), new(WeightRows, "", WeightDialect.General, []),
    ];

    /// <inheritdoc/>
    protected sealed override IEnumerable<WeightRow> WeightRows => WeightRow.Dense("enc_to_dec_proj", "enc_to_dec_proj");

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature => new Dictionary<string, (DType DType, Shape Shape)>(
        encoder.input_signature.Concat(decoder.input_signature.Select(i => KeyValuePair.Create(Ours(i.Key), i.Value))).Where(i => SignatureNames.Contains(i.Key)));

    /// <summary>The whole's name for an input of the decoder.</summary>
    static string Ours(string decoders) => "decoder_" + decoders;

    /// <inheritdoc/>
    protected sealed override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        .. encoder.InputRanges.Where(r => EncoderInputNames.Contains(r.Key)).Select(r => (r.Key, r.Value)),
        .. decoder.InputRanges.Where(r => InputNames.Contains(Ours(r.Key))).Select(r => (Ours(r.Key), r.Value)),
        ("labels", new(ModelLosses.Ignored, decoder.InputRanges["input_ids"].Max)),
    ];

    /// <inheritdoc/>
    internal sealed override IReadOnlyList<string> NeededInputs => [main_input_name, Ours("input_ids")];

    /// <inheritdoc/>
    internal sealed override string AxesOf(string input, int axis) => axis > 0 && input.StartsWith(Ours(""), StringComparison.Ordinal) ? Ours("input_ids") : main_input_name;

    /// <inheritdoc/>
    public sealed override Variable get_input_embeddings() => encoder.get_input_embeddings();

    /// <inheritdoc/>
    public sealed override Variable? get_output_embeddings() => decoder.get_output_embeddings();

    /// <inheritdoc/>
    protected sealed override void ResizeVocabulary(int count) => throw new UnsupportedException("A model of two models has no single vocabulary", GetType().Name, "a resize of a part", "one of the whole",
        "Call model.decoder.resize_token_embeddings, or the encoder's.");

    /// <inheritdoc/>
    public sealed override bool supports_gradient_checkpointing => encoder.supports_gradient_checkpointing && decoder.supports_gradient_checkpointing;

    /// <inheritdoc/>
    protected sealed override void SetGradientCheckpointing(bool on) => ModelParts.SetCheckpointing(on, encoder, decoder);

    /// <inheritdoc/>
    public sealed override double? ForwardFlops(long batch, long length)
    {
        if (encoder.StateFlops(batch, length) is not { } encoding || decoder.ForwardFlops(batch, length) is not { } decoding) return null;
        double width = ModelParts.Width(config.decoder), layers = ((ICausalLanguageModel)decoder).CacheForm.Layers, states = StateCount(length);
        var crossing = layers * ((4 * width * width * (length + states)) + (4 * width * length * states));
        var projecting = enc_to_dec_proj is null ? 0 : 2 * ModelParts.Width(config.encoder) * width * states;
        return encoding + decoding + (batch * (crossing + projecting));
    }

    /// <summary>The number of states that the encoder makes from a sample.</summary>
    long StateCount(long length)
    {
        using (Graph.Suspend())
        {
            var inputs = encoder.input_signature.Where(i => EncoderInputNames.Contains(i.Key)).Select(i => KeyValuePair.Create(i.Key, new Tensors(Graph.Scratch.AddPlaceholder(i.Value.DType, new Shape([.. i.Value.Shape.ToArray().Select((d, axis) => d >= 0 ? d : axis == 0 ? 1 : length)]), i.Key))));
            return EncodedStates.Of(ModelParts.Call(encoder, new Tensors(inputs))).Last.shape[1];
        }
    }

    /// <inheritdoc/>
    public sealed override double? DecodeBytes(long batch, long past) => decoder.DecodeBytes(batch, past);

    /// <inheritdoc/>
    protected sealed override Tensor OwnLoss(TInputs labels, TFSeq2SeqLMOutput outputs) => ModelLosses.MaskedLanguageModel(outputs.logits, CallOf(labels).Labels!, config);
}
