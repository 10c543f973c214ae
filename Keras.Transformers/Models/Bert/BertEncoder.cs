using Keras.Backend;
using Keras.Graphs;
using Keras.Layers;

namespace Keras.Transformers;

/// <summary>What the layers of an encoder get beside the states.</summary>
sealed record BertContext
{
    /// <summary>Added to the scores, broadcastable to (B, H, T, S); null for nothing.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>Factors of the heads, (H) or (L, H); null for 1.</summary>
    public Tensor? HeadMask { get; init; }

    /// <summary>An encoder's states, (B, S, C), to attend to; null for none.</summary>
    public Tensor? EncoderStates { get; init; }

    /// <summary>Added to the scores of an encoder's states.</summary>
    public Tensor? EncoderMask { get; init; }

    /// <summary>For each layer the keys and values of earlier tokens; null for none.</summary>
    public Tensors? Past { get; init; }

    public bool WantAttentions { get; init; }

    public bool WantPast { get; init; }
}

/// <summary>The stack of layers.</summary>
sealed class BertEncoder : Layer
{
    readonly List<BertLayer> layer;

    public BertEncoder(BertConfig config, DTypePolicy dtype) : base("encoder", dtype: dtype) =>
        layer = [.. Enumerable.Range(0, config.num_hidden_layers).Select(i => new BertLayer(config, i, dtype))];

    /// <summary>Whether the layers' inner values are computed again for gradients instead of being kept.</summary>
    public bool Recomputes { get; set; }

    public (List<Tensor> States, List<Tensor> Attentions, List<Tensor> CrossAttentions, List<Tensors> Past) Run(Tensor states, BertContext context)
    {
        var (all, attentions, crossAttentions, present) = (new List<Tensor> { states }, new List<Tensor>(), new List<Tensor>(), new List<Tensors>());
        var recompute = Recomputes ? new Recompute() : null;
        using (NameScope.Enter(name))
        {
            foreach (var (i, block) in layer.Index())
            {
                var args = new CallArguments(all[^1]).With("mask", context.Mask).With("head_mask", HeadMaskOf(context.HeadMask, i))
                    .With("encoder_hidden_states", context.EncoderStates).With("encoder_mask", context.EncoderMask).With("past", context.Past?[i])
                    .WithOption("output_attentions", context.WantAttentions);
                var outputs = recompute?.Run(block, args) ?? block.Apply(args);
                all.Add(outputs["states"].Single);
                if (outputs.TryGet("attentions", out var self)) attentions.Add(self.Single);
                if (outputs.TryGet("cross_attentions", out var cross)) crossAttentions.Add(cross.Single);
                if (context.WantPast) present.Add(outputs["past"]);
            }
        }
        return (all, attentions, crossAttentions, present);
    }

    /// <summary>(H) for all layers alike, or (L, H): as (1, H, 1, 1).</summary>
    static Tensor? HeadMaskOf(Tensor? mask, int index)
    {
        if (mask is null) return null;
        var row = mask.ndim == 2 ? Tf.Squeeze(Tf.Slice(mask, [index, 0], [1, -1]), 0) : mask;
        return Tf.ExpandDims(Tf.ExpandDims(Tf.ExpandDims(row, 0), -1), -1);
    }
}

/// <summary>Attention, of a decoder perhaps attention to an encoder's states, and feed-forward, each added to its input and then normalised.</summary>
sealed class BertLayer : Layer
{
    readonly BertAttention attention;
    readonly BertAttention? crossattention;
    readonly Dense intermediate;
    readonly BertOutput output;

    public BertLayer(BertConfig config, int index, DTypePolicy dtype) : base($"layer_{index}", dtype: dtype)
    {
        attention = new("attention", config, RelativePositions.Of(config, dtype), dtype);
        crossattention = config.add_cross_attention ? new("crossattention", config, null, dtype) : null;
        intermediate = new(config.intermediate_size, TransformerActivations.Get(config.hidden_act), kernel_initializer: BertInit.Weights(config), name: "intermediate", dtype: dtype);
        output = new("output", config, dtype);
    }

    /// <summary>A new encoder's states give new keys and values; without a call of them these weights would never be made.</summary>
    protected override void build(CallArguments args)
    {
        if (crossattention is null || args["encoder_hidden_states"] is not null) return;
        var states = Graph.Scratch.AddPlaceholder(compute_dtype, args.Inputs.Single.shape, "states");
        using (Graph.Suspend()) crossattention.Apply(new CallArguments(states).With("encoder_hidden_states", states));
    }

    public override Tensors call(CallArguments args)
    {
        var past = args["past"];
        var wantAttentions = args.Option("output_attentions", false);
        var self = attention.Apply(new CallArguments(args.Inputs).With("mask", args["mask"]).With("head_mask", args["head_mask"])
            .With("past", past is null ? null : new Tensors([past[0], past[1]])));
        var (states, cross) = (self["states"].Single, (Tensors?)null);
        if (crossattention is not null && args["encoder_hidden_states"] is { } encoderStates)
        {
            cross = crossattention.Apply(new CallArguments(states).With("encoder_hidden_states", encoderStates).With("mask", args["encoder_mask"])
                .With("head_mask", args["head_mask"]).With("past", past is { Count: 4 } ? new Tensors([past[2], past[3]]) : null));
            states = cross["states"].Single;
        }
        var outputs = new Dictionary<string, Tensors>
        {
            ["states"] = output.Finish(intermediate.Apply(states), states),
            ["past"] = new Tensors(cross is null ? self["past"] : self["past"].Concat(cross["past"])),
        };
        if (wantAttentions) outputs["attentions"] = self["attentions"];
        if (wantAttentions && cross is not null) outputs["cross_attentions"] = cross["attentions"];
        return outputs;
    }
}

/// <summary>Multi-head attention with its output projection: to the states themselves, or to an encoder's.</summary>
sealed class BertAttention : Layer
{
    readonly int _heads;
    readonly Dense query;
    readonly Dense key;
    readonly Dense value;
    readonly RelativePositions? relative_positions;
    readonly Dropout _dropout;
    readonly BertOutput output;

    public BertAttention(string name, BertConfig config, RelativePositions? relativePositions, DTypePolicy dtype) : base(name, dtype: dtype)
    {
        (_heads, relative_positions) = (config.num_attention_heads, relativePositions);
        Dense Projection(string part) => new(config.hidden_size, kernel_initializer: BertInit.Weights(config), name: part, dtype: dtype);
        (query, key, value) = (Projection("query"), Projection("key"), Projection("value"));
        _dropout = new(config.attention_probs_dropout_prob, name: "dropout", dtype: dtype);
        output = new("output", config, dtype);
    }

    public override Tensors call(CallArguments args)
    {
        var states = args.Inputs.Single;
        var q = Heads(query.Apply(states));
        var (k, v) = KeysAndValues(states, args["encoder_hidden_states"]?.Single, args["past"]);
        var scores = Tf.BatchMatMul(q, k, adj_y: true);
        if (relative_positions is not null) scores += relative_positions.Scores(q, k);
        scores *= 1 / Math.Sqrt(states.shape[-1] / (double)_heads);
        if (args["mask"] is { } mask) scores += mask.Single;
        Tensor probabilities = _dropout.Apply(Tf.Softmax(scores));
        if (args["head_mask"] is { } headMask) probabilities *= Tf.Cast(headMask, probabilities.dtype);
        var context = Tf.Transpose(Tf.BatchMatMul(probabilities, v), 0, 2, 1, 3);
        var merged = Tf.Reshape(context, Tf.ShapeOf(states));
        return new Dictionary<string, Tensors> { ["states"] = output.Finish(merged, states), ["attentions"] = probabilities, ["past"] = (k, v) };
    }

    /// <summary>Those of an encoder's states are the same in every step; those of the states themselves follow the past's.</summary>
    (Tensor Keys, Tensor Values) KeysAndValues(Tensor states, Tensor? encoderStates, Tensors? past)
    {
        if (encoderStates is not null && past is not null) return (past[0].Single, past[1].Single);
        var source = encoderStates ?? states;
        var (k, v) = (Heads(key.Apply(source)), Heads(value.Apply(source)));
        return past is null ? (k, v) : (Tf.Concat([past[0].Single, k], 2), Tf.Concat([past[1].Single, v], 2));
    }

    /// <summary>(B, T, C) to (B, H, T, C / H).</summary>
    Tensor Heads(Tensor x)
    {
        var size = checked((int)x.shape[-1]);
        var shape = Tf.Stack([Tf.DimOf(x, 0), Tf.DimOf(x, 1), Tf.Int32Scalar(_heads), Tf.Int32Scalar(size / _heads)], 0);
        return Tf.Transpose(Tf.Reshape(x, shape), 0, 2, 1, 3);
    }
}

/// <summary>A projection, dropped out, added to a residual, normalised.</summary>
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

    public Tensor Finish(Tensor states, Tensor residual) => Apply((states, residual));

    public override Tensors call(Tensors inputs, bool training = false) =>
        LayerNorm.Apply(_dropout.Apply(dense.Apply(inputs[0])).Single + inputs[1].Single);
}
