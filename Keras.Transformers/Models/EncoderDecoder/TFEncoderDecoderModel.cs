namespace Keras.Transformers;

/// <summary>An encoder that reads a text with a decoder that writes another one, each of any family: BERT with BERT or GPT-2.</summary>
/// <remarks>Source: transformers/models/encoder_decoder/modeling_tf_encoder_decoder.py.</remarks>
public sealed class TFEncoderDecoderModel : TFEncoderDecoderPreTrainedModel<TFEncoderDecoderModel, EncoderDecoderInputs>, IPretrainedModel<TFEncoderDecoderModel>
{
    /// <summary>Creates a model from a configuration, or from two models.</summary>
    /// <param name="config">The configuration; default made from the two models'.</param>
    /// <param name="encoder">The encoder of texts, without a head; default a new one from the configuration.</param>
    /// <param name="decoder">The decoder, which predicts words, with cross-attention; default a new one from the configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy; default the decoder's, otherwise the global one.</param>
    /// <remarks>Given models become the parts as they are: their configurations become those of the whole, and their names "encoder" and "decoder".</remarks>
    /// <exception cref="ConfigException">A part is of the wrong kind, or neither a configuration nor both models are given.</exception>
    /// <exception cref="UnsupportedException">The models are on different engines.</exception>
    public TFEncoderDecoderModel(EncoderDecoderConfig? config = null, TFPreTrainedModel? encoder = null, TFPreTrainedModel? decoder = null, string? name = null, DTypePolicy? dtype = null)
        : base(ModelParts.ConfigOf(config, ("encoder", encoder), ("decoder", decoder)), encoder, decoder, name, dtype) { }

    /// <inheritdoc/>
    public static TFEncoderDecoderModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((EncoderDecoderConfig)config, dtype: dtype);

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "encoder-decoder";

    /// <inheritdoc/>
    public override string base_model_prefix => "encoder_decoder";

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> EncoderInputNames => ["input_ids", "attention_mask", "inputs_embeds", "token_type_ids", "position_ids"];

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> SignatureNames => ["input_ids", "attention_mask", "decoder_input_ids", "decoder_attention_mask"];

    /// <inheritdoc/>
    private protected override EncoderDecoderCall CallOf(EncoderDecoderInputs x) => new()
    {
        EncoderInputs = EncoderInputsOf(x), EncoderMask = x.attention_mask, EncoderOutputs = x.encoder_outputs,
        DecoderInputs = ModelParts.Named(("input_ids", ModelParts.Of(x.decoder_input_ids)), ("attention_mask", ModelParts.Of(x.decoder_attention_mask)), ("past_key_values", x.past_key_values),
            ("inputs_embeds", ModelParts.Of(x.decoder_inputs_embeds)), ("position_ids", ModelParts.Of(x.decoder_position_ids)), ("token_type_ids", ModelParts.Of(x.decoder_token_type_ids))),
        Labels = x.labels, UseCache = x.use_cache, Attentions = x.output_attentions, HiddenStates = x.output_hidden_states,
    };

    /// <summary>The encoder's inputs; empty if there is only a mask.</summary>
    static Tensors EncoderInputsOf(EncoderDecoderInputs x) => x.input_ids is null && x.inputs_embeds is null ? ModelParts.Named() : ModelParts.Named(
        ("input_ids", ModelParts.Of(x.input_ids)), ("attention_mask", ModelParts.Of(x.attention_mask)), ("inputs_embeds", ModelParts.Of(x.inputs_embeds)),
        ("token_type_ids", ModelParts.Of(x.token_type_ids)), ("position_ids", ModelParts.Of(x.position_ids)));

    /// <summary>Combines two pretrained models; cross-attention that the decoder's file lacks, and a projection, are newly initialised.</summary>
    /// <param name="encoder_pretrained_model_name_or_path">The folder of an encoder of texts; this or <paramref name="encoder_model"/>.</param>
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
    public static TFEncoderDecoderModel from_encoder_decoder_pretrained(string? encoder_pretrained_model_name_or_path = null, string? decoder_pretrained_model_name_or_path = null,
        TFPreTrainedModel? encoder_model = null, TFPreTrainedModel? decoder_model = null, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null,
        bool encoder_from_pt = false, bool decoder_from_pt = false)
    {
        var whole = new EncoderDecoderConfig();
        var (encoder, decoder) = Pretrained(whole, encoder_pretrained_model_name_or_path, decoder_pretrained_model_name_or_path, encoder_model, decoder_model, config, dtype, encoder_from_pt, decoder_from_pt);
        return new(whole, encoder, decoder);
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="input_ids">The tokens that the encoder reads, (B, S), integers; or a dictionary or list of all inputs.</param>
    /// <param name="attention_mask">1 for the encoder's tokens, 0 for padding, (B, S); default all tokens.</param>
    /// <param name="decoder_input_ids">The decoder's tokens, (B, T), integers; default made from the labels.</param>
    /// <param name="decoder_attention_mask">1 for the decoder's tokens, 0 for padding, (B, T); default all tokens.</param>
    /// <param name="encoder_outputs">The encoder's outputs, or only its states, (B, S, E); then it is not run.</param>
    /// <param name="past_key_values">The decoder's keys and values that an earlier call returned; then decoder_input_ids are the tokens since.</param>
    /// <param name="inputs_embeds">Word vectors instead of the encoder's tokens, (B, S, E).</param>
    /// <param name="decoder_inputs_embeds">Word vectors instead of the decoder's tokens, (B, T, C).</param>
    /// <param name="labels">The words to say, (B, T), -100 for ignored labels; then the output holds a loss.</param>
    /// <param name="use_cache">Whether keys and values are returned; default the decoder's configuration's.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configurations'.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configurations'.</param>
    /// <param name="token_type_ids">The segment of each of the encoder's tokens, (B, S), integers; default as the encoder's.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    /// <exception cref="ArgumentException">Nothing for the encoder is given, or nothing that the decoder begins with.</exception>
    public TFSeq2SeqLMOutput Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? decoder_input_ids = null, Tensor? decoder_attention_mask = null, Tensors? encoder_outputs = null, Tensors? past_key_values = null,
        Tensor? inputs_embeds = null, Tensor? decoder_inputs_embeds = null, Tensor? labels = null, bool? use_cache = null, bool? output_attentions = null, bool? output_hidden_states = null,
        Tensor? token_type_ids = null, bool? training = null) =>
        Apply(Keywords(input_ids, new EncoderDecoderInputs
        {
            attention_mask = attention_mask, inputs_embeds = inputs_embeds, token_type_ids = token_type_ids, decoder_input_ids = decoder_input_ids, decoder_attention_mask = decoder_attention_mask, encoder_outputs = encoder_outputs, past_key_values = past_key_values,
            decoder_inputs_embeds = decoder_inputs_embeds, labels = labels, use_cache = use_cache, output_attentions = output_attentions, output_hidden_states = output_hidden_states,
        }, training));
}
