using Keras.Layers;

namespace Keras.Tests.Layers;

/// <summary>A layer of every class that changes images.</summary>
static class AugmentedLayers
{
    public const long Seed = 7;

    /// <summary>The layers, each with what it is known by; those that are always on transform at inference too.</summary>
    public static IEnumerable<(Layer Layer, bool IsAlwaysOn)> New() =>
    [
        .. ((Layer[])
        [
            new RandomFlip(seed: Seed), new RandomRotation(0.2, seed: Seed), new RandomZoom(0.3, seed: Seed), new RandomTranslation(0.2, 0.3, seed: Seed), new RandomShear((0.0, 0.4), 0.2, seed: Seed), new RandomCrop(4, 5, seed: Seed),
            new RandomPerspective(seed: Seed), new RandomElasticTransform(seed: Seed), new RandomBrightness(0.3, seed: Seed), new RandomContrast(0.4, seed: Seed), new RandomHue(0.4, seed: Seed),
            new RandomSaturation((0.3, 0.7), seed: Seed), new RandomGrayscale(0.5, seed: Seed), new RandomInvert(0.5, seed: Seed), new RandomColorJitter(brightness_factor: 0.2, contrast_factor: 0.3, saturation_factor: (0.4, 0.6), hue_factor: 0.2, seed: Seed),
            new RandomColorDegeneration(0.5, seed: Seed), new RandomGaussianBlur(0.7, 3, (0.3, 0.9), seed: Seed), new RandomSharpness(0.6, seed: Seed), new RandomPosterization(5, seed: Seed), new RandomErasing(seed: Seed),
            new Solarization(0.2, 0.6, seed: Seed), new Equalization(), new RandAugment(seed: Seed), new AugMix(num_chains: 2, chain_depth: 2, seed: Seed), new MixUp(seed: Seed), new CutMix(seed: Seed),
        ]).Select(l => (l, false)),
        (new AutoContrast(), true), (new ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size: 2), true), (new MaxNumBoundingBoxes(3), true), (new Pipeline([new RandomBrightness(0.3, seed: Seed), new Rescaling(1.0 / 255)]), true),
    ];

    public static IEnumerable<TestCaseData> Names => New().Select(a => new TestCaseData(a.Layer.GetType().Name));

    /// <summary>A new layer of a class.</summary>
    public static Layer Of(string name) => New().First(a => a.Layer.GetType().Name == name).Layer;

    /// <summary>Pictures of smooth colours, 0 to 255.</summary>
    public static float[,,,] Images(int count = 4, int height = 8, int width = 9)
    {
        var images = new float[count, height, width, 3];
        for (var i = 0; i < images.Length; i++)
        {
            var (channel, column, row, image) = (i % 3, i / 3 % width, i / 3 / width % height, i / 3 / width / height);
            images[image, row, column, channel] = (float)Math.Round(127.5 + (127 * Math.Sin((0.4 * (image + 1) * row) + (0.3 * column) + (1.9 * channel))));
        }
        return images;
    }

    public static float[] Values(Tensor x) => [.. x.RequireEager().ToHost().ToDouble().Select(v => (float)v)];
}
