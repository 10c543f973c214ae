namespace Keras.Graphs;

/// <summary>Images (B, H, W, C): resizing, colours, patches, files.</summary>
static partial class Tf
{
    const string Corners = "{ align_corners: bool = false, half_pixel_centers: bool = false }";
    const string Kernel = "{ kernel_type: string = 'lanczos3', antialias: bool = true }";

    static readonly OpDefinition ResizeBilinearOp = Resizing("ResizeBilinear", "float32", Corners,
        c => Dispatch.Run(ResizeBilinearGradOp!, [c.Gradient, c.Inputs[0]], c.Attributes));
    static readonly OpDefinition ResizeBicubicOp = Resizing("ResizeBicubic", "float32", Corners,
        c => Dispatch.Run(ResizeBicubicGradOp!, [c.Gradient, c.Inputs[0]], c.Attributes));
    static readonly OpDefinition ResizeNearestOp = Resizing("ResizeNearestNeighbor", "T", Corners,
        c => Dispatch.Run(ResizeNearestGradOp!, [c.Gradient, Int32Slice(ShapeOf(c.Inputs[0]), 1, 3)], c.Attributes));
    static readonly OpDefinition ResizeAreaOp = Define("ResizeArea(images: T, size: int32) -> (resized_images: float32) { align_corners: bool = false }",
        ResizedShape);

    static readonly OpDefinition ResizeBilinearGradOp = ResizingGrad("ResizeBilinearGrad", "float32", Corners, () => ResizeBilinearOp);
    static readonly OpDefinition ResizeBicubicGradOp = ResizingGrad("ResizeBicubicGrad", "float32", Corners, () => ResizeBicubicOp);
    static readonly OpDefinition ResizeNearestGradOp = Define($"ResizeNearestNeighborGrad(grads: T, size: int32) -> (output: T) {Corners}", ResizedShape,
        c => [Dispatch.Run(ResizeNearestOp, [c.Gradient, Int32Slice(ShapeOf(c.Inputs[0]), 1, 3)], c.Attributes), null]);

    static readonly OpDefinition ScaleAndTranslateOp = Define($"ScaleAndTranslate(images: T, size: int32, scale: float32, translation: float32) -> (resized_images: float32) {Kernel}", ResizedShape,
        c => [Cast(Dispatch.Run(ScaleAndTranslateGradOp!, [c.Gradient, Cast(c.Inputs[0], DType.Float32), c.Inputs[2], c.Inputs[3]], c.Attributes),
            c.Inputs[0].dtype), null, null, null]);
    static readonly OpDefinition ScaleAndTranslateGradOp = Define($"ScaleAndTranslateGrad(grads: T, original_image: T, scale: float32, translation: float32) -> (output: T) {Kernel}", ShapeRules.SameAsSecond,
        c => [Dispatch.Run(ScaleAndTranslateOp, [c.Gradient, Int32Slice(ShapeOf(c.Inputs[0]), 1, 3), c.Inputs[2], c.Inputs[3]], c.Attributes), null,
            null, null]);

    static readonly OpDefinition ProjectiveTransformOp = Define(
        "ImageProjectiveTransformV3(images: dtype, transforms: float32, output_shape: int32, fill_value: float32) -> (transformed_images: dtype) { interpolation: string, fill_mode: string = 'CONSTANT' }",
        c =>
        {
            if (!c[0].HasRank) return [Shape.OfRank(4)];
            var images = c.Ranked(0, 4, 4);
            if (c[1].HasRank && c[1][0] is >= 0 and not 1 && !images[..1].IsCompatibleWith(c[1][..1])) throw c.Fail($"one transform, or one for each of {images[0]} images", c[1].ToString());
            RequirePositive(c, 2);
            return [Resized(c, images, 2)];
        });

    static readonly OpDefinition CropAndResizeOp = Define(
        "CropAndResize(image: T, boxes: float32, box_ind: int32, crop_size: int32) -> (crops: float32) { method: string = 'bilinear', extrapolation_value: float = 0 }",
        c =>
        {
            if (!c[1][..1].IsCompatibleWith(c[2])) throw c.Fail($"an image for each of {c[1][0]} boxes", c[2].ToString());
            if (!c[0].HasRank) return [Shape.OfRank(4)];
            if (c.Ranked(0, 4, 4)[1] == 0 || c[0][2] == 0) throw c.Fail("images of at least one pixel", c[0].ToString());
            RequirePositive(c, 3);
            return [Resized(c, c[0], 3).With(0, c[1].HasRank ? c[1].Symbolic[0] : -1)];
        });

    /// <summary>The boxes (y1, x1, y2, x2) of the best scores that do not overlap much with better ones.</summary>
    static readonly OpDefinition NonMaxSuppressionOp = Define(
        "NonMaxSuppressionV3(boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, score_threshold: T_threshold) -> (selected_indices: int32)",
        c => c.Known(2) is [< 0 and var most] ? throw c.Fail("'max_output_size' of at least 0", $"{most}") : [Shape.OfRank(1)], differentiable: false);

    const string Boxes = "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, score_threshold: T_threshold";

    static readonly OpDefinition NonMaxSuppressionV4Op = Define($"NonMaxSuppressionV4({Boxes}) -> (selected_indices: int32, valid_outputs: int32) {{ pad_to_max_output_size: bool = false }}",
        c => [ChosenBoxes(c), Shape.Scalar], differentiable: false, checksFirst: true);

    /// <summary>The soft variant: with a sigma, the scores of overlapping boxes are lowered instead of dropping the boxes.</summary>
    static readonly OpDefinition NonMaxSuppressionV5Op = Define("NonMaxSuppressionV5(boxes: T, scores: T, max_output_size: int32, iou_threshold: T, score_threshold: T, soft_nms_sigma: T) -> " +
        "(selected_indices: int32, selected_scores: T, valid_outputs: int32) { pad_to_max_output_size: bool = false }",
        c => [ChosenBoxes(c), ChosenBoxes(c), Shape.Scalar], differentiable: false, checksFirst: true);

    static readonly OpDefinition NonMaxSuppressionOfOverlapsOp = Define(
        "NonMaxSuppressionWithOverlaps(overlaps: float32, scores: float32, max_output_size: int32, overlap_threshold: float32, score_threshold: float32) -> (selected_indices: int32)", c =>
        {
            if (c[0] is { HasRank: true } overlaps && (overlaps.Rank != 2 || !new Shape(overlaps[0]).IsCompatibleWith(new Shape(overlaps[1])))) throw c.Fail("overlaps (N, N)", overlaps.ToString());
            if (c[1] is { HasRank: true } scores && (scores.Rank != 1 || (c[0].HasRank && !c[0][..1].IsCompatibleWith(scores)))) throw c.Fail("as many scores as boxes", scores.ToString());
            return [c.Known(2) is [< 0 and var most] ? throw c.Fail("'max_output_size' of at least 0", $"{most}") : Shape.OfRank(1)];
        }, differentiable: false, checksFirst: true);

    /// <summary>The best boxes of every image and class; boxes (B, N, 1 or classes, 4), scores (B, N, classes).</summary>
    static readonly OpDefinition CombinedNonMaxSuppressionOp = Define(
        "CombinedNonMaxSuppression(boxes: float32, scores: float32, max_output_size_per_class: int32, max_total_size: int32, iou_threshold: float32, score_threshold: float32) -> " +
        "(nmsed_boxes: float32, nmsed_scores: float32, nmsed_classes: float32, valid_detections: int32) { pad_per_class: bool = false, clip_boxes: bool = true }", c =>
        {
            var (boxes, scores) = (c[0], c[1]);
            if (boxes is { HasRank: true } && (boxes.Rank != 4 || boxes[3] is not (-1 or 4))) throw c.Fail("boxes (B, N, 1 or classes, 4)", boxes.ToString());
            if (scores is { HasRank: true, Rank: not 3 }) throw c.Fail("scores (B, N, classes)", scores.ToString());
            if (boxes.HasRank && scores.HasRank && (!boxes[..2].IsCompatibleWith(scores[..2]) || (boxes[2] >= 0 && boxes[2] != 1 && scores[2] >= 0 && boxes[2] != scores[2]))) throw c.Fail($"boxes for scores {scores}", boxes.ToString());
            for (var i = 2; i < 4; i++)
                if (c.Known(i) is [<= 0 and var most]) throw c.Fail("sizes of at least 1", $"{most}");
            var batch = boxes.HasRank ? boxes[0] : scores.HasRank ? scores[0] : -1;
            var count = c.Known(2) is [var each] && c.Known(3) is [var total] ? !c.Get<bool>("pad_per_class") ? total : scores is { HasRank: true } && scores[2] >= 0 ? Math.Min(total, each * scores[2]) : -1 : -1;
            return [new Shape(batch, count, 4), new Shape(batch, count), new Shape(batch, count), new Shape(batch)];
        }, differentiable: false, checksFirst: true);

    static Shape ChosenBoxes(ShapeContext c)
    {
        if (c[0] is { HasRank: true } boxes && (boxes.Rank != 2 || boxes[1] is not (-1 or 4))) throw c.Fail("boxes (N, 4)", boxes.ToString());
        if (c[1] is { HasRank: true } scores && (scores.Rank != 1 || (c[0].HasRank && !c[0][..1].IsCompatibleWith(scores)))) throw c.Fail("as many scores as boxes", scores.ToString());
        if (c.Known(2) is not [var most]) return Shape.OfRank(1);
        return most < 0 ? throw c.Fail("'max_output_size' of at least 0", $"{most}") : c.Get<bool>("pad_to_max_output_size") ? new Shape(most) : Shape.OfRank(1);
    }

    static readonly OpDefinition ExtractPatchesOp = Define("ExtractImagePatches(images: T) -> (patches: T) { ksizes: list(int), strides: list(int), rates: list(int), padding: string }", c =>
    {
        if (!c[0].HasRank) return [Shape.OfRank(4)];
        var (windows, strides, rates) = (c.Get<long[]>("ksizes"), c.Get<long[]>("strides"), c.Get<long[]>("rates"));
        var dims = c.Ranked(0, 4, 4).Symbolic.ToArray();
        for (var axis = 1; axis < 3; axis++) dims[axis] = WindowedDim(c, axis, dims[axis], windows[axis], strides[axis], rates[axis]);
        if (dims[3] >= 0) dims[3] *= windows[1] * windows[2];
        else if (windows[1] * windows[2] != 1) dims[3] = -1;
        return [Shape.OfSymbolic(dims)];
    }, c =>
    {
        // Patches are a convolution with filters that each copy one element.
        var (windows, channels) = (c.Get<long[]>("ksizes"), c.Inputs[0].shape[3]);
        if (channels < 0)
            throw new UnsupportedException("The gradient of patches cannot be traced: the number of channels is unknown before run time", NameScope.Path(c.Op.Name),
                "known channels", c.Inputs[0].shape.ToString());
        var copied = windows[1] * windows[2] * channels;
        var filters = Reshape(MatrixDiag(Full(new Shape(copied), 1, c.Gradient.dtype)), new Shape(windows[1], windows[2], channels, copied));
        var convolution = new OpCall(Conv2D.ByInput, Attributes.Of(("strides", c.Get<long[]>("strides")), ("padding", c.Get<string>("padding")),
            ("dilations", c.Get<long[]>("rates"))), []);
        return [Conv2D.InputGradient(ShapeOf(c.Inputs[0]), filters, c.Gradient, convolution)];
    }, checksFirst: true);

    static readonly OpDefinition RgbToHsvOp = Define("RGBToHSV(images: T) -> (output: T)", ShapeRules.SameAsFirst);
    static readonly OpDefinition HsvToRgbOp = Define("HSVToRGB(images: T) -> (output: T)", ShapeRules.SameAsFirst);
    static readonly OpDefinition AdjustContrastOp = Define("AdjustContrastv2(images: T, contrast_factor: float32) -> (output: T)", OfImages);
    static readonly OpDefinition AdjustHueOp = Define("AdjustHue(images: T, delta: float32) -> (output: T)", OfImages);
    static readonly OpDefinition AdjustSaturationOp = Define("AdjustSaturation(images: T, scale: float32) -> (output: T)", OfImages);

    static readonly OpDefinition DecodeImageOp = Define("DecodeImage(contents: string) -> (image: dtype) { channels: int = 0, dtype: type = uint8, expand_animations: bool = true }",
        c => [c.Get<bool>("expand_animations") ? Shape.Unknown : Shape.OfSymbolic(-1, -1, c.Get<long>("channels") is > 0 and var n ? n : -1)],
            differentiable: false);
    static readonly OpDefinition DecodeJpegOp = Define("""
        DecodeJpeg(contents: string) -> (image: uint8) { channels: int = 0, ratio: int = 1, fancy_upscaling: bool = true, try_recover_truncated: bool = false,
          acceptable_fraction: float = 1, dct_method: string = '' }
        """, c => [Shape.OfSymbolic(-1, -1, c.Get<long>("channels") is > 0 and var n ? n : -1)], differentiable: false);
    static readonly OpDefinition EncodePngOp = Define("EncodePng(image: T) -> (contents: string) { compression: int = -1 }",
        c =>
        {
            if (!c[0].HasRank) return [Shape.Unknown];
            var image = c.Ranked(0, 3)[^3..];
            if (image[0] == 0 || image[1] == 0 || image[2] is 0 or > 4) throw c.Fail("images of at least one pixel with 1 to 4 channels", c[0].ToString());
            return [c[0][..^3]];
        }, differentiable: false, checksFirst: true);

    static OpDefinition Resizing(string name, string result, string attributes, Func<GradientContext, Tensor> gradient) =>
        Define($"{name}(images: T, size: int32) -> (resized_images: {result}) {attributes}", ResizedShape, c => [gradient(c), null]);

    static OpDefinition ResizingGrad(string name, string type, string attributes, Func<OpDefinition> resizing) =>
        Define($"{name}(grads: {type}, original_image: T) -> (output: T) {attributes}", ShapeRules.SameAsSecond,
            c => [Dispatch.Run(resizing(), [c.Gradient, Int32Slice(ShapeOf(c.Inputs[0]), 1, 3)], c.Attributes), null]);

    static Shape[] ResizedShape(ShapeContext c)
    {
        if (!c[0].HasRank) return [Shape.OfRank(4)];
        var images = c.Ranked(0, 4, 4);
        if (images[1] == 0 || images[2] == 0 || images[3] == 0) throw c.Fail("images of at least one pixel", images.ToString());
        return [Resized(c, images, 1)];
    }

    static Shape[] OfImages(ShapeContext c) => [c[0].HasRank ? c.Ranked(0, 3) : c[0]];

    /// <summary>Fails where a size is known not to be positive.</summary>
    static void RequirePositive(ShapeContext c, int size)
    {
        if (c.Known(size) is { } dims && Array.Exists(dims, d => d <= 0)) throw c.Fail($"'{c.Op.Inputs[size].Name}' of at least 1", $"({string.Join(", ", dims)})");
    }

    /// <summary>The shape (B, H, W, C) with height and width from an input.</summary>
    static Shape Resized(ShapeContext c, Shape images, int size) => c.Value(size)?.AsDimensions() is [var height, var width]
        ? images.With(1, height).With(2, width) : images.With(1, -1).With(2, -1);

    static Tensor Int32Slice(Tensor x, int begin, int end) => StridedSlice(x, [begin], [end], [1]);

    public static Tensor ResizeBilinear(Tensor x, Tensor size, bool align_corners = false, bool half_pixel_centers = true) =>
        Run(ResizeBilinearOp, [x, size], ("align_corners", align_corners), ("half_pixel_centers", half_pixel_centers));
    public static Tensor RgbToHsv(Tensor x) => Run(RgbToHsvOp, x);
    /// <summary>A JPEG, PNG, BMP or GIF (first frame) as (H, W, channels).</summary>
    public static Tensor DecodeImage(Tensor contents, int channels, DType dtype) =>
        Run(DecodeImageOp, [contents], ("channels", channels), ("dtype", dtype), ("expand_animations", false));
    /// <summary>A JPEG as (H, W, channels), with the values of libjpeg's accurate transform, as Pillow has.</summary>
    public static Tensor DecodeJpeg(Tensor contents, int channels) => Run(DecodeJpegOp, [contents], ("channels", channels), ("dct_method", "INTEGER_ACCURATE"));
    public static Tensor EncodePng(Tensor image) => Run(EncodePngOp, [image]);
}
