using System.Collections.Immutable;

namespace Keras.Transformers;

/// <summary>A family of models: everything that the library needs to know of it, in one declaration that the Auto classes, loading, saving, export, benchmarks and fuzzing read.</summary>
/// <remarks>A family lies in a folder of its own and is made known by one line in <see cref="ModelFamilies"/>, or from outside by <see cref="register"/>.</remarks>
public sealed record ModelFamily
{
    /// <summary>The value of "model_type" in files: "bert".</summary>
    public required string ModelType { get; init; }

    /// <summary>Makes a configuration with the family's defaults; null where only classes of models were registered.</summary>
    public Func<PretrainedConfig>? Config { get; init; }

    /// <summary>The class of each task, by the Auto class that makes it.</summary>
    public ImmutableDictionary<Type, ModelClass> Tasks { get; init; } = ImmutableDictionary<Type, ModelClass>.Empty;

    /// <summary>Classes that no Auto class makes.</summary>
    public ImmutableArray<ModelClass> OtherClasses { get; init; } = [];

    /// <summary>Every class of the family, once.</summary>
    internal IEnumerable<ModelClass> Classes => Tasks.Values.Concat(OtherClasses).DistinctBy(c => c.Class);

    /// <summary>The tokenizer; null for a family that takes no texts.</summary>
    public TokenizerKind? Tokenizer { get; init; }

    /// <summary>What reads the processor of images of a folder, by the names that files have for it, the usual one first; empty for a family that takes no images.</summary>
    public ImmutableArray<(string Name, Func<string, ViTImageProcessor> Read)> ImageProcessors { get; init; } = [];

    /// <summary>The key of the part whose tokenizer a model made of models has: "decoder"; null for a model that is one.</summary>
    public string? TokenizerPart { get; init; }

    /// <summary>The key of the part whose processor of images a model made of models has: "encoder"; null for a model that is one.</summary>
    public string? ImageProcessorPart { get; init; }

    /// <summary>What reads the processor of texts and images together, and the name that files have for it; null for a family whose inputs are made by a tokenizer or a processor of images alone.</summary>
    public (string Name, Func<string, IProcessor> Read)? Processor { get; init; }

    /// <summary>How files name the weights; default by Hugging Face's general rules alone.</summary>
    public WeightDialect Weights { get; init; } = WeightDialect.General;

    /// <summary>What benchmarks run; null for none.</summary>
    public BenchmarkModel? Benchmark { get; init; }

    /// <summary>The text of a small whole vocabulary by file name, which stands beside a damaged file when readers are tried.</summary>
    public IReadOnlyDictionary<string, string> SampleVocabulary { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Makes a family known.</summary>
    /// <param name="family">The declaration.</param>
    /// <param name="exist_ok">Whether it may take the place of another; default false.</param>
    /// <exception cref="ArgumentException">There is a family of this model_type.</exception>
    public static void register(ModelFamily family, bool exist_ok = false)
    {
        ArgumentNullException.ThrowIfNull(family);
        ModelFamilies.Add(family, exist_ok);
    }
}

/// <summary>A class of models, and how one is made.</summary>
/// <param name="Class">The class.</param>
/// <param name="Create">Makes a model with untrained weights.</param>
public sealed record ModelClass(Type Class, Func<PretrainedConfig, DTypePolicy?, TFPreTrainedModel> Create)
{
    /// <summary>A class that says itself how it is made.</summary>
    /// <typeparam name="TModel">The class.</typeparam>
    public static ModelClass Of<TModel>() where TModel : TFPreTrainedModel, IPretrainedModel<TModel> => new(typeof(TModel), TModel.Create);
}

/// <summary>What benchmarks run of a family.</summary>
/// <param name="Model">The class.</param>
/// <param name="Sizes">Configurations by name, for random weights.</param>
/// <param name="Labels">From the inputs of a batch to its labels.</param>
/// <param name="Length">The states of a sample, where the configuration says how many there are; default as many as tokens are asked for.</param>
public sealed record BenchmarkModel(ModelClass Model, IReadOnlyDictionary<string, Func<PretrainedConfig>> Sizes, Func<Tensors, Tensor> Labels, Func<PretrainedConfig, int>? Length = null);
