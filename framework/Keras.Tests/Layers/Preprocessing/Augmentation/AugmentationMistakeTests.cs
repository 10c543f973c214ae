using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>What layers that change images refuse, and what they say.</summary>
public sealed class AugmentationMistakeTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensors Boxed(string? without = null, bool isFlat = false) => new Dictionary<string, Tensors>
    {
        ["images"] = AugmentedLayers.Images(2),
        ["bounding_boxes"] = new Tensors(new Dictionary<string, Tensors> { ["boxes"] = isFlat ? new float[] { 1, 1, 2, 2 } : new float[2, 1, 4], ["labels"] = new int[2, 1] }.Where(b => b.Key != without)),
    };

    /// <summary>The call, the class of its error, and what the error says.</summary>
    static readonly (string Name, Action Call, Type Error, string[] Says)[] Mistakes =
    [
        ("factor above its range", () => keras.layers.RandomRotation(1.5), typeof(ArgumentException), ["factor", "-1", "1", "1.5"]),
        ("factor that is no number", () => keras.layers.RandomContrast(double.NaN), typeof(ArgumentException), ["factor", "0"]),
        ("factor of three", () => keras.layers.RandomBrightness(new[] { 0.1, 0.2, 0.3 }), typeof(ArgumentException), ["factor", "[0.1, 0.2, 0.3]"]),
        ("factor far off", () => keras.layers.RandomHue((2.0, 3.0)), typeof(ArgumentException), ["factor"]),
        ("negative contrast", () => keras.layers.RandomContrast(-0.1), typeof(ArgumentException), ["factor", "-0.1"]),
        ("zoom of -1", () => keras.layers.RandomZoom(-1.0), typeof(ArgumentException), ["height_factor"]),
        ("zoom's second factor", () => keras.layers.RandomZoom(0.2, (0.0, 2.0)), typeof(ArgumentException), ["width_factor", "2"]),
        ("shear below 0", () => keras.layers.RandomShear(-0.2), typeof(ArgumentException), ["x_factor", "-0.2"]),
        ("bits beyond 8", () => keras.layers.RandomPosterization(9), typeof(ArgumentException), ["factor", "8", "9"]),
        ("half a bit", () => keras.layers.RandomPosterization((1.5, 3.0)), typeof(ArgumentException), ["factor", "whole", "1.5"]),
        ("bits below 0", () => keras.layers.RandomPosterization((-300.0, 8.0)), typeof(ArgumentException), ["(Parameter 'factor')", "-300"]),
        ("scale below 0", () => keras.layers.RandomErasing(scale: (-1.0, 0.33)), typeof(ArgumentException), ["(Parameter 'scale')", "-1"]),
        ("mixing below 0", () => keras.layers.CutMix((-0.5, 0.5)), typeof(ArgumentException), ["(Parameter 'factor')", "-0.5"]),
        ("strength below 0", () => keras.layers.RandAugment(factor: (-0.6, 0.5)), typeof(ArgumentException), ["(Parameter 'factor')", "-0.6"]),
        ("range of one value", () => keras.layers.RandomBrightness(0.2, value_range: (1, 1)), typeof(ArgumentException), ["value_range"]),
        ("range of three values", () => keras.layers.AutoContrast(new double[] { 0, 1, 2 }), typeof(ArgumentException), ["value_range", "[0, 1, 2]"]),
        ("brightness in whole numbers", () => keras.layers.RandomBrightness(0.2, dtype: "uint8"), typeof(ArgumentException), ["random_brightness", "floating", "uint8"]),
        ("several in whole numbers", () => keras.layers.RandAugment(dtype: "int32"), typeof(ArgumentException), ["rand_augment", "int32"]),
        ("unknown mode", () => keras.layers.RandomFlip("sideways"), typeof(ArgumentException), ["mode", "horizontal", "sideways"]),
        ("unknown fill", () => keras.layers.RandomRotation(0.1, fill_mode: "mirror"), typeof(ArgumentException), ["fill_mode", "mirror"]),
        ("unknown interpolation", () => keras.layers.RandomTranslation(0.1, 0.1, interpolation: "bicubic"), typeof(ArgumentException), ["interpolation", "bicubic"]),
        ("even kernel", () => keras.layers.RandomGaussianBlur(kernel_size: 4), typeof(ArgumentException), ["kernel_size", "odd"]),
        ("size of 0", () => keras.layers.RandomCrop(0, 3), typeof(ArgumentOutOfRangeException), ["height"]),
        ("four colours", () => keras.layers.RandomErasing(fill_value: new double[] { 1, 2, 3, 4 }), typeof(ArgumentException), ["fill_value", "three"]),
        ("boxes of an unknown kind", () => keras.layers.RandomFlip(bounding_box_format: "coco"), typeof(ArgumentException), ["bounding_box_format", "xywh", "coco"]),
        ("boxes without a format", () => keras.layers.RandomFlip().Apply(Boxed()), typeof(ArgumentException), ["bounding_box_format", "xyxy"]),
        ("boxes without labels", () => keras.layers.RandomFlip(bounding_box_format: "xyxy").Apply(Boxed(without: "labels")), typeof(ArgumentException), ["labels", "boxes"]),
        ("boxes of rank 1", () => keras.layers.RandomFlip(bounding_box_format: "xyxy").Apply(Boxed(isFlat: true)), typeof(ShapeMismatchException), ["boxes", "(4,)"]),
        ("masks without channels", () => keras.layers.RandomFlip().Apply(new Dictionary<string, Tensors> { ["images"] = new float[1, 8, 8, 3], ["segmentation_masks"] = new float[1, 8, 8] }), typeof(ShapeMismatchException), ["segmentation_masks", "rank 4", "(1, 8, 8)"]),
        ("a batch of boxes for one image", () => keras.layers.RandomFlip(bounding_box_format: "xyxy").Apply(new Dictionary<string, Tensors> { ["images"] = new float[8, 8, 3], ["bounding_boxes"] = Boxed()["bounding_boxes"] }), typeof(ShapeMismatchException), ["boxes", "rank 2", "(2, 1, 4)"]),
        ("boxes for CutMix", () => keras.layers.CutMix(bounding_box_format: "xyxy").Apply(Boxed()), typeof(UnsupportedException), ["cut_mix", "boxes"]),
        ("images of rank 2", () => keras.layers.RandomFlip().Apply(new float[4, 4]), typeof(ShapeMismatchException), ["rank 3", "(4, 4)"]),
        ("images of rank 5", () => keras.layers.RandomBrightness(0.1).Apply(new float[1, 1, 4, 4, 3]), typeof(ShapeMismatchException), ["rank 3"]),
        ("no images", () => keras.layers.MixUp().Apply(new Dictionary<string, Tensors> { ["image"] = AugmentedLayers.Images(2) }), typeof(ArgumentException), ["'images'", "image"]),
        ("grey images", () => keras.layers.RandomHue(0.2).Apply(new float[1, 4, 4, 1]), typeof(ShapeMismatchException), ["random_hue", "3 channels", "(1, 4, 4, 1)"]),
        ("channels first where they are last", () => keras.layers.RandomGrayscale(1.0).Apply(new float[1, 3, 4, 4]), typeof(ShapeMismatchException), ["channels_last", "(1, 3, 4, 4)"]),
        ("a list", () => keras.layers.MixUp().Apply(new Tensor[] { AugmentedLayers.Images(2), AugmentedLayers.Images(2) }), typeof(ArgumentException), ["images", "list"]),
        ("too many tiles", () => keras.layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size: 40).Apply(AugmentedLayers.Images(1)), typeof(ShapeMismatchException), ["tile_grid_size"]),
        ("crop of what has no known size", () => keras.layers.RandomCrop(3, 3).transform_images(AugmentedLayers.Images(1), new Tensors(new float[] { 1, 2, 3 })), typeof(ArgumentException), ["transformation", "row"]),
        ("crop of a vector", () => keras.layers.RandomCrop(3, 3).compute_output_shape(new Shape(32)), typeof(ShapeMismatchException), ["random_crop", "rank 3", "(32,)"]),
        ("three colours for grey images", () => keras.layers.RandomErasing(fill_value: new double[] { 1, 2, 3 }).Apply(new float[1, 8, 8, 1]), typeof(ShapeMismatchException), ["fill_value", "3 channels", "(1, 8, 8, 1)"]),
        ("convert without a size", () => keras.utils.bounding_boxes.convert_format(new float[1, 4], "xyxy", "rel_xyxy"), typeof(ArgumentException), ["height", "rel_xyxy"]),
        ("convert of an unknown kind", () => keras.utils.bounding_boxes.convert_format(new float[1, 4], "xyxy", "yolo"), typeof(ArgumentException), ["target", "yolo"]),
        ("convert of five numbers", () => keras.utils.bounding_boxes.convert_format(new float[1, 5], "xyxy", "xywh"), typeof(ShapeMismatchException), ["4", "(1, 5)"]),
        ("a relative measure", () => keras.utils.bounding_boxes.compute_iou(new float[1, 4], new float[1, 4], "rel_xyxy"), typeof(ArgumentException), ["image_shape"]),
        ("variance of three", () => keras.utils.bounding_boxes.encode_box_to_deltas(new float[1, 4], new float[1, 4], "xyxy", "xyxy", variance: [1, 2, 3]), typeof(ArgumentException), ["variance", "four"]),
    ];

    static IEnumerable<TestCaseData> Cases => Mistakes.Select(m => new TestCaseData(m.Call, m.Error, m.Says).SetArgDisplayNames(m.Name));

    [TestCaseSource(nameof(Cases))]
    public void MistakesAreNamed(Action call, Type error, string[] says)
    {
        var thrown = Assert.Catch(() => call())!;
        Assert.That(thrown, Is.InstanceOf(error));
        foreach (var text in says) Assert.That(thrown.Message, Does.Contain(text));
    }
}
