namespace Keras.Layers;

/// <summary>The base of layers that add zeros around each sample.</summary>
/// <remarks>Source: keras/src/layers/reshaping/zero_padding1d.py and its siblings.</remarks>
public abstract class ZeroPadding : Layer
{
    readonly int[][] _padding;
    readonly string _dataFormat;

    /// <summary>Makes a layer for this many spatial axes.</summary>
    private protected ZeroPadding(int rank, Borders padding, string? dataFormat, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (_padding, _dataFormat) = (padding.PerAxis(rank, nameof(padding)), ConfigForms.DataFormat(dataFormat));
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    int First => _dataFormat == "channels_first" ? 2 : 1;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        return Api.ops.pad(x, [.. Enumerable.Range(0, x.ndim).Select(axis => axis < First || axis >= First + _padding.Length ? [0, 0] : _padding[axis - First])]);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        for (var i = 0; i < _padding.Length; i++)
            if (input_shape[First + i] is >= 0 and var size) input_shape = input_shape.With(First + i, size + _padding[i].Sum());
        return input_shape;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["padding"] = _padding.Length == 1 ? _padding[0] : _padding, ["data_format"] = _dataFormat };
}

/// <summary>Adds zeros around each sample of (B, T, C).</summary>
public sealed class ZeroPadding1D : ZeroPadding
{
    /// <summary>Adds zeros around each sample of (B, T, C).</summary>
    /// <param name="padding">The size: a number for both ends, or (before, after); default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public ZeroPadding1D(Borders? padding = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(1, padding ?? 1, data_format, name, dtype) { }
}

/// <summary>Adds zeros around each sample of (B, H, W, C).</summary>
public sealed class ZeroPadding2D : ZeroPadding
{
    /// <summary>Adds zeros around each sample of (B, H, W, C).</summary>
    /// <param name="padding">The size: a number for all sides, 2 for both ends of each axis, or 2 pairs (before, after); default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public ZeroPadding2D(Borders? padding = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(2, padding ?? 1, data_format, name, dtype) { }
}

/// <summary>Adds zeros around each sample of (B, D, H, W, C).</summary>
public sealed class ZeroPadding3D : ZeroPadding
{
    /// <summary>Adds zeros around each sample of (B, D, H, W, C).</summary>
    /// <param name="padding">The size: a number for all sides, 3 for both ends of each axis, or 3 pairs (before, after); default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public ZeroPadding3D(Borders? padding = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(3, padding ?? 1, data_format, name, dtype) { }
}
