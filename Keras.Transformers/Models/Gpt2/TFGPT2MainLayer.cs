using Keras.Graphs;
using Keras.Initializers;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>GPT-2 without a head, as a layer to be used in models of your own: embeddings, pre-normalised transformer layers with causal attention, a final normalisation.</summary>
/// <remarks>Source: Radford et al. 2019; transformers/models/gpt2/modeling_gpt2.py. Masked scores get the dtype's minimum added, as in PyTorch (Hugging Face TF puts -10000);
/// head_mask, scale_attn_weights, scale_attn_by_inverse_layer_idx and reorder_and_upcast_attn are respected, unlike in Hugging Face TF; positions do not count padding
/// before the first token, which both libraries leave to the caller.</remarks>
public sealed class TFGPT2MainLayer : Layer<Gpt2Inputs, TFBaseModelOutputWithPastAndCrossAttentions>
{
    Embedding wte;
    readonly Embedding wpe;
    readonly Dropout _dropout;
    readonly List<Gpt2Block> h;
    readonly LayerNormalization ln_f;

    /// <summary>Creates GPT-2 without a head as a layer.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The layer's name; default "transformer".</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">Settings do not fit each other.</exception>
    public TFGPT2MainLayer(GPT2Config config, string name = "transformer", DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.EnsureValid();
        this.config = config;
        wte = Table(config.vocab_size, "wte");
        wpe = Table(config.n_positions, "wpe");
        _dropout = new(config.embd_pdrop, name: "drop", dtype: dtype_policy);
        h = [.. Enumerable.Range(0, config.n_layer).Select(i => new Gpt2Block(config, i, dtype_policy))];
        ln_f = new(epsilon: config.layer_norm_epsilon, name: "ln_f", dtype: dtype_policy);
    }

    /// <summary>The configuration of the layer.</summary>
    public GPT2Config config { get; }

    /// <summary>Makes the initializer of new weights.</summary>
    internal static Initializer NewWeights(GPT2Config config) => new TruncatedNormal(stddev: config.initializer_range);

    Embedding Table(int rows, string name) => new(rows, config.n_embd, NewWeights(config), name: name, dtype: dtype_policy);

    /// <summary>The table of word vectors, (V, C).</summary>
    public Variable get_input_embeddings()
    {
        BuildTables();
        return wte.embeddings;
    }

    /// <summary>The table of position vectors, (P, C).</summary>
    internal Variable PositionTable
    {
        get
        {
            BuildTables();
            return wpe.embeddings;
        }
    }

    /// <summary>Resizes the table of word vectors.</summary>
    internal void ResizeWords(int count)
    {
        var old = get_input_embeddings();
        var added = Table(count, "wte");
        added.build(Shape.Unknown);
        added.trainable = wte.trainable;
        VocabularyRows.Copy(old, added.embeddings, NewWeights(config).call);
        wte = added;
    }

    /// <summary>Whether the layers' inner values are recomputed for gradients instead of being kept.</summary>
    internal bool Recomputes { get; set; }

    /// <inheritdoc/>
    protected override void build(CallArguments args) => BuildTables();

    void BuildTables()
    {
        foreach (var table in new[] { wte, wpe })
            if (!table.built) table.build(Shape.Unknown);
    }

    /// <inheritdoc/>
    protected override TFBaseModelOutputWithPastAndCrossAttentions call(Gpt2Inputs args)
    {
        if (args.input_ids is null == args.inputs_embeds is null) throw new ArgumentException($"{nameof(TFGPT2MainLayer)} takes either input_ids or inputs_embeds. Received: {(args.input_ids is null ? "neither" : "both")}.");
        if (!config.add_cross_attention && args.encoder_hidden_states is not null)
            throw new ConfigException("The model has no cross-attention", nameof(args.encoder_hidden_states), "a configuration with add_cross_attention: true", "add_cross_attention: false");
        var cache = Cache(args);
        Tensor words = args.inputs_embeds ?? wte.Apply(ops.cast(args.input_ids!, "int32"));
        var states = words + Positions(args, ops.shape(words)[1], cache?.Length ?? 0);
        if (args.token_type_ids is { } types) states += wte.Apply(ops.cast(types, "int32")).Single;
        states = _dropout.Apply(states);

        var inputs = new TransformerLayerInputs
        {
            mask = AttentionMasks.OfDecoder(args.attention_mask, ops.shape(words)[1], cache, states.dtype),
            head_mask = args.head_mask is null ? null : ops.cast(args.head_mask, states.dtype),
            encoder_states = args.encoder_hidden_states,
            encoder_mask = args.encoder_attention_mask is { } mask ? AttentionMasks.Additive(AttentionMasks.OverHeads(mask), states.dtype) : null,
            cache = cache,
            output_attentions = args.output_attentions ?? config.output_attentions,
        };
        var (allStates, attentions, crossAttentions) = (new List<Tensors>(), new List<Tensors>(), new List<Tensors>());
        foreach (var (i, block) in h.Index())
        {
            allStates.Add(states);
            var blockInputs = inputs with { states = states, head_mask = inputs.head_mask is { ndim: 2 } all ? all[i] : inputs.head_mask };
            var outputs = Recomputes && cache is null ? keras.remat(block)(blockInputs) : block.Apply(blockInputs);
            states = outputs.states;
            if (outputs.attentions is { } own) attentions.Add(own);
            if (outputs.cross_attentions is { } cross) crossAttentions.Add(cross);
        }
        states = ln_f.Apply(states);
        allStates.Add(states);

        return new()
        {
            last_hidden_state = states,
            past_key_values = args.cache is null && (args.use_cache ?? config.use_cache) && cache is not null ? Gpt2Past.Stacked(cache.ToTensors()) : null,
            hidden_states = args.output_hidden_states ?? config.output_hidden_states ? new Tensors(allStates) : null,
            attentions = inputs.output_attentions ? new Tensors(attentions) : null,
            cross_attentions = crossAttentions.Count > 0 ? new Tensors(crossAttentions) : null,
        };
    }

    /// <summary>The cache for keys and values: the caller's, one made of past_key_values, or a new one if they are to be returned.</summary>
    KeyValueCache? Cache(Gpt2Inputs args)
    {
        if (args.cache is not null || config.n_layer == 0) return args.cache;
        if (args.past_key_values is { } past) return GrowingCache.Of(Gpt2Past.Unstacked(past), config.n_layer);
        // A recomputed layer would add its keys twice.
        return (args.use_cache ?? config.use_cache) && !(Recomputes && args.training) ? new GrowingCache(config.n_layer) : null;
    }

    /// <summary>The vectors of the given positions, otherwise of those after the past, counted from the first token.</summary>
    Tensor Positions(Gpt2Inputs args, Dim length, Dim past)
    {
        if (args.position_ids is { } ids) return wpe.Apply(ops.cast(ids, "int32"));
        if ((length + past).Known is { } end && end > config.n_positions)
            throw new ValueRangeException("A sequence is too long", NameScope.Current, $"at most {config.n_positions} tokens (n_positions)",
                past == 0 ? $"{length} tokens" : $"{length} tokens after {past} of the past", "Truncate the text (truncation: true, max_length).");
        if (args.attention_mask is not { ndim: 2 } mask)
            return past == 0 ? ops.cast(ops.slice(wpe.embeddings, [0, 0], [length, config.n_embd]), compute_dtype) : wpe.Apply(AttentionMasks.PlacesAfter(past, length));
        var first = ops.argmax(ops.cast(ops.not_equal(mask, 0), "int32"), -1, keepdims: true);
        return wpe.Apply(ops.maximum(ops.expand_dims(AttentionMasks.PlacesAfter(past, length), 0) - ops.cast(first, "int32"), 0));
    }
}

/// <summary>Keys and values in Hugging Face's layout for GPT-2: one tensor for each layer, (2, B, H, S, D).</summary>
static class Gpt2Past
{
    public static Tensors Stacked(Tensors layers) => new(layers.Select(l => new Tensors(ops.stack([l[0].Single, l[1].Single], 0))));

    /// <exception cref="ShapeMismatchException">A layer's keys or values are not a tensor of this form.</exception>
    public static Tensors Unstacked(Tensors past)
    {
        if (past.IsLeaf) throw Unfit("one tensor");
        return new(past.Select(layer => layer switch
        {
            { IsLeaf: true } when layer.Single is { ndim: 5 } both && both.shape[0] is 2 or -1 => new Tensors([both[0], both[1]]),
            { IsLeaf: false, Count: 2 } => layer,
            _ => throw Unfit(layer.IsLeaf ? layer.Single.shape.ToString() : $"{layer.Count} tensors"),
        }));
    }

    static ShapeMismatchException Unfit(string received) =>
        new("Keys and values of the past do not fit the model", nameof(Gpt2Inputs.past_key_values), "a list of tensors (2, B, H, S, D), one for each layer", received, "Give past_key_values of an earlier output.");
}
