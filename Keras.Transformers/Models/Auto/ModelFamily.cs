using System.Collections.Immutable;

namespace Keras.Transformers;

/// <summary>A family of models: its complete declaration, that the Auto classes, loading, saving, export, benchmarks and fuzzing read.</summary>
/// <remarks>A family has its own folder and is registered by one line in <see cref="ModelFamilies"/>, or from outside by <see cref="register"/>.</remarks>
public sealed record ModelFamily
{
    /// <summary>The value of "model_type" in files: "bert".</summary>
    public required string ModelType { get; init; }

    /// <summary>Creates a configuration with the family's defaults; null if only model classes were registered.</summary>
    public Func<PretrainedConfig>? Config { get; init; }

    /// <summary>The model class for each task, by the Auto class that loads it.</summary>
    public ImmutableDictionary<Type, ModelClass> Tasks { get; init; } = ImmutableDictionary<Type, ModelClass>.Empty;

    /// <summary>Model classes that no Auto class loads.</summary>
    public ImmutableArray<ModelClass> OtherClasses { get; init; } = [];

    /// <summary>Every class of the family, once.</summary>
    internal IEnumerable<ModelClass> Classes => Tasks.Values.Concat(OtherClasses).DistinctBy(c => c.Class);

    /// <summary>The tokenizer; null for a family that takes no texts.</summary>
    public TokenizerKind? Tokenizer { get; init; }

    /// <summary>The functions that read the image processor of a folder, by the class names that files use, the usual one first; empty for a family that takes no images.</summary>
    public ImmutableArray<(string Name, Func<string, ViTImageProcessor> Read)> ImageProcessors { get; init; } = [];

    /// <summary>For a composed model, the key of the part whose tokenizer it uses: "decoder"; null for other models.</summary>
    public string? TokenizerPart { get; init; }

    /// <summary>For a composed model, the key of the part whose image processor it uses: "encoder"; null for other models.</summary>
    public string? ImageProcessorPart { get; init; }

    /// <summary>The function that reads the processor of texts and images together, and its class name in files; null for a family that needs only a tokenizer or an image processor.</summary>
    public (string Name, Func<string, IProcessor> Read)? Processor { get; init; }

    /// <summary>How files name the weights; by default by Hugging Face's general rules.</summary>
    public WeightDialect Weights { get; init; } = WeightDialect.General;

    /// <summary>The model that benchmarks run; null for none.</summary>
    public BenchmarkModel? Benchmark { get; init; }

    /// <summary>A small, complete vocabulary, as text by file name, for tests of readers that need one beside a damaged file.</summary>
    public IReadOnlyDictionary<string, string> SampleVocabulary { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Registers a family, so that the Auto classes load its models.</summary>
    /// <param name="family">The declaration.</param>
    /// <param name="exist_ok">Whether it may replace another; default false.</param>
    /// <exception cref="ArgumentException">There is a family of this model_type.</exception>
    public static void register(ModelFamily family, bool exist_ok = false)
    {
        ArgumentNullException.ThrowIfNull(family);
        ModelFamilies.Add(family, exist_ok);
    }
}

/// <summary>A model class, and how to create a model of it.</summary>
/// <param name="Class">The class.</param>
/// <param name="Create">Makes a model with untrained weights.</param>
public sealed record ModelClass(Type Class, Func<PretrainedConfig, DTypePolicy?, TFPreTrainedModel> Create)
{
    /// <summary>Describes a class that itself says how it is created.</summary>
    /// <typeparam name="TModel">The class.</typeparam>
    public static ModelClass Of<TModel>() where TModel : TFPreTrainedModel, IPretrainedModel<TModel> => new(typeof(TModel), TModel.Create);
}

/// <summary>The models of a family that benchmarks run.</summary>
/// <param name="Model">The class.</param>
/// <param name="Sizes">Configurations by name, for random weights.</param>
/// <param name="Labels">Maps the inputs of a batch to its labels.</param>
/// <param name="Length">The number of states in a sample, if the configuration determines it; default the requested number of tokens.</param>
public sealed record BenchmarkModel(ModelClass Model, IReadOnlyDictionary<string, Func<PretrainedConfig>> Sizes, Func<Tensors, Tensor> Labels, Func<PretrainedConfig, int>? Length = null);
