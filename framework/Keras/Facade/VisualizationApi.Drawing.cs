using Keras.Plots;

namespace Keras;

/// <summary>keras.visualization: draws images with boxes, masks and labels, as tensors and as PNG files.</summary>
/// <remarks>Everything is drawn here; Keras draws by OpenCV and Matplotlib, so single pixels of lines and letters differ. Source: keras/src/visualization.</remarks>
public sealed partial class VisualizationApi
{
    static readonly string[] BoxFormats = ["xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh"];

    internal VisualizationApi() { }

    /// <summary>Draws bounding boxes on images.</summary>
    /// <param name="images">Images (B, H, W, C), of 1, 3 or 4 channels: integers from 0 to 255, or floats of the same range, or of 0 to 1 if none is larger.</param>
    /// <param name="bounding_boxes">"boxes" (B, N, 4), "labels" (B, N), where -1 means no box, and, for a number after each label, "confidences" (B, N).</param>
    /// <param name="bounding_box_format">The format of boxes: "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", or "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh" as parts of height and width.</param>
    /// <param name="class_mapping">The names of classes, which are written above boxes; default none.</param>
    /// <param name="color">Red, green and blue, 0 to 255; default (128, 128, 128).</param>
    /// <param name="line_thickness">The pixels of a line; default 2.</param>
    /// <param name="text_thickness">The pixels of a letter's lines; default 1.</param>
    /// <param name="font_scale">The size of letters, 1 for about 14 pixels; default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <returns>uint8, of the images' shape.</returns>
    /// <exception cref="ShapeMismatchException">Images, boxes, labels or confidences have another shape.</exception>
    /// <exception cref="ArgumentException">A key is missing, or the format, a colour or a number is out of range.</exception>
    public Tensor draw_bounding_boxes(Tensor images, IReadOnlyDictionary<string, Tensor> bounding_boxes, string bounding_box_format, IReadOnlyDictionary<int, string>? class_mapping = null,
        (int Red, int Green, int Blue)? color = null, int line_thickness = 2, int text_thickness = 1, double font_scale = 1, string? data_format = null)
    {
        var batch = PictureBatch.Of(images, data_format, "draw_bounding_boxes");
        var pictures = Plain(batch);
        DrawBoxes(pictures, batch, bounding_boxes, bounding_box_format, class_mapping, color ?? (128, 128, 128), line_thickness, text_thickness, font_scale);
        return batch.Packed(pictures, data_format);
    }

    /// <summary>Converts images to pictures; as in Keras, floats count as 0 to 1 if none is larger.</summary>
    static Canvas[] Plain(PictureBatch batch)
    {
        var most = batch.IsFloating && batch.Values.Max() <= 1 ? 1 : 255;
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch.Picture(i, 0, most))];
    }

    static void DrawBoxes(Canvas[] pictures, PictureBatch batch, IReadOnlyDictionary<string, Tensor> bounding_boxes, string bounding_box_format, IReadOnlyDictionary<int, string>? class_mapping,
        (int, int, int) color, int line_thickness, int text_thickness, double font_scale)
    {
        ArgumentNullException.ThrowIfNull(bounding_boxes);
        Known.OneOf(bounding_box_format, nameof(bounding_box_format), BoxFormats);
        var (colour, thickness) = (Gallery.ColourOf(color, nameof(color)), Require.Count(1, line_thickness));
        Require.Count(1, text_thickness);
        Require.Positive(font_scale);
        var (boxes, count) = Part("boxes", 3);
        var (labels, _) = Part("labels", 2, count);
        var confidences = bounding_boxes.ContainsKey("confidences") ? Part("confidences", 2, count).Values : null;
        for (var image = 0; image < batch.Count; image++)
            for (var i = 0; i < count; i++)
            {
                var at = (image * count) + i;
                if (labels[at] < 0) continue;
                var (left, top, right, bottom) = Corners(boxes.AsSpan(4 * at, 4), bounding_box_format, batch.Height, batch.Width);
                pictures[image].Rectangle(left, top, right, bottom, thickness, colour);
                if (class_mapping is null || !class_mapping.TryGetValue((int)labels[at], out var name)) continue;
                var text = confidences is null ? name : FormattableString.Invariant($"{name} | {confidences[at]:F2}");
                // Above the box, or inside if there is no room.
                var (size, height) = (2 * font_scale, (int)(2 * font_scale * PixelFont.Height));
                pictures[image].Text(text, left + (top - height - 8 > 0 ? 0 : 3 + thickness), top - height - 8 > 0 ? top - height - 4 : top + thickness + 3, size, colour, text_thickness);
            }

        (double[] Values, int Count) Part(string key, int rank, int? expected = null)
        {
            if (!bounding_boxes.TryGetValue(key, out var tensor))
                throw new ArgumentException($"The bounding boxes lack an entry. Expected: a dictionary of \"boxes\" and \"labels\". Received the keys: {Known.List(bounding_boxes.Keys)}.", nameof(bounding_boxes));
            var fits = tensor.ndim == rank && tensor.shape[0] == batch.Count && (expected is null || tensor.shape[1] == expected) && (rank == 2 || tensor.shape[2] == 4);
            return fits ? (tensor.RequireEager().ToHost().ToDouble(), (int)tensor.shape[1])
                : throw new ShapeMismatchException("Bounding boxes do not fit the images", $"\"{key}\"", $"({batch.Count}, {expected?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "N"}{(rank == 3 ? ", 4" : "")})", tensor.shape.ToString());
        }
    }

    static (int Left, int Top, int Right, int Bottom) Corners(ReadOnlySpan<double> box, string format, int height, int width)
    {
        var (wide, high) = format.StartsWith("rel_", StringComparison.Ordinal) ? (width, height) : (1.0, 1.0);
        var (a, b, c, d) = (box[0], box[1], box[2], box[3]);
        var (left, top, right, bottom) = format.Replace("rel_", "", StringComparison.Ordinal) switch
        {
            "xyxy" => (a, b, c, d),
            "yxyx" => (b, a, d, c),
            "xywh" => (a, b, a + c, b + d),
            "center_xywh" => (a - (c / 2), b - (d / 2), a + (c / 2), b + (d / 2)),
            _ => (b - (d / 2), a - (c / 2), b + (d / 2), a + (c / 2)),
        };
        int Pixel(double value, double scale) => double.IsNaN(value) ? 0 : (int)Math.Clamp(value * scale, -1e6, 1e6);
        return (Pixel(left, wide), Pixel(top, high), Pixel(right, wide), Pixel(bottom, high));
    }

    /// <summary>Draws segmentation masks on images, a colour for each class.</summary>
    /// <remarks>Without num_classes, Keras leaves out the largest class.</remarks>
    /// <param name="images">Images (B, H, W, C), of 1, 3 or 4 channels, from 0 to 255.</param>
    /// <param name="segmentation_masks">The class of each pixel, (B, H, W) or (B, H, W, 1), integers from 0.</param>
    /// <param name="num_classes">The number of classes; pixels of others are not drawn. Default: the largest class and one.</param>
    /// <param name="color_mapping">Red, green and blue of each class, 0 to 255; if 0 has none, it is not drawn. Default a palette that begins with black.</param>
    /// <param name="alpha">How opaque the colours are, 0 to 1; default 0.8.</param>
    /// <param name="blend">Whether colours are mixed with the image, default true; false draws them opaque, those of the ignored class too.</param>
    /// <param name="ignore_index">The class that is not drawn; default -1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first", of images and masks.</param>
    /// <returns>uint8, of the images' shape.</returns>
    /// <exception cref="ShapeMismatchException">Images or masks have another shape.</exception>
    /// <exception cref="ArgumentException">The masks are not integers, a class has no colour, or a number is out of range.</exception>
    public Tensor draw_segmentation_masks(Tensor images, Tensor segmentation_masks, int? num_classes = null, IReadOnlyDictionary<int, (int Red, int Green, int Blue)>? color_mapping = null, double alpha = 0.8,
        bool blend = true, int ignore_index = -1, string? data_format = null)
    {
        var batch = PictureBatch.Of(images, data_format, "draw_segmentation_masks");
        return batch.Packed(Masked(batch, Pictures(batch, null), segmentation_masks, num_classes, color_mapping, alpha, blend, ignore_index, data_format), data_format);
    }

    static Canvas[] Masked(PictureBatch batch, Canvas[] pictures, Tensor segmentation_masks, int? num_classes, IReadOnlyDictionary<int, (int, int, int)>? color_mapping, double alpha, bool blend, int ignore_index, string? data_format)
    {
        ArgumentNullException.ThrowIfNull(segmentation_masks);
        Require.Share(alpha);
        if (num_classes is { } given) Require.Count(1, given, nameof(num_classes));
        if (!segmentation_masks.dtype.IsInteger) throw new ArgumentException($"The masks do not hold whole numbers. Expected: masks of whole numbers. Received: {segmentation_masks.dtype.Name}. Cast them: ops.cast(masks, \"int32\").", nameof(segmentation_masks));
        var masks = segmentation_masks.ndim == 4 && segmentation_masks.shape[data_format == "channels_first" ? 1 : 3] == 1 ? Api.ops.squeeze(segmentation_masks, data_format == "channels_first" ? 1 : 3) : segmentation_masks;
        if (masks.ndim != 3 || masks.shape[0] != batch.Count || masks.shape[1] != batch.Height || masks.shape[2] != batch.Width)
            throw new ShapeMismatchException("Masks do not fit the images", "draw_segmentation_masks", $"({batch.Count}, {batch.Height}, {batch.Width})", segmentation_masks.shape.ToString());
        var classes = masks.RequireEager().ToHost().ToDouble();
        var number = num_classes ?? (int)Math.Max(classes.Max(), 0) + 1;
        for (var i = 0; i < classes.Length; i++)
        {
            var (found, image, y, x) = ((int)classes[i], i / (batch.Height * batch.Width), i / batch.Width % batch.Height, i % batch.Width);
            if (found < 0 || found >= number || (blend && found == ignore_index)) continue;
            if (ColourOf(found, color_mapping) is not { } colour) continue;
            var before = pictures[image][x, y];
            byte Mixed(byte old, byte made) => blend ? (byte)((old * (float)(1 - alpha)) + (made * (float)alpha)) : made;
            pictures[image][x, y] = new(Mixed(before.Red, colour.Red), Mixed(before.Green, colour.Green), Mixed(before.Blue, colour.Blue), before.Alpha);
        }
        return pictures;
    }

    static Colour? ColourOf(int found, IReadOnlyDictionary<int, (int, int, int)>? mapping)
    {
        // Keras' palette.
        if (mapping is null) return new((byte)(found * ((1L << 25) - 1) % 255), (byte)(found * ((1L << 15) - 1) % 255), (byte)(found * ((1L << 21) - 1) % 255));
        if (mapping.TryGetValue(found, out var colour)) return Gallery.ColourOf(colour, "color_mapping");
        return found == 0 ? null : throw new ArgumentException($"Class {found} of the masks has no colour. Known: {Known.List(mapping.Keys.Order())}.", "color_mapping");
    }
}
