namespace Keras.Layers;

/// <summary>Preprocessing layers in a row, as one layer; for use in data pipelines.</summary>
/// <remarks>If a call does not say whether it is training, the layers behave as in training, also within a model that is called directly. Source: keras/src/layers/preprocessing/pipeline.py.</remarks>
public sealed class Pipeline : Layer
{
    /// <summary>Preprocessing layers in a row, as one layer; for use in data pipelines.</summary>
    /// <param name="layers">The layers, the first one first.</param>
    /// <param name="name">The layer's name.</param>
    public Pipeline(Layer[] layers, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (Array.IndexOf(layers, null) >= 0) throw new ArgumentException("One of the layers of the pipeline is null.", nameof(layers));
        this.layers = [.. layers];
        // Each layer casts its inputs by its own policy.
        autocast = false;
        built = true;
    }

    /// <summary>The layers, in the order in which they are applied.</summary>
    public IReadOnlyList<Layer> layers { get; }

    private protected override bool DefaultTraining => true;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => layers.Aggregate(inputs, (x, layer) => layer.Apply(x, training));

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => layers.Aggregate(input_shape, (shape, layer) => layer.compute_output_shape(shape));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["layers"] = layers.Select(l => (object?)l.Serialized()).ToArray(), ["name"] = name };
}
