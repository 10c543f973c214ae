using Keras.Graphs;
using Keras.Initializers;
using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT without a head: embeddings, post-normalised transformer layers, pooler. A layer like any other.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805); transformers/models/bert/modeling_bert.py. Masked scores get the dtype's minimum
/// added, as in PyTorch (Hugging Face TF adds -10000), and head_mask is heeded (Hugging Face TF refuses it).</remarks>
public sealed class TFBertMainLayer : Layer<TFBaseModelOutputWithPoolingAndCrossAttentions>
{
    readonly BertEmbeddings embeddings;
    readonly BertEncoder encoder;
    readonly BertPooler? pooler;

    /// <summary>A backbone.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled; default true.</param>
    /// <param name="name">The layer's name; default "bert".</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertMainLayer(BertConfig config, bool add_pooling_layer = true, string name = "bert", DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.EnsureValid();
        this.config = config;
        embeddings = new(config, dtype_policy);
        encoder = new(config, dtype_policy);
        pooler = add_pooling_layer ? new(config, dtype_policy) : null;
    }

    /// <summary>What the backbone is made of.</summary>
    public BertConfig config { get; }

    /// <summary>The inputs, the main one first.</summary>
    public static IReadOnlyList<string> InputNames { get; } =
    [
        "input_ids", "attention_mask", "token_type_ids", "position_ids", "head_mask", "inputs_embeds", "encoder_hidden_states", "encoder_attention_mask", "past_key_values",
    ];

    /// <summary>The table of word vectors, (V, C).</summary>
    public Variable get_input_embeddings() => embeddings.WordTable;

    /// <summary>Gives the table of word vectors another number of rows.</summary>
    internal void ResizeWords(int count) => embeddings.ResizeWords(count);

    /// <summary>Whether the layers' inner values are computed again for gradients instead of being kept.</summary>
    internal bool Recomputes
    {
        get => encoder.Recomputes;
        set => encoder.Recomputes = value;
    }

    /// <summary>Computes all states from the inputs of <see cref="InputNames"/>: a dictionary, a list, input_ids alone, or named tensors.</summary>
    /// <param name="args">The call; options output_attentions, output_hidden_states and use_cache default to the configuration's.</param>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var inputs = new ModelInputs(nameof(TFBertMainLayer), InputNames, args);
        inputs.RequireOneOf("input_ids", "inputs_embeds");
        RequireDecoder(inputs);
        var past = inputs.Nested("past_key_values");
        var pastLength = past is null ? null : Tf.DimOf(past[0][0].Single, 2);
        var states = embeddings.Apply(new CallArguments(inputs.Integer("input_ids") ?? inputs["inputs_embeds"]!).With("inputs_embeds", inputs["inputs_embeds"])
            .With("token_type_ids", inputs.Integer("token_type_ids")).With("position_ids", inputs.Integer("position_ids"))
            .With("past_length", pastLength).WithOption("past_length", past is null ? 0L : Math.Max(0, past[0][0].Single.shape[2]))).Single;
        var wantStates = args.Option("output_hidden_states", config.output_hidden_states);
        var wantAttentions = args.Option("output_attentions", config.output_attentions);
        var (all, attentions, crossAttentions, present) = encoder.Run(states, new()
        {
            Mask = SelfMask(inputs["attention_mask"], states, pastLength),
            HeadMask = inputs["head_mask"],
            EncoderStates = inputs["encoder_hidden_states"],
            EncoderMask = inputs["encoder_attention_mask"] is { } encoderMask ? BertMasks.Additive(BertMasks.Broad(encoderMask), states.dtype) : null,
            Past = past,
            WantAttentions = wantAttentions,
            WantPast = config.is_decoder && args.Option("use_cache", config.use_cache),
        });
        return new TFBaseModelOutputWithPoolingAndCrossAttentions
        {
            last_hidden_state = all[^1],
            pooler_output = pooler is null ? null! : pooler.Apply(all[^1]),
            past_key_values = present.Count > 0 ? new Tensors(present) : null,
            hidden_states = wantStates ? (Tensors)all.ToArray() : null,
            attentions = wantAttentions ? (Tensors)attentions.ToArray() : null,
            cross_attentions = crossAttentions.Count > 0 ? (Tensors)crossAttentions.ToArray() : null,
        };
    }

    /// <summary>Hugging Face TF drops what only a decoder can use.</summary>
    void RequireDecoder(ModelInputs inputs)
    {
        if (!config.add_cross_attention && inputs.Nested("encoder_hidden_states") is not null)
            throw new ConfigException("The model has no cross-attention", "encoder_hidden_states", "a configuration with add_cross_attention: true", "add_cross_attention: false");
        if (inputs.Nested("past_key_values") is not { } past) return;
        if (!config.is_decoder) throw new ConfigException("Only a decoder has a past", "past_key_values", "a configuration with is_decoder: true", "is_decoder: false");
        if (past.Count != config.num_hidden_layers || past.Any(p => p.Count is not (2 or 4)))
            throw new ShapeMismatchException("Keys and values of the past do not fit the model", "past_key_values", $"a list of 2 or 4 tensors for each of {config.num_hidden_layers} layers", $"{past.Count} of {string.Join(", ", past.Select(p => p.Count).Distinct())}");
    }

    /// <summary>The mask of padding, of a decoder also of later tokens; null where nothing is masked.</summary>
    Tensor? SelfMask(Tensor? attention, Tensor states, Tensor? pastLength)
    {
        var broad = attention is null ? null : BertMasks.Broad(attention);
        if (!config.is_decoder || attention is { ndim: 3 }) return broad is null ? null : BertMasks.Additive(broad, states.dtype);
        var causal = Tf.Cast(BertMasks.Causal(Tf.DimOf(states, 1), pastLength), states.dtype);
        return BertMasks.Additive(broad is null ? causal : causal * Tf.Cast(broad, states.dtype), states.dtype);
    }
}

/// <summary>What is added to attention scores.</summary>
static class BertMasks
{
    /// <summary>(B, S) or (B, T, S) to (B, 1, 1 or T, S).</summary>
    public static Tensor Broad(Tensor mask) => mask.ndim == 3 ? Tf.ExpandDims(mask, 1) : Tf.ExpandDims(Tf.ExpandDims(mask, 1), 1);

    /// <summary>0 where a mask is 1, the dtype's minimum where it is 0.</summary>
    public static Tensor Additive(Tensor mask, DType dtype) => (1 - Tf.Cast(mask, dtype)) * Minimum(dtype);

    /// <summary>Which of all tokens each of the last ones may see: itself and earlier ones, bool (T, S).</summary>
    /// <param name="length">How many tokens are new, T.</param>
    /// <param name="past">How many there were before; null for none.</param>
    public static Tensor Causal(Tensor length, Tensor? past)
    {
        var one = Tf.Int32Scalar(1);
        var total = past is null ? length : past + length;
        var columns = Tf.Range(Tf.Int32Scalar(0), total, one);
        var rows = past is null ? columns : Tf.Range(past, total, one);
        return Tf.LessEqual(Tf.ExpandDims(columns, 0), Tf.ExpandDims(rows, 1));
    }

    static double Minimum(DType dtype) => dtype == DType.Float16 ? (double)Half.MinValue : dtype == DType.BFloat16 ? -3.3895313892515355e38 : float.MinValue;
}

/// <summary>Word, position and token type vectors, added, normalised, dropped out.</summary>
sealed class BertEmbeddings : Layer
{
    readonly BertConfig _config;
    Embedding word_embeddings;
    readonly Embedding position_embeddings;
    readonly Embedding token_type_embeddings;
    readonly LayerNormalization LayerNorm;
    readonly Dropout _dropout;

    public BertEmbeddings(BertConfig config, DTypePolicy dtype) : base("embeddings", dtype: dtype)
    {
        _config = config;
        word_embeddings = Table(config.vocab_size, "word_embeddings");
        position_embeddings = Table(config.max_position_embeddings, "position_embeddings");
        token_type_embeddings = Table(config.type_vocab_size, "token_type_embeddings");
        LayerNorm = new(config.layer_norm_eps, name: "LayerNorm", dtype: dtype);
        _dropout = new(config.hidden_dropout_prob, name: "dropout", dtype: dtype);
    }

    Embedding Table(int rows, string name) => new(rows, _config.hidden_size, BertInit.Weights(_config), name: name, dtype: dtype_policy);

    public Variable WordTable
    {
        get
        {
            BuildTables();
            return word_embeddings.embeddings;
        }
    }

    public void ResizeWords(int count)
    {
        var old = WordTable;
        var added = Table(count, "word_embeddings");
        added.build(Shape.Unknown);
        added.trainable = word_embeddings.trainable;
        VocabularyRows.Copy(old, added.embeddings, BertInit.Weights(_config).call);
        word_embeddings = added;
    }

    protected override void build(CallArguments args) => BuildTables();

    void BuildTables()
    {
        foreach (var table in new[] { word_embeddings, position_embeddings, token_type_embeddings })
            if (!table.built) table.build(Shape.Unknown);
    }

    public override Tensors call(CallArguments args)
    {
        var words = args["inputs_embeds"] is { } given ? given.Single : word_embeddings.Apply(args.Inputs).Single;
        var (length, past) = (words.shape[1], args.Option("past_length", 0L));
        if (length >= 0 && length + past > _config.max_position_embeddings)
            throw new ValueRangeException("A sequence is too long", NameScope.Current, $"at most {_config.max_position_embeddings} tokens (max_position_embeddings)",
                past == 0 ? $"{length} tokens" : $"{length} tokens after {past} of the past", "Truncate the text (truncation: true, max_length).");
        // Relative positions enter in attention; their files hold the table of positions all the same.
        var states = _config.position_embedding_type == RelativePositions.Absolute ? words + Positions(args["position_ids"]?.Single, words, args["past_length"]?.Single) : words;
        states += TokenTypes(args["token_type_ids"]?.Single);
        return _dropout.Apply(LayerNorm.Apply(states));
    }

    /// <summary>The vectors of given positions, else of those that follow the past, from 0: rows next to each other where it is known how many.</summary>
    Tensor Positions(Tensor? ids, Tensor words, Tensor? past)
    {
        if (ids is not null) return position_embeddings.Apply(ids);
        var table = position_embeddings.embeddings;
        if (past is null && words.shape[1] >= 0) return Tf.Cast(Tf.Slice(table, [0, 0], [(int)words.shape[1], -1]), words.dtype);
        var length = Tf.DimOf(words, 1);
        var range = past is null ? Tf.Range(Tf.Int32Scalar(0), length, Tf.Int32Scalar(1)) : Tf.Range(Tf.Int32Scalar(0), length, Tf.Int32Scalar(1)) + past;
        return Tf.Cast(Tf.Gather(table, range, 0), words.dtype);
    }

    /// <summary>Without ids every token has type 0: one row for all.</summary>
    Tensor TokenTypes(Tensor? ids) => ids is not null ? token_type_embeddings.Apply(ids)
        : Tf.Cast(Tf.Slice(token_type_embeddings.embeddings, [0, 0], [1, -1]), compute_dtype);
}

/// <summary>The first token's state through a dense layer and tanh.</summary>
sealed class BertPooler : Layer
{
    readonly Dense dense;

    public BertPooler(BertConfig config, DTypePolicy dtype) : base("pooler", dtype: dtype) =>
        dense = new(config.hidden_size, Tf.Tanh, kernel_initializer: BertInit.Weights(config), name: "dense", dtype: dtype);

    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor states = inputs;
        return dense.Apply(Tf.Squeeze(Tf.Slice(states, [0, 0, 0], [-1, 1, -1]), 1));
    }
}

/// <summary>How new BERT weights are drawn.</summary>
static class BertInit
{
    public static Initializer Weights(BertConfig config) => new TruncatedNormal(stddev: config.initializer_range);
}
