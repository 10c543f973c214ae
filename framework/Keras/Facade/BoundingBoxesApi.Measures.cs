using Keras.Graphs;
using Keras.Layers;

namespace Keras;

/// <content>The overlap of boxes, and boxes encoded relative to anchors.</content>
public sealed partial class BoundingBoxesApi
{
    /// <summary>Computes the intersection over union of each pair of boxes: the area that both cover, as a fraction of the area that at least one covers.</summary>
    /// <param name="boxes1">(N, 4) or (B, N, 4).</param>
    /// <param name="boxes2">(M, 4) or (B, M, 4).</param>
    /// <param name="bounding_box_format">The format of both.</param>
    /// <param name="use_masking">Whether boxes of only negative numbers, in "yxyx", count as missing; default false.</param>
    /// <param name="mask_val">The result for missing boxes; default -1.</param>
    /// <param name="image_shape">(H, W, C); needed for relative formats.</param>
    /// <returns>(N, M) or (B, N, M).</returns>
    /// <exception cref="ArgumentException">The format is unknown, or relative without an image's shape; or mask_val is not finite.</exception>
    /// <exception cref="ShapeMismatchException">The boxes have another shape.</exception>
    public Tensor compute_iou(TensorLike boxes1, TensorLike boxes2, string bounding_box_format, bool use_masking = false, double mask_val = -1, Shape? image_shape = null)
    {
        var (height, width) = SizeOf(image_shape);
        var first = RowsFirst(boxes1, nameof(boxes1), bounding_box_format, height, width);
        var second = RowsFirst(boxes2, nameof(boxes2), bounding_box_format, height, width);
        static Tensor Across(Tensor column) => column.ndim == 2 ? Tf.Transpose(column, 1, 0) : Tf.Transpose(column, 0, 2, 1);
        var (top, left, bottom, right) = BoxFormat.Columns(first);
        var (top2, left2, bottom2, right2) = BoxFormat.Columns(second);
        static Tensor Length(Tensor from, Tensor to) => Tf.Maximum(to - from, Tf.ZerosLike(to - from));
        var both = Length(Tf.Maximum(top, Across(top2)), Tf.Minimum(bottom, Across(bottom2))) * Length(Tf.Maximum(left, Across(left2)), Tf.Minimum(right, Across(right2)));
        var either = ((bottom - top) * (right - left)) + Across((bottom2 - top2) * (right2 - left2)) - both;
        var iou = both / (either + Api.keras.config.epsilon());
        Require.Finite(mask_val);
        if (!use_masking) return iou;
        static Tensor IsNone(Tensor boxes) => Tf.Max(boxes, [boxes.ndim - 1], keep_dims: true) < 0.0;
        return Tf.SelectV2(Tf.LogicalOr(IsNone(first), Across(IsNone(second))), Tf.Constant(mask_val, iou.dtype), iou);
    }

    static (Tensor? Height, Tensor? Width) SizeOf(Shape? image_shape) => image_shape is null ? (null, null)
        : image_shape.Rank == 3 ? (Tf.Constant(image_shape[0], DType.Float32), Tf.Constant(image_shape[1], DType.Float32))
        : throw new ShapeMismatchException("The image_shape is not the shape of an image", "keras.utils.bounding_boxes", "(height, width, channels)", image_shape.ToString());

    static Tensor RowsFirst(TensorLike boxes, string name, string format, Tensor? height, Tensor? width)
    {
        var given = RequireFour(boxes.Tensor, name);
        if (given.ndim is not (2 or 3)) throw new ShapeMismatchException($"The {name} have the wrong rank", "keras.utils.bounding_boxes.compute_iou", "(boxes, 4) or (batch, boxes, 4)", given.shape.ToString());
        if (BoxFormat.Of(format, "bounding_box_format").IsRelative && height is null) throw new ArgumentException($"The image's shape is needed for the relative format \"{format}\". Received: null.", "image_shape");
        return BoxTensors.Convert(given, format, "yxyx", height, width);
    }

    /// <summary>Computes the complete IoU of boxes, pair by pair: their intersection over union, lowered where centres lie apart or proportions differ.</summary>
    /// <param name="boxes1">(..., 4).</param>
    /// <param name="boxes2">(..., 4).</param>
    /// <param name="bounding_box_format">The format of both; none of the relative ones.</param>
    /// <param name="image_shape">(H, W, C); it changes nothing for these formats.</param>
    /// <returns>(...).</returns>
    /// <remarks>Source: Zheng et al., "Distance-IoU loss", 2020.</remarks>
    /// <exception cref="ArgumentException">The format is unknown or relative.</exception>
    public Tensor compute_ciou(TensorLike boxes1, TensorLike boxes2, string bounding_box_format, Shape? image_shape = null)
    {
        if (BoxFormat.Of(bounding_box_format, nameof(bounding_box_format)).IsRelative) throw new ArgumentException($"The format is not supported. Expected: none of the relative formats, as in Keras. Received: \"{bounding_box_format}\".", nameof(bounding_box_format));
        var (height, width) = SizeOf(image_shape);
        var epsilon = Api.keras.config.epsilon();
        var (x1, y1, x2, y2) = BoxFormat.Columns(BoxTensors.Convert(RequireFour(boxes1.Tensor, nameof(boxes1)), bounding_box_format, "xyxy", height, width));
        var (u1, v1, u2, v2) = BoxFormat.Columns(BoxTensors.Convert(RequireFour(boxes2.Tensor, nameof(boxes2)), bounding_box_format, "xyxy", height, width));
        var (w1, h1, w2, h2) = (x2 - x1, y2 - y1 + epsilon, u2 - u1, v2 - v1 + epsilon);
        static Tensor Length(Tensor from, Tensor to) => Tf.Maximum(to - from, Tf.ZerosLike(to - from));
        var both = Length(Tf.Maximum(x1, u1), Tf.Minimum(x2, u2)) * Length(Tf.Maximum(y1, v1), Tf.Minimum(y2, v2));
        var iou = both / ((w1 * h1) + (w2 * h2) - both + (2 * epsilon));
        var diagonal = Tf.Square(Tf.Maximum(x2, u2) - Tf.Minimum(x1, u1)) + Tf.Square(Tf.Maximum(y2, v2) - Tf.Minimum(y1, v1)) + epsilon;
        var distance = Tf.Square(((x1 + x2) / 2) - ((u1 + u2) / 2)) + Tf.Square(((y1 + y2) / 2) - ((v1 + v2) / 2));
        var proportions = Tf.Square(Tf.Atan(w2 / h2) - Tf.Atan(w1 / h1)) * (4 / (Math.PI * Math.PI));
        var share = proportions / (proportions - iou + (1 + epsilon));
        return Tf.Squeeze(iou - ((distance / diagonal) + (proportions * share)), iou.ndim - 1);
    }

    /// <summary>Encodes boxes as their differences from anchors: the shift of the centre and the logarithm of the size, relative to the anchor's size.</summary>
    /// <param name="anchors">(..., 4).</param>
    /// <param name="boxes">(..., 4).</param>
    /// <param name="anchor_format">The anchors' format.</param>
    /// <param name="box_format">The boxes' format.</param>
    /// <param name="encoding_format">"center_yxhw" (default) or "center_xywh".</param>
    /// <param name="variance">Four numbers that the result is divided by; default none.</param>
    /// <param name="image_shape">(H, W, C); needed for relative formats.</param>
    /// <exception cref="ArgumentException">A format is unknown, or the variance does not have four numbers.</exception>
    public Tensor encode_box_to_deltas(TensorLike anchors, TensorLike boxes, string anchor_format, string box_format, string encoding_format = "center_yxhw", double[]? variance = null, Shape? image_shape = null)
    {
        var scale = Variance(variance);
        Known.OneOf(encoding_format, nameof(encoding_format), "center_xywh", "center_yxhw");
        BoxFormat.Of(anchor_format, nameof(anchor_format));
        BoxFormat.Of(box_format, nameof(box_format));
        var (height, width) = SizeOf(image_shape);
        var anchor = BoxTensors.Convert(RequireFour(anchors.Tensor, nameof(anchors)), anchor_format, encoding_format, height, width);
        var box = BoxTensors.Convert(RequireFour(boxes.Tensor, nameof(boxes)), box_format, encoding_format, height, width);
        var least = Tf.Constant(Api.keras.config.epsilon(), anchor.dtype);
        var (size, boxSize) = (Tf.Maximum(Half(anchor, 2), least), Tf.Maximum(Half(box, 2), least));
        var deltas = Tf.Concat([(Half(box, 0) - Half(anchor, 0)) / size, Tf.Log(boxSize / size)], anchor.ndim - 1);
        return scale is null ? deltas : deltas / scale;
    }

    static Tensor Half(Tensor boxes, int from) => Slices.Of(boxes, boxes.ndim - 1, from, from + 2);

    static Tensor? Variance(double[]? variance) => variance is null ? null
        : variance.Length == 4 ? Tf.Cast(Tensor.Of(variance), DType.Float32) : throw new ArgumentException($"The variance has the wrong length. Expected: four numbers. Received: {Known.Say(variance)}.", nameof(variance));

    /// <summary>Decodes boxes from their differences to anchors; a dictionary of both is decoded entry by entry.</summary>
    /// <param name="anchors">(..., 4), or a dictionary of such.</param>
    /// <param name="boxes_delta">(..., 4), or a dictionary with the same keys.</param>
    /// <param name="anchor_format">The anchors' format.</param>
    /// <param name="box_format">The format of the result.</param>
    /// <param name="encoded_format">"center_yxhw" (default) or "center_xywh".</param>
    /// <param name="variance">Four numbers that the differences are multiplied by; default none.</param>
    /// <param name="image_shape">(H, W, C); needed for relative formats.</param>
    /// <exception cref="ArgumentException">A format is unknown, or the variance does not have four numbers.</exception>
    public Tensors decode_deltas_to_boxes(Tensors anchors, Tensors boxes_delta, string anchor_format, string box_format, string encoded_format = "center_yxhw", double[]? variance = null, Shape? image_shape = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(boxes_delta);
        var scale = Variance(variance);
        Known.OneOf(encoded_format, nameof(encoded_format), "center_xywh", "center_yxhw");
        BoxFormat.Of(anchor_format, nameof(anchor_format));
        BoxFormat.Of(box_format, nameof(box_format));
        var (height, width) = SizeOf(image_shape);
        return anchors.IsDictionary && boxes_delta.IsDictionary ? new Tensors(anchors.Named().Select(a => KeyValuePair.Create(a.Key, new Tensors(One(a.Value, boxes_delta[a.Key]))))) : new Tensors(One(anchors, boxes_delta));

        Tensor One(Tensor anchor, Tensor delta)
        {
            var encoded = BoxTensors.Convert(RequireFour(anchor, nameof(anchors)), anchor_format, encoded_format, height, width);
            var by = RequireFour(delta, nameof(boxes_delta));
            if (scale is not null) by *= scale;
            var box = Tf.Concat([(Half(by, 0) * Half(encoded, 2)) + Half(encoded, 0), Tf.Exp(Half(by, 2)) * Half(encoded, 2)], encoded.ndim - 1);
            return BoxTensors.Convert(box, encoded_format, box_format, height, width);
        }
    }
}
