using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>The base of GPT-2 models: inputs, names and the vocabulary.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TInputs">The record of its inputs.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFGPT2PreTrainedModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs, TOut> : TFPreTrainedModel<TSelf, TInputs, TOut>
    where TSelf : TFGPT2PreTrainedModel<TSelf, TInputs, TOut>, IPretrainedModel<TSelf>
    where TInputs : Gpt2Inputs, new()
    where TOut : ModelOutput
{
    /// <inheritdoc/>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    protected TFGPT2PreTrainedModel(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) => transformer = new(config, dtype: dtype_policy);

    /// <summary>GPT-2 without the model's head.</summary>
    public TFGPT2MainLayer transformer { get; }

    /// <summary>The configuration of the model.</summary>
    public new GPT2Config config => (GPT2Config)base.config;

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "gpt2";

    /// <inheritdoc/>
    public override string base_model_prefix => "transformer";

    /// <inheritdoc/>
    /// <remarks>Without token_type_ids, as in Hugging Face: zeros would add the vector of word 0.</remarks>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = Signature(new Shape(-1, -1));

    private protected static Dictionary<string, (DType DType, Shape Shape)> Signature(Shape shape) => new()
    {
        [nameof(Gpt2Inputs.input_ids)] = (DType.Int32, shape), [nameof(Gpt2Inputs.attention_mask)] = (DType.Int32, shape),
    };

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => Gpt2Weights.Backbone("transformer.");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["lm_head.", "multiple_choice_head.", "score.", "classifier.", "qa_outputs."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        (nameof(Gpt2Inputs.input_ids), new(0, config.vocab_size - 1)),
        (nameof(Gpt2Inputs.token_type_ids), new(0, config.vocab_size - 1)),
        (nameof(Gpt2Inputs.position_ids), new(0, config.n_positions - 1)),
    ];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length) + HeadFlops(batch, length);

    /// <summary>The floating-point operations of the head's products.</summary>
    private protected virtual double HeadFlops(double batch, double length) => 0;

    /// <inheritdoc/>
    public override Variable get_input_embeddings() => transformer.get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        transformer.ResizeWords(count);
        config.vocab_size = count;
    }

    /// <inheritdoc/>
    public override bool supports_gradient_checkpointing => true;

    /// <inheritdoc/>
    protected override void SetGradientCheckpointing(bool on) => transformer.Recomputes = on;

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="input_ids">Token ids, (B, T), integers from 0 to vocab_size - 1; or a dictionary or list of all inputs.</param>
    /// <param name="past_key_values">The keys and values that an earlier call returned; then input_ids are the tokens since, attention_mask covers all.</param>
    /// <param name="attention_mask">1 for tokens, 0 for padding, (B, T); default all tokens.</param>
    /// <param name="token_type_ids">Ids of words whose vectors are added, (B, T); default none.</param>
    /// <param name="position_ids">The position of each token, (B, T), integers; default 0, 1, 2... from the first token on.</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="inputs_embeds">Word vectors instead of ids, (B, T, C).</param>
    /// <param name="encoder_hidden_states">An encoder's states to attend to, (B, S, C).</param>
    /// <param name="encoder_attention_mask">1 for an encoder's tokens, 0 for padding, (B, S); default all tokens.</param>
    /// <param name="use_cache">Whether keys and values are returned; default the configuration's.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="labels">The labels for the model's head, if it has labels of this name; then the output holds a loss.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    /// <exception cref="ArgumentException">The model takes no such input.</exception>
    public TOut Apply(Tensors? input_ids = null, Tensors? past_key_values = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null, Tensor? head_mask = null,
        Tensor? inputs_embeds = null, Tensor? encoder_hidden_states = null, Tensor? encoder_attention_mask = null, bool? use_cache = null, bool? output_attentions = null,
        bool? output_hidden_states = null, Tensor? labels = null, bool? training = null) =>
        Apply(Keywords(input_ids, new Gpt2Inputs
        {
            past_key_values = past_key_values, attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask,
            inputs_embeds = inputs_embeds, encoder_hidden_states = encoder_hidden_states, encoder_attention_mask = encoder_attention_mask, use_cache = use_cache,
            output_attentions = output_attentions, output_hidden_states = output_hidden_states,
        }, training).With(nameof(Gpt2LabelledInputs.labels), labels));
}
