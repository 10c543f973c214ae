using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Turns scores into probabilities that sum to 1 over some axes (softmax); elements that a mask excludes get 0.</summary>
/// <remarks>The mask (true for data) broadcasts to the inputs. Source: keras/src/layers/activations/softmax.py.</remarks>
public sealed class Softmax : Layer
{
    readonly Axes _axis;

    /// <summary>Turns scores into probabilities that sum to 1 over some axes (softmax); elements that a mask excludes get 0.</summary>
    /// <param name="axis">The axes that add up to 1 together; default the last.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Softmax(Axes? axis = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _axis = axis ?? -1;
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor x = args.Inputs;
        if (args.Mask is not { } mask) return Api.ops.softmax(x, _axis);
        if (mask.dtype != DType.Bool) mask = Tf.Greater(mask, Tf.Constant(0.5, mask.dtype));
        var lowest = Tf.Constant(x.dtype == DType.Float16 ? -3e4 : -1e9, x.dtype);
        return Tf.SelectV2(mask, Api.ops.softmax(Tf.SelectV2(mask, x, lowest), _axis), Tf.Constant(0, x.dtype));
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis.Count == 1 ? _axis[0] : _axis.ToArray() };
}
