using Keras.Graphs;
using Keras.Transformers;

namespace Keras.Benchmarks;

/// <summary>What the tasks need to know of a model family; inputs are formulas, so that any language can repeat them.</summary>
sealed record ModelFamily
{
    /// <summary>The families by the name in --model: one line each.</summary>
    public static readonly IReadOnlyDictionary<string, ModelFamily> All = new Dictionary<string, ModelFamily>
    {
        ["bert"] = new()
        {
            Name = "bert",
            Sizes = new Dictionary<string, PretrainedConfig>
            {
                ["base"] = new BertConfig(),
                ["tiny"] = new BertConfig { hidden_size = 128, num_hidden_layers = 2, num_attention_heads = 2, intermediate_size = 512 },
            },
            Create = config => new TFBertForSequenceClassification((BertConfig)config),
            Load = folder => TFBertForSequenceClassification.from_pretrained(folder),
            Tokenizer = folder => BertTokenizerFast.from_pretrained(folder),
            Inputs = (config, batch, length) => TokenInputs(((BertConfig)config).vocab_size, batch, length),
            Labels = batch => [.. Enumerable.Range(0, batch).Select(i => i % 2)],
        },
    };

    public required string Name { get; init; }

    /// <summary>The configurations with random weights.</summary>
    public required IReadOnlyDictionary<string, PretrainedConfig> Sizes { get; init; }

    /// <summary>A model with new weights.</summary>
    public required Func<PretrainedConfig, TFPreTrainedModel> Create { get; init; }

    /// <summary>A model with the weights of a folder.</summary>
    public required Func<string, TFPreTrainedModel> Load { get; init; }

    /// <summary>The tokenizer of a folder.</summary>
    public required Func<string, PreTrainedTokenizerBase> Tokenizer { get; init; }

    /// <summary>The inputs of a batch, from its size and length.</summary>
    public required Func<PretrainedConfig, int, int, Dictionary<string, Tensors>> Inputs { get; init; }

    /// <summary>The labels of a batch.</summary>
    public required Func<int, int[]> Labels { get; init; }

    public static ModelFamily Of(BenchmarkOptions options) => All[options.Model];

    /// <summary>Token k of the flattened batch is k · 7919 mod (V - 1000) + 1000; nothing is masked, all is of type 0.</summary>
    static Dictionary<string, Tensors> TokenInputs(int vocabulary, int batch, int length)
    {
        var shape = new Shape(batch, length);
        var first = vocabulary > 1000 ? 1000 : 0;   // A small vocabulary has no row 1000.
        int[] ids = [.. Enumerable.Range(0, batch * length).Select(k => (int)(k * 7919L % (vocabulary - first)) + first)];
        return new()
        {
            ["input_ids"] = Tf.Constant(HostTensor.Of<int>(ids, shape)),
            ["attention_mask"] = Tf.Full(shape, 1, DType.Int32),
            ["token_type_ids"] = Tf.Full(shape, 0, DType.Int32),
        };
    }
}
