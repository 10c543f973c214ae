using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of image augmentation layers: draws a random transformation and applies it to the images and to their labels, boxes and masks.</summary>
/// <remarks>Inputs are images (H, W, C) or (B, H, W, C), channels first if <see cref="data_format"/> says so, or a dictionary of "images" and any of "labels", "bounding_boxes"
/// (a dictionary of "boxes" (B, N, 4) and "labels" (B, N)) and "segmentation_masks"; other entries pass through. With a single image the other entries have no batch axis either. A layer of your
/// own overrides <see cref="get_random_transformation"/>, <see cref="transform_images"/>, and whatever else must follow the images. Where no caller sets
/// <c>training</c>, the layers behave as in training, also within a model that is called directly; <c>fit</c>, <c>evaluate</c> and <c>predict</c> set it. Source: keras/src/layers/preprocessing/image_preprocessing/base_image_preprocessing_layer.py.
/// Whole-number images are computed in the layer's floating dtype, also where Keras overflows.</remarks>
public abstract partial class BaseImagePreprocessingLayer : Layer
{
    /// <summary>The base of image augmentation layers: draws a random transformation and applies it to the images and to their labels, boxes and masks.</summary>
    /// <param name="bounding_box_format">The format of boxes: "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh" or "rel_center_xywh"; needed if inputs have boxes.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed of the random draws; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A format is unknown, or the dtype policy is an integer one.</exception>
    protected BaseImagePreprocessingLayer(string? bounding_box_format = null, string? data_format = null, long? seed = null, string? name = null, DTypePolicy? dtype = null)
        : this(true, bounding_box_format, data_format, seed, name, dtype) { }

    private protected BaseImagePreprocessingLayer(bool isRandom, string? bounding_box_format, string? data_format, long? seed, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        if (bounding_box_format is not null) BoxFormat.Of(bounding_box_format, nameof(bounding_box_format));
        (this.bounding_box_format, this.data_format, this.seed) = (bounding_box_format, ConfigForms.DataFormat(data_format), seed);
        if (!compute_dtype.IsFloating && !TakesWholeDTypes)
            throw new ArgumentException($"{Where} cannot compute in whole numbers. Expected: a floating dtype; images of whole numbers are cast to it. Received: {compute_dtype.Name}.", nameof(dtype));
        generator = isRandom ? new SeedGenerator(seed) : null;
        // Inputs that the layer leaves alone keep their dtype; others are cast where they are used.
        autocast = false;
        built = true;
    }

    /// <summary>The format of bounding boxes, such as "xyxy"; null if there are none.</summary>
    public string? bounding_box_format { get; }

    /// <summary>"channels_last" or "channels_first".</summary>
    public string data_format { get; }

    /// <summary>The seed that was passed; null for none.</summary>
    public long? seed { get; }

    /// <summary>The generator that transformations are drawn from; null if the layer draws none.</summary>
    public SeedGenerator? generator { get; }

    private protected bool ChannelsFirst => data_format == "channels_first";

    private protected override bool DefaultTraining => true;

    /// <summary>Whether the layer transforms at inference too.</summary>
    private protected virtual bool IsAlwaysOn => false;

    /// <summary>Whether the images keep their dtype.</summary>
    private protected virtual bool KeepsDType => false;

    /// <summary>Whether boxes are moved, for which they are cast to float32; otherwise they keep their dtype.</summary>
    private protected virtual bool MovesBoxes => true;

    /// <summary>Whether an integer dtype policy is allowed: pixels only move, or keep their dtype anyway.</summary>
    private protected virtual bool TakesWholeDTypes => KeepsDType;

    /// <summary>Draws a random transformation for the given data.</summary>
    /// <param name="data">The inputs of the layer.</param>
    /// <param name="training">Whether to behave as in training; otherwise nothing is random.</param>
    /// <param name="seed">The seed of the draws: a number gives the same transformation each time; default the layer's <see cref="generator"/>.</param>
    /// <returns>The transformation for <see cref="transform_images"/> and the other methods; null for none.</returns>
    /// <exception cref="ShapeMismatchException">The images have neither 3 nor 4 dimensions.</exception>
    public virtual Tensors? get_random_transformation(Tensors data, bool training = true, Seed? seed = null)
    {
        var images = ImagesOf(data, nameof(data));
        return training && generator is not null ? Drawn(images, (seed ?? generator).InSequence()) : null;
    }

    /// <summary>Applies a transformation to images; override it.</summary>
    /// <param name="images">(B, H, W, C) or (H, W, C), or channels first.</param>
    /// <param name="transformation">The result of <see cref="get_random_transformation"/>; null leaves the images unchanged.</param>
    /// <param name="training">Whether to behave as in training; at inference the images stay as they are.</param>
    /// <exception cref="ShapeMismatchException">The images have neither 3 nor 4 dimensions.</exception>
    public virtual Tensor transform_images(Tensor images, Tensors? transformation, bool training = true)
    {
        CheckRank(images, nameof(images));
        var x = KeepsDType ? images : Tf.Cast(images, compute_dtype);
        return Applies(transformation, training) ? OnBatch(x, batch => Transformed(batch, transformation ?? None)) : x;
    }

    /// <summary>Applies a transformation to the images' labels; most layers leave them as they are.</summary>
    /// <param name="labels">(B, ...).</param>
    /// <param name="transformation">The random values for the images; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    public virtual Tensor transform_labels(Tensor labels, Tensors? transformation, bool training = true)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Applies(transformation, training) ? TransformedLabels(labels, transformation ?? None) : labels;
    }

    /// <summary>Applies a transformation to the images' boxes.</summary>
    /// <param name="bounding_boxes">A dictionary of "boxes" (B, N, 4), written as <see cref="bounding_box_format"/> says, and "labels" (B, N); -1 marks missing boxes.</param>
    /// <param name="transformation">The random values for the images; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <exception cref="ArgumentException">There are no boxes, no labels of them, or no format.</exception>
    /// <exception cref="UnsupportedException">The layer cannot move boxes.</exception>
    public virtual Tensors transform_bounding_boxes(Tensors bounding_boxes, Tensors? transformation, bool training = true)
    {
        var boxes = CheckedBoxes(bounding_boxes, nameof(bounding_boxes));
        return Applies(transformation, training) ? TransformedBoxes(boxes, transformation ?? None) : boxes;
    }

    /// <summary>Applies a transformation to segmentation masks. Layers that move images move masks by whole pixels and keep their dtype; layers that blend or resize images do the same to masks, in the compute dtype.</summary>
    /// <param name="segmentation_masks">(B, H, W, 1) or (B, H, W, classes), or channels first.</param>
    /// <param name="transformation">The random values for the images; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <exception cref="ShapeMismatchException">The masks have neither 3 nor 4 dimensions.</exception>
    public virtual Tensor transform_segmentation_masks(Tensor segmentation_masks, Tensors? transformation, bool training = true)
    {
        CheckRank(segmentation_masks, nameof(segmentation_masks));
        return Applies(transformation, training) ? OnBatch(segmentation_masks, batch => TransformedMasks(batch, transformation ?? None)) : segmentation_masks;
    }

    /// <summary>Draws a transformation for images (B, H, W, C) or (H, W, C).</summary>
    private protected virtual Tensors? Drawn(Tensor images, Seed seed) => null;

    /// <summary>Transforms a batch of images, which are already cast.</summary>
    private protected virtual Tensor Transformed(Tensor images, Tensors transformation) => throw new UnsupportedException("A layer does not transform images", Where, remedy: "Override transform_images.");

    private protected virtual Tensor TransformedLabels(Tensor labels, Tensors transformation) => labels;

    private protected virtual Tensors TransformedBoxes(Tensors boxes, Tensors transformation) => throw new UnsupportedException("The layer cannot move bounding boxes", Where, remedy: "Leave them out of its input, as in Keras.");

    private protected virtual Tensor TransformedMasks(Tensor masks, Tensors transformation) => masks;

    bool Applies(Tensors? transformation, bool training) => IsAlwaysOn || (training && (transformation is not null || generator is null));

    private protected string Where => $"layer '{name}' ({GetType().Name})";

    static Tensors None { get; } = new(Array.Empty<KeyValuePair<string, Tensors>>().AsEnumerable());

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["data_format"] = data_format };
        if (bounding_box_format is not null) config["bounding_box_format"] = bounding_box_format;
        return config;
    }
}
