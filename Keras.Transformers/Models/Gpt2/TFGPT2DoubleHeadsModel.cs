using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>GPT-2 with two heads: one predicts the next word, the other chooses one of several texts; all inputs of tokens have an additional axis, (B, choices, T).</summary>
/// <remarks>Source: transformers/models/gpt2/modeling_tf_gpt2.py, TFGPT2DoubleHeadsModel, which has no loss; here the loss is the sum of those of the words and of the choice, or one of them if
/// there are labels of one kind only (PyTorch returns both separately). As in PyTorch, a model has one score for each text, whatever num_labels says.</remarks>
public sealed class TFGPT2DoubleHeadsModel : TFGPT2PreTrainedModel<TFGPT2DoubleHeadsModel, Gpt2DoubleHeadsInputs, TFGPT2DoubleHeadsModelOutput>, IPretrainedModel<TFGPT2DoubleHeadsModel>
{
    /// <summary>An upper limit for the texts in a sample, whose number is known only from the data.</summary>
    const int MostTexts = 1 << 20;

    Gpt2WordScores lm_head;
    readonly Gpt2Summary multiple_choice_head;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration; its num_labels becomes 1.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">The summary gives more than one score for each text.</exception>
    public TFGPT2DoubleHeadsModel(GPT2Config config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype)
    {
        if (!config.summary_use_proj || !config.summary_proj_to_labels)
            throw new ConfigException("The summary does not give one score for each text", "summary_proj_to_labels", "summary_use_proj and summary_proj_to_labels: true", "false");
        config.num_labels = 1;
        lm_head = new(config, config.vocab_size, dtype_policy);
        multiple_choice_head = new(config, dtype_policy);
    }

    /// <inheritdoc/>
    public static TFGPT2DoubleHeadsModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((GPT2Config)config, dtype: dtype);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = new Dictionary<string, (DType DType, Shape Shape)>(Signature(new Shape(-1, -1, -1)))
    {
        [nameof(Gpt2DoubleHeadsInputs.mc_token_ids)] = (DType.Int32, new Shape(-1, -1)),
    };

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows =>
        [.. Gpt2Weights.WithWords(config.tie_word_embeddings), .. WeightRow.Dense("multiple_choice_head.summary", "multiple_choice_head/summary")];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs =>
    [
        .. base.IntegerInputs, (nameof(Gpt2DoubleHeadsInputs.mc_token_ids), new(0, config.n_positions - 1)), (nameof(Gpt2DoubleHeadsInputs.labels), new(ModelLosses.Ignored, config.vocab_size - 1)),
        (nameof(Gpt2DoubleHeadsInputs.mc_labels), new(0, MostTexts - 1)),
    ];

    /// <inheritdoc/>
    /// <remarks>Null, because the number of texts in a sample is not known.</remarks>
    public override double? ForwardFlops(long batch, long length) => null;

    /// <inheritdoc/>
    public override Variable? get_output_embeddings() => lm_head.Table ?? get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count)
    {
        base.ResizeVocabulary(count);
        lm_head = lm_head.Resized(count);
    }

    /// <summary>Whether labels are given; one kind is enough.</summary>
    internal override bool HasLabels(IEnumerable<string> given) => LabelNames.Any(given.Contains);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(Gpt2DoubleHeadsInputs labels, TFGPT2DoubleHeadsModelOutput outputs)
    {
        var words = labels.labels is null ? null : ModelLosses.CausalLanguageModel(Gpt2DoubleHeads.Flat(outputs.logits, 2), Gpt2DoubleHeads.Flat(labels.labels, 1), config);
        var choice = labels.mc_labels is null ? null : ops.expand_dims(ops.mean(ModelLosses.PerSample(outputs.mc_logits, labels.mc_labels)), 0);
        return words is null ? choice! : choice is null ? words : words + choice;
    }

    /// <inheritdoc/>
    protected override TFGPT2DoubleHeadsModelOutput Forward(Gpt2DoubleHeadsInputs inputs)
    {
        Tensor tokens = inputs.input_ids ?? inputs.inputs_embeds ?? throw new ArgumentException($"{nameof(TFGPT2DoubleHeadsModel)} takes either input_ids or inputs_embeds. Received: neither.");
        var shape = ops.shape(tokens);
        Tensor? Flat(Tensor? x) => x is null ? null : Gpt2DoubleHeads.Flat(x, 1);
        var outputs = transformer.Apply(inputs with
        {
            input_ids = Flat(inputs.input_ids),
            attention_mask = Flat(inputs.attention_mask),
            token_type_ids = Flat(inputs.token_type_ids),
            position_ids = Flat(inputs.position_ids),
            inputs_embeds = inputs.inputs_embeds is null ? null : Gpt2DoubleHeads.Flat(inputs.inputs_embeds, 2),
        });
        Tensor states = ops.reshape(outputs.last_hidden_state, [shape[0], shape[1], shape[2], config.n_embd]);
        return new()
        {
            logits = ops.reshape(lm_head.Apply(new Gpt2WordScoresInputs { states = outputs.last_hidden_state, words = get_input_embeddings() }), [shape[0], shape[1], shape[2], config.vocab_size]),
            mc_logits = ops.squeeze(multiple_choice_head.Apply(new Gpt2SummaryInputs { states = states, token_ids = inputs.mc_token_ids }).Single, -1),
            past_key_values = outputs.past_key_values,
            // As in Hugging Face TF, only the last states have the axis of texts.
            hidden_states = outputs.hidden_states is { } all ? new Tensors([.. all.SkipLast(1), new Tensors(states)]) : null,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <remarks>
    /// input_ids to output_hidden_states as in <see cref="TFGPT2PreTrainedModel{TSelf, TInputs, TOut}"/>'s Apply, with an axis of texts, (B, choices, T).
    /// <para>mc_token_ids: The token of each text whose state decides the choice, (B, choices), from 0; default the last.</para>
    /// <para>labels: The words, (B, choices, T), -100 for ignored labels.</para>
    /// <para>mc_labels: The right text, (B), from 0.</para>
    /// </remarks>
    public TFGPT2DoubleHeadsModelOutput Apply(Tensors? input_ids = null, Tensor? mc_token_ids = null, Tensors? past_key_values = null, Tensor? attention_mask = null, Tensor? token_type_ids = null,
        Tensor? position_ids = null, Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? use_cache = null, bool? output_attentions = null, bool? output_hidden_states = null,
        Tensor? labels = null, Tensor? mc_labels = null, bool? training = null) =>
        Apply(Keywords(input_ids, new Gpt2DoubleHeadsInputs
        {
            mc_token_ids = mc_token_ids, past_key_values = past_key_values, attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask,
            inputs_embeds = inputs_embeds, use_cache = use_cache, output_attentions = output_attentions, output_hidden_states = output_hidden_states, labels = labels, mc_labels = mc_labels,
        }, training));
}

/// <summary>The outputs of GPT-2's two heads.</summary>
public sealed class TFGPT2DoubleHeadsModelOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "logits", "mc_logits", "past_key_values", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>Scores of the next words, (B, choices, T, V).</summary>
    public Tensor logits { get => Require(); init => Put(value); }

    /// <summary>Scores of the texts, (B, choices).</summary>
    public Tensor mc_logits { get => Require(); init => Put(value); }

    /// <summary>For each layer its keys and values, (2, B · choices, H, S, D); null unless requested.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }
}

/// <summary>Reshapes tensors with several texts per sample.</summary>
static class Gpt2DoubleHeads
{
    /// <summary>Reshapes (B, choices, ...) to (B · choices, ...), keeping the last axes.</summary>
    public static Tensor Flat(Tensor x, int kept) => ops.reshape(x, [-1, .. ops.shape(x)[^kept..]]);
}

/// <summary>The inputs of the summary.</summary>
sealed record Gpt2SummaryInputs : LayerArguments
{
    /// <summary>The states of the texts, (B, choices, T, C).</summary>
    public Tensor states { get; init; } = null!;

    /// <summary>The token whose state is used, (B, choices); null for the last.</summary>
    public Tensor? token_ids { get; init; }
}

/// <summary>Scores a text: one of its states, or their mean, through dropout, a dense layer and an optional activation.</summary>
/// <remarks>Source: transformers/modeling_tf_utils.py, TFSequenceSummary.</remarks>
sealed class Gpt2Summary : Layer<Gpt2SummaryInputs, Tensors>
{
    readonly GPT2Config _config;
    readonly Dropout _dropout;
    readonly Dense summary;

    public Gpt2Summary(GPT2Config config, DTypePolicy dtype) : base("multiple_choice_head", dtype: dtype)
    {
        _config = config;
        _dropout = new(config.summary_first_dropout, name: "first_dropout", dtype: dtype);
        Func<Tensor, Tensor>? activation = config.summary_activation is { } name ? TransformerActivations.Get(name, "summary_activation") : null;
        summary = new(config.num_labels, activation, kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: "summary", dtype: dtype);
    }

    protected override Tensors call(Gpt2SummaryInputs args) => summary.Apply(_dropout.Apply(Chosen(args)));

    Tensor Chosen(Gpt2SummaryInputs args) => _config.summary_type switch
    {
        "first" => args.states[.., .., 0],
        "mean" => ops.mean(args.states, axis: 2),
        "cls_index" when args.token_ids is { } ids => ops.squeeze(ops.take_along_axis(args.states, ops.expand_dims(ops.cast(ids, "int32"), [2, 3]), 2), 2),
        _ => args.states[.., .., ^1],
    };
}
