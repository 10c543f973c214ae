namespace Keras.Layers;

/// <summary>The base of layers that wrap another layer.</summary>
/// <remarks>Source: keras/src/layers/core/wrapper.py.</remarks>
public abstract class Wrapper : Layer
{
    /// <summary>The base of layers that wrap another layer.</summary>
    /// <param name="layer">The layer to wrap.</param>
    /// <param name="name">The name of this one.</param>
    /// <param name="dtype">The dtype policy.</param>
    protected Wrapper(Layer layer, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype) => this.layer = layer ?? throw new ArgumentNullException(nameof(layer));

    /// <summary>The wrapped layer.</summary>
    public Layer layer { get; }

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        layer.BuildFor(input_shape);
        built = true;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["layer"] = layer.Serialized() };
}
