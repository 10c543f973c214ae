using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, equalizes the histogram of each channel, so that all values occur about equally often; counted over the batch.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/equalization.py.</remarks>
public sealed class Equalization : ColorAugmentation
{
    readonly int _bins;

    /// <summary>In training, equalizes the histogram of each channel, so that all values occur about equally often; counted over the batch.</summary>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="bins">The number of distinct values; default 256.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public Equalization(ValueRange? value_range = null, int bins = 256, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(false, value_range, bounding_box_format, data_format, null, name, dtype) => _bins = Require.Count(2, bins);

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var at = ChannelAxis(4);
        var values = Tf.Cast(Range.To(ValueRange.Bytes, images), DType.Float32);
        var (channels, last) = (Dim.Of(images, at), (double)(_bins - 1));
        Tensor Bin(Tensor scaled) => Tf.Minimum(Tf.Maximum(Tf.Cast(scaled, DType.Int32), Tf.Int32Scalar(0)), Tf.Int32Scalar(_bins - 1));
        // The bins of all channels follow each other in one vector.
        var first = Tf.Range(Tf.Int32Scalar(0), channels, Tf.Int32Scalar(1)) * Tf.Int32Scalar(_bins);
        if (ChannelsFirst) first = Tf.Reshape(first, Tf.Int32(-1, 1, 1));
        var counted = Tf.Reshape(Bin(values * last / 255) + first, Tf.Int32(-1));
        var counts = Tf.Reshape(Tf.UnsortedSegmentSum(Tf.OnesLike(counted), counted, channels * _bins), Dims.Create([channels, _bins]).ToTensor());
        var looked = Tf.Gather(Tf.Reshape(Table(counts), Tf.Int32(-1)), Bin(values / 255 * last) + first, 0);
        var used = Tf.Sum(Tf.Cast(Tf.Greater(counts, Tf.ZerosLike(counts)), DType.Int32), [1]);
        if (ChannelsFirst) used = Tf.Reshape(used, Tf.Int32(-1, 1, 1));
        return ValueRange.Bytes.To(Range, Tf.Cast(Tf.SelectV2(Tf.BroadcastTo(Tf.Greater(used, Tf.Int32Scalar(1)), Tf.ShapeOf(values)), looked, values), images.dtype));
    }

    /// <summary>Maps each value to its equalized value, (C, bins).</summary>
    static Tensor Table(Tensor counts)
    {
        var places = Tf.Cast(Tf.Cumsum(counts, 1), DType.Float64);
        var isUsed = Tf.Greater(places, Tf.ZerosLike(places));
        var all = Tf.Max(places, [1], keep_dims: true);
        var first = Tf.Min(Tf.SelectV2(isUsed, places, Tf.BroadcastTo(all, Tf.ShapeOf(places))), [1], keep_dims: true);
        var table = Tf.Round((places - first) * 255 / Tf.Maximum(all - first, Tf.OnesLike(all)));
        return Tf.Cast(Tf.Minimum(Tf.Maximum(table, Tf.ZerosLike(table)), Tf.OnesLike(table) * 255), DType.Float32);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["value_range"] = Range.Form, ["bins"] = _bins };
}
