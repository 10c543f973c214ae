using System.Text;
using Keras.Engines;
using Keras.Graphs;
using Keras.SavedModels;
using Keras.Transformers.Tests.Generation;

namespace Keras.Transformers.Tests.Export;

/// <summary>Exported loops, read by TensorFlow's own loader or, on Torch, by the library's, give what <c>generate</c> gives.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Selected))]
sealed class GenerationExportTests(string engine) : InGraphTokenizerFixture(engine)
{
    static readonly Lazy<GPT2TokenizerFast> Tokenizer = new(() => (GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny"));

    static readonly string[] Prompts = ["A bird that", "", "日本 it's small,", " a"];

    ISavedModelRunner Load(string path) => EngineName == "torch" ? SavedModelRunner.Load(path, Engine.Current) : Backend.EngineSelection.LoadSavedModel(path);

    static HostTensor Strings(params string[] texts) => HostTensor.OfStrings(texts.Length, [.. texts.Select(Encoding.UTF8.GetBytes)]);

    static string[] Texts(HostTensor strings) => [.. Tf.Constant(strings).RequireEager().ReadStrings().Select(Encoding.UTF8.GetString)];

    static string Text(HostTensor rows) => string.Join("\n", rows.ToInt64().Chunk((int)rows.Shape[1]).Select(r => string.Join(" ", r)));

    [TestCase("gpt2", "penalties")]
    [TestCase("gpt2", "beams early")]
    [TestCase("bert", "warped draws")]
    public void Ids_to_ids(string family, string options)
    {
        using var folder = new TemporaryFolder();
        var (model, config) = (InGraphModels.Model(family), InGraphModels.Of(options));
        var path = Path.Combine(folder, "1");
        model.export(path, null, config);
        ServedOps.Require(path);
        Assert.That(ServedOps.GraphOf(path).Library.Function.Count(f => f.NodeDef.Any(n => n.Op is "While" or "StatelessWhile")), Is.EqualTo(1), "all endpoints call one loop");
        using var loaded = Load(path);
        Assert.That(loaded.Signatures, Is.EquivalentTo(new[] { "serving_default", "int32_input_ids", "int64_serving", "int64_input_ids" }));
        foreach (var (signature, dtype, rows, from) in new[] { ("serving_default", DType.Int32, 3, 0), ("int64_serving", DType.Int64, 2, 1), ("int32_input_ids", DType.Int32, 1, 0), ("int64_input_ids", DType.Int64, 3, 2) })
        {
            var inputs = new Tensors(InGraphModels.Prompts.Named().Where(i => signature.Contains("serving") || i.Key == "input_ids").Select(i => KeyValuePair.Create(i.Key, (Tensors)i.Value.Single[..rows, from..])));
            // In the second row of these is nothing else behind the cut.
            var expected = model.generate(inputs, config, seed: 5).sequences;
            var given = inputs.Named().ToDictionary(i => i.Key, i => Host(Tf.Cast(i.Value.Single, dtype)));
            if (config.do_sample) given["seed"] = HostTensor.Scalar(5L);
            var sequences = loaded.Run(signature, given)["sequences"];
            Assert.That(sequences.DType, Is.EqualTo(dtype));
            Assert.That(Text(sequences), Is.EqualTo(Text(Host(expected))), signature);
        }
    }

    [TestCase("greedy", true, "right")]
    [TestCase("draws", false, "left")]
    [TestCase("beams", true, "left")]
    public void Texts_to_texts(string options, bool full, string side)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Tokenizer.Value;
        var (model, config) = (InGraphModels.Model("gpt2", tokenizer.Count), InGraphModels.Of(options));
        (config.bos_token_id, config.eos_token_id, config.pad_token_id) = (tokenizer.eos_token_id, new[] { tokenizer.eos_token_id!.Value, 26 }, tokenizer.eos_token_id);
        var layer = new TFGPT2Tokenizer(Vocabulary(tokenizer), Merges(tokenizer), padding_side: side);
        var path = Path.Combine(folder, "1");
        model.export(path, layer, config, return_full_text: full);
        ServedOps.Require(path);
        using var loaded = Load(path);
        Assert.That(loaded.Signatures, Is.EquivalentTo(new[] { "serving_default", "int32_serving", "int32_input_ids", "int64_serving", "int64_input_ids" }));
        var given = new Dictionary<string, HostTensor> { ["text"] = Strings(Prompts) };
        if (config.do_sample) given["seed"] = HostTensor.Scalar(21L);
        var texts = Texts(loaded.Run("serving_default", given)["generated_text"]);

        int[][] ids = [.. Prompts.Select(p => tokenizer.encode(p).ToArray() is [_, ..] some ? some : [config.bos_token_id!.Value])];
        var width = ids.Max(i => i.Length);
        var batch = new Dictionary<string, Tensors>
        {
            ["input_ids"] = Tf.Constant(HostTensor.Of<int>([.. ids.SelectMany(i => Enumerable.Repeat(0, width - i.Length).Concat(i))], new Shape(ids.Length, width))),
            ["attention_mask"] = Tf.Constant(HostTensor.Of<int>([.. ids.SelectMany(i => Enumerable.Repeat(0, width - i.Length).Concat(Enumerable.Repeat(1, i.Length)))], new Shape(ids.Length, width))),
        };
        var sequences = model.generate(batch, config, seed: 21).sequences;
        var expected = sequences.ToArray<int>().Chunk((int)sequences.shape[1]).Select((row, i) => (full ? Prompts[i / config.num_return_sequences] : "") + tokenizer.decode(row[width..], skip_special_tokens: true, clean_up_tokenization_spaces: false));
        Assert.That(texts, Is.EqualTo(expected));
    }

    /// <summary>A tokenizer that pads on the right and puts special tokens around a text; words are joined by spaces.</summary>
    [Test]
    public void Texts_to_texts_of_a_BERT()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = (BertTokenizerFast)TokenizerGolden.Tokenizer("bert-cased-small");
        var (model, config) = (InGraphModels.Model("bert", tokenizer.Count), InGraphModels.Of("greedy"));
        config.max_new_tokens = 4;
        var path = Path.Combine(folder, "1");
        model.export(path, TFBertTokenizer.from_tokenizer(tokenizer), config);
        ServedOps.Require(path);
        using var loaded = Load(path);
        string[] prompts = ["A bird that", "it's"];
        var expected = prompts.Select(p =>
        {
            int[] ids = [.. tokenizer.encode(p)];
            var sequence = model.generate(ids, config).sequences.ToArray<int>();
            return p + tokenizer.decode(sequence, skip_special_tokens: true, clean_up_tokenization_spaces: false)[tokenizer.decode(ids, skip_special_tokens: true, clean_up_tokenization_spaces: false).Length..];
        });
        Assert.That(Texts(loaded.Run("serving_default", new Dictionary<string, HostTensor> { ["text"] = Strings(prompts) })["generated_text"]), Is.EqualTo(expected));
    }

    static Dictionary<string, int> Vocabulary(GPT2TokenizerFast tokenizer) => tokenizer.get_vocab().ToDictionary();

    static string[] Merges(GPT2TokenizerFast tokenizer) => (string[])TFGPT2Tokenizer.from_tokenizer(tokenizer).get_config()["merges"]!;
}
