using Keras.Graphs;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>Layers that change images, in other precisions, with other dtypes and structures than usual.</summary>
public sealed class AugmentationEdgeTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Tensor X => AugmentedLayers.Images();

    static float[] Values(Tensor x) => AugmentedLayers.Values(Tf.Cast(x, DType.Float32));

    [TestCase("mixed_float16")]
    [TestCase("mixed_bfloat16")]
    public void CutMixMixesLabelsByAreaInHalfPrecision(string policy)
    {
        Tensors Mixed(string dtype) => new CutMix(seed: 3, dtype: dtype).Apply(new Dictionary<string, Tensors> { ["images"] = new float[4, 300, 300, 1], ["labels"] = ops.eye(4) }, training: true);
        Assert.That(Values(Mixed(policy)["labels"]), Is.EqualTo(Values(Mixed("float32")["labels"])).And.Some.InRange(0.01, 0.99));
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    public void CutMixAlwaysMixesToNumbers(double factor)
    {
        var layer = new CutMix((0.0, factor), seed: 5);
        for (var i = 0; i < 40; i++)
            Assert.That(Values(layer.get_random_transformation(X)!["mix_weight"]), Has.All.InRange(-1e-6, 1 + 1e-6));
    }

    [Test]
    public void AutoContrastStretchesCloseValuesInHalfPrecision()
    {
        var images = Tf.Cast(new[, , ,] { { { { 0f }, { 0.001f } }, { { 0.0005f }, { 0.001f } } } }, DType.Float16);
        Assert.That(Values(new AutoContrast(dtype: "float16").Apply(images)), Is.EqualTo(new float[] { 0, 255, 127.5f, 255 }).Within(0.5));
        var holes = Tf.Cast(new[, , ,] { { { { 3f }, { float.NaN } }, { { 1f }, { 2f } } } }, DType.Float32);
        Assert.That(Values(new AutoContrast().Apply(holes)), Is.EqualTo(new[] { 3, float.NaN, 1, 2 }), "as in Keras, they stay");
    }

    [TestCase("float64")]
    [TestCase("bfloat16")]
    public void PlacesAreDrawnInFloat32WhateverFloatxIs(string floatx)
    {
        static float[][] Moved() => [.. ((Layer[])[new RandomZoom(0.3, seed: 3, bounding_box_format: "xyxy"), new RandomRotation(0.1, seed: 3, bounding_box_format: "xyxy"), new RandomTranslation(0.2, 0.3, seed: 3, bounding_box_format: "xyxy"), new RandomCrop(299, 4, seed: 3, bounding_box_format: "xyxy")])
            .Select(l => Values(l.Apply(new Dictionary<string, Tensors>
            {
                ["images"] = new float[2, 1299, 9, 3],
                ["bounding_boxes"] = new Dictionary<string, Tensors> { ["boxes"] = new float[,,] { { { 1, 1, 4, 800 } }, { { 0, 0, 9, 1000 } } }, ["labels"] = new int[2, 1] },
            }, training: true)["bounding_boxes"]["boxes"]))];
        var expected = Moved();
        keras.config.set_floatx(floatx);
        try
        {
            Assert.That(Moved(), Is.EqualTo(expected));
        }
        finally
        {
            keras.config.set_floatx("float32");
        }
    }

    [TestCaseSource(typeof(AugmentedLayers), nameof(AugmentedLayers.Names))]
    public void MasksThatAreNotBlendedKeepTheirDType(string name)
    {
        var layer = AugmentedLayers.Of(name);
        if (layer is AugMix or MixUp or Pipeline) Assert.Pass("It blends masks, or takes none.");
        var masks = Tf.Cast(Slices.Of(X, 3, 0, 1), DType.UInt8);
        foreach (var training in new[] { false, true })
            Assert.That(layer.Apply(new Dictionary<string, Tensors> { ["images"] = X, ["segmentation_masks"] = masks }, training: training)["segmentation_masks"].Single.dtype, Is.EqualTo(DType.UInt8));
    }

    [Test]
    public void ElasticTransformsLeaveNumbersOfClasses()
    {
        Tensor masks = ops.ones((4, 24, 24, 1)) * 7;
        var layer = new RandomElasticTransform(1.0, (1.0, 1.0), value_range: (0, 1));
        Assert.That(Values(layer.Apply(new Dictionary<string, Tensors> { ["images"] = new float[4, 24, 24, 3], ["segmentation_masks"] = masks }, training: true)["segmentation_masks"]), Has.All.EqualTo(7));
    }

    [Test]
    public void LabelsAndBoxesThatStayKeepTheirDTypeAndTheirStructure()
    {
        Tensors Sample() => new Dictionary<string, Tensors>
        {
            ["images"] = X,
            ["labels"] = new Dictionary<string, Tensors> { ["kind"] = new double[] { 0.1, 0.2, 0.3, 0.4 }, ["number"] = new[] { 16777217, 2, 3, 4 } },
            ["bounding_boxes"] = new Dictionary<string, Tensors> { ["boxes"] = new int[4, 1, 4], ["labels"] = new int[4, 1] },
        };
        foreach (var layer in (Layer[])[new RandomContrast(0.2, bounding_box_format: "xyxy"), new AugMix(num_chains: 1, chain_depth: 1, bounding_box_format: "xyxy"), new MaxNumBoundingBoxes(2, bounding_box_format: "xyxy")])
        {
            var outputs = layer.Apply(Sample(), training: true);
            Assert.That(outputs["labels"]["kind"].Single.ToArray<double>(), Is.EqualTo(new[] { 0.1, 0.2, 0.3, 0.4 }), layer.name);
            Assert.That(outputs["labels"]["number"].Single.ToArray<int>()[0], Is.EqualTo(16777217), layer.name);
            Assert.That(outputs["bounding_boxes"]["boxes"].Single.dtype, Is.EqualTo(DType.Int32), layer.name);
        }
        var moved = new RandomFlip(bounding_box_format: "xyxy").Apply(Sample(), training: true);
        Assert.That(moved["bounding_boxes"]["boxes"].Single.dtype, Is.EqualTo(DType.Float32));
        var blended = new MixUp(bounding_box_format: "xyxy").Apply(Sample(), training: true);
        Assert.That(blended["labels"]["kind"].Single.dtype, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void LayersThatOnlyMovePixelsComputeInWholeNumbers()
    {
        Layer[] layers = [new RandomFlip(dtype: "uint8"), new RandomCrop(4, 4, dtype: "uint8"), new RandomGrayscale(dtype: "uint8"), new MaxNumBoundingBoxes(3, dtype: "uint8")];
        foreach (var layer in layers) Assert.That(layer.Apply(Tf.Cast(X, DType.UInt8), training: true).Single.dtype, Is.EqualTo(DType.UInt8), layer.name);
    }
}
