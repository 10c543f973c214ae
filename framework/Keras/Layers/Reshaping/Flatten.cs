namespace Keras.Layers;

/// <summary>Flattens each sample into one vector, for a Dense layer after images: (B, ...) to (B, N).</summary>
/// <remarks>Source: keras/src/layers/reshaping/flatten.py.</remarks>
public sealed class Flatten : Layer
{
    readonly string _dataFormat;

    /// <summary>Flattens each sample into one vector, for a Dense layer after images: (B, ...) to (B, N).</summary>
    /// <param name="data_format">"channels_last" (default), or "channels_first": then channels are moved to the end first, so that both give one order.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The data format is another.</exception>
    public Flatten(string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _dataFormat = ConfigForms.DataFormat(data_format);
        input_spec = new(min_ndim: 1);
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        if (_dataFormat == "channels_first" && x.ndim > 1) x = Api.ops.transpose(x, (int[])[0, .. Enumerable.Range(2, x.ndim - 2), 1]);
        var size = compute_output_shape(x.shape)[1];
        return Api.ops.reshape(x, [Api.ops.shape(x)[0], size]);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return new(input_shape[0], input_shape[1..].ElementCount);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["data_format"] = _dataFormat };
}
