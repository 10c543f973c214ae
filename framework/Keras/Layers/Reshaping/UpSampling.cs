namespace Keras.Layers;

/// <summary>The base of layers that enlarge samples by repeating rows and columns.</summary>
/// <remarks>Source: keras/src/layers/reshaping/up_sampling1d.py and its siblings.</remarks>
public abstract class UpSampling : Layer
{
    /// <summary>Makes a layer for this many spatial axes.</summary>
    private protected UpSampling(int rank, Axes size, string? dataFormat, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (Size, Format) = (ConfigForms.PerAxis(size, rank, nameof(size)), dataFormat);
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    /// <summary>The factor of each spatial axis.</summary>
    private protected int[] Size { get; }

    /// <summary>The data format; null if there is only one.</summary>
    private protected string? Format { get; }

    int First => Format == "channels_first" ? 2 : 1;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        for (var i = 0; i < Size.Length; i++) x = Api.ops.repeat(x, Size[i], First + i);
        return x;
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        for (var i = 0; i < Size.Length; i++)
            if (input_shape[First + i] is >= 0 and var size) input_shape = input_shape.With(First + i, size * Size[i]);
        return input_shape;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["size"] = Size.Length == 1 ? Size[0] : Size };
        if (Format is not null) config["data_format"] = Format;
        return config;
    }
}

/// <summary>Lengthens sequences (B, T, C): repeats each step.</summary>
public sealed class UpSampling1D : UpSampling
{
    /// <summary>Lengthens sequences (B, T, C): repeats each step.</summary>
    /// <param name="size">The factor; default 2.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public UpSampling1D(int size = 2, string? name = null, DTypePolicy? dtype = null) : base(1, size, null, name, dtype) { }
}

/// <summary>Enlarges images (B, H, W, C), or (B, C, H, W), by whole factors.</summary>
public sealed class UpSampling2D : UpSampling
{
    readonly string _interpolation;

    /// <summary>Enlarges images (B, H, W, C), or (B, C, H, W), by whole factors.</summary>
    /// <param name="size">The factor, or one for rows and one for columns; default 2.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="interpolation">"nearest" (default), "bilinear", "bicubic", "lanczos3" or "lanczos5".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The interpolation is another.</exception>
    public UpSampling2D(Axes? size = null, string? data_format = null, string interpolation = "nearest", string? name = null, DTypePolicy? dtype = null)
        : base(2, size ?? 2, ConfigForms.DataFormat(data_format), name, dtype)
    {
        ArgumentNullException.ThrowIfNull(interpolation);
        _interpolation = interpolation.ToLowerInvariant();
        if (_interpolation is not ("nearest" or "bilinear" or "bicubic" or "lanczos3" or "lanczos5"))
            throw Known.NoneOf(interpolation, nameof(interpolation), "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5");
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (_interpolation == "nearest") return base.call(inputs, training);
        Tensor x = inputs;
        var rows = Format == "channels_first" ? 2 : 1;
        return Keras.Resizing.Resize(x, rows, Dim.Of(x, rows) * Size[0], Dim.Of(x, rows + 1) * Size[1], _interpolation, antialias: false);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["interpolation"] = _interpolation };
}

/// <summary>Enlarges volumes (B, D, H, W, C), or (B, C, D, H, W): repeats planes, rows and columns.</summary>
public sealed class UpSampling3D : UpSampling
{
    /// <summary>Enlarges volumes (B, D, H, W, C), or (B, C, D, H, W): repeats planes, rows and columns.</summary>
    /// <param name="size">The factor, or one for each axis; default 2.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public UpSampling3D(Axes? size = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(3, size ?? 2, ConfigForms.DataFormat(data_format), name, dtype) { }
}
