using static Keras.Api;

namespace Keras.Transformers;

/// <content>The computation of a call, and making the decoder's inputs from labels.</content>
public abstract partial class TFEncoderDecoderPreTrainedModel<TSelf, TInputs>
{
    /// <inheritdoc/>
    protected sealed override TFSeq2SeqLMOutput Forward(TInputs inputs)
    {
        var call = CallOf(inputs ?? throw new ArgumentNullException(nameof(inputs)));
        var (attentions, states) = (call.Attentions ?? Asked(config.output_attentions), call.HiddenStates ?? Asked(config.output_hidden_states));
        var encoded = EncodedStates.Of(call.EncoderOutputs ?? ModelParts.Call(encoder, RequireInputs(call.EncoderInputs),
            [.. call.EncoderOptions, ("use_cache", false), ("output_attentions", attentions), ("output_hidden_states", states)]));
        var decoded = ModelParts.Call(decoder, DecoderInputs(call, Projected(encoded.Last)), ("use_cache", call.UseCache), ("output_attentions", attentions), ("output_hidden_states", states));
        Tensors? Field(string name) => decoded.TryGet(name, out var value) ? value : null;
        return new()
        {
            logits = decoded.logits,
            past_key_values = Field("past_key_values"),
            decoder_hidden_states = Field("hidden_states"),
            decoder_attentions = Field("attentions"),
            cross_attentions = Field("cross_attentions"),
            encoder_last_hidden_state = encoded.Last,
            encoder_hidden_states = encoded.HiddenStates,
            encoder_attentions = encoded.Attentions,
        };
    }

    /// <summary>A setting of the whole; if it is off, each part's own configuration decides.</summary>
    static bool? Asked(bool setting) => setting ? true : null;

    Tensors RequireInputs(Tensors inputs) => inputs.Count > 0 ? inputs
        : throw new ArgumentException($"{GetType().Name} takes {main_input_name}, or encoder_outputs in their place. Received: neither.", main_input_name);

    Tensor Projected(Tensor states) => enc_to_dec_proj is null ? states : enc_to_dec_proj.Apply(states);

    Tensors DecoderInputs(EncoderDecoderCall call, Tensor states)
    {
        var given = call.DecoderInputs;
        if (!given.ContainsKey("input_ids") && !given.ContainsKey("inputs_embeds"))
        {
            if (call.Labels is null) throw new ArgumentException($"{GetType().Name} takes decoder_input_ids, decoder_inputs_embeds, or labels, of which they are made. Received: none.", "decoder_input_ids");
            given = new(given.Named().Append(KeyValuePair.Create("input_ids", new Tensors(Shifted(call.Labels)))));
        }
        return new(given.Named().Concat(ModelParts.Named(("encoder_hidden_states", states), ("encoder_attention_mask", ModelParts.Of(call.EncoderMask))).Named()));
    }

    /// <summary>Makes the decoder's inputs from labels: the labels shifted by one position, after decoder_start_token_id, with pad_token_id for ignored labels.</summary>
    /// <param name="labels">Words, (B, T), -100 for ignored labels.</param>
    /// <exception cref="ConfigException">The configuration has no decoder_start_token_id or no pad_token_id.</exception>
    public Tensor prepare_decoder_input_ids_from_labels(Tensor labels) => Shifted(labels ?? throw new ArgumentNullException(nameof(labels)));

    Tensor Shifted(Tensor labels)
    {
        int Token(int? id, string key) => id ?? throw new ConfigException("The decoder's inputs cannot be made from labels", $"{GetType().Name}.config.{key}", "the id of a token", "null", $"Set model.config.{key}, or give decoder_input_ids.");
        var start = Token(config.decoder_start_token_id, "decoder_start_token_id");
        var pad = Token(config.Padding, "pad_token_id");
        if (labels.shape.HasRank && labels.ndim != 2) throw new ShapeMismatchException("The labels have another number of axes than texts", "labels", "(B, T)", labels.shape.ToString());
        labels = ops.cast(labels, "int32");
        var shifted = ops.concatenate([ops.full([ops.shape(labels)[0], 1], start, "int32"), labels[.., ..^1]], 1);
        return ops.where(ops.equal(shifted, ModelLosses.Ignored), pad, shifted);
    }

    /// <inheritdoc/>
    /// <remarks>If the decoder's inputs are not given, they are made from the labels, as in a call with labels.</remarks>
    protected override Batch PrepareBatch(Batch data)
    {
        var batch = base.PrepareBatch(data);
        var inputs = LayerArguments.Named(InputNames, batch.x).ToList();
        if (inputs.Exists(i => i.Key is "decoder_input_ids" or "decoder_inputs_embeds") || LabelsIn(batch.y) is not { } labels) return batch;
        return new(new Tensors(inputs.Append(KeyValuePair.Create("decoder_input_ids", new Tensors(Shifted(labels))))), batch.y, batch.sample_weight);
    }

    static Tensor? LabelsIn(Tensors? y) => y switch
    {
        null => null,
        { IsLeaf: true } => y.Single,
        _ => y.TryGet("labels", out var named) ? named.Single : y is { IsDictionary: false, Count: 1 } && y[0].IsLeaf ? y[0].Single : null,
    };

    /// <inheritdoc/>
    /// <remarks>Without keys and values, which only serve later calls.</remarks>
    private protected override CallArguments ExportCall(Tensors inputs) => base.ExportCall(inputs).WithOption("use_cache", false);

    TFPreTrainedModel IEncoderDecoderModel.Decoder => decoder;

    IReadOnlyList<string> IEncoderDecoderModel.EncoderInputs => EncoderInputNames;

    Tensors IEncoderDecoderModel.Encode(Tensors inputs, bool attentions, bool hiddenStates)
    {
        var encoded = EncodedStates.Of(inputs.TryGet("encoder_outputs", out var given) ? given
            : ModelParts.Call(encoder, RequireInputs(inputs), ("use_cache", false), ("output_attentions", Asked(attentions)), ("output_hidden_states", Asked(hiddenStates))));
        return ModelParts.Named(("states", Projected(encoded.Last)), ("encoder_attentions", attentions ? encoded.Attentions : null), ("encoder_hidden_states", hiddenStates ? encoded.HiddenStates : null));
    }
}
