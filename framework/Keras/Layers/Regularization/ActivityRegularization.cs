using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>Returns its inputs unchanged and adds a loss that keeps them small: (l1 · Σ|x| + l2 · Σx²) / batch size.</summary>
/// <remarks>Source: keras/src/layers/regularization/activity_regularization.py.</remarks>
public sealed class ActivityRegularization : Layer
{
    readonly double _l1;
    readonly double _l2;

    /// <summary>Returns its inputs unchanged and adds a loss that keeps them small: (l1 · Σ|x| + l2 · Σx²) / batch size.</summary>
    /// <param name="l1">The factor of the absolute values; default 0.</param>
    /// <param name="l2">The factor of the squares; default 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public ActivityRegularization(double l1 = 0, double l2 = 0, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        (_l1, _l2) = (l1, l2);
        activity_regularizer = new L1L2(l1, l2);
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => inputs;

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["l1"] = _l1, ["l2"] = _l2 };
        config.Remove("activity_regularizer");
        return config;
    }
}
