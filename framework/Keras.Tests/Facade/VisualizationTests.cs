using Keras.Images;
using static Keras.Api;

namespace Keras.Tests.Facade;

/// <summary>Pictures of images, boxes and masks.</summary>
public sealed class VisualizationTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Images => ops.cast(ops.reshape(ops.arange(0, 36, dtype: "int32") * 7 % 256, (2, 3, 2, 3)), "uint8");

    static Tensor Masks => ops.reshape((ops.arange(0, 12, dtype: "int32") % 4) - 1, (2, 3, 2, 1));

    /// <summary>Made by Keras 3.15.</summary>
    static readonly (string Name, Func<Tensor> Draw, int[] Expected)[] Drawn =
    [
        ("alone", () => keras.visualization.draw_segmentation_masks(Images, Masks, 3), [0, 7, 14, 4, 5, 7, 9, 111, 36, 14, 217, 65, 84, 91, 98, 21, 22, 23, 26, 128, 52, 31, 234, 81, 168, 175, 182, 37, 39, 40, 42, 145, 69, 47, 250, 98]),
        ("alpha", () => keras.visualization.draw_segmentation_masks(Images, Masks, 3, alpha: 0.3), [0, 7, 14, 14, 19, 24, 29, 72, 48, 44, 125, 72, 84, 91, 98, 73, 78, 83, 88, 131, 107, 103, 184, 131, 168, 175, 182, 132, 137, 142, 147, 190, 166, 162, 242, 190]),
        ("blend", () => keras.visualization.draw_segmentation_masks(Images, Masks, 3, blend: false), [0, 7, 14, 0, 0, 0, 1, 127, 31, 2, 254, 62, 84, 91, 98, 0, 0, 0, 1, 127, 31, 2, 254, 62, 168, 175, 182, 0, 0, 0, 1, 127, 31, 2, 254, 62]),
        ("ignore_index", () => keras.visualization.draw_segmentation_masks(Images, Masks, 3, ignore_index: 2), [0, 7, 14, 4, 5, 7, 9, 111, 36, 63, 70, 77, 84, 91, 98, 21, 22, 23, 26, 128, 52, 147, 154, 161, 168, 175, 182, 37, 39, 40, 42, 145, 69, 231, 238, 245]),
        ("color_mapping", () => keras.visualization.draw_segmentation_masks(Images, Masks, 3, new Dictionary<int, (int, int, int)> { [0] = (1, 2, 3), [1] = (250, 0, 9), [2] = (7, 80, 200) }), [0, 7, 14, 5, 7, 9, 208, 9, 18, 18, 78, 175, 84, 91, 98, 21, 24, 26, 225, 26, 35, 35, 94, 192, 168, 175, 182, 38, 40, 43, 242, 43, 52, 51, 111, 209]),
    ];

    static IEnumerable<string> Names => Drawn.Select(d => d.Name);

    [TestCaseSource(nameof(Names))]
    public void Masks_are_drawn_as_in_Keras(string name)
    {
        var (_, draw, expected) = Drawn.Single(d => d.Name == name);
        Assert.That(draw().ToArray<byte>().Select(b => (int)b), Is.EqualTo(expected));
    }

    [Test]
    public void Forms_of_masks_and_images_give_the_same()
    {
        var plain = keras.visualization.draw_segmentation_masks(Images, Masks, 3).ToArray<byte>();
        Assert.That(keras.visualization.draw_segmentation_masks(Images, ops.squeeze(Masks, -1)).ToArray<byte>(), Is.EqualTo(plain));
        var first = keras.visualization.draw_segmentation_masks(ops.transpose(Images, [0, 3, 1, 2]), ops.transpose(Masks, [0, 3, 1, 2]), 3, data_format: "channels_first");
        Assert.That(ops.transpose(first, [0, 2, 3, 1]).ToArray<byte>(), Is.EqualTo(plain));
    }

    static Dictionary<string, Tensor> Boxes(params float[] box) => new() { ["boxes"] = ops.reshape(Tensor.Of(box), (1, 1, 4)), ["labels"] = ops.zeros((1, 1), "int32") };

    [TestCase("xyxy", 2f, 4f, 9f, 12f)]
    [TestCase("yxyx", 4f, 2f, 12f, 9f)]
    [TestCase("xywh", 2f, 4f, 7f, 8f)]
    [TestCase("center_xywh", 5.5f, 8f, 7f, 8f)]
    [TestCase("center_yxhw", 8f, 5.5f, 8f, 7f)]
    [TestCase("rel_xyxy", 0.125f, 0.2f, 0.5625f, 0.6f)]
    [TestCase("rel_yxyx", 0.2f, 0.125f, 0.6f, 0.5625f)]
    [TestCase("rel_xywh", 0.125f, 0.2f, 0.4375f, 0.4f)]
    [TestCase("rel_center_xywh", 0.34375f, 0.4f, 0.4375f, 0.4f)]
    public void Boxes_stand_at_their_corners(string format, float a, float b, float c, float d)
    {
        var drawn = keras.visualization.draw_bounding_boxes(ops.zeros((1, 20, 16, 3)), Boxes(a, b, c, d), format, color: (255, 0, 0), line_thickness: 1).ToArray<byte>();
        bool Red(int y, int x) => drawn[((y * 16) + x) * 3] == 255;
        Assert.That(new[] { Red(4, 2), Red(12, 9), Red(4, 5), Red(8, 2), Red(8, 9), Red(8, 5), Red(3, 2), Red(4, 10) }, Is.EqualTo(new[] { true, true, true, true, true, false, false, false }));
    }

    [Test]
    public void Labels_are_written_and_boxes_without_one_left_out()
    {
        var image = ops.zeros((1, 40, 160, 3), "uint8");
        var boxes = Boxes(10, 25, 40, 35);
        int Lit(Dictionary<int, string>? names = null) => keras.visualization.draw_bounding_boxes(image, boxes, "xyxy", names).ToArray<byte>().Count(b => b > 0);
        var (plain, named) = (Lit(), Lit(new() { [0] = "cat" }));
        boxes["confidences"] = ops.ones((1, 1)) * 0.5f;
        Assert.That(Lit(new() { [0] = "cat" }), Is.GreaterThan(named));
        Assert.That(named, Is.GreaterThan(plain));
        boxes["labels"] = ops.zeros((1, 1), "int32") - 1;
        Assert.That(Lit(), Is.Zero);
    }

    [Test]
    public void Galleries_have_all_images_and_are_PNG_files()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder, "g.png");
        var labels = new Dictionary<int, string> { [0] = "zero", [1] = "one" };
        var shown = keras.visualization.plot_image_gallery(ops.ones((7, 5, 5, 1)) * 0.5f, ops.zeros(7, "int32"), ops.ones(7, "int32"), labels, value_range: (0, 1), scale: 1, dpi: 30, path: path, transparent: false);
        // Three rows of three, a line above each.
        Assert.That(shown.shape.ToArray(), Is.EqualTo(new[] { (3 * (30 + 13 + 4)) + 4, (3 * 34) + 4, 4 }));
        Assert.That(shown.ToArray<byte>().Chunk(4).Count(p => p[0] == 127 && p[1] == 127), Is.EqualTo(7 * 30 * 30));
        Assert.That(PngReader.Read(File.ReadAllBytes(path), 4).Bytes, Is.EqualTo(shown.ToArray<byte>()));

        var boxes = keras.visualization.plot_bounding_box_gallery(ops.zeros((1, 20, 16, 3)), "xyxy", Boxes(2, 4, 9, 12), Boxes(3, 5, 8, 11), legend: true);
        Assert.That(boxes.ToArray<byte>().Chunk(4).Count(p => p is [0, 188, 212, 255]), Is.GreaterThan(100));
        var masks = keras.visualization.plot_segmentation_mask_gallery(Images, 3, y_true: Masks, y_pred: Masks, scale: 0.5, dpi: 20);
        Assert.That(masks.shape.ToArray(), Is.EqualTo(new[] { (2 * 14) + 4, (3 * 14) + 4, 4 }));
    }

    [Test]
    public void Mistakes_are_named()
    {
        var visualization = keras.visualization;
        var image = ops.zeros((1, 20, 16, 3));
        var classes = ops.ones((1, 20, 16), "int32");
        Assert.That(() => visualization.draw_bounding_boxes(ops.zeros((20, 16, 3)), Boxes(1, 2, 3, 4), "xyxy"), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("(B, H, W, C)"));
        Assert.That(() => visualization.draw_bounding_boxes(image, Boxes(1, 2, 3, 4), "xyhw"), Throws.ArgumentException.With.Message.Contains("\"xywh\""));
        Assert.That(() => visualization.draw_bounding_boxes(image, new Dictionary<string, Tensor> { ["boxes"] = ops.zeros((1, 1, 4)) }, "xyxy"), Throws.ArgumentException.With.Message.Contains("labels"));
        var two = new Dictionary<string, Tensor> { ["boxes"] = ops.zeros((1, 2, 4)), ["labels"] = ops.zeros((1, 1), "int32") };
        Assert.That(() => visualization.draw_bounding_boxes(image, two, "xyxy"), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("labels"));
        Assert.That(() => visualization.draw_bounding_boxes(image, Boxes(1, 2, 3, 4), "xyxy", color: (0, 0, 256)), Throws.ArgumentException.With.Message.Contains("255"));
        Assert.That(() => visualization.draw_bounding_boxes(image, Boxes(1, 2, 3, 4), "xyxy", line_thickness: 0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("line_thickness"));
        Assert.That(() => visualization.draw_segmentation_masks(image, ops.zeros((1, 20, 16))), Throws.ArgumentException.With.Message.Contains("whole numbers"));
        Assert.That(() => visualization.draw_segmentation_masks(image, ops.zeros((1, 16, 20), "int32")), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("(1, 20, 16)"));
        Assert.That(() => visualization.draw_segmentation_masks(image, classes, color_mapping: new Dictionary<int, (int, int, int)> { [2] = (1, 1, 1) }), Throws.ArgumentException.With.Message.Contains("Class 1"));
        Assert.That(() => visualization.draw_segmentation_masks(image, classes, alpha: 2), Throws.InstanceOf<ArgumentException>().With.Message.Contains("alpha"));
        Assert.That(() => visualization.plot_image_gallery(image, y_true: ops.zeros(1, "int32")), Throws.ArgumentException.With.Message.Contains("label_map"));
        Assert.That(() => visualization.plot_image_gallery(image, path: "g.jpg"), Throws.ArgumentException.With.Message.Contains(".png"));
        Assert.That(() => visualization.plot_image_gallery(image, value_range: (1, 0)), Throws.ArgumentException.With.Message.Contains("value_range"));
        Assert.That(() => visualization.plot_image_gallery(ops.zeros((1, 4, 4, 2))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("channels"));
    }
}
