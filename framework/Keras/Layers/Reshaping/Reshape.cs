namespace Keras.Layers;

/// <summary>Gives each sample another shape with as many elements.</summary>
/// <remarks>Source: keras/src/layers/reshaping/reshape.py.</remarks>
public sealed class Reshape : Layer
{
    readonly Shape _targetShape;

    /// <summary>Gives each sample another shape with as many elements.</summary>
    /// <param name="target_shape">The shape without the batch; one dimension may be -1, which takes the rest.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">More than one dimension is -1.</exception>
    public Reshape(Shape target_shape, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        ArgumentNullException.ThrowIfNull(target_shape);
        if (target_shape.ToArray().Count(d => d < 0) > 1) throw new ArgumentException($"The target_shape has several open dimensions. Expected: at most one dimension of -1. Received: {target_shape}.", nameof(target_shape));
        _targetShape = target_shape;
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        return Api.ops.reshape(x, Dims.Create([Api.ops.shape(x)[0], .. compute_output_shape(x.shape).ToArray()[1..].Select(d => (Dim)d)]));
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The number of elements would change.</exception>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        var (elements, known) = (input_shape[1..].ElementCount, _targetShape.Where(d => d is not null).Aggregate(1L, (a, d) => a * d!.Value));
        if (elements < 0) return new Shape(input_shape[0]).Concat(_targetShape);
        if (_targetShape.IsFullyKnown ? known != elements : known == 0 || elements % known != 0)
            throw new ShapeMismatchException("A sample cannot have the target shape", $"layer '{name}'", $"{elements} elements", _targetShape.ToString());
        return new([input_shape[0], .. _targetShape.ToArray().Select(d => d < 0 ? elements / known : d)]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["target_shape"] = _targetShape.ToArray() };
}
