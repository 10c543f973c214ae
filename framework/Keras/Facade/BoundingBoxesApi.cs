using Keras.Graphs;
using Keras.Layers;

namespace Keras;

public sealed partial class UtilsApi
{
    /// <summary>Boxes of objects in images.</summary>
    public BoundingBoxesApi bounding_boxes { get; } = new();
}

/// <summary>keras.utils.bounding_boxes: boxes (..., 4) as numbers in one of nine formats: "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh".</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/bounding_boxes.</remarks>
public sealed partial class BoundingBoxesApi
{
    internal BoundingBoxesApi() { }

    /// <summary>Converts boxes to another format.</summary>
    /// <param name="boxes">Boxes (..., 4), or a dictionary with "boxes".</param>
    /// <param name="source">The format that they have.</param>
    /// <param name="target">The format that they get.</param>
    /// <param name="height">The image's height; needed between relative and other formats.</param>
    /// <param name="width">The image's width; needed between relative and other formats.</param>
    /// <param name="dtype">The dtype of the result; default float32.</param>
    /// <returns>As <paramref name="boxes"/>.</returns>
    /// <exception cref="ArgumentException">A format is unknown, or a size is missing.</exception>
    /// <exception cref="ShapeMismatchException">The last dimension is not 4.</exception>
    public Tensors convert_format(Tensors boxes, string source, string target, TensorLike? height = null, TensorLike? width = null, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (!boxes.IsDictionary) return BoxTensors.Convert(boxes.Single, source, target, height?.Tensor, width?.Tensor, dtype);
        RequireBoxes(boxes, nameof(boxes));
        return BoxTensors.Convert(boxes, source, target, height?.Tensor, width?.Tensor, dtype);
    }

    static void RequireBoxes(Tensors boxes, string name)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (!boxes.ContainsKey("boxes")) throw new ArgumentException($"There are no boxes. Expected: a dictionary with the key 'boxes'. Received: {(boxes.IsDictionary ? Known.List(boxes.Keys) : "no dictionary")}.", name);
        RequireFour(boxes["boxes"].Single, name);
    }

    static Tensor RequireFour(Tensor boxes, string name)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        return boxes.ndim >= 1 && boxes.shape[-1] is 4 or < 0 ? boxes : throw new ShapeMismatchException($"The {name} have the wrong shape", $"keras.utils.bounding_boxes", "a last dimension of 4", boxes.shape.ToString());
    }

    static void OnlyCorners(string format, string name) => Known.OneOf(format, name, "xyxy");

    /// <summary>Clips boxes to the image; those of which nothing remains get the label -1.</summary>
    /// <param name="bounding_boxes">A dictionary of "boxes" (..., 4) and, if there are any, "labels".</param>
    /// <param name="height">The image's height; needed for "xyxy".</param>
    /// <param name="width">The image's width; needed for "xyxy".</param>
    /// <param name="bounding_box_format">"xyxy" (default) or "rel_xyxy".</param>
    /// <exception cref="ArgumentException">The format is another, or a size is missing.</exception>
    public Tensors clip_to_image_size(Tensors bounding_boxes, TensorLike? height = null, TensorLike? width = null, string bounding_box_format = "xyxy")
    {
        RequireBoxes(bounding_boxes, nameof(bounding_boxes));
        return BoxTensors.Clip(bounding_boxes, height?.Tensor, width?.Tensor, bounding_box_format);
    }

    /// <summary>Moves boxes along with an image that is rotated, sheared, scaled and shifted: returns the upright boxes around the results.</summary>
    /// <param name="boxes">(B, N, 4).</param>
    /// <param name="angle">Degrees, (B).</param>
    /// <param name="translate_x">The shift to the right as a fraction of the width, (B).</param>
    /// <param name="translate_y">The shift down as a fraction of the height, (B).</param>
    /// <param name="scale">The scale, (B).</param>
    /// <param name="shear_x">Degrees, (B).</param>
    /// <param name="shear_y">Degrees, (B).</param>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="center_x">The centre as a fraction of the width; default 0.5.</param>
    /// <param name="center_y">The centre as a fraction of the height; default 0.5.</param>
    /// <param name="bounding_box_format">"xyxy".</param>
    /// <exception cref="ArgumentException">The format is another.</exception>
    /// <exception cref="ShapeMismatchException">The boxes are not (B, N, 4).</exception>
    public Tensor affine_transform(TensorLike boxes, TensorLike angle, TensorLike translate_x, TensorLike translate_y, TensorLike scale, TensorLike shear_x, TensorLike shear_y, TensorLike height, TensorLike width,
        TensorLike? center_x = null, TensorLike? center_y = null, string bounding_box_format = "xyxy")
    {
        OnlyCorners(bounding_box_format, nameof(bounding_box_format));
        var given = RequireFour(boxes.Tensor, nameof(boxes));
        if (given.ndim != 3) throw new ShapeMismatchException("The boxes have the wrong rank", "keras.utils.bounding_boxes.affine_transform", "(batch, boxes, 4)", given.shape.ToString());
        return BoxTensors.Affine(given, angle.As(DType.Float32), translate_x.Tensor, translate_y.Tensor, scale.Tensor, shear_x.Tensor, shear_y.Tensor, height.Tensor, width.Tensor, center_x?.Tensor, center_y?.Tensor);
    }

    /// <summary>Moves boxes along with an image that is cropped.</summary>
    /// <param name="boxes">(..., 4).</param>
    /// <param name="top">The part's first row.</param>
    /// <param name="left">The part's first column.</param>
    /// <param name="height">The part's height.</param>
    /// <param name="width">The part's width.</param>
    /// <param name="bounding_box_format">"xyxy".</param>
    /// <exception cref="ArgumentException">The format is another.</exception>
    public Tensor crop(TensorLike boxes, TensorLike top, TensorLike left, TensorLike height, TensorLike width, string bounding_box_format = "xyxy")
    {
        OnlyCorners(bounding_box_format, nameof(bounding_box_format));
        var moved = Moved(boxes, top, left, -1);
        var (a, b, c, d) = BoxFormat.Columns(moved);
        var (h, w) = (height.As(moved.dtype), width.As(moved.dtype));
        return Tf.Concat([BoxTensors.Between(a, w), BoxTensors.Between(b, h), BoxTensors.Between(c, w), BoxTensors.Between(d, h)], moved.ndim - 1);
    }

    static Tensor Moved(TensorLike boxes, TensorLike top, TensorLike left, int sign)
    {
        var x = RequireFour(boxes.Tensor, nameof(boxes));
        var (a, b, c, d) = BoxFormat.Columns(x);
        var (down, right) = (top.As(x.dtype), left.As(x.dtype));
        return sign < 0 ? Tf.Concat([a - right, b - down, c - right, d - down], x.ndim - 1) : Tf.Concat([a + right, b + down, c + right, d + down], x.ndim - 1);
    }

    /// <summary>Moves boxes along with an image that is padded.</summary>
    /// <param name="boxes">(..., 4).</param>
    /// <param name="top">Rows added above.</param>
    /// <param name="left">Columns added at the left.</param>
    /// <param name="height">The height of the result; it changes nothing, as in Keras.</param>
    /// <param name="width">The width of the result; it changes nothing, as in Keras.</param>
    /// <param name="bounding_box_format">"xyxy".</param>
    /// <exception cref="ArgumentException">The format is another.</exception>
    public Tensor pad(TensorLike boxes, TensorLike top, TensorLike left, TensorLike? height = null, TensorLike? width = null, string bounding_box_format = "xyxy")
    {
        OnlyCorners(bounding_box_format, nameof(bounding_box_format));
        return Moved(boxes, top, left, 1);
    }
}
