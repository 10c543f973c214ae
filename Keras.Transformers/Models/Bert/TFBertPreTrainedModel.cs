namespace Keras.Transformers;

/// <summary>What BERT models share: inputs, names, the vocabulary.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFBertPreTrainedModel<TSelf, TOut> : TFPreTrainedModel<TSelf, TOut>
    where TSelf : TFBertPreTrainedModel<TSelf, TOut>, IPretrainedModel<TSelf>
    where TOut : ModelOutput
{
    static readonly string[] Encoder = [.. TFBertMainLayer.InputNames.Take(6)];

    private protected readonly TFBertMainLayer bert;

    /// <inheritdoc/>
    /// <param name="config">What it is made of.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    protected TFBertPreTrainedModel(BertConfig config, bool add_pooling_layer, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) =>
        bert = new(config, add_pooling_layer, dtype: dtype_policy);

    /// <summary>What the model is made of.</summary>
    public new BertConfig config => (BertConfig)base.config;

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "bert";

    /// <inheritdoc/>
    public override IReadOnlyList<string> InputNames { get; } = [.. Encoder, "labels"];

    /// <inheritdoc/>
    public override string base_model_prefix => "bert";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = Signature(new Shape(-1, -1));

    private protected static IReadOnlyDictionary<string, (DType DType, Shape Shape)> Signature(Shape shape) =>
        Encoder.Take(3).ToDictionary(n => n, _ => (DType.Int32, shape));

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        ("input_ids", new(0, config.vocab_size - 1)),
        ("token_type_ids", new(0, config.type_vocab_size - 1)),
        ("position_ids", new(0, config.max_position_embeddings - 1)),
    ];

    private protected static IReadOnlyList<string> EncoderInputs => Encoder;

    /// <summary>Applies the backbone to those of the model's inputs that it takes.</summary>
    private protected TFBaseModelOutputWithPoolingAndCrossAttentions Backbone(ModelInputs inputs, CallArguments args) =>
        Backbone(inputs.Only(TFBertMainLayer.InputNames), args);

    private protected TFBaseModelOutputWithPoolingAndCrossAttentions Backbone(Tensors inputs, CallArguments args)
    {
        var call = new CallArguments(inputs, args.Training);
        foreach (var option in (string[])["output_hidden_states", "output_attentions", "use_cache"]) call.WithOption(option, args.Option<bool?>(option, null));
        return bert.Apply(call);
    }

    /// <summary>The rate of dropout before a classifier.</summary>
    private protected double ClassifierDropout => config.classifier_dropout ?? config.hidden_dropout_prob;

    /// <inheritdoc/>
    public override Variable get_input_embeddings() => bert.get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        bert.ResizeWords(count);
        config.vocab_size = count;
    }

    /// <inheritdoc/>
    public override bool supports_gradient_checkpointing => true;

    /// <inheritdoc/>
    private protected override void SetGradientCheckpointing(bool on) => bert.Recomputes = on;

    /// <summary>Applies the model to inputs given by keyword.</summary>
    /// <param name="input_ids">Token ids, (B, T), integers from 0 to vocab_size - 1; or a dictionary or list of all inputs.</param>
    /// <param name="attention_mask">1 for tokens, 0 for padding, (B, T); default all tokens.</param>
    /// <param name="token_type_ids">The segment of each token, (B, T), integers; default 0.</param>
    /// <param name="position_ids">The position of each token, (B, T), integers; default 0, 1, 2...</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="inputs_embeds">Word vectors instead of ids, (B, T, C).</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="labels">The truth of the model's head, where it has one of this name; then the output holds a loss.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    /// <exception cref="ArgumentException">The model takes no such input.</exception>
    public TOut Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null, Tensor? labels = null, bool? training = null) =>
        Apply(Keywords(input_ids, attention_mask, token_type_ids, position_ids, head_mask, inputs_embeds, output_attentions, output_hidden_states, training).With("labels", labels));

    /// <summary>Inputs by keyword as one call.</summary>
    private protected static CallArguments Keywords(Tensors? input_ids, Tensor? attention_mask, Tensor? token_type_ids, Tensor? position_ids, Tensor? head_mask,
        Tensor? inputs_embeds, bool? output_attentions, bool? output_hidden_states, bool? training) =>
        new CallArguments(input_ids ?? new Tensors(new Dictionary<string, Tensors>()), training)
            .With("attention_mask", attention_mask).With("token_type_ids", token_type_ids).With("position_ids", position_ids)
            .With("head_mask", head_mask).With("inputs_embeds", inputs_embeds)
            .WithOption("output_attentions", output_attentions).WithOption("output_hidden_states", output_hidden_states);
}
