using Keras.Files;
using Keras.Graphs;
using Keras.Plots;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Pictures of images, boxes and masks.</summary>
    public VisualizationApi visualization { get; } = new();
}

public sealed partial class VisualizationApi
{
    const double Scale = 2;
    const int Dpi = 60;

    /// <summary>Draws many images in rows and columns, as one picture.</summary>
    /// <remarks>There is no window to show it in, so Keras' <c>show</c> is missing. All images are shown if neither rows nor columns are given; Keras leaves out those of an incomplete row.</remarks>
    /// <param name="images">Images (B, H, W, C), of 1, 3 or 4 channels.</param>
    /// <param name="y_true">The class of each image, (B), integers; default none.</param>
    /// <param name="y_pred">The predicted class of each, (B), integers; default none.</param>
    /// <param name="label_map">The names of classes; needed for y_true and y_pred.</param>
    /// <param name="rows">The number of rows; default the square root of the number of images, rounded up.</param>
    /// <param name="cols">The number of columns; default as many as hold all images.</param>
    /// <param name="value_range">The values of black and white; default (0, 255).</param>
    /// <param name="scale">The size of an image in inches; default 2.</param>
    /// <param name="path">The PNG file; by default none is written.</param>
    /// <param name="transparent">Whether the background is transparent, not white; default true.</param>
    /// <param name="dpi">Pixels in an inch; default 60.</param>
    /// <param name="legend_handles">Names and their colours, below the images; default none.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <returns>The picture: uint8 (height, width, 4), red, green, blue and opacity.</returns>
    /// <exception cref="ShapeMismatchException">Images or classes have another shape.</exception>
    /// <exception cref="ArgumentException">Classes have no names, a number is out of range, or the file is not a PNG file.</exception>
    public Tensor plot_image_gallery(Tensor images, Tensor? y_true = null, Tensor? y_pred = null, IReadOnlyDictionary<int, string>? label_map = null, int? rows = null, int? cols = null,
        (double Least, double Most)? value_range = null, double scale = Scale, string? path = null, bool transparent = true, int dpi = Dpi,
        IReadOnlyDictionary<string, (int Red, int Green, int Blue)>? legend_handles = null, string? data_format = null)
    {
        var batch = PictureBatch.Of(images, data_format, "plot_image_gallery");
        if ((y_true ?? y_pred) is not null && label_map is null) throw new ArgumentException("The classes have no names. Give label_map.", nameof(label_map));
        var (truth, predicted) = (ClassesOf(y_true, nameof(y_true)), ClassesOf(y_pred, nameof(y_pred)));
        string? Title(int i)
        {
            string Name(int value) => label_map!.GetValueOrDefault(value, "Unknown");
            string[] parts = [.. truth is null ? [] : new[] { $"Label: {Name(truth[i])}" }, .. predicted is null ? [] : new[] { $"Pred: {Name(predicted[i])}" }];
            return parts.Length == 0 ? null : string.Join("  ", parts);
        }
        return Shown(Pictures(batch, value_range), [.. Enumerable.Range(0, batch.Count).Select(Title)], rows, cols, scale, path, transparent, dpi, legend_handles);

        int[]? ClassesOf(Tensor? classes, string name)
        {
            if (classes is null) return null;
            if (classes.ndim != 1 || classes.shape[0] != batch.Count) throw new ShapeMismatchException("Classes do not fit the images", name, $"({batch.Count})", classes.shape.ToString());
            return classes.dtype.IsInteger ? [.. classes.RequireEager().ToHost().ToDouble().Select(v => (int)v)] : throw new ArgumentException($"The classes are not whole numbers. Expected: classes as whole numbers. Received: {classes.dtype.Name}.", name);
        }
    }

    /// <summary>Draws many images with bounding boxes in rows and columns, as one picture.</summary>
    /// <param name="images">Images (B, H, W, C), of 1, 3 or 4 channels.</param>
    /// <param name="bounding_box_format">As in <see cref="draw_bounding_boxes"/>.</param>
    /// <param name="y_true">The true boxes, as in <see cref="draw_bounding_boxes"/>; default none.</param>
    /// <param name="y_pred">The predicted boxes; default none.</param>
    /// <param name="value_range">The values of black and white; default (0, 255).</param>
    /// <param name="true_color">The colour of true boxes; default (0, 188, 212).</param>
    /// <param name="pred_color">The colour of predicted boxes; default (255, 235, 59).</param>
    /// <param name="line_thickness">The pixels of a line; default 2.</param>
    /// <param name="font_scale">The size of letters; default 1.</param>
    /// <param name="text_thickness">The pixels of a letter's lines; default <paramref name="line_thickness"/>.</param>
    /// <param name="class_mapping">The names of classes; default none are written.</param>
    /// <param name="ground_truth_mapping">The names of classes of true boxes; default <paramref name="class_mapping"/>.</param>
    /// <param name="prediction_mapping">The names of classes of predicted boxes; default <paramref name="class_mapping"/>.</param>
    /// <param name="legend">Whether a legend tells which colour is which; default false.</param>
    /// <param name="legend_handles">A custom legend instead; default none.</param>
    /// <param name="rows">The number of rows; default chosen.</param>
    /// <param name="cols">The number of columns; default chosen.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="scale">The size of an image in inches; default 2.</param>
    /// <param name="path">The PNG file; by default none is written.</param>
    /// <param name="transparent">Whether the background is transparent, not white; default true.</param>
    /// <param name="dpi">Pixels in an inch; default 60.</param>
    /// <returns>The picture: uint8 (height, width, 4).</returns>
    /// <exception cref="ShapeMismatchException">Images or boxes have another shape.</exception>
    /// <exception cref="ArgumentException">A key or number is out of range, or there are two legends.</exception>
    public Tensor plot_bounding_box_gallery(Tensor images, string bounding_box_format, IReadOnlyDictionary<string, Tensor>? y_true = null, IReadOnlyDictionary<string, Tensor>? y_pred = null,
        (double Least, double Most)? value_range = null, (int Red, int Green, int Blue)? true_color = null, (int Red, int Green, int Blue)? pred_color = null, int line_thickness = 2, double font_scale = 1,
        int? text_thickness = null, IReadOnlyDictionary<int, string>? class_mapping = null, IReadOnlyDictionary<int, string>? ground_truth_mapping = null, IReadOnlyDictionary<int, string>? prediction_mapping = null,
        bool legend = false, IReadOnlyDictionary<string, (int Red, int Green, int Blue)>? legend_handles = null, int? rows = null, int? cols = null, string? data_format = null, double scale = Scale,
        string? path = null, bool transparent = true, int dpi = Dpi)
    {
        Known.OneOf(bounding_box_format, nameof(bounding_box_format), BoxFormats);
        if (legend && legend_handles is not null) throw new ArgumentException("Both legend: true and legend_handles were given. Give only one.", nameof(legend_handles));
        var batch = PictureBatch.Of(images, data_format, "plot_bounding_box_gallery");
        var pictures = Pictures(batch, value_range);
        var ((ofTruth, ofPrediction), thickness) = ((true_color ?? (0, 188, 212), pred_color ?? (255, 235, 59)), text_thickness ?? line_thickness);
        if (y_true is not null) DrawBoxes(pictures, batch, y_true, bounding_box_format, ground_truth_mapping ?? class_mapping, ofTruth, line_thickness, thickness, font_scale);
        if (y_pred is not null) DrawBoxes(pictures, batch, y_pred, bounding_box_format, prediction_mapping ?? class_mapping, ofPrediction, line_thickness, thickness, font_scale);
        if (legend) legend_handles = new Dictionary<string, (int, int, int)> { ["Ground Truth"] = ofTruth, ["Prediction"] = ofPrediction };
        return Shown(pictures, new string?[batch.Count], rows, cols, scale, path, transparent, dpi, legend_handles);
    }

    /// <summary>Draws images beside their true and predicted masks, one image per row, as one picture.</summary>
    /// <param name="images">Images (B, H, W, C), of 1, 3 or 4 channels.</param>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="value_range">The values of black and white; default (0, 255).</param>
    /// <param name="y_true">The true class of each pixel, (B, H, W) or (B, H, W, 1), integers; default none.</param>
    /// <param name="y_pred">The predicted class of each pixel; default none.</param>
    /// <param name="color_mapping">Red, green and blue of each class; default a palette.</param>
    /// <param name="blend">Whether colours are mixed with the image; default true.</param>
    /// <param name="alpha">How opaque the colours are, 0 to 1; default 0.8.</param>
    /// <param name="ignore_index">The class that is not drawn; default -1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first", of images and masks.</param>
    /// <param name="scale">The size of an image in inches; default 2.</param>
    /// <param name="path">The PNG file; by default none is written.</param>
    /// <param name="transparent">Whether the background is transparent, not white; default true.</param>
    /// <param name="dpi">Pixels in an inch; default 60.</param>
    /// <returns>The picture: uint8 (height, width, 4).</returns>
    /// <exception cref="ShapeMismatchException">Images or masks have another shape.</exception>
    /// <exception cref="ArgumentException">The masks are not integers, a class has no colour, or a number is out of range.</exception>
    public Tensor plot_segmentation_mask_gallery(Tensor images, int num_classes, (double Least, double Most)? value_range = null, Tensor? y_true = null, Tensor? y_pred = null,
        IReadOnlyDictionary<int, (int Red, int Green, int Blue)>? color_mapping = null, bool blend = true, double alpha = 0.8, int ignore_index = -1, string? data_format = null, double scale = Scale,
        string? path = null, bool transparent = true, int dpi = Dpi)
    {
        Require.Count(1, num_classes);
        Require.Share(alpha);
        var batch = PictureBatch.Of(images, data_format, "plot_segmentation_mask_gallery");
        List<Canvas[]> columns = [Pictures(batch, value_range)];
        foreach (var masks in new[] { y_true, y_pred }.OfType<Tensor>()) columns.Add(Masked(batch, Pictures(batch, value_range), masks, num_classes, color_mapping, alpha, blend, ignore_index, data_format));
        var pictures = Enumerable.Range(0, batch.Count).SelectMany(i => columns.Select(c => c[i])).ToArray();
        return Shown(pictures, new string?[pictures.Length], batch.Count, columns.Count, scale, path, transparent, dpi, null);
    }

    static Canvas[] Pictures(PictureBatch batch, (double Least, double Most)? value_range)
    {
        var (least, most) = value_range ?? (0, 255);
        if (!(least < most) || !double.IsFinite(most - least)) throw new ArgumentException($"The value_range is not a range. Expected: two numbers, the smaller first. Received: ({least}, {most}).", nameof(value_range));
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch.Picture(i, least, most))];
    }

    static Tensor Shown(Canvas[] pictures, string?[] titles, int? rows, int? cols, double scale, string? path, bool transparent, int dpi, IReadOnlyDictionary<string, (int, int, int)>? legend)
    {
        if (rows is { } r) Require.Count(1, r, nameof(rows));
        if (cols is { } c) Require.Count(1, c, nameof(cols));
        var cell = (int)Math.Ceiling(Require.Positive(scale) * Require.Count(1, dpi));
        if (path is not null && !path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"The picture cannot be written to this file. Expected: the name of a PNG file, .png. Received: \"{path}\".", nameof(path));
        var down = rows ?? (cols is { } across ? (pictures.Length + across - 1) / across : (int)Math.Ceiling(Math.Sqrt(pictures.Length)));
        var side = cols ?? (pictures.Length + down - 1) / down;
        if ((long)down * side * cell * cell > int.MaxValue / 8) throw new ArgumentException($"The picture would have {(long)down * cell} x {(long)side * cell} pixels. Make scale or dpi smaller, or give fewer images.", nameof(scale));
        var gallery = Gallery.Of(pictures, titles, down, side, cell, transparent, legend);
        if (path is not null) AtomicFile.WriteAllBytes(path, gallery.ToPng());
        var samples = new byte[gallery.Width * gallery.Height * 4];
        for (var i = 0; i < samples.Length; i += 4)
        {
            var colour = gallery[i / 4 % gallery.Width, i / 4 / gallery.Width];
            (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = (colour.Red, colour.Green, colour.Blue, colour.Alpha);
        }
        return Tf.Constant(HostTensor.Of<byte>(samples, new Shape(gallery.Height, gallery.Width, 4)));
    }
}
