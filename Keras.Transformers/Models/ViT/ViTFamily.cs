using System.Collections.Immutable;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Declares the family of vision transformers.</summary>
static class ViTFamily
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "vit",
        Config = () => new ViTConfig(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass>
        {
            [typeof(TFAutoModel)] = ModelClass.Of<TFViTModel>(),
            [typeof(TFAutoModelForImageClassification)] = ModelClass.Of<TFViTForImageClassification>(),
            [typeof(TFAutoModelForMaskedImageModeling)] = ModelClass.Of<TFViTForMaskedImageModeling>(),
        }),
        ImageProcessors =
        [
            (nameof(ViTImageProcessor), folder => ViTImageProcessor.from_pretrained(folder)),
            (nameof(ViTImageProcessorFast), folder => ViTImageProcessorFast.from_pretrained(folder)),
            (nameof(ViTFeatureExtractor), folder => ViTFeatureExtractor.from_pretrained(folder)),
            ("ViTImageProcessorPil", folder => ViTImageProcessor.from_pretrained(folder)),
        ],
        Weights = ViTWeights.Dialect,
        Benchmark = new(ModelClass.Of<TFViTForImageClassification>(), new Dictionary<string, Func<PretrainedConfig>>
        {
            ["base"] = () => new ViTConfig { num_labels = 1000 },
            ["tiny"] = () => new ViTConfig { hidden_size = 128, num_hidden_layers = 2, num_attention_heads = 2, intermediate_size = 512, num_labels = 1000 },
        }, inputs => ops.arange(0, ops.shape(inputs["pixel_values"])[0], dtype: "int32") % 2, config => ((ViTConfig)config).Patches + 1),
    };
}
