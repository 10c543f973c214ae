using Keras.Initializers;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>Word vectors, one pre-normalised block, a last normalisation.</summary>
sealed class TinyTestMainLayer : Layer<TinyTestInputs, TFBaseModelOutputWithPoolingAndCrossAttentions>
{
    readonly TinyTestConfig _config;
    Embedding wte;
    readonly LayerNormalization ln_1;
    readonly TinyTestAttention attn;
    readonly LayerNormalization ln_2;
    readonly Dense c_fc;
    readonly Dense c_proj;
    readonly Dropout _dropout;
    readonly LayerNormalization ln_f;

    public TinyTestMainLayer(TinyTestConfig config, DTypePolicy dtype) : base("tiny", dtype: dtype)
    {
        _config = config;
        wte = Words(config.vocab_size);
        ln_1 = new(epsilon: config.layer_norm_epsilon, name: "ln_1", dtype: dtype);
        attn = new(config, dtype);
        ln_2 = new(epsilon: config.layer_norm_epsilon, name: "ln_2", dtype: dtype);
        c_fc = new(config.n_inner, "gelu", kernel_initializer: New(config), name: "c_fc", dtype: dtype);
        c_proj = new(config.n_embd, kernel_initializer: New(config), name: "c_proj", dtype: dtype);
        _dropout = new(config.dropout, name: "dropout", dtype: dtype);
        ln_f = new(epsilon: config.layer_norm_epsilon, name: "ln_f", dtype: dtype);
    }

    public static Initializer New(TinyTestConfig config) => new TruncatedNormal(stddev: config.initializer_range);

    Embedding Words(int count)
    {
        var table = new Embedding(count, _config.n_embd, New(_config), name: "wte", dtype: dtype_policy);
        table.build(Shape.Unknown);
        return table;
    }

    public Variable WordTable => wte.embeddings;

    /// <summary>Whether the inner values of the feed-forward part are computed again for gradients; attention would write its keys twice into the cache.</summary>
    public bool Recomputes { get; set; }

    public void ResizeWords(int count)
    {
        var (old, resized) = (wte.embeddings, Words(count));
        var kept = (int)Math.Min(count, old.shape[0]);
        resized.embeddings.assign(ops.concatenate([old[..kept], resized.embeddings[kept..]], 0));
        wte = resized;
    }

    protected override TFBaseModelOutputWithPoolingAndCrossAttentions call(TinyTestInputs args)
    {
        if (args.input_ids is null == args.inputs_embeds is null) throw new ArgumentException($"{name} takes either input_ids or inputs_embeds. Received: {(args.input_ids is null ? "neither" : "both")}.");
        var cache = args.cache ?? (args.past_key_values is { } past ? GrowingCache.Of(past, layers: 1) : new GrowingCache(layers: 1));
        Tensor words = args.inputs_embeds ?? wte.Apply(args.input_ids!);
        var mask = Seen(args.attention_mask, ops.shape(words)[1], cache);
        var attention = attn.Apply(new TinyTestAttentionInputs { states = ln_1.Apply(words), mask = mask, cache = cache });
        var states = words + _dropout.Apply(attention[0].Single);
        states += Recomputes ? keras.remat(x => FeedForward(x))(states) : FeedForward(states);
        Tensor last = ln_f.Apply(states);
        return new()
        {
            last_hidden_state = last,
            past_key_values = args.cache is null && (args.use_cache ?? _config.use_cache) ? cache.ToTensors() : null,
            hidden_states = args.output_hidden_states ?? _config.output_hidden_states ? new Tensors([words, last]) : null,
            attentions = args.output_attentions ?? _config.output_attentions ? new Tensors([attention[1]]) : null,
        };
    }

    Tensor FeedForward(Tensor states) => _dropout.Apply(c_proj.Apply(c_fc.Apply(ln_2.Apply(states))));

    /// <summary>What is added to the scores, (1 or B, 1, T, S): later tokens and padding are not seen.</summary>
    Tensor Seen(Tensor? attention, Dim added, KeyValueCache cache)
    {
        var seen = ops.cast(cache.Visible(added), compute_dtype);
        if (attention is not null) seen *= ops.cast(AttentionMasks.OverHeads(cache.Widen(attention)), compute_dtype);
        return AttentionMasks.Additive(seen, compute_dtype);
    }
}

/// <summary>What attention takes.</summary>
sealed record TinyTestAttentionInputs : LayerArguments
{
    public Tensor states { get; init; } = null!;

    public Tensor mask { get; init; } = null!;

    public KeyValueCache cache { get; init; } = null!;
}

/// <summary>Attention whose three projections are one kernel, (3, C, C): of a convolution, as files have it.</summary>
sealed class TinyTestAttention : Layer<TinyTestAttentionInputs, Tensors>
{
    readonly TinyTestConfig _config;
    readonly Dense c_proj;
    Variable kernel = null!;

    public TinyTestAttention(TinyTestConfig config, DTypePolicy dtype) : base("attn", dtype: dtype)
    {
        _config = config;
        c_proj = new(config.n_embd, kernel_initializer: TinyTestMainLayer.New(config), name: "c_proj", dtype: dtype);
    }

    public override void build(Shape input_shape) =>
        kernel = add_weight(new Shape(3, _config.n_embd, _config.n_embd), TinyTestMainLayer.New(_config), name: "kernel");

    protected override Tensors call(TinyTestAttentionInputs args)
    {
        var parts = ops.unstack(ops.einsum("btc,pcd->pbtd", args.states, kernel), 3, 0);
        var (keys, values) = args.cache.Append(0, Heads(parts[1]), Heads(parts[2]));
        var scale = 1 / Math.Sqrt((double)_config.n_embd / _config.n_head);
        var probabilities = ops.softmax((ops.einsum("bhtd,bhsd->bhts", Heads(parts[0]), keys) * scale) + args.mask);
        var mixed = ops.reshape(ops.einsum("bhts,bhsd->bthd", probabilities, values), ops.shape(args.states));
        return new([c_proj.Apply(mixed), probabilities]);
    }

    Tensor Heads(Tensor x)
    {
        var shape = ops.shape(x);
        return ops.transpose(ops.reshape(x, [shape[0], shape[1], _config.n_head, shape[2] / _config.n_head]), [0, 2, 1, 3]);
    }
}
