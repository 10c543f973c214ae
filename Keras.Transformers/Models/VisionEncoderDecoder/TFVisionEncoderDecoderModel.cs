namespace Keras.Transformers;

/// <summary>An image encoder with a decoder that describes what it sees, each of any family: ViT with GPT-2 or BERT.</summary>
/// <remarks>Source: transformers/models/vision_encoder_decoder/modeling_tf_vision_encoder_decoder.py.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var processor = AutoImageProcessor.from_pretrained("google/vit-base-patch16-224-in21k");
/// var model = TFVisionEncoderDecoderModel.from_encoder_decoder_pretrained("google/vit-base-patch16-224-in21k", "gpt2", config: new Dictionary&lt;string, object?&gt;
/// {
///     ["decoder_start_token_id"] = tokenizer.bos_token_id, ["eos_token_id"] = tokenizer.eos_token_id, ["pad_token_id"] = tokenizer.eos_token_id,
/// });
/// var pixels = processor.Apply("cat.jpg").pixel_values;
/// model.compile(optimizer: keras.optimizers.Adam(5e-5));   // no loss: the model's own
/// model.fit(pixels, tokenizer.Apply(["a cat on a mat" + tokenizer.eos_token])["input_ids"], epochs: 3);
/// Console.WriteLine(tokenizer.decode(model.generate(pixels, max_new_tokens: 12).sequences[0], skip_special_tokens: true));
/// </code>
/// </example>
public sealed class TFVisionEncoderDecoderModel : TFEncoderDecoderPreTrainedModel<TFVisionEncoderDecoderModel, VisionEncoderDecoderInputs>, IPretrainedModel<TFVisionEncoderDecoderModel>
{
    /// <summary>Creates a model from a configuration, or from two models.</summary>
    /// <param name="config">The configuration; default made from the two models'.</param>
    /// <param name="encoder">The encoder of images, without a head; default a new one from the configuration.</param>
    /// <param name="decoder">The decoder, which predicts words, with cross-attention; default a new one from the configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy; default the decoder's, otherwise the global one.</param>
    /// <remarks>Given models become the parts as they are: their configurations become those of the whole, and their names "encoder" and "decoder".</remarks>
    /// <exception cref="ConfigException">A part is of the wrong kind, or neither a configuration nor both models are given.</exception>
    /// <exception cref="UnsupportedException">The models are on different engines.</exception>
    public TFVisionEncoderDecoderModel(VisionEncoderDecoderConfig? config = null, TFPreTrainedModel? encoder = null, TFPreTrainedModel? decoder = null, string? name = null, DTypePolicy? dtype = null)
        : base(ModelParts.ConfigOf(config, ("encoder", encoder), ("decoder", decoder)), encoder, decoder, name, dtype) { }

    /// <inheritdoc/>
    public static TFVisionEncoderDecoderModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((VisionEncoderDecoderConfig)config, dtype: dtype);

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "vision-encoder-decoder";

    /// <inheritdoc/>
    public override string base_model_prefix => "vision_encoder_decoder";

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> EncoderInputNames => ["pixel_values"];

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> SignatureNames => ["pixel_values", "decoder_input_ids"];

    /// <inheritdoc/>
    private protected override EncoderDecoderCall CallOf(VisionEncoderDecoderInputs x) => new()
    {
        EncoderInputs = ModelParts.Named(("pixel_values", ModelParts.Of(x.pixel_values))), EncoderOptions = [("interpolate_pos_encoding", x.interpolate_pos_encoding)], EncoderOutputs = x.encoder_outputs,
        DecoderInputs = ModelParts.Named(("input_ids", ModelParts.Of(x.decoder_input_ids)), ("attention_mask", ModelParts.Of(x.decoder_attention_mask)), ("past_key_values", x.past_key_values),
            ("inputs_embeds", ModelParts.Of(x.decoder_inputs_embeds)), ("position_ids", ModelParts.Of(x.decoder_position_ids)), ("token_type_ids", ModelParts.Of(x.decoder_token_type_ids))),
        Labels = x.labels, UseCache = x.use_cache, Attentions = x.output_attentions, HiddenStates = x.output_hidden_states,
    };

    /// <summary>Combines two pretrained models; cross-attention that the decoder's file lacks, and a projection, are newly initialised.</summary>
    /// <param name="encoder_pretrained_model_name_or_path">The folder of an image encoder; this or <paramref name="encoder_model"/>.</param>
    /// <param name="decoder_pretrained_model_name_or_path">The folder of a decoder, of any model of its family; this or <paramref name="decoder_model"/>. It gets is_decoder and add_cross_attention.</param>
    /// <param name="encoder_model">The encoder itself.</param>
    /// <param name="decoder_model">The decoder itself.</param>
    /// <param name="config">Settings by key: those that begin with "encoder_" or "decoder_" are for the parts, others for the whole, such as decoder_start_token_id.</param>
    /// <param name="dtype">The dtype policy; "auto" for the dtypes of the files; default the global policy.</param>
    /// <param name="encoder_from_pt">Whether the encoder's pytorch_model.bin is read if there is one; default false.</param>
    /// <param name="decoder_from_pt">Whether the decoder's is; default false.</param>
    /// <exception cref="ConfigException">A folder is missing or of the wrong kind, or there is no such setting.</exception>
    /// <exception cref="WeightLoadException">Weights do not fit.</exception>
    /// <exception cref="UnsupportedException">The parts are on different engines.</exception>
    public static TFVisionEncoderDecoderModel from_encoder_decoder_pretrained(string? encoder_pretrained_model_name_or_path = null, string? decoder_pretrained_model_name_or_path = null,
        TFPreTrainedModel? encoder_model = null, TFPreTrainedModel? decoder_model = null, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null,
        bool encoder_from_pt = false, bool decoder_from_pt = false)
    {
        var whole = new VisionEncoderDecoderConfig();
        var (encoder, decoder) = Pretrained(whole, encoder_pretrained_model_name_or_path, decoder_pretrained_model_name_or_path, encoder_model, decoder_model, config, dtype, encoder_from_pt, decoder_from_pt);
        return new(whole, encoder, decoder);
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="pixel_values">Images as the encoder takes them, (B, C, H, W); or a dictionary or list of all inputs.</param>
    /// <param name="decoder_input_ids">The decoder's tokens, (B, T), integers; default made from the labels.</param>
    /// <param name="decoder_attention_mask">1 for the decoder's tokens, 0 for padding, (B, T); default all tokens.</param>
    /// <param name="encoder_outputs">The encoder's outputs, or only its states, (B, S, E); then it is not run.</param>
    /// <param name="past_key_values">The decoder's keys and values that an earlier call returned; then decoder_input_ids are the tokens since.</param>
    /// <param name="decoder_inputs_embeds">Word vectors instead of the decoder's tokens, (B, T, C).</param>
    /// <param name="labels">The words to say, (B, T), -100 for ignored labels; then the output holds a loss.</param>
    /// <param name="use_cache">Whether keys and values are returned; default the decoder's configuration's.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configurations'.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configurations'.</param>
    /// <param name="interpolate_pos_encoding">Whether images may differ in size from the encoder's; default false.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    /// <exception cref="ArgumentException">Neither images nor encoder_outputs are given, or nothing that the decoder begins with.</exception>
    public TFSeq2SeqLMOutput Apply(Tensors? pixel_values = null, Tensor? decoder_input_ids = null, Tensor? decoder_attention_mask = null, Tensors? encoder_outputs = null, Tensors? past_key_values = null,
        Tensor? decoder_inputs_embeds = null, Tensor? labels = null, bool? use_cache = null, bool? output_attentions = null, bool? output_hidden_states = null,
        bool? interpolate_pos_encoding = null, bool? training = null) =>
        Apply(Keywords(pixel_values, new VisionEncoderDecoderInputs
        {
            decoder_input_ids = decoder_input_ids, decoder_attention_mask = decoder_attention_mask, encoder_outputs = encoder_outputs, past_key_values = past_key_values,
            decoder_inputs_embeds = decoder_inputs_embeds, labels = labels, use_cache = use_cache, output_attentions = output_attentions, output_hidden_states = output_hidden_states,
            interpolate_pos_encoding = interpolate_pos_encoding,
        }, training));
}
