using Keras.Initializers;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A vision transformer without a head, as a layer to be used in models of your own: patches, pre-normalised transformer layers, a normalisation, pooler.</summary>
/// <remarks>Source: Dosovitskiy et al. 2020 (arXiv:2010.11929); transformers/models/vit/modeling_vit.py. Unlike Hugging Face TF, which ignores or rejects them, qkv_bias,
/// head_mask, hidden patches and images that are not square are respected, as in PyTorch.</remarks>
public sealed class TFViTMainLayer : Layer<ViTMaskedInputs, TFBaseModelOutputWithPooling>
{
    readonly ViTEmbeddings embeddings;
    readonly ViTEncoder encoder;
    readonly LayerNormalization layernorm;
    readonly ViTPooler? pooler;

    /// <summary>Creates a vision transformer without a head as a layer.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled; default true.</param>
    /// <param name="use_mask_token">Whether the model has a mask token for hidden patches; default false.</param>
    /// <param name="name">The layer's name; default "vit".</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">Settings do not fit each other.</exception>
    public TFViTMainLayer(ViTConfig config, bool add_pooling_layer = true, bool use_mask_token = false, string name = "vit", DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.EnsureValid();
        this.config = config;
        embeddings = new(config, use_mask_token, dtype_policy);
        encoder = new(config, dtype_policy);
        layernorm = new(config.layer_norm_eps, name: "layernorm", dtype: dtype_policy);
        pooler = add_pooling_layer ? new(config, dtype_policy) : null;
    }

    /// <summary>The configuration of the layer.</summary>
    public ViTConfig config { get; }

    /// <summary>Makes the initializer of new weights.</summary>
    internal static Initializer NewWeights(ViTConfig config) => new TruncatedNormal(stddev: config.initializer_range);

    /// <summary>Whether the layers' inner values are recomputed for gradients instead of being kept.</summary>
    internal bool Recomputes
    {
        get => encoder.Recomputes;
        set => encoder.Recomputes = value;
    }

    /// <inheritdoc/>
    protected override TFBaseModelOutputWithPooling call(ViTMaskedInputs args)
    {
        if (args.pixel_values is null) throw new ArgumentException($"{nameof(TFViTMainLayer)} takes {nameof(args.pixel_values)}. Received: none.");
        Tensor states = embeddings.Apply(new ViTEmbeddingsInputs
        {
            pixel_values = args.pixel_values,
            bool_masked_pos = args.bool_masked_pos,
            interpolate_pos_encoding = args.interpolate_pos_encoding ?? false,
        });
        var outputs = encoder.Apply(new TransformerLayerInputs
        {
            states = states,
            head_mask = args.head_mask is null ? null : ops.cast(args.head_mask, states.dtype),
            output_attentions = args.output_attentions ?? config.output_attentions,
        });
        Tensor normalised = layernorm.Apply(outputs.last_hidden_state);
        return new()
        {
            last_hidden_state = normalised,
            pooler_output = pooler?.Apply(normalised)!,
            hidden_states = args.output_hidden_states ?? config.output_hidden_states ? outputs.hidden_states : null,
            attentions = outputs.attentions,
        };
    }
}

/// <summary>The inputs of the embeddings.</summary>
sealed record ViTEmbeddingsInputs : LayerArguments
{
    public Tensor pixel_values { get; init; } = null!;

    public Tensor? bool_masked_pos { get; init; }

    public bool interpolate_pos_encoding { get; init; }
}

/// <summary>A vector for each patch, preceded by one for the image, plus position vectors, with dropout.</summary>
sealed class ViTEmbeddings : Layer<ViTEmbeddingsInputs, Tensors>
{
    readonly ViTConfig _config;
    readonly bool _hasMaskToken;
    readonly Conv2D patch_embeddings;
    readonly Dropout _dropout;
    Variable? _class, _mask, _positions;

    public ViTEmbeddings(ViTConfig config, bool hasMaskToken, DTypePolicy dtype) : base("embeddings", dtype: dtype)
    {
        (_config, _hasMaskToken) = (config, hasMaskToken);
        int[] patch = [config.patch_size.Height, config.patch_size.Width];
        patch_embeddings = new(config.hidden_size, patch, strides: patch, data_format: "channels_last", kernel_initializer: TFViTMainLayer.NewWeights(config), name: "projection", dtype: dtype);
        _dropout = new(config.hidden_dropout_prob, name: "dropout", dtype: dtype);
    }

    protected override void build(CallArguments args)
    {
        _class = add_weight(new Shape(1, 1, _config.hidden_size), TFViTMainLayer.NewWeights(_config), name: "cls_token");
        _mask = _hasMaskToken ? add_weight(new Shape(1, 1, _config.hidden_size), new Zeros(), name: "mask_token") : null;
        _positions = add_weight(new Shape(1, _config.Patches + 1, _config.hidden_size), TFViTMainLayer.NewWeights(_config), name: "position_embeddings");
    }

    protected override Tensors call(ViTEmbeddingsInputs args)
    {
        var images = ViTImages.ChannelsLast(ops.cast(args.pixel_values, compute_dtype), _config);
        ViTImages.RequireSize(images, _config, args.interpolate_pos_encoding);
        Tensor projected = patch_embeddings.Apply(images);
        var grid = ops.shape(projected);
        // If an image's size is unknown until run time, it must be the model's.
        var (down, across) = args.interpolate_pos_encoding ? (grid[1], grid[2]) : ((Dim)_config.Grid.Height, (Dim)_config.Grid.Width);
        var patches = ops.reshape(projected, [grid[0], down * across, _config.hidden_size]);
        if (args.bool_masked_pos is { } mask) patches = Masked(patches, mask, down, across);
        var first = ops.broadcast_to(Of(_class!), [grid[0], 1, _config.hidden_size]);
        return _dropout.Apply(ops.concatenate([first, patches], 1) + (args.interpolate_pos_encoding ? Interpolated(down, across) : Of(_positions!)));
    }

    Tensor Of(Variable weight) => ops.cast(weight, compute_dtype);

    Tensor Masked(Tensor patches, Tensor mask, Dim down, Dim across)
    {
        if (_mask is null)
            throw new UnsupportedException("The model has no mask token for hidden patches", nameof(ViTMaskedInputs.bool_masked_pos), "a model made with use_mask_token: true", "use_mask_token: false");
        ViTMasks.RequireGrid(mask, patches.shape[0], down, across);
        return ops.where(ops.expand_dims(ops.not_equal(mask, 0), -1), Of(_mask), patches);
    }

    /// <summary>Interpolates the position vectors for another number of patches.</summary>
    Tensor Interpolated(Dim down, Dim across)
    {
        var width = _config.hidden_size;
        var grid = ops.reshape(ops.slice(_positions!, [0, 1, 0], [1, _config.Patches, width]), [1, _config.Grid.Height, _config.Grid.Width, width]);
        var resized = ops.reshape(ops.image.Resized(grid, down, across, "bicubic"), [1, down * across, width]);
        return ops.cast(ops.concatenate([ops.slice(_positions!, [0, 0, 0], [1, 1, width]), resized], 1), compute_dtype);
    }
}

/// <summary>Checks masks of patches.</summary>
static class ViTMasks
{
    /// <summary>Checks that masks have the right number of images and patches.</summary>
    public static void RequireGrid(Tensor mask, long images, Dim down, Dim across)
    {
        if (!mask.shape.HasRank) return;
        var isRight = mask.ndim == 2 && (mask.shape[0] == images || mask.shape[0] < 0 || images < 0) && (mask.shape[1] < 0 || (down * across).Known is not { } count || mask.shape[1] == count);
        if (!isRight)
            throw new ShapeMismatchException("A mask is of another grid of patches than the images", nameof(ViTMaskedInputs.bool_masked_pos),
                $"({(images < 0 ? "B" : images)}, {down * across}): for each image {down} rows of {across} patches, one after the other", mask.shape.ToString(),
                "A mask with rows and columns becomes one by ops.reshape(mask, [B, -1]).");
    }
}

/// <summary>The stack of layers.</summary>
sealed class ViTEncoder : Layer<TransformerLayerInputs, TFBaseModelOutputWithPooling>
{
    readonly List<ViTLayer> layer;

    public ViTEncoder(ViTConfig config, DTypePolicy dtype) : base("encoder", dtype: dtype) =>
        layer = [.. Enumerable.Range(0, config.num_hidden_layers).Select(i => new ViTLayer(config, i, dtype))];

    /// <summary>Whether the layers' inner values are recomputed for gradients instead of being kept.</summary>
    public bool Recomputes { get; set; }

    protected override TFBaseModelOutputWithPooling call(TransformerLayerInputs args)
    {
        var (states, attentions) = (new List<Tensors> { args.states }, new List<Tensors>());
        foreach (var (i, block) in layer.Index())
        {
            var inputs = args with { states = states[^1], head_mask = args.head_mask is { ndim: 2 } all ? all[i] : args.head_mask };
            var outputs = Recomputes ? keras.remat(block)(inputs) : block.Apply(inputs);
            states.Add(outputs.states);
            if (outputs.attentions is { } own) attentions.Add(own);
        }
        return new()
        {
            last_hidden_state = states[^1],
            hidden_states = new(states),
            attentions = args.output_attentions ? new Tensors(attentions) : null,
        };
    }
}

/// <summary>Attention and feed-forward, each applied to normalised states and added to them.</summary>
sealed class ViTLayer : Layer<TransformerLayerInputs, TransformerLayerOutput>
{
    readonly LayerNormalization layernorm_before;
    readonly ViTAttention attention;
    readonly LayerNormalization layernorm_after;
    readonly Dense intermediate;
    readonly new Dense output;
    readonly Dropout _dropout;

    public ViTLayer(ViTConfig config, int index, DTypePolicy dtype) : base($"layer_{index}", dtype: dtype)
    {
        LayerNormalization Norm(string name) => new(config.layer_norm_eps, name: name, dtype: dtype);
        (layernorm_before, layernorm_after) = (Norm("layernorm_before"), Norm("layernorm_after"));
        attention = new(config, dtype);
        intermediate = new(config.intermediate_size, TransformerActivations.Get(config.hidden_act), kernel_initializer: TFViTMainLayer.NewWeights(config), name: "intermediate", dtype: dtype);
        output = new(config.hidden_size, kernel_initializer: TFViTMainLayer.NewWeights(config), name: "output", dtype: dtype);
        _dropout = new(config.hidden_dropout_prob, name: "dropout", dtype: dtype);
    }

    protected override TransformerLayerOutput call(TransformerLayerInputs args)
    {
        var self = attention.Apply(args with { states = layernorm_before.Apply(args.states) });
        var states = args.states + self.states;
        return new() { states = states + _dropout.Apply(output.Apply(intermediate.Apply(layernorm_after.Apply(states)))), attentions = self.attentions };
    }
}

/// <summary>Multi-head attention with its output projection.</summary>
sealed class ViTAttention : Layer<TransformerLayerInputs, TransformerLayerOutput>
{
    readonly int _heads;
    readonly Dense query;
    readonly Dense key;
    readonly Dense value;
    readonly Dropout _attentionDropout;
    readonly new Dense output;
    readonly Dropout _dropout;

    public ViTAttention(ViTConfig config, DTypePolicy dtype) : base("attention", dtype: dtype)
    {
        _heads = config.num_attention_heads;
        Dense Projection(string part, bool hasBias) => new(config.hidden_size, use_bias: hasBias, kernel_initializer: TFViTMainLayer.NewWeights(config), name: part, dtype: dtype);
        (query, key, value) = (Projection("query", config.qkv_bias), Projection("key", config.qkv_bias), Projection("value", config.qkv_bias));
        _attentionDropout = new(config.attention_probs_dropout_prob, name: "attention_dropout", dtype: dtype);
        output = Projection("output", true);
        _dropout = new(config.hidden_dropout_prob, name: "dropout", dtype: dtype);
    }

    protected override TransformerLayerOutput call(TransformerLayerInputs args)
    {
        var (q, k, v) = (Heads(query.Apply(args.states)), Heads(key.Apply(args.states)), Heads(value.Apply(args.states)));
        var (mixed, probabilities) = ops.scaled_dot_product_attention(q, k, v,
            head_mask: args.head_mask is null ? null : ops.reshape(args.head_mask, [1, -1, 1, 1]),
            scale: 1 / Math.Sqrt(q.shape[^1]), dropout: args.training ? _attentionDropout.rate : 0, seed: _attentionDropout.seed_generator, return_attention_scores: args.output_attentions);
        var joined = ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), ops.shape(args.states));
        return new() { states = _dropout.Apply(output.Apply(joined)), attentions = probabilities };
    }

    /// <summary>Splits heads: (B, T, C) to (B, H, T, C / H).</summary>
    Tensor Heads(Tensor x)
    {
        var shape = ops.shape(x);
        return ops.transpose(ops.reshape(x, [shape[0], shape[1], _heads, shape[2] / _heads]), [0, 2, 1, 3]);
    }
}

/// <summary>The first state through a dense layer and an activation.</summary>
sealed class ViTPooler : Layer
{
    readonly Dense dense;

    public ViTPooler(ViTConfig config, DTypePolicy dtype) : base("pooler", dtype: dtype) =>
        dense = new(config.PooledWidth, TransformerActivations.Get(config.pooler_act, "pooler_act"), kernel_initializer: TFViTMainLayer.NewWeights(config), name: "dense", dtype: dtype);

    public override Tensors call(Tensors inputs, bool training = false) => dense.Apply(inputs[.., 0]);
}
