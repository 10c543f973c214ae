using Keras.Graphs;
using Keras.Initializers;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>BERT without a head, as a layer to be used in models of your own: embeddings, post-normalised transformer layers, pooler.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805); transformers/models/bert/modeling_bert.py. Masked scores get the dtype's minimum
/// added, as in PyTorch (Hugging Face TF adds -10000), and head_mask is respected (Hugging Face TF rejects it).</remarks>
public sealed class TFBertMainLayer : Layer<BertDecoderInputs, TFBaseModelOutputWithPoolingAndCrossAttentions>
{
    readonly BertEmbeddings embeddings;
    readonly BertEncoder encoder;
    readonly BertPooler? pooler;

    /// <summary>Creates BERT without a head as a layer.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled; default true.</param>
    /// <param name="name">The layer's name; default "bert".</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">Settings do not fit each other.</exception>
    public TFBertMainLayer(BertConfig config, bool add_pooling_layer = true, string name = "bert", DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.EnsureValid();
        this.config = config;
        embeddings = new(config, dtype_policy);
        encoder = new(config, dtype_policy);
        pooler = add_pooling_layer ? new(config, dtype_policy) : null;
    }

    /// <summary>The configuration of the layer.</summary>
    public BertConfig config { get; }

    /// <summary>The table of word vectors, (V, C).</summary>
    public Variable get_input_embeddings() => embeddings.WordTable;

    /// <summary>The embedding tables other than the words', of which a step only needs single rows.</summary>
    internal IEnumerable<Variable> LookedUpTables => embeddings.LookedUp;

    /// <summary>Resizes the table of word vectors.</summary>
    internal void ResizeWords(int count) => embeddings.ResizeWords(count);

    /// <summary>Whether the layers' inner values are recomputed for gradients instead of being kept.</summary>
    internal bool Recomputes
    {
        get => encoder.Recomputes;
        set => encoder.Recomputes = value;
    }

    /// <inheritdoc/>
    protected override TFBaseModelOutputWithPoolingAndCrossAttentions call(BertDecoderInputs args)
    {
        RequireDecoder(args);
        var ids = args.Ids(nameof(TFBertMainLayer));
        var cache = Cache(args);
        var past = cache?.Length ?? 0;
        Tensor states = embeddings.Apply(new BertEmbeddingsInputs
        {
            input_ids = ids,
            inputs_embeds = args.inputs_embeds,
            token_type_ids = BertInputs.Integers(args.token_type_ids),
            position_ids = BertInputs.Integers(args.position_ids),
            past = past,
        });
        var outputs = encoder.Apply(new TransformerLayerInputs
        {
            states = states,
            mask = SelfMask(args.attention_mask, states, cache),
            head_mask = args.head_mask is null ? null : ops.cast(args.head_mask, states.dtype),
            encoder_states = args.encoder_hidden_states,
            encoder_mask = args.encoder_attention_mask is { } mask ? AttentionMasks.Additive(AttentionMasks.OverHeads(mask), states.dtype) : null,
            cache = cache,
            output_attentions = args.output_attentions ?? config.output_attentions,
        });
        return new TFBaseModelOutputWithPoolingAndCrossAttentions
        {
            last_hidden_state = outputs.last_hidden_state,
            pooler_output = pooler?.Apply(outputs.last_hidden_state)!,
            past_key_values = args.cache is null && (args.use_cache ?? config.use_cache) ? cache?.ToTensors() : null,
            hidden_states = args.output_hidden_states ?? config.output_hidden_states ? outputs.hidden_states : null,
            attentions = outputs.attentions,
            cross_attentions = outputs.cross_attentions,
        };
    }

    /// <summary>Rejects inputs that only a decoder can use; Hugging Face TF ignores them.</summary>
    void RequireDecoder(BertDecoderInputs args)
    {
        if (!config.add_cross_attention && args.encoder_hidden_states is not null)
            throw new ConfigException("The model has no cross-attention", nameof(args.encoder_hidden_states), "a configuration with add_cross_attention: true", "add_cross_attention: false");
        if (!config.is_decoder && (args.past_key_values is not null || args.cache is not null))
            throw new ConfigException("Keys and values of earlier tokens were given to a model that is not a decoder", nameof(args.past_key_values), "a configuration with is_decoder: true", "is_decoder: false");
    }

    /// <summary>The cache for keys and values: the caller's, one made of past_key_values, or a new one if they are to be returned.</summary>
    KeyValueCache? Cache(BertDecoderInputs args)
    {
        if (args.cache is not null || !config.is_decoder) return args.cache;
        if (args.past_key_values is { } past) return GrowingCache.Of(past, config.num_hidden_layers);
        // A recomputed layer would add its keys twice.
        return (args.use_cache ?? config.use_cache) && !(Recomputes && args.training) ? new GrowingCache(config.num_hidden_layers) : null;
    }

    /// <summary>The mask added to scores for padding and, in a decoder, later tokens; null if nothing is masked.</summary>
    Tensor? SelfMask(Tensor? attention, Tensor states, KeyValueCache? cache) => config.is_decoder ? AttentionMasks.OfDecoder(attention, ops.shape(states)[1], cache, states.dtype)
        : attention is null ? null : AttentionMasks.Additive(AttentionMasks.OverHeads(attention), states.dtype);
}

/// <summary>The inputs of the embeddings.</summary>
sealed record BertEmbeddingsInputs : LayerArguments
{
    public Tensor? input_ids { get; init; }

    public Tensor? inputs_embeds { get; init; }

    public Tensor? token_type_ids { get; init; }

    public Tensor? position_ids { get; init; }

    /// <summary>The number of earlier tokens.</summary>
    public Dim past { get; init; }
}

/// <summary>Sums word, position and token type vectors, with normalisation and dropout.</summary>
sealed class BertEmbeddings : Layer<BertEmbeddingsInputs, Tensors>
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

    public IEnumerable<Variable> LookedUp
    {
        get
        {
            BuildTables();
            return [position_embeddings.embeddings, token_type_embeddings.embeddings];
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

    protected override Tensors call(BertEmbeddingsInputs args)
    {
        Tensor words = args.inputs_embeds ?? word_embeddings.Apply(args.input_ids!);
        var length = ops.shape(words)[1];
        if ((length + args.past).Known is { } end && end > _config.max_position_embeddings)
            throw new ValueRangeException("A sequence is too long", NameScope.Current, $"at most {_config.max_position_embeddings} tokens (max_position_embeddings)",
                args.past == 0 ? $"{length} tokens" : $"{length} tokens after {args.past} of the past", "Truncate the text (truncation: true, max_length).");
        // Relative positions apply in attention, but their files still hold the table of positions.
        var states = _config.position_embedding_type == RelativePositions.Absolute ? words + Positions(args.position_ids, length, args.past) : words;
        states += args.token_type_ids is { } types ? token_type_embeddings.Apply(types) : FirstRows(token_type_embeddings, 1);
        return _dropout.Apply(LayerNorm.Apply(states));
    }

    /// <summary>The vectors of the given positions, otherwise of those after the past.</summary>
    Tensor Positions(Tensor? ids, Dim length, Dim past) => ids is not null ? position_embeddings.Apply(ids)
        : past == 0 ? FirstRows(position_embeddings, length)
        : position_embeddings.Apply(AttentionMasks.PlacesAfter(past, length));

    /// <summary>The first rows of a table, by a slice.</summary>
    Tensor FirstRows(Embedding table, Dim count) => ops.cast(ops.slice(table.embeddings, [0, 0], [count, _config.hidden_size]), compute_dtype);
}

/// <summary>The stack of layers.</summary>
sealed class BertEncoder : Layer<TransformerLayerInputs, TFBaseModelOutputWithPoolingAndCrossAttentions>
{
    readonly List<BertLayer> layer;

    public BertEncoder(BertConfig config, DTypePolicy dtype) : base("encoder", dtype: dtype) =>
        layer = [.. Enumerable.Range(0, config.num_hidden_layers).Select(i => new BertLayer(config, i, dtype))];

    /// <summary>Whether the layers' inner values are recomputed for gradients instead of being kept.</summary>
    public bool Recomputes { get; set; }

    protected override TFBaseModelOutputWithPoolingAndCrossAttentions call(TransformerLayerInputs args)
    {
        var (states, attentions, crossAttentions) = (new List<Tensors> { args.states }, new List<Tensors>(), new List<Tensors>());
        foreach (var (i, block) in layer.Index())
        {
            var inputs = args with { states = states[^1], head_mask = args.head_mask is { ndim: 2 } all ? all[i] : args.head_mask };
            var outputs = Recomputes && args.cache is null ? keras.remat(block)(inputs) : block.Apply(inputs);
            states.Add(outputs.states);
            if (outputs.attentions is { } own) attentions.Add(own);
            if (outputs.cross_attentions is { } cross) crossAttentions.Add(cross);
        }
        return new()
        {
            last_hidden_state = states[^1],
            hidden_states = new(states),
            attentions = args.output_attentions ? new Tensors(attentions) : null,
            cross_attentions = crossAttentions.Count > 0 ? new Tensors(crossAttentions) : null,
        };
    }
}

/// <summary>Attention, in a decoder optionally attention to an encoder's states, and feed-forward, each added to its input and then normalised.</summary>
sealed class BertLayer : Layer<TransformerLayerInputs, TransformerLayerOutput>
{
    readonly BertAttention attention;
    readonly BertAttention? crossattention;
    readonly Dense intermediate;
    readonly new BertOutput output;

    public BertLayer(BertConfig config, int index, DTypePolicy dtype) : base($"layer_{index}", dtype: dtype)
    {
        attention = new("attention", config, index, RelativePositions.Of(config, dtype), dtype);
        crossattention = config.add_cross_attention ? new("crossattention", config, index, null, dtype) : null;
        intermediate = new(config.intermediate_size, TransformerActivations.Get(config.hidden_act), kernel_initializer: BertInit.Weights(config), name: "intermediate", dtype: dtype);
        output = new("output", config, dtype);
    }

    /// <summary>Builds the weights; cross-attention is called once, without which its weights would never be made.</summary>
    protected override void build(CallArguments args)
    {
        if (crossattention is null || args["encoder_states"] is not null) return;
        var states = Graph.Scratch.AddPlaceholder(compute_dtype, args.Inputs.shape, "states");
        using (Graph.Suspend()) crossattention.Apply(new() { states = states, encoder_states = states });
    }

    protected override TransformerLayerOutput call(TransformerLayerInputs args)
    {
        var self = attention.Apply(args with { encoder_states = null });
        var cross = crossattention is not null && args.encoder_states is not null ? crossattention.Apply(args with { states = self.states, mask = args.encoder_mask }) : null;
        Tensor states = cross?.states ?? self.states;
        return new()
        {
            states = output.Apply((intermediate.Apply(states), states)),
            attentions = self.attentions,
            cross_attentions = cross?.attentions,
        };
    }
}

/// <summary>Multi-head attention with output projection: self-attention, or attention to an encoder's states.</summary>
sealed class BertAttention : Layer<TransformerLayerInputs, TransformerLayerOutput>
{
    readonly int _heads;
    readonly int _index;
    readonly Dense query;
    readonly Dense key;
    readonly Dense value;
    readonly RelativePositions? relative_positions;
    readonly Dropout _dropout;
    readonly new BertOutput output;

    public BertAttention(string name, BertConfig config, int index, RelativePositions? relativePositions, DTypePolicy dtype) : base(name, dtype: dtype)
    {
        (_heads, _index, relative_positions) = (config.num_attention_heads, index, relativePositions);
        Dense Projection(string part) => new(config.hidden_size, kernel_initializer: BertInit.Weights(config), name: part, dtype: dtype);
        (query, key, value) = (Projection("query"), Projection("key"), Projection("value"));
        _dropout = new(config.attention_probs_dropout_prob, name: "dropout", dtype: dtype);
        output = new("output", config, dtype);
    }

    protected override TransformerLayerOutput call(TransformerLayerInputs args)
    {
        var q = Heads(query.Apply(args.states));
        var (k, v) = KeysAndValues(args);
        var scale = 1 / Math.Sqrt(q.shape[^1]);
        var (mixed, probabilities) = ops.scaled_dot_product_attention(q, k, v, args.mask,
            bias: relative_positions is null ? null : relative_positions.Apply((q, k)) * scale,
            head_mask: args.head_mask is null ? null : ops.reshape(args.head_mask, [1, -1, 1, 1]),
            scale: scale, dropout: args.training ? _dropout.rate : 0, seed: _dropout.seed_generator, return_attention_scores: args.output_attentions);
        var joined = ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), ops.shape(args.states));
        return new() { states = output.Apply((joined, args.states)), attentions = probabilities };
    }

    /// <summary>Computes keys and values. Those of an encoder's states are the same in every step; those of the states themselves follow the past's.</summary>
    (Tensor Keys, Tensor Values) KeysAndValues(TransformerLayerInputs args)
    {
        (Tensor, Tensor) Of(Tensor states) => (Heads(key.Apply(states)), Heads(value.Apply(states)));
        if (args.encoder_states is { } encoder) return args.cache?.OfEncoder(_index, () => Of(encoder)) ?? Of(encoder);
        var (keys, values) = Of(args.states);
        return args.cache?.Append(_index, keys, values) ?? (keys, values);
    }

    /// <summary>Splits heads: (B, T, C) to (B, H, T, C / H).</summary>
    Tensor Heads(Tensor x)
    {
        var shape = ops.shape(x);
        return ops.transpose(ops.reshape(x, [shape[0], shape[1], _heads, shape[2] / _heads]), [0, 2, 1, 3]);
    }
}

/// <summary>A projection with dropout, added to a residual and normalised.</summary>
sealed class BertOutput : Layer
{
    readonly Dense dense;
    readonly Dropout _dropout;
    readonly LayerNormalization LayerNorm;

    public BertOutput(string name, BertConfig config, DTypePolicy dtype) : base(name, dtype: dtype)
    {
        dense = new(config.hidden_size, kernel_initializer: BertInit.Weights(config), name: "dense", dtype: dtype);
        _dropout = new(config.hidden_dropout_prob, name: "dropout", dtype: dtype);
        LayerNorm = new(config.layer_norm_eps, name: "LayerNorm", dtype: dtype);
    }

    public override Tensors call(Tensors inputs, bool training = false) => LayerNorm.Apply(_dropout.Apply(dense.Apply(inputs[0])) + inputs[1]);
}

/// <summary>The first token's state through a dense layer and tanh.</summary>
sealed class BertPooler : Layer
{
    readonly Dense dense;

    public BertPooler(BertConfig config, DTypePolicy dtype) : base("pooler", dtype: dtype) =>
        dense = new(config.hidden_size, "tanh", kernel_initializer: BertInit.Weights(config), name: "dense", dtype: dtype);

    public override Tensors call(Tensors inputs, bool training = false) => dense.Apply(inputs[.., 0]);
}

/// <summary>Makes initializers for new BERT weights.</summary>
static class BertInit
{
    public static Initializer Weights(BertConfig config) => new TruncatedNormal(stddev: config.initializer_range);
}
