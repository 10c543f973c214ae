using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, crops images at a random position. Images that are not larger than the crop on both axes are cropped at the centre and resized.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_crop.py. As there, images keep their size at inference, all images of a batch are cut at one place, and
/// boxes are moved as <c>(x - first row, y - first column)</c>; where images are resized, so are masks, bilinearly: numbers of classes are blended.</remarks>
public sealed class RandomCrop : BaseImagePreprocessingLayer
{
    /// <summary>In training, crops images at a random position.</summary>
    /// <param name="height">The height of the output.</param>
    /// <param name="width">The width of the output.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size is not positive, or a format is unknown.</exception>
    public RandomCrop(int height, int width, long? seed = null, string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(bounding_box_format, data_format, seed ?? GlobalSeed.Next(), name, dtype) => (this.height, this.width) = (ConfigForms.Positive(height, nameof(height)), ConfigForms.Positive(width, nameof(width)));

    /// <summary>The height of the output.</summary>
    public int height { get; }

    /// <summary>The width of the output.</summary>
    public int width { get; }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var outputs = base.call(inputs, training);
        // As in Keras, symbolic outputs have the size they have in training.
        if (Graph.Current is not { IsScratch: true } || training) return outputs;
        Tensor Sized(Tensor images) => Graph.Scratch.AddPlaceholder(images.dtype, compute_output_shape(images.shape), "images");
        if (outputs.IsLeaf) return Sized(outputs);
        return new(outputs.Named().Select(o => KeyValuePair.Create(o.Key, o.Key is "images" or "segmentation_masks" ? new Tensors(Sized(o.Value)) : o.Value)));
    }

    (int Rows, int Columns) KnownSize(Shape shape) => !HasUnknownSize(shape) ? (checked((int)shape[RowAxis(shape.Rank)]), checked((int)shape[RowAxis(shape.Rank) + 1]))
        : throw new ShapeMismatchException("The size of the images to crop is unknown", Where, "a known height and width", shape.ToString(), "Give them in the keras.Input or the signature of the function.");

    bool IsLarger((int Rows, int Columns) size) => size.Rows > height && size.Columns > width;

    private protected override bool TakesWholeDTypes => true;

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        if (Graph.Current is { IsScratch: true } && HasUnknownSize(images.shape)) return [Tf.Int32Scalar(0), Tf.Int32Scalar(0)];
        var size = KnownSize(images.shape);
        if (!IsLarger(size))
        {
            var (top, left) = Middle(size);
            return [Tf.Int32Scalar(top), Tf.Int32Scalar(left)];
        }
        Tensor From(int places) => Tf.Cast(Uniform(seed, (0, places), DType.Float32), DType.Int32);
        var row = From(size.Rows - height + 1);
        return [row, From(size.Columns - width + 1)];
    }

    bool HasUnknownSize(Shape shape) => shape[RowAxis(shape.Rank)] < 0 || shape[RowAxis(shape.Rank) + 1] < 0;

    /// <summary>The corner of a centred crop with the target's aspect ratio.</summary>
    (int Top, int Left) Middle((int Rows, int Columns) size)
    {
        var rows = Math.Max(Math.Min(size.Rows, (int)((double)size.Columns * height / width)), 1);
        var columns = Math.Max(Math.Min(size.Columns, (int)((double)size.Rows * width / height)), 1);
        return ((size.Rows - rows) / 2, (size.Columns - columns) / 2);
    }

    /// <summary>The first row and the first column of a transformation.</summary>
    (Tensor Row, Tensor Column) Place(Tensors transformation)
    {
        if (transformation is { IsLeaf: false, Count: 2 }) return (transformation[0].Single, transformation[1].Single);
        if (transformation.IsLeaf && transformation.Single.shape is { Rank: 1 } shape && shape[0] == 2) return (Slices.At(transformation, 0, 0), Slices.At(transformation, 0, 1));
        throw new ArgumentException($"The transformation of {Where} has the wrong form. Expected: the first row and the first column. Received: {transformation}.", nameof(transformation));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        if (Graph.Current is { IsScratch: true } && HasUnknownSize(images.shape)) return Graph.Scratch.AddPlaceholder(images.dtype, compute_output_shape(images.shape), "images");
        var size = KnownSize(images.shape);
        var (first, second) = Place(transformation);
        Dim top = first, left = second;
        // In a graph, images that are not larger than the target take the centred position.
        if (!IsLarger(size) && (top.Known is null || left.Known is null)) (top, left) = Middle(size);
        // As in Python's slices, what lies beyond the end is left out.
        static int Length(Dim from, int length, int whole) => from.Known is { } start ? (int)Math.Clamp(whole - start, 0, length) : length;
        var (rows, columns) = (Length(top, height, size.Rows), Length(left, width, size.Columns));
        if (rows < 1 || columns < 1 || top.Known is < 0 || left.Known is < 0)
            throw new ShapeMismatchException("A part lies outside of the images", Where, $"a first row and column within {size.Rows} x {size.Columns}", $"{top}, {left}");
        var d = Dims.Of(images);
        var part = !ChannelsFirst ? Api.ops.slice(images, [0, top, left, 0], [d[0], rows, columns, d[3]]) : Api.ops.slice(images, [0, 0, top, left], [d[0], d[1], rows, columns]);
        return rows == height && columns == width ? part : Tf.Cast(Api.ops.image.resize(Tf.Cast(part, compute_dtype), (height, width), data_format: data_format), compute_dtype);
    }

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Transformed(masks, transformation);

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (high, wide) = ((Tensor)height, (Tensor)width);
        var corners = BoxTensors.Convert(boxes["boxes"].Single, bounding_box_format!, "xyxy", high, wide);
        var (row, column) = Place(transformation);
        var (first, second) = (Tf.Cast(row, corners.dtype), Tf.Cast(column, corners.dtype));
        var moved = corners - Tf.Stack([first, second, first, second], 0);
        return BoxTensors.With(boxes, BoxTensors.Convert(Tf.Maximum(moved, Tf.ZerosLike(moved)), "xyxy", bounding_box_format!, high, wide));
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The shape has neither 3 nor 4 dimensions.</exception>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        if (!input_shape.HasRank || input_shape.Rank is not (3 or 4)) throw new ShapeMismatchException("The shape is not a shape of images", Where, "rank 3 for one image, or 4 for a batch", input_shape.ToString());
        return input_shape.With(RowAxis(input_shape.Rank), height).With(RowAxis(input_shape.Rank) + 1, width);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["height"] = height, ["width"] = width, ["seed"] = seed };
}
