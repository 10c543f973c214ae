using System.Text;
using Keras.Fuzz;

namespace Keras.Transformers.Tests;

/// <summary>A fixed set of broken configurations and tokenizer files; tools/Keras.Fuzz makes as many as one likes.</summary>
sealed class FolderFuzzTests
{
    const int Tries = 400;

    const string AddedTokens = """{"<mask>": 19, "<ent>": 18, "New": 20}""";

    const string SpecialTokens = """{"mask_token": {"content": "<mask>", "lstrip": true}, "unk_token": "[UNK]", "additional_special_tokens": ["<ent>", {"content": "<e2>", "rstrip": true}]}""";

    [TestCaseSource(nameof(Targets))]
    public void Broken_files_are_read_or_refused_soon_and_without_much_memory(string name)
    {
        var target = FolderTargets.All.Single(t => t.Name == name);
        var files = RealFiles(target).ToList();
        using var folder = new TemporaryFolder();
        var refused = 0;
        // The first time also sets up what all share, which costs memory once.
        foreach (var whole in files) Assert.That(target.Try(folder.Path, whole).WasRead);
        for (var seed = 0; seed < Tries; seed++)
        {
            var (wasRead, fault) = target.Try(folder.Path, Mutator.Make(new Random(seed), files));
            if (fault is not null) throw new AssertionException($"Seed {seed}: {fault}");
            if (!wasRead) refused++;
        }
        Assert.That(refused, Is.GreaterThan(Tries / 4), "The changes are felt.");
        Assert.That(refused, Is.LessThan(Tries), "Some are harmless.");
    }

    /// <summary>What the fuzzer found, and what the readers once took in silence.</summary>
    [TestCase("config.json", """{"model_type": null}""", "model_type")]
    [TestCase("config.json", """{"model_type": "bert", "hidden_size": "8"}""", "hidden_size")]
    [TestCase("config.json", """{"model_type": "bert", "num_hidden_layers": 2000000000}""", "num_hidden_layers")]
    [TestCase("config.json", """{"model_type": "bert", "num_labels": 2000000000}""", "num_labels")]
    [TestCase("config.json", """{"model_type": "bert", "id2label": ["a", "b"]}""", "id2label")]
    [TestCase("config.json", """{"model_type": "bert", "id2label": {"1": "a", "01": "b"}}""", "id2label")]
    [TestCase("config.json", """{"model_type": "bert", "hidden_act": "\ud800"}""", "byte")]
    [TestCase("tokenizer_config.json", """{"padding_side": "middle"}""", "padding_side")]
    [TestCase("tokenizer_config.json", """{"model_max_length": "512"}""", "model_max_length")]
    [TestCase("tokenizer_config.json", """{"cls_token": null}""", "cls_token")]
    [TestCase("tokenizer_config.json", """{"do_lower_case": 1}""", "do_lower_case")]
    [TestCase("added_tokens.json", """{"x": -1}""", "x")]
    [TestCase("special_tokens_map.json", """{"pad_token": {"lstrip": true}}""", "pad_token.content")]
    public void A_wrong_value_is_refused_by_file_and_key(string file, string content, string key)
    {
        using var folder = new TemporaryFolder();
        var target = FolderTargets.All.First(t => t.FileName == file);
        foreach (var (name, text) in target.Beside) File.WriteAllText(Path.Combine(folder.Path, name), text);
        var path = Path.Combine(folder.Path, file);
        File.WriteAllText(path, content);
        var error = Assert.Catch<KerasException>(() => target.Read(path))!;
        Assert.That(error.Where, Does.Contain(file));
        Assert.That(error.Expected, Is.Not.Null);
        Assert.That(error.Received, Is.Not.Null);
        Assert.That(error.Message, Does.Contain(key));
    }

    static readonly string[] OfBert =
        ["bert-tiny", "Golden/tokenizers/vocab/bert-cased-small", "Golden/tokenizers/vocab/bert-cased-small-v5", "Golden/models/bert-sequence", "Golden/models/bert-sequence-v5"];

    static readonly string[] OfGpt2 = ["Golden/tokenizers/vocab/bpe-tiny", "Golden/tokenizers/vocab/bpe-tiny-v5"];

    static IEnumerable<string> Targets => FolderTargets.All.Select(t => t.Name);

    static IEnumerable<byte[]> RealFiles(FuzzTarget target) => target.FileName switch
    {
        "added_tokens.json" => [Encoding.UTF8.GetBytes(AddedTokens)],
        "special_tokens_map.json" => [Encoding.UTF8.GetBytes(SpecialTokens), File.ReadAllBytes(Path.Combine(Root, "bert-tiny", target.FileName))],
        "config.json" when target.Name.StartsWith("gpt2_", StringComparison.Ordinal) => [Encoding.UTF8.GetBytes(new GPT2Config().to_json_string())],
        "vocab.json" or "merges.txt" => [Encoding.UTF8.GetBytes(Gpt2Family.Declaration.SampleVocabulary[target.FileName])], // the other stands beside it
        var name => (target.Name.StartsWith("gpt2_", StringComparison.Ordinal) ? OfGpt2 : OfBert).Select(f => Path.Combine(Root, f, name)).Where(File.Exists).Select(File.ReadAllBytes),
    };

    static string Root => AppContext.BaseDirectory;
}
