using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of layers that bring images to a given size: (B, H, W, C), (H, W, C), or channels first.</summary>
public abstract class ImageSizing : Layer
{
    /// <summary>The base of layers that bring images to a given size: (B, H, W, C), (H, W, C), or channels first.</summary>
    private protected ImageSizing(int height, int width, string? data_format, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (this.height, this.width) = (ConfigForms.Positive(height, nameof(height)), ConfigForms.Positive(width, nameof(width)));
        Format = ConfigForms.DataFormat(data_format);
        built = true;
    }

    /// <summary>The height of the output.</summary>
    public int height { get; }

    /// <summary>The width of the output.</summary>
    public int width { get; }

    private protected string Format { get; }

    /// <summary>The row axis; the column axis is the next.</summary>
    private protected int RowAxis(Shape shape) => Format == "channels_first" ? shape.Rank - 2 : shape.Rank - 3;

    /// <summary>Brings the images to the size.</summary>
    private protected abstract Tensor Sized(Tensor images, Dim rows, Dim columns);

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var images = Tf.Cast(inputs, compute_dtype);
        var at = RowAxis(images.shape);
        // While the size is only known when the model runs, there is a shape but no pixels.
        if (Graph.Current is { IsScratch: true }) return Graph.Scratch.AddPlaceholder(images.dtype, compute_output_shape(images.shape), "images");
        return Sized(images, Dim.Of(images, at), Dim.Of(images, at + 1));
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return input_shape.With(RowAxis(input_shape), height).With(RowAxis(input_shape) + 1, width);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["height"] = height, ["width"] = width, ["data_format"] = Format };
}
