using Keras.Graphs;
using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>A model family for the benchmark tasks; inputs are formulas, so that any language can reproduce them.</summary>
/// <param name="Family">The family.</param>
/// <param name="Benchmark">The models to run.</param>
sealed record MeasuredFamily(ModelFamily Family, BenchmarkModel Benchmark)
{
    /// <summary>The families by their name in --model: all that declare a benchmark.</summary>
    public static IReadOnlyDictionary<string, MeasuredFamily> All =>
        ModelFamilies.All.Where(f => f.Benchmark is not null).ToDictionary(f => f.ModelType, f => new MeasuredFamily(f, f.Benchmark!));

    public static MeasuredFamily Of(BenchmarkOptions options) => All[options.Model];

    public string Name => Family.ModelType;

    /// <summary>The configurations with random weights.</summary>
    public IReadOnlyDictionary<string, Func<PretrainedConfig>> Sizes => Benchmark.Sizes;

    /// <summary>Loads a model from a folder.</summary>
    public TFPreTrainedModel Load(string folder) => new PretrainedFolder(folder).Load(new(null, null, null, null), Benchmark.Model.Create, ignoreMismatched: false, out _);

    /// <summary>Loads the generating model, as a decoder, from a folder; missing weights are new.</summary>
    /// <exception cref="OptionException">The family has no such model.</exception>
    public TFPreTrainedModel LoadDecoder(string folder, string dtype = "float32") => Family.Tasks.TryGetValue(typeof(TFAutoModelForCausalLM), out var decoder)
        ? new PretrainedFolder(folder).Load(new(null, null, new Dictionary<string, object?> { ["is_decoder"] = true }, dtype), decoder.Create, ignoreMismatched: false, out _)
        : throw new OptionException($"--model {Name} generates nothing. Expected: {string.Join(", ", All.Values.Where(f => f.Family.Tasks.ContainsKey(typeof(TFAutoModelForCausalLM))).Select(f => f.Name))}.");

    /// <summary>Loads the tokenizer of a folder.</summary>
    /// <exception cref="OptionException">The family has no tokenizer.</exception>
    public PreTrainedTokenizerBase Tokenizer(string folder) => Family.Tokenizer?.Read(new TokenizerFiles(folder), true, new())
        ?? throw new OptionException($"--model {Name} has no tokenizer. Expected: a model of texts.");

    /// <summary>The folder of the tokenizer used with random weights.</summary>
    public string OwnTokenizer => Path.Combine(AppContext.BaseDirectory, "tok", Name);

    /// <summary>The number of states in a sample: the requested tokens, or what the configuration gives.</summary>
    public int Length(TFPreTrainedModel model, BenchmarkOptions options) => Benchmark.Length?.Invoke(model.config) ?? options.Sequence;

    /// <summary>The inputs of a batch with labels.</summary>
    public Dictionary<string, Tensors> InputsWithLabels(TFPreTrainedModel model, int batch, int length)
    {
        var inputs = Inputs(model, batch, length);
        inputs[model.LabelNames[0]] = Benchmark.Labels(inputs);
        return inputs;
    }

    /// <summary>The inputs of the model's signature: for ids with n values, element k of the flattened batch is k · 7919 mod (n - 1000) + 1000; masks are 1, types 0; element k of
    /// floating-point inputs is sin(0.001 k).</summary>
    public static Dictionary<string, Tensors> Inputs(TFPreTrainedModel model, int batch, int length) => model.input_signature.ToDictionary(i => i.Key, i =>
    {
        var free = i.Value.Shape.ToArray().Select((d, axis) => d >= 0 ? d : axis == 0 ? batch : length).ToArray();
        var shape = new Shape(free);
        return (Tensors)(i.Key.EndsWith("mask", StringComparison.Ordinal) ? Tf.Full(shape, 1, i.Value.DType)
            : i.Key.EndsWith("type_ids", StringComparison.Ordinal) ? Tf.Full(shape, 0, i.Value.DType)
            : i.Value.DType.IsInteger ? Tf.Constant(HostTensor.Of<int>(Ids(shape.ElementCount, model.InputRanges[i.Key].Max + 1), shape))
            : Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(k => (float)Math.Sin(0.001 * k))], shape)));
    });

    static int[] Ids(long count, long values)
    {
        var first = values > 1000 ? 1000 : 0;   // A small vocabulary has no row 1000.
        return [.. Enumerable.Range(0, (int)count).Select(k => (int)(k * 7919L % (values - first)) + first)];
    }
}
