using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Rescales inputs, such as pixels from 0..255 to 0..1: inputs · scale + offset, the same for all or one of each per channel.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/rescaling.py.</remarks>
public sealed class Rescaling : Layer
{
    readonly double[] _scale;
    readonly double[] _offset;
    readonly bool _scaleIsList;
    readonly bool _offsetIsList;

    /// <summary>Rescales inputs, such as pixels from 0..255 to 0..1: inputs · scale + offset.</summary>
    /// <param name="scale">The factor.</param>
    /// <param name="offset">The value to add; default 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Rescaling(PerChannel scale, PerChannel? offset = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(scale);
        offset ??= 0;
        (_scale, _scaleIsList, _offset, _offsetIsList) = (scale.Values, scale.IsList, offset.Values, offset.IsList);
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var x = Tf.Cast(inputs, compute_dtype);
        return (x * Of(_scale, _scaleIsList)) + Of(_offset, _offsetIsList);
    }

    Tensor Of(double[] values, bool isList) => Tf.Cast(isList ? Tensor.Of(values) : Tensor.Of(values[0]), compute_dtype);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["scale"] = _scaleIsList ? _scale : _scale[0], ["offset"] = _offsetIsList ? _offset : _offset[0] };
}

/// <summary>One number for all channels, or one for each.</summary>
public sealed class PerChannel
{
    PerChannel(double[] values, bool isList) => (Values, IsList) = (values, isList);

    internal double[] Values { get; }

    internal bool IsList { get; }

    /// <summary>One number for all channels.</summary>
    public static implicit operator PerChannel(double value) => new([value], false);

    /// <summary>A number for each channel.</summary>
    public static implicit operator PerChannel(double[] values) => new([.. values ?? throw new ArgumentNullException(nameof(values))], true);
}
