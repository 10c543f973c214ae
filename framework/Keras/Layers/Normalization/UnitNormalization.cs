namespace Keras.Layers;

/// <summary>Scales each sample to length 1 over some axes.</summary>
/// <remarks>Source: keras/src/layers/normalization/unit_normalization.py.</remarks>
public sealed class UnitNormalization : Layer
{
    readonly Axes _axis;

    /// <summary>Scales each sample to length 1 over some axes.</summary>
    /// <param name="axis">The axes of a vector; default the last.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public UnitNormalization(Axes? axis = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _axis = axis ?? -1;
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.normalize(inputs, _axis, order: 2, epsilon: 1e-12);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis.Count == 1 ? _axis[0] : _axis.ToArray() };
}
