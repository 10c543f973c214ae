using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Marks padding: steps whose features all equal mask_value are zeroed, and later layers skip them.</summary>
/// <remarks>Input and output (B, T, ...). Source: keras/src/layers/core/masking.py.</remarks>
public sealed class Masking : Layer
{
    readonly double _maskValue;

    /// <summary>Marks padding: steps whose features all equal mask_value are zeroed, and later layers skip them.</summary>
    /// <param name="mask_value">The value; default 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Masking(double mask_value = 0, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _maskValue = mask_value;
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        return x * Tf.Cast(Api.ops.any(Differs(x), -1, keepdims: true), x.dtype);
    }

    /// <inheritdoc/>
    public override Tensor? compute_mask(Tensors inputs, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Api.ops.any(Differs(inputs.Single), -1);
    }

    Tensor Differs(Tensor x) => Tf.NotEqual(x, Tf.Constant(_maskValue, x.dtype));

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["mask_value"] = _maskValue };
}
