namespace Keras.Transformers;

/// <summary>What BERT models share: inputs and names.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFBertPreTrainedModel<TSelf, TOut> : TFPreTrainedModel<TSelf, TOut>
    where TSelf : TFBertPreTrainedModel<TSelf, TOut>, IPretrainedModel<TSelf>
    where TOut : ModelOutput
{
    static readonly string[] Names = ["input_ids", "attention_mask", "token_type_ids", "position_ids", "head_mask", "inputs_embeds"];

    /// <inheritdoc/>
    protected TFBertPreTrainedModel(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) { }

    /// <summary>What the model is made of.</summary>
    public new BertConfig config => (BertConfig)base.config;

    internal override IReadOnlyList<string> InputNames => Names;

    internal override string BasePrefix => "bert";

    internal override IReadOnlyDictionary<string, (DType DType, Shape Shape)> InputSignature { get; } = new Dictionary<string, (DType, Shape)>
    {
        ["input_ids"] = (DType.Int32, new Shape(-1, -1)),
        ["attention_mask"] = (DType.Int32, new Shape(-1, -1)),
        ["token_type_ids"] = (DType.Int32, new Shape(-1, -1)),
    };

    private protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        ("input_ids", new(0, config.vocab_size - 1)),
        ("token_type_ids", new(0, config.type_vocab_size - 1)),
        ("position_ids", new(0, config.max_position_embeddings - 1)),
    ];

    /// <summary>The backbone's arguments out of the model's.</summary>
    private protected CallArguments BackboneArguments(ModelInputs inputs, CallArguments args)
    {
        var (ids, embeddings) = (inputs.Integer("input_ids"), inputs["inputs_embeds"]);
        if (ids is null == embeddings is null) throw new ArgumentException($"{GetType().Name} takes either input_ids or inputs_embeds. Received: {(ids is null ? "neither" : "both")}.");
        return new CallArguments(ids ?? embeddings!, args.Training)
            .With("inputs_embeds", embeddings)
            .With("attention_mask", inputs["attention_mask"])
            .With("token_type_ids", inputs.Integer("token_type_ids"))
            .With("position_ids", inputs.Integer("position_ids"))
            .With("head_mask", inputs["head_mask"])
            .WithOption("output_hidden_states", args.Option<bool?>("output_hidden_states", null))
            .WithOption("output_attentions", args.Option<bool?>("output_attentions", null));
    }

    /// <summary>Applies the model to inputs given by keyword.</summary>
    /// <param name="input_ids">Token ids, (B, T), integers from 0 to vocab_size - 1; or a dictionary or list of all inputs.</param>
    /// <param name="attention_mask">1 for tokens, 0 for padding, (B, T); default all tokens.</param>
    /// <param name="token_type_ids">The segment of each token, (B, T), integers; default 0.</param>
    /// <param name="position_ids">The position of each token, (B, T), integers; default 0, 1, 2...</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="inputs_embeds">Word vectors instead of ids, (B, T, C).</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    public TOut Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null, bool? training = null) =>
        Apply(new CallArguments(input_ids ?? new Tensors(new Dictionary<string, Tensors>()), training)
            .With("attention_mask", attention_mask).With("token_type_ids", token_type_ids).With("position_ids", position_ids)
            .With("head_mask", head_mask).With("inputs_embeds", inputs_embeds)
            .WithOption("output_attentions", output_attentions).WithOption("output_hidden_states", output_hidden_states));
}
