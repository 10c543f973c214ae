using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Repeats each vector n times, as a sequence: (B, C) to (B, n, C).</summary>
/// <remarks>Source: keras/src/layers/reshaping/repeat_vector.py.</remarks>
public sealed class RepeatVector : Layer
{
    readonly int _n;

    /// <summary>Repeats each vector n times, as a sequence: (B, C) to (B, n, C).</summary>
    /// <param name="n">The number of steps.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public RepeatVector(int n, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _n = ConfigForms.Positive(n, nameof(n));
        input_spec = new(ndim: 2);
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Tf.Tile(Tf.ExpandDims(inputs, 1), Tf.Int32(1, _n, 1));

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return new(input_shape[0], _n, input_shape[1]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["n"] = _n };
}
