using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The start of a functional model: a symbolic tensor of a known dtype and shape. <c>keras.Input</c> makes one and returns its tensor.</summary>
/// <remarks>Source: keras/src/layers/core/input_layer.py.</remarks>
public sealed class InputLayer : Layer
{
    /// <summary>The start of a functional model: a symbolic tensor of a known dtype and shape.</summary>
    /// <param name="shape">The shape without the batch; default none, then give batch_shape.</param>
    /// <param name="batch_size">The number of samples; default unknown.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    /// <param name="batch_shape">The full shape, instead of shape and batch_size.</param>
    /// <param name="optional">Whether a model may be called without it; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="ArgumentException">Neither or both of shape and batch_shape are given.</exception>
    public InputLayer(Shape? shape = null, int? batch_size = null, DType? dtype = null, Shape? batch_shape = null, bool optional = false, string? name = null) : base(name)
    {
        if (shape is null == batch_shape is null) throw new ArgumentException("An input was given neither or both of shape and batch_shape. Give exactly one.", nameof(shape));
        if (batch_shape is not null && batch_size is not null) throw new ArgumentException("batch_size was given beside batch_shape, which holds the batch size. Leave batch_size out.", nameof(batch_size));
        if (batch_size is { } size) ConfigForms.Positive(size, nameof(batch_size));
        this.batch_shape = batch_shape ?? new Shape(batch_size ?? -1).Concat(shape!);
        (this.dtype, this.optional) = (dtype ?? ConfigApi.FloatX, optional);
        supports_masking = built = true;
        var tensor = Graph.Scratch.AddPlaceholder(this.dtype, this.batch_shape, this.name);
        tensor.History = FirstCall = new LayerCall(this, new CallArguments(Tensors.Create([])), tensor, 0);
        output = tensor;
    }

    /// <summary>The shape with the batch dimension, which is usually unknown.</summary>
    public Shape batch_shape { get; }

    /// <summary>The dtype of the input.</summary>
    public DType dtype { get; }

    /// <summary>Whether a model may be called without it.</summary>
    public bool optional { get; }

    /// <summary>The symbolic tensor that layers are applied to.</summary>
    public new Tensor output { get; }

    /// <summary>The symbolic tensor that layers are applied to.</summary>
    public override Tensors input => output;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => inputs;

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => batch_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["batch_shape"] = batch_shape.ToArray().Select(d => d < 0 ? null : (object)d).ToArray(),
        ["dtype"] = dtype.Name,
        ["sparse"] = false,
        ["ragged"] = false,
        ["name"] = name,
        ["optional"] = optional,
    };
}
