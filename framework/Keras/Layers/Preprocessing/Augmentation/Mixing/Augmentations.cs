using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The layers that <see cref="RandAugment"/> and <see cref="AugMix"/> choose from.</summary>
static class Augmentations
{
    /// <summary>Options that all of them share.</summary>
    public sealed record Options((double Lower, double Upper) Factor, ValueRange Range, string Interpolation, long? Seed, string? DataFormat, string? BoxFormat, DTypePolicy? DType);

    static readonly Dictionary<string, Func<Options, BaseImagePreprocessingLayer>> Makers = new()
    {
        ["random_shear"] = o => new RandomShear(o.Factor, o.Factor, o.Interpolation, seed: o.Seed, data_format: o.DataFormat, bounding_box_format: o.BoxFormat, dtype: o.DType),
        ["random_translation"] = o => new RandomTranslation(o.Factor, o.Factor, interpolation: o.Interpolation, seed: o.Seed, data_format: o.DataFormat, bounding_box_format: o.BoxFormat, dtype: o.DType),
        ["random_rotation"] = o => new RandomRotation(o.Factor, interpolation: o.Interpolation, seed: o.Seed, data_format: o.DataFormat, bounding_box_format: o.BoxFormat, dtype: o.DType),
        ["random_brightness"] = o => new RandomBrightness(o.Factor, o.Range, o.Seed, o.DataFormat, o.BoxFormat, dtype: o.DType),
        ["random_color_degeneration"] = o => new RandomColorDegeneration(o.Factor, o.Range, o.DataFormat, o.Seed, o.BoxFormat, dtype: o.DType),
        ["random_contrast"] = o => new RandomContrast(o.Factor, o.Range, o.Seed, o.DataFormat, o.BoxFormat, dtype: o.DType),
        ["random_sharpness"] = o => new RandomSharpness(o.Factor, o.Range, o.DataFormat, o.Seed, o.BoxFormat, dtype: o.DType),
        ["random_posterization"] = o => new RandomPosterization(Math.Max(1, (int)(8 * o.Factor.Upper)), o.Range, o.DataFormat, o.Seed, o.BoxFormat, dtype: o.DType),
        ["solarization"] = o => new Solarization(o.Factor, o.Factor, o.Range, o.Seed, o.DataFormat, o.BoxFormat, dtype: o.DType),
        ["auto_contrast"] = o => new AutoContrast(o.Range, o.DataFormat, o.BoxFormat, dtype: o.DType),
        ["equalization"] = o => new Equalization(o.Range, data_format: o.DataFormat, bounding_box_format: o.BoxFormat, dtype: o.DType),
    };

    public static BaseImagePreprocessingLayer[] Make(Options options, params IReadOnlyList<string> names) => [.. names.Select(n => Makers[n](options))];

    /// <summary>The key of a layer in transformations.</summary>
    public static string KeyOf(BaseImagePreprocessingLayer layer) => LayerNames.SnakeCase(layer.GetType().Name);

    /// <summary>Draws a transformation for each layer that has one.</summary>
    public static Tensors Draw(BaseImagePreprocessingLayer[] layers, Tensor images, Seed seed) =>
        new(layers.Select(l => KeyValuePair.Create(KeyOf(l), l.get_random_transformation(images, training: true, seed))).Where(l => l.Value is not null)!);

    /// <summary>Applies the layer with an index to a tensor; only that layer runs. An index beyond the last changes nothing.</summary>
    public static Tensor Apply(BaseImagePreprocessingLayer[] layers, Tensor number, Tensor x, Tensors transformations, Func<BaseImagePreprocessingLayer, Tensor, Tensors?, Tensor> transform)
    {
        Func<Tensors, Tensors>[] branches = [.. layers.Select(l => (Func<Tensors, Tensors>)(t => Tf.Cast(transform(l, t, transformations.TryGet(KeyOf(l), out var own) ? own : null), x.dtype))), t => Tf.Identity(t)];
        return Tf.EnsureShape(Api.ops.@switch(number, branches, x).Single, x.shape);
    }
}
