using Keras.Initializers;

namespace Keras.Layers;

/// <summary>Divides each sample by its root mean square over some axes, then applies a scale.</summary>
/// <remarks>Source: Zhang and Sennrich 2019 (arXiv:1910.07467); keras/src/layers/normalization/rms_normalization.py.</remarks>
public sealed class RMSNormalization : Layer
{
    readonly int[] _axis;
    readonly double _epsilon;

    /// <summary>Divides each sample by its root mean square over some axes, then applies a scale.</summary>
    /// <param name="axis">The axes that are normalised together; default the last.</param>
    /// <param name="epsilon">Added to the mean square; default 1e-6.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether the scale is trained; default true.</param>
    public RMSNormalization(Axes? axis = null, double epsilon = 1e-6, string? name = null, DTypePolicy? dtype = null, bool trainable = true) : base(name, trainable, dtype)
    {
        (_axis, _epsilon) = ([.. axis ?? -1], Require.AtLeast(0, epsilon));
        supports_masking = true;
    }

    /// <summary>The scale, with the sizes of the normalised axes.</summary>
    public Variable scale { get; private set; } = null!;

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        scale = add_weight(new Shape([.. _axis.Select(a => (long)ConfigForms.KnownDim(input_shape, a, this))]), new Ones(), name: "scale");
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.cast(Api.ops.rms_normalization(inputs, scale.value, _axis, _epsilon), compute_dtype);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis, ["epsilon"] = _epsilon };
}
