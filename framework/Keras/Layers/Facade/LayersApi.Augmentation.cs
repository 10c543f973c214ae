namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <summary>The layers that change images in training, and the one that joins preprocessing layers.</summary>
    internal static readonly Type[] Augmentation =
    [
        typeof(MaxNumBoundingBoxes), typeof(AutoContrast), typeof(ContrastLimitedAdaptiveHistogramEqualization), typeof(Equalization), typeof(RandomBrightness), typeof(RandomColorDegeneration),
        typeof(RandomColorJitter), typeof(RandomContrast), typeof(RandomErasing), typeof(RandomGaussianBlur), typeof(RandomGrayscale), typeof(RandomHue),
        typeof(RandomInvert), typeof(RandomPosterization), typeof(RandomSaturation), typeof(RandomSharpness), typeof(Solarization), typeof(RandomCrop),
        typeof(RandomElasticTransform), typeof(RandomFlip), typeof(RandomPerspective), typeof(RandomRotation), typeof(RandomShear), typeof(RandomTranslation),
        typeof(RandomZoom), typeof(AugMix), typeof(CutMix), typeof(MixUp), typeof(RandAugment), typeof(Pipeline),
    ];

    /// <inheritdoc cref="Layers.MaxNumBoundingBoxes(int, int, string, string, string, DTypePolicy)"/>
    public MaxNumBoundingBoxes MaxNumBoundingBoxes(int max_number, int fill_value = -1,
        string? bounding_box_format = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(max_number, fill_value, bounding_box_format, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AutoContrast(ValueRange, string, string, string, DTypePolicy)"/>
    public AutoContrast AutoContrast(ValueRange? value_range = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(value_range, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.ContrastLimitedAdaptiveHistogramEqualization(ValueRange, double, Axes, string, string, string, DTypePolicy)"/>
    public ContrastLimitedAdaptiveHistogramEqualization ContrastLimitedAdaptiveHistogramEqualization(ValueRange? value_range = null, double clip_limit = 4, Axes? tile_grid_size = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(value_range, clip_limit, tile_grid_size, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.Equalization(ValueRange, int, string, string, string, DTypePolicy)"/>
    public Equalization Equalization(ValueRange? value_range = null, int bins = 256, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(value_range, bins, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomBrightness(Factor, ValueRange, long?, string, string, string, DTypePolicy)"/>
    public RandomBrightness RandomBrightness(Factor factor, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomColorDegeneration(Factor, ValueRange, string, long?, string, string, DTypePolicy)"/>
    public RandomColorDegeneration RandomColorDegeneration(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomColorJitter(ValueRange, Factor, Factor, Factor, Factor, long?, string, string, string, DTypePolicy)"/>
    public RandomColorJitter RandomColorJitter(ValueRange? value_range = null, Factor? brightness_factor = null, Factor? contrast_factor = null, Factor? saturation_factor = null, Factor? hue_factor = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(value_range, brightness_factor, contrast_factor, saturation_factor, hue_factor, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomContrast(Factor, ValueRange, long?, string, string, string, DTypePolicy)"/>
    public RandomContrast RandomContrast(Factor factor, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomErasing(Factor, Factor, PerChannel, ValueRange, long?, string, string, string, DTypePolicy)"/>
    public RandomErasing RandomErasing(Factor? factor = null, Factor? scale = null, PerChannel? fill_value = null, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, scale, fill_value, value_range, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomGaussianBlur(Factor, Axes, Factor, ValueRange, string, long?, string, string, DTypePolicy)"/>
    public RandomGaussianBlur RandomGaussianBlur(Factor? factor = null, Axes? kernel_size = null, Factor? sigma = null, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, kernel_size, sigma, value_range, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomGrayscale(double, string, long?, string, string, DTypePolicy)"/>
    public RandomGrayscale RandomGrayscale(double factor = 0.5, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomHue(Factor, ValueRange, string, long?, string, string, DTypePolicy)"/>
    public RandomHue RandomHue(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomInvert(Factor, ValueRange, long?, string, string, string, DTypePolicy)"/>
    public RandomInvert RandomInvert(Factor? factor = null, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomPosterization(Factor, ValueRange, string, long?, string, string, DTypePolicy)"/>
    public RandomPosterization RandomPosterization(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomSaturation(Factor, ValueRange, string, long?, string, string, DTypePolicy)"/>
    public RandomSaturation RandomSaturation(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomSharpness(Factor, ValueRange, string, long?, string, string, DTypePolicy)"/>
    public RandomSharpness RandomSharpness(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, value_range, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.Solarization(Factor, Factor, ValueRange, long?, string, string, string, DTypePolicy)"/>
    public Solarization Solarization(Factor? addition_factor = null, Factor? threshold_factor = null, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(addition_factor, threshold_factor, value_range, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomCrop(int, int, long?, string, string, string, DTypePolicy)"/>
    public RandomCrop RandomCrop(int height, int width, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(height, width, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomElasticTransform(Factor, Factor, string, string, double, ValueRange, long?, string, string, string, DTypePolicy)"/>
    public RandomElasticTransform RandomElasticTransform(Factor? factor = null, Factor? scale = null, string interpolation = "bilinear", string fill_mode = "reflect", double fill_value = 0, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, scale, interpolation, fill_mode, fill_value, value_range, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomFlip(string, long?, string, string, string, DTypePolicy)"/>
    public RandomFlip RandomFlip(string mode = "horizontal_and_vertical", long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(mode, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomPerspective(Factor, double, string, double, long?, string, string, string, DTypePolicy)"/>
    public RandomPerspective RandomPerspective(Factor? factor = null, double scale = 1, string interpolation = "bilinear", double fill_value = 0, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, scale, interpolation, fill_value, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomRotation(Factor, string, string, long?, double, string, string, string, DTypePolicy)"/>
    public RandomRotation RandomRotation(Factor factor, string fill_mode = "reflect", string interpolation = "bilinear", long? seed = null, double fill_value = 0, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, fill_mode, interpolation, seed, fill_value, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomShear(Factor, Factor, string, string, double, string, long?, string, string, DTypePolicy)"/>
    public RandomShear RandomShear(Factor? x_factor = null, Factor? y_factor = null, string interpolation = "bilinear", string fill_mode = "reflect", double fill_value = 0, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(x_factor, y_factor, interpolation, fill_mode, fill_value, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomTranslation(Factor, Factor, string, string, long?, double, string, string, string, DTypePolicy)"/>
    public RandomTranslation RandomTranslation(Factor height_factor, Factor width_factor, string fill_mode = "reflect", string interpolation = "bilinear", long? seed = null, double fill_value = 0, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(height_factor, width_factor, fill_mode, interpolation, seed, fill_value, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandomZoom(Factor, Factor, string, string, long?, double, string, string, string, DTypePolicy)"/>
    public RandomZoom RandomZoom(Factor height_factor, Factor? width_factor = null, string fill_mode = "reflect", string interpolation = "bilinear", long? seed = null, double fill_value = 0, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(height_factor, width_factor, fill_mode, interpolation, seed, fill_value, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.AugMix(ValueRange, int, int, Factor, double, bool, string, long?, string, string, string, DTypePolicy)"/>
    public AugMix AugMix(ValueRange? value_range = null, int num_chains = 3, int chain_depth = 3, Factor? factor = null, double alpha = 1, bool all_ops = true, string interpolation = "bilinear", long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(value_range, num_chains, chain_depth, factor, alpha, all_ops, interpolation, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.CutMix(Factor, long?, string, string, string, DTypePolicy)"/>
    public CutMix CutMix(Factor? factor = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(factor, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.MixUp(double, string, long?, string, string, DTypePolicy)"/>
    public MixUp MixUp(double alpha = 0.2, string? data_format = null, long? seed = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(alpha, data_format, seed, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.RandAugment(ValueRange, int, Factor, string, long?, string, string, string, DTypePolicy)"/>
    public RandAugment RandAugment(ValueRange? value_range = null, int num_ops = 2, Factor? factor = null, string interpolation = "bilinear", long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(value_range, num_ops, factor, interpolation, seed, data_format, bounding_box_format, name, dtype);

    /// <inheritdoc cref="Layers.Pipeline(Layer[], string)"/>
    public Pipeline Pipeline(Layer[] layers, string? name = null) =>
        new(layers, name);
}
