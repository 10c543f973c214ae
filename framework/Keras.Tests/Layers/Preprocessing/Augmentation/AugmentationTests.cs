using Keras.Graphs;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers;

/// <summary>Layers that change images: when they do, with which draws, and what belongs to the images.</summary>
public sealed class AugmentationTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Tensor X => AugmentedLayers.Images();

    static float[] Values(Tensor x) => AugmentedLayers.Values(x);

    [Test]
    public void EveryClassIsTried() => Assert.That(AugmentedLayers.New().Select(a => a.Layer.GetType()), Is.EquivalentTo(LayersApi.Augmentation));

    [TestCaseSource(typeof(AugmentedLayers), nameof(AugmentedLayers.Names))]
    public void ImagesStayAsTheyAreAtInference(string name)
    {
        if (AugmentedLayers.New().First(a => a.Layer.GetType().Name == name).IsAlwaysOn) Assert.Pass("It works at inference too.");
        Assert.That(Values(AugmentedLayers.Of(name).Apply(X, training: false)), Is.EqualTo(Values(X)));
        Assert.That(Values(keras.Sequential([AugmentedLayers.Of(name)]).Apply(X, training: false)), Is.EqualTo(Values(X)));
    }

    [TestCaseSource(typeof(AugmentedLayers), nameof(AugmentedLayers.Names))]
    public void OneSeedGivesOneResultInEveryMode(string name)
    {
        Tensor Drawn(RunMode mode)
        {
            var layer = AugmentedLayers.Of(name);
            return GoldenList.Run(mode, X, x => layer.Apply(x, training: true)).Single;
        }
        var eager = Drawn(RunMode.Eager);
        Assert.That(Values(Drawn(RunMode.Eager)), Is.EqualTo(Values(eager)));
        Assert.That(Values(Drawn(RunMode.Graph)), Is.EqualTo(Values(eager)).Within(0.02));
        Assert.That(eager.dtype, Is.EqualTo(DType.Float32));
    }

    [TestCaseSource(typeof(AugmentedLayers), nameof(AugmentedLayers.Names))]
    public void DrawsDifferFromCallToCall(string name)
    {
        var layer = AugmentedLayers.Of(name);
        if (layer is not BaseImagePreprocessingLayer { generator: not null }) Assert.Pass("It draws nothing.");
        Assert.That(Enumerable.Range(0, 6).Select(_ => string.Join(",", Values(layer.Apply(X)))).Distinct().Count(), Is.GreaterThan(1));
    }

    [TestCaseSource(typeof(AugmentedLayers), nameof(AugmentedLayers.Names))]
    public void WholeNumbersAndOneImageAreTaken(string name)
    {
        var layer = AugmentedLayers.Of(name);
        var bytes = Tf.Cast(X, DType.UInt8);
        var expected = layer is RandomGrayscale or ContrastLimitedAdaptiveHistogramEqualization or MaxNumBoundingBoxes ? DType.UInt8 : DType.Float32;
        Assert.That(layer.Apply(bytes, training: true).Single.dtype, Is.EqualTo(expected));
        var one = layer.Apply(Slices.At(X, 0, 0), training: true).Single;
        Assert.That(one.shape, Is.EqualTo(layer.compute_output_shape(new Shape(8, 9, 3))));
    }

    [TestCaseSource(typeof(AugmentedLayers), nameof(AugmentedLayers.Names))]
    public void SizesMayBeUnknown(string name)
    {
        var layer = AugmentedLayers.Of(name);
        Assert.That(layer.Apply(keras.Input([8, 9, 3])).Single.shape, Is.EqualTo(layer.compute_output_shape(new Shape(-1, 8, 9, 3))));
        Assert.That(layer.Apply(keras.Input([null, null, 3])).Single.shape, Is.EqualTo(layer.compute_output_shape(new Shape(-1, -1, -1, 3))));
    }

    [Test]
    public void OutsideOfModelsAndInThemLayersAugmentUntilTheyAreToldNotTo()
    {
        var layer = new RandomBrightness((0.3, 0.5));
        var model = keras.Sequential([keras.Input([8, 9, 3]), layer]);
        Assert.Multiple(() =>
        {
            Assert.That(Values(layer.Apply(X)), Is.Not.EqualTo(Values(X)));
            Assert.That(Values(model.Apply(X)), Is.Not.EqualTo(Values(X)), "as in Keras");
            Assert.That(Values(model.Apply(X, training: false)), Is.EqualTo(Values(X)));
            Assert.That(Values(model.predict(X, verbose: 0).Single), Is.EqualTo(Values(X)));
        });
    }

    [Test]
    public void ANumberAsSeedDrawsAsANewGeneratorOfIt()
    {
        foreach (var (layer, _) in AugmentedLayers.New())
        {
            if (layer is not BaseImagePreprocessingLayer { generator: not null } augmentation) continue;
            float[] Drawn(Seed seed) => [.. augmentation.get_random_transformation(X, seed: seed)!.Flatten().SelectMany(t => Values(Tf.Cast(t, DType.Float32)))];
            Assert.That(Drawn(42), Is.EqualTo(Drawn(keras.random.SeedGenerator(42))).And.EqualTo(Drawn(42L)), layer.name);
        }
    }

    static Tensors Sample(bool isBatch)
    {
        Tensor One(Tensor x) => isBatch ? x : Slices.At(x, 0, 0);
        return new Dictionary<string, Tensors>
        {
            ["images"] = One(X),
            ["labels"] = One(new float[,] { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } }),
            ["bounding_boxes"] = new Dictionary<string, Tensors>
            {
                ["boxes"] = One(new float[,,] { { { 1, 1, 4, 5 } }, { { 0, 0, 9, 8 } }, { { 2, 3, 5, 6 } }, { { 1, 0, 2, 7 } } }),
                ["labels"] = One(new[,] { { 1 }, { 2 }, { 3 }, { 0 } }),
            },
            ["segmentation_masks"] = One(Tf.Cast(Tf.Greater(Slices.Of(X, 3, 0, 1), Tf.Constant(100, DType.Float32)), DType.Float32)),
            ["id"] = One(new[] { 4, 5, 6, 7 }),
        };
    }

    static IEnumerable<TestCaseData> WithBoxes => from type in LayersApi.Augmentation
                                                  where type.IsSubclassOf(typeof(BaseImagePreprocessingLayer)) && type != typeof(CutMix) && type != typeof(RandomElasticTransform)
                                                  from isBatch in new[] { true, false }
                                                  select new TestCaseData(type, isBatch).SetArgDisplayNames(type.Name, isBatch ? "batch" : "one image");

    [TestCaseSource(nameof(WithBoxes))]
    public void WhatBelongsToImagesGoesThrough(Type type, bool isBatch)
    {
        var config = new Dictionary<string, object?>(AugmentedLayers.Of(type.Name).get_config()) { ["bounding_box_format"] = "xyxy" };
        var layer = LayerConfigs.Make(type, config);
        var (given, outputs) = (Sample(isBatch), layer.Apply(Sample(isBatch)));
        Assert.That(outputs.Keys, Is.EqualTo(given.Keys));
        Assert.That(outputs["id"].Single, Is.Not.Null);
        Assert.That(outputs["images"].Single.shape, Is.EqualTo(layer.compute_output_shape(given["images"].Single.shape)));
        Assert.That(outputs["labels"].Single.shape, Is.EqualTo(given["labels"].Single.shape));
        Assert.That(outputs["bounding_boxes"]["boxes"].Single.ndim, Is.EqualTo(isBatch ? 3 : 2));
        Assert.That(outputs["segmentation_masks"].Single.shape, Is.EqualTo(layer.compute_output_shape(given["segmentation_masks"].Single.shape)));
        var still = layer.Apply(Sample(isBatch), training: false);
        if (layer is not MaxNumBoundingBoxes) Assert.That(Values(still["bounding_boxes"]["boxes"]), Is.EqualTo(Values(given["bounding_boxes"]["boxes"])));
    }

    [Test]
    public void MasksFollowTheirImages()
    {
        Layer[] layers = [new RandomFlip(), new RandomRotation(0.3, interpolation: "nearest"), new RandomCrop(4, 4), new RandomElasticTransform(1.0, (1.0, 1.0), interpolation: "nearest", value_range: (0, 255)), new CutMix(), new RandomPerspective(interpolation: "nearest")];
        foreach (var layer in layers)
        {
            Tensor images = AugmentedLayers.Images(4, 24, 24);
            var outputs = layer.Apply(new Dictionary<string, Tensors> { ["images"] = images, ["segmentation_masks"] = images });
            Assert.That(Values(outputs["segmentation_masks"]), Is.EqualTo(Values(outputs["images"])), layer.name);
        }
    }

    /// <summary>The seam for layers of one's own.</summary>
    sealed class Darker(double least, long? seed = null) : BaseImagePreprocessingLayer(seed: seed)
    {
        public override Tensors? get_random_transformation(Tensors data, bool training = true, Seed? seed = null) =>
            training ? new Tensors([KeyValuePair.Create("share", (Tensors)keras.random.uniform(1, least, 1, seed: seed ?? generator))]) : null;

        public override Tensor transform_images(Tensor images, Tensors? transformation, bool training = true) => transformation is null ? images : images * transformation["share"].Single;
    }

    [Test]
    public void LayersOfOnesOwnOverrideTheSeam()
    {
        var (layer, again) = (new Darker(0.2, seed: 3), new Darker(0.2, seed: 3));
        var dark = layer.Apply(new Dictionary<string, Tensors> { ["images"] = X, ["labels"] = new float[] { 1, 2, 3, 4 } });
        Assert.That(Values(dark["images"]), Is.EqualTo(Values(again.Apply(X))).And.Not.EqualTo(Values(X)));
        Assert.That(Values(dark["labels"]), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(Values(layer.Apply(X, training: false)), Is.EqualTo(Values(X)));
    }
}
