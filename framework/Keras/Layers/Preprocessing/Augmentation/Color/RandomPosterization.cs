using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, reduces the number of shades: keeps only the highest bits of each value.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_posterization.py.</remarks>
public sealed class RandomPosterization : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, reduces the number of shades: keeps only the highest bits of each value.</summary>
    /// <param name="factor">The number of bits: a number f for 1 up to, but not including, f, or two between 1 and 8.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomPosterization(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Within(1, 8, nameof(factor), from: 1);
        if (_factor.Lower % 1 != 0 || _factor.Upper % 1 != 0) throw new ArgumentException($"The factor is not whole. Expected: whole numbers of bits. Received: {Known.Say(factor.Form)}.", nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var batch = BatchOf(images);
        var (least, most) = ((int)_factor.Lower, (int)_factor.Upper);
        var bits = least != most ? Api.keras.random.randint([batch], least, most, seed: seed) : Tf.Fill(Dims.Create([batch]).ToTensor(), Tf.Int32Scalar(least));
        return Named(("shift_factor", Tf.Cast(Tf.Int32Scalar(8) - bits, DType.UInt8)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        // Integers of 8 bits, whose lowest bits the shifts drop.
        var values = Tf.Floor(ValueRange.Bytes.Clip(Tf.Cast(Range.To(ValueRange.Bytes, images), DType.Float32)));
        var step = Tf.Exp(PerImage(Tf.Cast(transformation["shift_factor"], DType.Float32)) * Math.Log(2));
        step = Tf.Round(step);
        return ValueRange.Bytes.To(Range, Tf.Cast(Tf.Floor(values / step) * step, images.dtype));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = new[] { (int)_factor.Lower, (int)_factor.Upper }, ["value_range"] = Range.Form, ["seed"] = seed };
}
