using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Operations on boxes (..., 4) and on dictionaries of "boxes" and "labels".</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/bounding_boxes.</remarks>
static class BoxTensors
{
    /// <summary>Checks a dictionary of boxes and labels and returns it.</summary>
    /// <exception cref="ArgumentException">The argument is not a dictionary with boxes and labels.</exception>
    /// <exception cref="ShapeMismatchException">The ranks do not fit.</exception>
    public static Tensors Checked(Tensors given, string argument)
    {
        ArgumentNullException.ThrowIfNull(given, argument);
        if (!given.ContainsKey("boxes") || !given.ContainsKey("labels"))
            throw new ArgumentException($"The bounding boxes lack a key. Expected: a dictionary with the keys 'boxes' and 'labels'. Received: {(given.IsDictionary ? Known.List(given.Keys) : "no dictionary")}.", argument);
        var (boxes, labels) = (given["boxes"].Single, given["labels"].Single);
        if (boxes.ndim is not (2 or 3) || boxes.shape[-1] is not (4 or < 0))
            throw new ShapeMismatchException($"The boxes of {argument} have the wrong shape", argument, "(boxes, 4) or (batch, boxes, 4)", boxes.shape.ToString());
        if (labels.ndim < boxes.ndim - 1 || labels.ndim > boxes.ndim)
            throw new ShapeMismatchException($"The labels of {argument} do not fit the boxes", argument, $"rank {boxes.ndim - 1} or {boxes.ndim}, as there are boxes of shape {boxes.shape}", labels.shape.ToString());
        return given;
    }

    /// <summary>Replaces the boxes of a dictionary, and the labels if given.</summary>
    public static Tensors With(Tensors given, Tensor boxes, Tensor? labels = null) => new(given.Named().Select(g => KeyValuePair.Create(g.Key, g.Key switch
    {
        "boxes" => new Tensors(boxes),
        "labels" when labels is not null => new Tensors(labels),
        _ => g.Value,
    })));

    /// <summary>Converts boxes to another format.</summary>
    /// <exception cref="ArgumentException">A format is unknown, or relative while the image's size is not given.</exception>
    public static Tensor Convert(Tensor boxes, string source, string target, Tensor? height, Tensor? width, DType? dtype = null)
    {
        if (boxes.ndim < 1 || boxes.shape[-1] is not (4 or < 0)) throw new ShapeMismatchException("The boxes do not have four numbers each", "convert_format", "a last dimension of 4", boxes.shape.ToString());
        var (given, wanted) = (BoxFormat.Of(source, nameof(source)), BoxFormat.Of(target, nameof(target)));
        if ((given.IsRelative || wanted.IsRelative) && (height is null || width is null))
            throw new ArgumentException($"Height and width of the image are needed between relative and other formats. Received: source \"{source}\", target \"{target}\", and not both sizes.", height is null ? nameof(height) : nameof(width));
        var x = Tf.Cast(boxes, dtype ?? DType.Float32);
        if (given == wanted) return x;
        var corners = given.ToCorners(x);
        if (given.IsRelative != wanted.IsRelative)
        {
            var (w, h) = (Tf.Cast(width!, x.dtype), Tf.Cast(height!, x.dtype));
            corners = [.. corners.Select((c, i) => (given.IsRelative, i % 2) switch { (true, 0) => c * w, (true, _) => c * h, (_, 0) => c / w, _ => c / h })];
        }
        return wanted.OfCorners(corners[0], corners[1], corners[2], corners[3]);
    }

    /// <summary>Converts a dictionary's boxes to another format.</summary>
    public static Tensors Convert(Tensors given, string source, string target, Tensor? height, Tensor? width, DType? dtype = null) => With(given, Convert(given["boxes"].Single, source, target, height, width, dtype));

    /// <summary>Clips a dictionary's boxes to the image; boxes without area left get the label -1.</summary>
    /// <exception cref="ArgumentException">The format is neither "xyxy" nor "rel_xyxy", or "xyxy" without the image's size.</exception>
    public static Tensors Clip(Tensors given, Tensor? height, Tensor? width, string bounding_box_format)
    {
        Known.OneOf(bounding_box_format, nameof(bounding_box_format), "xyxy", "rel_xyxy");
        var boxes = given["boxes"].Single;
        var isRelative = bounding_box_format == "rel_xyxy";
        if (!isRelative && (height is null || width is null)) throw new ArgumentException("Boxes of the format \"xyxy\" cannot be clipped without the image's size. Give height and width.", height is null ? nameof(height) : nameof(width));
        var one = Tf.Constant(1, boxes.dtype);
        var (right, bottom) = isRelative ? (one, one) : (Tf.Cast(width!, boxes.dtype), Tf.Cast(height!, boxes.dtype));
        var (a, b, c, d) = BoxFormat.Columns(boxes);
        (a, b, c, d) = (Between(a, right), Between(b, bottom), Between(c, right), Between(d, bottom));
        var clipped = Tf.Concat([a, b, c, d], boxes.ndim - 1);
        if (!given.TryGet("labels", out var labels)) return With(given, clipped);
        var area = Tf.Squeeze((c - a) * (d - b), boxes.ndim - 1);
        if (labels.Single.ndim == boxes.ndim) area = Tf.ExpandDims(area, -1);
        return With(given, clipped, Tf.SelectV2(Tf.Greater(area, Tf.ZerosLike(area)), labels.Single, Tf.Constant(-1, labels.Single.dtype)));
    }

    /// <summary>Clips coordinates to 0 .. limit.</summary>
    public static Tensor Between(Tensor place, Tensor limit) => Tf.Minimum(Tf.Maximum(place, Tf.ZerosLike(place)), limit);

    /// <summary>The boxes (B, N, 4) around boxes after a rotation, translation, scaling and shear of their image; one value of each per image, angles in degrees.</summary>
    public static Tensor Affine(Tensor boxes, Tensor angle, Tensor translate_x, Tensor translate_y, Tensor scale, Tensor shear_x, Tensor shear_y, Tensor height, Tensor width, Tensor? center_x = null, Tensor? center_y = null)
    {
        var dtype = angle.dtype;
        Tensor As(Tensor x) => Tf.Cast(x, dtype);
        var (lastX, lastY) = (As(width) - 1, As(height) - 1);
        var (cx, cy) = (center_x is null ? lastX * 0.5 : As(center_x) * lastX, center_y is null ? lastY * 0.5 : As(center_y) * lastY);
        const double radians = Math.PI / 180;
        var (turn, leanX, leanY) = (-angle * radians, -As(shear_x) * radians, -As(shear_y) * radians);
        var (atX, atY) = (cx - (As(translate_x) * lastX), cy - (As(translate_y) * lastY));
        var (cosY, tanX, rest, size) = (Tf.Cos(leanY), Tf.Tan(leanX), turn - leanY, As(scale));
        var (a, c) = (Tf.Cos(rest) / cosY, -Tf.Sin(rest) / cosY);
        var (b, d) = ((a * tanX) + Tf.Sin(turn), Tf.Cos(turn) - (c * tanX));
        var (a0, a1, b0, b1) = (d * size, -b * size, -c * size, a * size);
        var (a2, b2) = (cx - (a0 * atX) - (a1 * atY), cy - (b0 * atX) - (b1 * atY));
        static Tensor PerBox(Tensor x) => x.ndim == 0 ? x : Tf.Reshape(x, Tf.Int32(-1, 1, 1));
        var (left, top, right, bottom) = BoxFormat.Columns(As(boxes));
        var (xs, ys) = (Tf.Concat([left, right, right, left], boxes.ndim - 1), Tf.Concat([top, top, bottom, bottom], boxes.ndim - 1));
        var (movedX, movedY) = ((PerBox(a0) * xs) + (PerBox(a1) * ys) + PerBox(a2), (PerBox(b0) * xs) + (PerBox(b1) * ys) + PerBox(b2));
        return Around(movedX, movedY);
    }

    /// <summary>The bounding boxes of points: x and y (..., points).</summary>
    public static Tensor Around(Tensor xs, Tensor ys)
    {
        var last = xs.ndim - 1;
        return Tf.Concat([Tf.Min(xs, [last], keep_dims: true), Tf.Min(ys, [last], keep_dims: true), Tf.Max(xs, [last], keep_dims: true), Tf.Max(ys, [last], keep_dims: true)], last);
    }
}
