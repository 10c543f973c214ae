using Keras.Graphs;
using Keras.Initializers;
using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT without a head: embeddings, post-normalised transformer layers, pooler. Hugging Face's TFBertMainLayer.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805); transformers/models/bert/modeling_bert.py. Masked scores get the dtype's minimum
/// added, as in PyTorch (Hugging Face TF adds -10000).</remarks>
public sealed class TFBertMainLayer : Layer
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
        if (config.is_decoder || config.add_cross_attention)
            throw new UnsupportedException("BERT as a decoder is not supported", "BertConfig.is_decoder", "false", "true", "Use an encoder checkpoint, or set is_decoder: false.");
        this.config = config;
        embeddings = new(config, dtype_policy);
        encoder = new(config, dtype_policy);
        pooler = add_pooling_layer ? new(config, dtype_policy) : null;
    }

    /// <summary>What the backbone is made of.</summary>
    public BertConfig config { get; }

    /// <summary>The table of word vectors, (V, C).</summary>
    public Variable get_input_embeddings() => embeddings.WordTable;

    /// <summary>Runs the backbone on <c>input_ids</c> (the inputs) or the named tensor <c>inputs_embeds</c>.</summary>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var states = embeddings.Apply(args).Single;
        var mask = args["attention_mask"] is { } attention ? AdditiveMask(attention, states.dtype) : null;
        var wantStates = args.Option("output_hidden_states", config.output_hidden_states);
        var wantAttentions = args.Option("output_attentions", config.output_attentions);
        var (all, attentions) = encoder.Run(states, mask, args["head_mask"]?.Single, wantAttentions);
        var last = all[^1];
        return new TFBaseModelOutputWithPooling
        {
            last_hidden_state = last,
            pooler_output = pooler is null ? null! : pooler.Apply(last),
            hidden_states = wantStates ? (Tensors)all.ToArray() : null,
            attentions = wantAttentions ? (Tensors)attentions.ToArray() : null,
        };
    }

    /// <summary>0 where the mask is 1, the dtype's minimum where it is 0: (B, T) or (B, T, T) to (B, 1, 1 or T, T).</summary>
    static Tensor AdditiveMask(Tensor mask, DType dtype)
    {
        var broad = mask.ndim == 3 ? Tf.ExpandDims(mask, 1) : Tf.ExpandDims(Tf.ExpandDims(mask, 1), 1);
        return (1 - Tf.Cast(broad, dtype)) * Minimum(dtype);
    }

    static double Minimum(DType dtype) => dtype == DType.Float16 ? (double)Half.MinValue : dtype == DType.BFloat16 ? -3.3895313892515355e38 : float.MinValue;
}

/// <summary>Word, position and token type vectors, added, normalised, dropped out.</summary>
sealed class BertEmbeddings : Layer
{
    readonly BertConfig _config;
    readonly Embedding word_embeddings;
    readonly Embedding position_embeddings;
    readonly Embedding token_type_embeddings;
    readonly LayerNormalization LayerNorm;
    readonly Dropout _dropout;

    public BertEmbeddings(BertConfig config, DTypePolicy dtype) : base("embeddings", dtype: dtype)
    {
        _config = config;
        Embedding Table(int rows, string name) => new(rows, config.hidden_size, BertInit.Weights(config), name: name, dtype: dtype);
        word_embeddings = Table(config.vocab_size, "word_embeddings");
        position_embeddings = Table(config.max_position_embeddings, "position_embeddings");
        token_type_embeddings = Table(config.type_vocab_size, "token_type_embeddings");
        LayerNorm = new(config.layer_norm_eps, "LayerNorm", dtype);
        _dropout = new(config.hidden_dropout_prob, name: "dropout", dtype: dtype);
    }

    public Variable WordTable => word_embeddings.embeddings;

    protected override void build(CallArguments args)
    {
        foreach (var table in new[] { word_embeddings, position_embeddings, token_type_embeddings })
            if (!table.built) table.build(Shape.Unknown);
    }

    public override Tensors call(CallArguments args)
    {
        var words = args["inputs_embeds"] is { } given ? given.Single : word_embeddings.Apply(args.Inputs).Single;
        var length = words.shape[1];
        if (length > _config.max_position_embeddings)
            throw new ValueRangeException("A sequence is too long", NameScope.Current, $"at most {_config.max_position_embeddings} tokens (max_position_embeddings)", $"{length} tokens", "Truncate the text (truncation: true, max_length).");
        var states = words + Positions(args["position_ids"]?.Single, words) + TokenTypes(args["token_type_ids"]?.Single);
        return _dropout.Apply(LayerNorm.Apply(states));
    }

    Tensor Positions(Tensor? ids, Tensor words) => ids is not null ? position_embeddings.Apply(ids)
        : Tf.Cast(words.shape[1] >= 0
            ? Tf.Slice(position_embeddings.embeddings, [0, 0], [(int)words.shape[1], -1])
            : Tf.Gather(position_embeddings.embeddings, Tf.Range(Tf.Int32Scalar(0), Tf.DimOf(words, 1), Tf.Int32Scalar(1)), 0), words.dtype);

    /// <summary>Without ids every token has type 0: one row for all.</summary>
    Tensor TokenTypes(Tensor? ids) => ids is not null ? token_type_embeddings.Apply(ids)
        : Tf.Cast(Tf.Slice(token_type_embeddings.embeddings, [0, 0], [1, -1]), compute_dtype);
}

/// <summary>The stack of layers.</summary>
sealed class BertEncoder : Layer
{
    readonly List<BertLayer> layer;

    public BertEncoder(BertConfig config, DTypePolicy dtype) : base("encoder", dtype: dtype) =>
        layer = [.. Enumerable.Range(0, config.num_hidden_layers).Select(i => new BertLayer(config, i, dtype))];

    public (List<Tensor> States, List<Tensor> Attentions) Run(Tensor states, Tensor? mask, Tensor? headMask, bool wantAttentions)
    {
        var (all, attentions) = (new List<Tensor> { states }, new List<Tensor>());
        using (NameScope.Enter(name))
        {
            foreach (var (block, i) in layer.Select((b, i) => (b, i)))
            {
                var args = new CallArguments(all[^1]).With("mask", mask).With("head_mask", HeadMaskOf(headMask, i)).WithOption("output_attentions", wantAttentions);
                var outputs = block.Apply(args);
                all.Add(outputs[0].Single);
                if (wantAttentions) attentions.Add(outputs[1].Single);
            }
        }
        return (all, attentions);
    }

    /// <summary>(H) for all layers alike, or (L, H): as (1, H, 1, 1).</summary>
    static Tensor? HeadMaskOf(Tensor? mask, int index)
    {
        if (mask is null) return null;
        var row = mask.ndim == 2 ? Tf.Squeeze(Tf.Slice(mask, [index, 0], [1, -1]), 0) : mask;
        return Tf.ExpandDims(Tf.ExpandDims(Tf.ExpandDims(row, 0), -1), -1);
    }
}

/// <summary>Attention and feed-forward, each added to its input and then normalised.</summary>
sealed class BertLayer : Layer
{
    readonly BertAttention attention;
    readonly Dense intermediate;
    readonly BertOutput output;

    public BertLayer(BertConfig config, int index, DTypePolicy dtype) : base($"layer_{index}", dtype: dtype)
    {
        attention = new(config, dtype);
        intermediate = new(config.intermediate_size, TransformerActivations.Get(config.hidden_act), kernel_initializer: BertInit.Weights(config), name: "intermediate", dtype: dtype);
        output = new("output", config, dtype);
    }

    public override Tensors call(CallArguments args)
    {
        var attended = attention.Apply(args);
        var states = attended[0].Single;
        var done = output.Finish(intermediate.Apply(states), states);
        return attended.Count > 1 ? (Tensors)(done, attended[1]) : new Tensors([done]);
    }
}

/// <summary>Multi-head self attention with its output projection.</summary>
sealed class BertAttention : Layer
{
    readonly int _heads;
    readonly Dense query;
    readonly Dense key;
    readonly Dense value;
    readonly Dropout _dropout;
    readonly BertOutput output;

    public BertAttention(BertConfig config, DTypePolicy dtype) : base("attention", dtype: dtype)
    {
        _heads = config.num_attention_heads;
        Dense Projection(string name) => new(config.hidden_size, kernel_initializer: BertInit.Weights(config), name: name, dtype: dtype);
        (query, key, value) = (Projection("query"), Projection("key"), Projection("value"));
        _dropout = new(config.attention_probs_dropout_prob, name: "dropout", dtype: dtype);
        output = new("output", config, dtype);
    }

    public override Tensors call(CallArguments args)
    {
        var states = args.Inputs.Single;
        var (q, k, v) = (Heads(query.Apply(states)), Heads(key.Apply(states)), Heads(value.Apply(states)));
        var scores = Tf.BatchMatMul(q, k, adj_y: true) * (1 / Math.Sqrt(states.shape[-1] / (double)_heads));
        if (args["mask"] is { } mask) scores += mask.Single;
        Tensor probabilities = _dropout.Apply(Tf.Softmax(scores));
        if (args["head_mask"] is { } headMask) probabilities *= Tf.Cast(headMask, probabilities.dtype);
        var context = Tf.Transpose(Tf.BatchMatMul(probabilities, v), 0, 2, 1, 3);
        var merged = Tf.Reshape(context, Tf.ShapeOf(states));
        Tensors done = output.Finish(merged, states);
        return args.Option("output_attentions", false) ? (done, probabilities) : new Tensors([done]);
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
        LayerNorm = new(config.layer_norm_eps, "LayerNorm", dtype);
    }

    public Tensor Finish(Tensor states, Tensor residual) => Apply((states, residual));

    public override Tensors call(Tensors inputs, bool training = false) =>
        LayerNorm.Apply(_dropout.Apply(dense.Apply(inputs[0])).Single + inputs[1].Single);
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
