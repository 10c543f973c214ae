using static Keras.Api;

namespace Keras.Transformers;

/// <summary>How to run an encoder before its decoder.</summary>
/// <param name="Eager">Whether to run eagerly, without a trace.</param>
/// <param name="Jit">Whether XLA compiles it.</param>
readonly record struct EncoderRun(bool Eager, bool Jit);

/// <summary>The inputs of <c>generate</c> for a model with an encoder: the encoder's are computed once, the rest is the decoder's prompt.</summary>
/// <param name="Encoder">The encoder's inputs by name, or encoder_outputs.</param>
/// <param name="Decoder">The decoder's inputs, by the whole model's names.</param>
/// <param name="Mask">1 for the encoder's tokens that count; null for all.</param>
sealed record EncoderInputs(Dictionary<string, Tensors> Encoder, Dictionary<string, Tensors> Decoder, Tensor? Mask)
{
    const string Outputs = "encoder_outputs", MaskName = "attention_mask";

    static readonly string[] OfDecoder = ["decoder_input_ids", "decoder_attention_mask", "decoder_token_type_ids", "decoder_inputs_embeds", "past_key_values"];

    /// <summary>The names of all inputs.</summary>
    public static IReadOnlyList<string> Names(IEncoderDecoderModel model) => [.. model.EncoderInputs, Outputs, .. OfDecoder];

    /// <summary>Splits inputs into the encoder's and the decoder's.</summary>
    /// <exception cref="ArgumentException">There are no inputs for the encoder.</exception>
    public static EncoderInputs Read(TFPreTrainedModel whole, IEncoderDecoderModel model, Dictionary<string, Tensors> named, GenerationConfig config)
    {
        var encoder = named.Where(i => model.EncoderInputs.Contains(i.Key)).ToDictionary();
        var decoder = named.Where(i => OfDecoder.Contains(i.Key)).ToDictionary();
        if (!encoder.Keys.Any(k => k != MaskName) && !named.ContainsKey(Outputs))
            throw new ArgumentException($"{whole.GetType().Name}.generate was given nothing for its encoder. Expected: {whole.main_input_name}, or {Outputs}. Received: {(named.Count == 0 ? "nothing" : Known.List(named.Keys))}.", "inputs");
        if (encoder.TryGetValue("input_ids", out var ids)) encoder["input_ids"] = GenerationInputs.Ids(ids.Single);
        if (model.EncoderInputs.Contains(MaskName) && !encoder.ContainsKey(MaskName) && encoder.TryGetValue("input_ids", out ids) && Inferred(ids.Single, config) is { } inferred) encoder[MaskName] = inferred;
        var mask = encoder.TryGetValue(MaskName, out var given) ? given.Single : null;
        return new(named.TryGetValue(Outputs, out var outputs) ? new() { [Outputs] = outputs } : encoder, decoder, mask);
    }

    /// <summary>Infers a mask from the tokens: pad tokens that do not also end texts do not count; null if all count.</summary>
    static Tensor? Inferred(Tensor ids, GenerationConfig config) =>
        config.pad_token_id is { } pad && !config.eos_token_id.Contains(pad) && ids.ToArray<int>().Contains(pad) ? ops.cast(ops.not_equal(ids, pad), "int32") : null;

    /// <summary>Runs the encoder.</summary>
    public EncodedPrompt Run(TFPreTrainedModel whole, IEncoderDecoderModel model, GenerationConfig config, EncoderRun run)
    {
        // Errors in the inputs should read as in a call of the model.
        if (!Encoder.ContainsKey(Outputs)) whole.CheckData(new Batch(new Tensors(Encoder)));
        var (attentions, states) = (config.output_attentions, config.output_hidden_states);
        Tensors Body(Tensors x) => model.Encode(x, attentions, states);
        var inputs = new Tensors(Encoder);
        // A trace for images of any shape could not report what is wrong with one of them.
        var forms = Encoder.Values.Where(v => v is { IsLeaf: true, ndim: > 2 }).Select(v => v.Single.shape[1..]);
        var encoded = run.Eager || Encoder.ContainsKey(Outputs) ? Body(inputs) : whole.Decoders.Function($"encode {attentions} {states} {string.Join(' ', forms)}", Body, run.Jit).Call(inputs);
        var others = encoded.Named().Where(o => o.Key != "states").ToList();
        return new(encoded["states"].Single, Mask, IsOwn: true)
        {
            Tokens = Encoder.TryGetValue("input_ids", out var ids) ? ids.Single : null,
            Others = others.Count > 0 ? new Tensors(others) : null,
        };
    }
}
