using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A vision transformer that reconstructs the patches that were masked.</summary>
/// <remarks>Source: transformers/models/vit/modeling_vit.py, ViTForMaskedImageModeling; Hugging Face TF has no such class. Xie et al. 2021 (arXiv:2111.09886). Images that are not square are
/// reconstructed as they are; PyTorch's class makes them square.</remarks>
public sealed class TFViTForMaskedImageModeling : TFViTPreTrainedModel<TFViTForMaskedImageModeling, ViTMaskedInputs, TFMaskedImageModelingOutput>, IPretrainedModel<TFViTForMaskedImageModeling>
{
    readonly Conv2D decoder;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFViTForMaskedImageModeling(ViTConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, use_mask_token: true, name, dtype) =>
        decoder = new(Values, 1, data_format: "channels_last", kernel_initializer: TFViTMainLayer.NewWeights(config), name: "decoder", dtype: dtype_policy);

    /// <inheritdoc/>
    public static TFViTForMaskedImageModeling Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((ViTConfig)config, dtype: dtype);

    /// <summary>The number of predicted values per patch.</summary>
    int Values => config.encoder_stride * config.encoder_stride * config.num_channels;

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. ViTWeights.Backbone("vit."), .. ViTWeights.Convolution("decoder.0", "decoder")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["vit.pooler.", "classifier."];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch) + (2.0 * batch * config.Patches * config.hidden_size * Values);

    /// <inheritdoc/>
    protected override string? LossInput => nameof(ViTMaskedInputs.bool_masked_pos);

    /// <inheritdoc/>
    /// <remarks>The mean distance of the pixels of hidden patches, over the number of channels.</remarks>
    protected override Tensor OwnLoss(ViTMaskedInputs labels, TFMaskedImageModelingOutput outputs)
    {
        var (pixels, painted, side) = (Compared(labels.pixel_values!), Compared(outputs.reconstruction), config.encoder_stride);
        var size = ops.shape(painted);
        pixels = ops.slice(pixels, [0, 0, 0, 0], size);
        var (down, across) = (size[1] / side, size[2] / side);
        var grid = ops.cast(ops.not_equal(ops.reshape(labels.bool_masked_pos!, [size[0], down, 1, across, 1, 1]), 0), "float32");
        var mask = ops.reshape(ops.broadcast_to(grid, [size[0], down, side, across, side, 1]), [size[0], size[1], size[2], 1]);
        return ops.expand_dims(ops.sum(ops.abs(pixels - painted) * mask) / (ops.sum(mask) + 1e-5) / config.num_channels, 0);
    }

    Tensor Compared(Tensor images) => ViTImages.ChannelsLast(ops.cast(images, "float32"), config);

    /// <inheritdoc/>
    protected override TFMaskedImageModelingOutput Forward(ViTMaskedInputs inputs)
    {
        if (inputs.bool_masked_pos is not null && config.patch_size != config.encoder_stride)
            throw new ConfigException("Reconstructed patches differ in size from masked patches", nameof(config.encoder_stride), $"patch_size {config.patch_size}", $"{config.encoder_stride}");
        var outputs = Backbone(inputs);
        var (states, stride) = (outputs.last_hidden_state, config.encoder_stride);
        var isLast = ViTImages.AreChannelsLast(inputs.pixel_values!, config);
        var pixels = ops.shape(inputs.pixel_values!);
        var (down, across) = inputs.interpolate_pos_encoding ?? false
            ? (pixels[isLast ? 1 : 2] / config.patch_size.Height, pixels[isLast ? 2 : 3] / config.patch_size.Width)
            : ((Dim)config.Grid.Height, (Dim)config.Grid.Width);
        var batch = ops.shape(states)[0];
        Tensor painted = decoder.Apply(ops.reshape(states[.., 1..], [batch, down, across, config.hidden_size]));
        // Within a patch, channels come first, then rows and columns of pixels.
        var apart = ops.reshape(painted, [batch, down, across, config.num_channels, stride, stride]);
        return new()
        {
            reconstruction = isLast
                ? ops.reshape(ops.transpose(apart, [0, 1, 4, 2, 5, 3]), [batch, down * stride, across * stride, config.num_channels])
                : ops.reshape(ops.transpose(apart, [0, 3, 1, 4, 2, 5]), [batch, config.num_channels, down * stride, across * stride]),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="pixel_values">Images, (B, C, H, W) or (B, H, W, C), floats; or a dictionary or list of all inputs.</param>
    /// <param name="bool_masked_pos">1 for patches that are hidden, 0 for others, (B, N); then the output holds a loss.</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="interpolate_pos_encoding">Whether images may differ in size from the model's; default false.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    public TFMaskedImageModelingOutput Apply(Tensors? pixel_values = null, Tensor? bool_masked_pos = null, Tensor? head_mask = null, bool? output_attentions = null,
        bool? output_hidden_states = null, bool? interpolate_pos_encoding = null, bool? training = null) =>
        Apply(Keywords(pixel_values, new ViTMaskedInputs
        {
            bool_masked_pos = bool_masked_pos, head_mask = head_mask, output_attentions = output_attentions, output_hidden_states = output_hidden_states,
            interpolate_pos_encoding = interpolate_pos_encoding,
        }, training));
}
