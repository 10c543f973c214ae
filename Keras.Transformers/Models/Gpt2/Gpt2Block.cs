using Keras.Graphs;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Attention, optional cross-attention and feed-forward, each applied to normalised states and added to them.</summary>
sealed class Gpt2Block : Layer<TransformerLayerInputs, TransformerLayerOutput>
{
    readonly LayerNormalization ln_1;
    readonly Gpt2Attention attn;
    readonly LayerNormalization ln_2;
    readonly Gpt2Attention? crossattention;
    readonly LayerNormalization? ln_cross_attn;
    readonly Gpt2FeedForward mlp;

    public Gpt2Block(GPT2Config config, int index, DTypePolicy dtype) : base($"h_{index}", dtype: dtype)
    {
        LayerNormalization Norm(string name) => new(epsilon: config.layer_norm_epsilon, name: name, dtype: dtype);
        (ln_1, ln_2) = (Norm("ln_1"), Norm("ln_2"));
        attn = new("attn", config, index, isCross: false, dtype);
        if (config.add_cross_attention) (crossattention, ln_cross_attn) = (new("crossattention", config, index, isCross: true, dtype), Norm("ln_cross_attn"));
        mlp = new(config, dtype);
    }

    /// <summary>Builds the weights; cross-attention is called once, without which its weights would never be made.</summary>
    protected override void build(CallArguments args)
    {
        if (crossattention is null || args["encoder_states"] is not null) return;
        var states = Graph.Scratch.AddPlaceholder(compute_dtype, args.Inputs.shape, "states");
        using (Graph.Suspend()) crossattention.Apply(new() { states = ln_cross_attn!.Apply(states), encoder_states = states });
    }

    protected override TransformerLayerOutput call(TransformerLayerInputs args)
    {
        var self = attn.Apply(args with { states = ln_1.Apply(args.states), encoder_states = null });
        var states = args.states + self.states;
        var cross = crossattention is not null && args.encoder_states is not null
            ? crossattention.Apply(args with { states = ln_cross_attn!.Apply(states), mask = args.encoder_mask }) : null;
        if (cross is not null) states += cross.states;
        return new() { states = states + mlp.Apply(ln_2.Apply(states)), attentions = self.attentions, cross_attentions = cross?.attentions };
    }
}

/// <summary>Multi-head attention with output projection: self-attention, or attention to an encoder's states.</summary>
sealed class Gpt2Attention : Layer<TransformerLayerInputs, TransformerLayerOutput>
{
    readonly GPT2Config _config;
    readonly int _index;
    readonly Dense c_attn;
    readonly Dense? q_attn;
    readonly Dense c_proj;
    readonly Dropout _attentionDropout;
    readonly Dropout _dropout;

    public Gpt2Attention(string name, GPT2Config config, int index, bool isCross, DTypePolicy dtype) : base(name, dtype: dtype)
    {
        (_config, _index) = (config, index);
        Dense Product(int parts, string part) => new(parts * config.n_embd, kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: part, dtype: dtype);
        c_attn = Product(isCross ? 2 : 3, "c_attn");
        q_attn = isCross ? Product(1, "q_attn") : null;
        c_proj = Product(1, "c_proj");
        _attentionDropout = new(config.attn_pdrop, name: "attn_dropout", dtype: dtype);
        _dropout = new(config.resid_pdrop, name: "resid_dropout", dtype: dtype);
    }

    protected override TransformerLayerOutput call(TransformerLayerInputs args)
    {
        var (q, k, v) = Projected(args);
        if (_config.reorder_and_upcast_attn) (q, k) = (ops.cast(q, "float32"), ops.cast(k, "float32"));
        var scale = _config.scale_attn_weights ? 1 / Math.Sqrt((double)_config.n_embd / _config.n_head) : 1;
        if (_config.scale_attn_by_inverse_layer_idx) scale /= _index + 1;
        var (mixed, probabilities) = ops.scaled_dot_product_attention(q, k, v, args.mask,
            head_mask: args.head_mask is null ? null : ops.reshape(args.head_mask, [1, -1, 1, 1]),
            scale: scale, dropout: args.training ? _attentionDropout.rate : 0, seed: _attentionDropout.seed_generator, return_attention_scores: args.output_attentions);
        var joined = ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), ops.shape(args.states));
        return new() { states = _dropout.Apply(c_proj.Apply(joined)), attentions = probabilities };
    }

    /// <summary>Queries, keys and values, (B, H, T or S, D): an encoder's are the same in every step, the states' own follow the past's.</summary>
    (Tensor Queries, Tensor Keys, Tensor Values) Projected(TransformerLayerInputs args)
    {
        if (q_attn is not null)
        {
            (Tensor, Tensor) OfEncoder()
            {
                var both = ops.split(c_attn.Apply(args.encoder_states!).Single, 2, axis: -1);
                return (Heads(both[0]), Heads(both[1]));
            }
            var (k, v) = args.cache?.OfEncoder(_index, OfEncoder) ?? OfEncoder();
            return (Heads(q_attn.Apply(args.states)), k, v);
        }
        var parts = ops.split(c_attn.Apply(args.states).Single, 3, axis: -1);
        var (keys, values) = (Heads(parts[1]), Heads(parts[2]));
        (keys, values) = args.cache?.Append(_index, keys, values) ?? (keys, values);
        return (Heads(parts[0]), keys, values);
    }

    /// <summary>Splits heads: (B, T, C) to (B, H, T, C / H).</summary>
    Tensor Heads(Tensor x)
    {
        var shape = ops.shape(x);
        return ops.transpose(ops.reshape(x, [shape[0], shape[1], _config.n_head, _config.n_embd / _config.n_head]), [0, 2, 1, 3]);
    }
}

/// <summary>Two dense layers with an activation between them.</summary>
sealed class Gpt2FeedForward : Layer
{
    readonly Dense c_fc;
    readonly Dense c_proj;
    readonly Dropout _dropout;

    public Gpt2FeedForward(GPT2Config config, DTypePolicy dtype) : base("mlp", dtype: dtype)
    {
        c_fc = new(config.InnerWidth, TransformerActivations.Get(config.activation_function), kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: "c_fc", dtype: dtype);
        c_proj = new(config.n_embd, kernel_initializer: TFGPT2MainLayer.NewWeights(config), name: "c_proj", dtype: dtype);
        _dropout = new(config.resid_pdrop, name: "dropout", dtype: dtype);
    }

    public override Tensors call(Tensors inputs, bool training = false) => _dropout.Apply(c_proj.Apply(c_fc.Apply(inputs)));
}
