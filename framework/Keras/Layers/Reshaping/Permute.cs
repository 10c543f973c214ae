namespace Keras.Layers;

/// <summary>Reorders the axes of each sample; the batch axis stays first.</summary>
/// <remarks>Source: keras/src/layers/reshaping/permute.py.</remarks>
public sealed class Permute : Layer
{
    readonly int[] _dims;

    /// <summary>Reorders the axes of each sample; the batch axis stays first.</summary>
    /// <param name="dims">The axes from 1, in their new order.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">An axis is missing or named twice.</exception>
    public Permute(Axes dims, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(dims);
        _dims = [.. dims];
        if (!_dims.Order().SequenceEqual(Enumerable.Range(1, _dims.Length))) throw new ArgumentException($"The axes are not an order of all axes. Expected: each axis from 1 to {_dims.Length} once. Received: {dims}.", nameof(dims));
        input_spec = new(ndim: _dims.Length + 1);
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.transpose(inputs, (int[])[0, .. _dims]);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return new([input_shape[0], .. _dims.Select(d => input_shape[d])]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["dims"] = _dims };
}
