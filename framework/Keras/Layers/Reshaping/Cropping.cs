namespace Keras.Layers;

/// <summary>The base of layers that crop the sides of each sample.</summary>
/// <remarks>Source: keras/src/layers/reshaping/cropping1d.py and its siblings.</remarks>
public abstract class Cropping : Layer
{
    readonly int[][] _cropping;
    readonly string? _dataFormat;

    /// <summary>Makes a layer for this many spatial axes.</summary>
    private protected Cropping(int rank, Borders cropping, string? dataFormat, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (_cropping, _dataFormat) = (cropping.PerAxis(rank, nameof(cropping)), dataFormat);
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    int First => _dataFormat == "channels_first" ? 2 : 1;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        compute_output_shape(x.shape);
        var keys = new SliceKey[x.ndim];
        Array.Fill(keys, ..);
        for (var i = 0; i < _cropping.Length; i++) keys[First + i] = _cropping[i][0]..^_cropping[i][1];
        return x[keys];
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">Nothing would be left.</exception>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var shape = input_shape;
        for (var i = 0; i < _cropping.Length; i++)
        {
            if (input_shape[First + i] is not (>= 0 and var size)) continue;
            var left = size - _cropping[i].Sum();
            if (left <= 0) throw new ShapeMismatchException("Cropping leaves nothing", $"layer '{name}'", $"less than {size} cut from axis {First + i}", $"{_cropping[i].Sum()}");
            shape = shape.With(First + i, left);
        }
        return shape;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["cropping"] = _cropping.Length == 1 ? _cropping[0] : _cropping };
        if (_dataFormat is not null) config["data_format"] = _dataFormat;
        return config;
    }
}

/// <summary>Crops sequences (B, T, C): cuts off steps at the beginning and end.</summary>
public sealed class Cropping1D : Cropping
{
    /// <summary>Crops sequences (B, T, C): cuts off steps at the beginning and end.</summary>
    /// <param name="cropping">The size: a number for both ends, or (before, after); default 1.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Cropping1D(Borders? cropping = null, string? name = null, DTypePolicy? dtype = null) : base(1, cropping ?? 1, null, name, dtype) { }
}

/// <summary>Crops images (B, H, W, C): cuts off rows and columns at the sides.</summary>
public sealed class Cropping2D : Cropping
{
    /// <summary>Crops images (B, H, W, C): cuts off rows and columns at the sides.</summary>
    /// <param name="cropping">The size: a number for all sides, 2 for both ends of each axis, or 2 pairs (before, after); default 0.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Cropping2D(Borders? cropping = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(2, cropping ?? 0, ConfigForms.DataFormat(data_format), name, dtype) { }
}

/// <summary>Crops volumes (B, D, H, W, C): cuts off their sides.</summary>
public sealed class Cropping3D : Cropping
{
    /// <summary>Crops volumes (B, D, H, W, C): cuts off their sides.</summary>
    /// <param name="cropping">The size: a number for all sides, 3 for both ends of each axis, or 3 pairs (before, after); default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Cropping3D(Borders? cropping = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(3, cropping ?? 1, ConfigForms.DataFormat(data_format), name, dtype) { }
}
