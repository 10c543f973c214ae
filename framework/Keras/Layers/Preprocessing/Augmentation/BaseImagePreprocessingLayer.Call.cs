using Keras.Graphs;

namespace Keras.Layers;

/// <content>A call: one transformation for all inputs.</content>
public abstract partial class BaseImagePreprocessingLayer
{
    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The images have neither 3 nor 4 dimensions, or masks or boxes are not as many as the images.</exception>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var images = ImagesOf(inputs, nameof(inputs));
        CheckRanks(inputs, images);
        var transformation = training ? get_random_transformation(inputs, training) : null;
        var isSingle = images.ndim == 3;
        var changed = isSingle ? transform_single_image(images, transformation, training) : transform_images(images, transformation, training);
        if (!inputs.IsDictionary) return changed;
        return new(inputs.Named().Select(entry => KeyValuePair.Create<string, Tensors>(entry.Key, entry.Key switch
        {
            "images" => changed,
            "labels" => entry.Value.Map(l => isSingle ? transform_single_label(l, transformation, training) : transform_labels(l, transformation, training)),
            "bounding_boxes" => isSingle ? transform_single_bounding_box(entry.Value, transformation, training) : transform_bounding_boxes(entry.Value, transformation, training),
            "segmentation_masks" => isSingle ? transform_single_segmentation_mask(entry.Value, transformation, training) : transform_segmentation_masks(entry.Value, transformation, training),
            _ => entry.Value,
        })));
    }

    /// <summary>Applies a transformation to one image.</summary>
    /// <param name="image">(H, W, C), or channels first.</param>
    /// <param name="transformation">The random values for it; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    public virtual Tensor transform_single_image(Tensor image, Tensors? transformation, bool training = true)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Tf.Squeeze(transform_images(Tf.ExpandDims(image, 0), transformation, training), 0);
    }

    /// <summary>Applies a transformation to the label of one image.</summary>
    /// <param name="label">The label, without a batch.</param>
    /// <param name="transformation">The random values for the image; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    public virtual Tensor transform_single_label(Tensor label, Tensors? transformation, bool training = true)
    {
        ArgumentNullException.ThrowIfNull(label);
        return Tf.Squeeze(transform_labels(Tf.ExpandDims(label, 0), transformation, training), 0);
    }

    /// <summary>Applies a transformation to the boxes of one image.</summary>
    /// <param name="bounding_box">A dictionary of "boxes" (N, 4) and "labels" (N).</param>
    /// <param name="transformation">The random values for the image; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    public virtual Tensors transform_single_bounding_box(Tensors bounding_box, Tensors? transformation, bool training = true)
    {
        CheckedBoxes(bounding_box, nameof(bounding_box));
        return EachOf(transform_bounding_boxes(EachOf(bounding_box, t => Tf.ExpandDims(t, 0)), transformation, training), t => Tf.Squeeze(t, 0));
    }

    /// <summary>Applies a transformation to the mask of one image.</summary>
    /// <param name="segmentation_mask">(H, W, 1) or (H, W, classes), or channels first.</param>
    /// <param name="transformation">The random values for the image; null for none.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    public virtual Tensor transform_single_segmentation_mask(Tensor segmentation_mask, Tensors? transformation, bool training = true)
    {
        ArgumentNullException.ThrowIfNull(segmentation_mask);
        return Tf.Squeeze(transform_segmentation_masks(Tf.ExpandDims(segmentation_mask, 0), transformation, training), 0);
    }

    static Tensors EachOf(Tensors boxes, Func<Tensor, Tensor> change) => new(boxes.Named().Select(b => KeyValuePair.Create(b.Key, b.Key is "boxes" or "labels" ? new Tensors(change(b.Value)) : b.Value)));

    /// <summary>The images in the layer's input.</summary>
    private protected Tensor ImagesOf(Tensors data, string argument)
    {
        ArgumentNullException.ThrowIfNull(data, argument);
        if (data.IsDictionary && !data.ContainsKey("images"))
            throw new ArgumentException($"The dictionary for {Where} lacks the key 'images'. Received: {Known.List(data.Keys)}.", argument);
        if (!data.IsDictionary && !data.IsLeaf) throw new ArgumentException($"{Where} takes images, or a dictionary with the key 'images'. Received: a list of {data.Count}.", argument);
        var images = data.IsDictionary ? data["images"].Single : data.Single;
        CheckRank(images, argument);
        return images;
    }

    /// <summary>Checks that masks and boxes have a batch axis exactly if the images have one.</summary>
    void CheckRanks(Tensors inputs, Tensor images)
    {
        if (!inputs.IsDictionary) return;
        if (inputs.TryGet("segmentation_masks", out var masks) && masks.IsLeaf) Check("segmentation_masks", masks.Single, images.ndim);
        if (inputs.TryGet("bounding_boxes", out var boxed) && boxed.IsDictionary && boxed.TryGet("boxes", out var boxes) && boxes.IsLeaf) Check("boxes", boxes.Single, images.ndim - 1);

        void Check(string what, Tensor given, int rank)
        {
            if (given.ndim != rank) throw new ShapeMismatchException($"The {what} do not fit the images", Where, $"rank {rank}, as there are images of shape {images.shape}", given.shape.ToString());
        }
    }

    void CheckRank(Tensor images, string argument)
    {
        ArgumentNullException.ThrowIfNull(images, argument);
        if (images.ndim is not (3 or 4)) throw new ShapeMismatchException($"The {argument} are not images", Where, "rank 3 for one image, or 4 for a batch", images.shape.ToString());
    }

    Tensors CheckedBoxes(Tensors boxes, string argument)
    {
        ArgumentNullException.ThrowIfNull(boxes, argument);
        if (bounding_box_format is null)
            throw new ArgumentException($"{Where} was given bounding boxes, but not their format. Make it with bounding_box_format, for example \"xyxy\".", argument);
        var checkedBoxes = BoxTensors.Checked(boxes, argument);
        return MovesBoxes ? BoxTensors.With(checkedBoxes, Tf.Cast(checkedBoxes["boxes"].Single, DType.Float32)) : checkedBoxes;
    }

    static Tensor OnBatch(Tensor images, Func<Tensor, Tensor> change) => images.ndim == 4 ? change(images) : Tf.Squeeze(change(Tf.ExpandDims(images, 0)), 0);

    /// <summary>The number of images; 1 without a batch axis.</summary>
    private protected static Dim BatchOf(Tensor images) => images.ndim == 4 ? Dim.Of(images, 0) : 1;

    /// <summary>The row axis; the column axis is the next.</summary>
    private protected int RowAxis(int rank) => ChannelsFirst ? rank - 2 : rank - 3;

    private protected int ChannelAxis(int rank) => ChannelsFirst ? rank - 3 : rank - 1;

    private protected (Dim Height, Dim Width) SizeOf(Tensor images) => (Dim.Of(images, RowAxis(images.ndim)), Dim.Of(images, RowAxis(images.ndim) + 1));

    /// <summary>The height and width of the images, from the shape in a transformation.</summary>
    private protected (Tensor Height, Tensor Width) SizeOf(Tensors transformation, string key = "input_shape")
    {
        var shape = transformation[key].Single;
        var at = RowAxis(checked((int)shape.shape[0]));
        return (Slices.At(shape, 0, at), Slices.At(shape, 0, at + 1));
    }

    /// <summary>Draws uniform numbers between two bounds.</summary>
    private protected static Tensor Uniform(Seed seed, (double Lower, double Upper) bounds, DType? dtype, params ReadOnlySpan<Dim> shape) =>
        Api.keras.random.uniform(Dims.Create(shape), bounds.Lower, bounds.Upper, dtype, seed);

    /// <summary>Draws 1 or -1 with equal probability.</summary>
    private protected static Tensor Side(Seed seed, DType? dtype, params ReadOnlySpan<Dim> shape)
    {
        var side = Uniform(seed, (0, 1), dtype, shape);
        return Tf.SelectV2(Tf.Greater(side, Tf.Constant(0.5, side.dtype)), -Tf.OnesLike(side), Tf.OnesLike(side));
    }

    /// <summary>Draws which images to change, bool (B), with a probability that is itself drawn between two bounds.</summary>
    private protected static Tensor Chosen(Seed seed, (double Lower, double Upper) probability, Tensor images)
    {
        var batch = BatchOf(images);
        var likely = Uniform(seed, probability, null, batch);
        return Tf.Less(Uniform(seed, (0, 1), null, batch), likely);
    }

    /// <summary>Reshapes a value per image to (B, 1, 1, 1).</summary>
    private protected static Tensor PerImage(Tensor values) => Tf.Reshape(values, Tf.Int32(-1, 1, 1, 1));

    private protected static Tensors Named(params IEnumerable<(string Key, Tensors Value)> entries) => new(entries.Select(e => KeyValuePair.Create(e.Key, e.Value)));
}
