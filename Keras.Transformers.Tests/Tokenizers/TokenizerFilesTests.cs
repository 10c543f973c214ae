using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

public sealed class TokenizerFilesTests
{
    [Test]
    public void A_missing_vocabulary_names_the_files_that_were_looked_for()
    {
        using var folder = new TemporaryFolder();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => BertTokenizerFast.from_pretrained(folder.Path),
                Throws.InstanceOf<VocabularyNotFoundException>().With.Message.Contains("tokenizer.json").And.Message.Contains("vocab.txt"));
            Assert.That(() => AutoTokenizer.from_pretrained(Path.Combine(folder.Path, "nowhere")), Throws.InstanceOf<VocabularyNotFoundException>());
        }
    }

    [Test]
    public void Auto_reads_the_class_that_the_files_name()
    {
        using var folder = new TemporaryFolder();
        TinyBert.Write(folder);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AutoTokenizer.from_pretrained(folder.Path), Is.TypeOf<BertTokenizerFast>());
            Assert.That(AutoTokenizer.from_pretrained(folder.Path, use_fast: false), Is.TypeOf<BertTokenizer>());
            Assert.That(AutoTokenizer.from_pretrained(folder.Path, padding_side: "left", model_max_length: 9).model_max_length, Is.EqualTo(9));
        }
        File.Delete(Path.Combine(folder.Path, "tokenizer_config.json"));
        Assert.That(() => AutoTokenizer.from_pretrained(folder.Path), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("BertTokenizerFast"));
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), """{"model_type": "bert"}""");
        Assert.That(AutoTokenizer.from_pretrained(folder.Path), Is.TypeOf<BertTokenizerFast>());
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"tokenizer_class": "T5Tokenizer"}""");
        Assert.That(() => AutoTokenizer.from_pretrained(folder.Path), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("T5Tokenizer"));
    }

    /// <summary>Files of models of other families, and what the error says of them.</summary>
    [TestCase("""{"tokenizer_class": "T5Tokenizer"}""", "{}", "spiece.model", "", "T5Tokenizer", "spiece.model (a SentencePiece model)")]
    [TestCase(null, """{"model_type": "llama"}""", "tokenizer.model", "", "llama", "tokenizer.model (a SentencePiece model)")]
    [TestCase(null, """{"model_type": "xlm-roberta"}""", "tokenizer.json", """{"model": {"type": "Unigram", "vocab": []}}""", "xlm-roberta", "tokenizer.json with a Unigram model")]
    [TestCase(null, "{}", "sentencepiece.bpe.model", "", "neither", "sentencepiece.bpe.model")]
    [TestCase("""{"tokenizer_class": "BertTokenizer"}""", "{}", "spiece.model", "", "vocab.txt", "spiece.model (a SentencePiece model)")]
    [TestCase("""{"tokenizer_class": "BertTokenizer"}""", "{}", "tokenizer.json", """{"added_tokens": [], "normalizer": null, "model": {"type": "Unigram", "vocab": []}}""", "WordPiece", "Unigram")]
    [TestCase("""{"tokenizer_class": "GPT2Tokenizer"}""", "{}", "tokenizer.model", "", "merges.txt", "tokenizer.model (a SentencePiece model)")]
    public void A_folder_of_another_family_is_told(string? tokenizerConfig, string config, string file, string content, params string[] says)
    {
        using var folder = new TemporaryFolder();
        if (tokenizerConfig is not null) File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), tokenizerConfig);
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), config);
        File.WriteAllText(Path.Combine(folder.Path, file), content);
        var error = Assert.Catch(() => AutoTokenizer.from_pretrained(folder.Path))!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error, Is.InstanceOf<KerasException>());
        foreach (var part in says.Concat(["bert (BertTokenizer)", "gpt2 (GPT2Tokenizer)", "with its own tokenizer"])) Assert.That(error.Message, Does.Contain(part));
        Assert.That(error.Message, Does.Not.Contain("Copy the missing file").And.Not.Contain("Write the right"));
    }

    [Test]
    public void What_is_saved_reads_back_the_same()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TinyBert.Load();
        tokenizer.add_tokens([new AddedToken("<x>", lstrip: true), new AddedToken("Wörd", normalized: true)]);
        tokenizer.add_special_tokens(["<ent>"]);
        tokenizer.add_special_tokens(new Dictionary<string, AddedToken> { ["bos_token"] = "<s>" });
        tokenizer.padding_side = "left";
        tokenizer.tokenize_chinese_chars = false;
        tokenizer.clean_text = false;
        var files = tokenizer.save_pretrained(folder.Path);
        foreach (var name in new[] { "tokenizer.json", "vocab.txt" }) // either is enough
        {
            var reloaded = BertTokenizerFast.from_pretrained(folder.Path);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(reloaded.get_vocab(), Is.EquivalentTo(tokenizer.get_vocab()));
                Assert.That(reloaded.added_tokens_decoder, Is.EqualTo(tokenizer.added_tokens_decoder));
                Assert.That(reloaded.special_tokens_map, Is.EqualTo(tokenizer.special_tokens_map));
                Assert.That(reloaded.additional_special_tokens, Is.EqualTo(tokenizer.additional_special_tokens));
                Assert.That((reloaded.padding_side, reloaded.model_max_length, reloaded.clean_text, reloaded.tokenize_chinese_chars, reloaded.Count),
                    Is.EqualTo(("left", 16, false, false, tokenizer.Count)));
                foreach (var text in new[] { "Hello <x> wörd <ent>worlds", "a日b\u0007" }) Assert.That(reloaded.encode(text), Is.EqualTo(tokenizer.encode(text)), text);
            }
            File.Delete(Path.Combine(folder.Path, name));
            if (name == "tokenizer.json") continue;
            Assert.That(() => BertTokenizerFast.from_pretrained(folder.Path), Throws.InstanceOf<VocabularyNotFoundException>());
        }
        Assert.That(files.Select(Path.GetFileName), Is.EquivalentTo(new[] { "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "tokenizer.json" }));
        Assert.That(Directory.EnumerateFiles(folder.Path, "*.tmp"), Is.Empty);
    }

    [Test]
    public void The_slow_class_saves_its_own_options_and_no_tokenizer_json()
    {
        using TemporaryFolder folder = new(), saved = new();
        BertTokenizer.from_pretrained(TinyBert.Write(folder), never_split: ["a,b"]).save_pretrained(saved.Path);
        var reloaded = BertTokenizer.from_pretrained(saved.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reloaded.never_split, Is.EqualTo(new[] { "a,b" }));
            Assert.That(reloaded.tokenize("c A,b a,c"), Is.EqualTo(new[] { "c", "a,b", "a", ",", "c" }));
            Assert.That(reloaded.Apply("c A,b").token_to_chars(2), Is.EqualTo(new CharSpan(2, 5)));
            Assert.That(File.Exists(Path.Combine(saved.Path, "tokenizer.json")), Is.False);
        }
    }

    [Test]
    public void Options_given_to_from_pretrained_outrank_the_files()
    {
        using TemporaryFolder folder = new(), saved = new();
        BertTokenizerFast.from_pretrained(TinyBert.Write(folder)).save_pretrained(saved.Path);
        foreach (var path in new[] { folder.Path, saved.Path }) // with and without tokenizer.json
        {
            var tokenizer = BertTokenizerFast.from_pretrained(path, do_lower_case: false, unk_token: "[MASK]", cls_token: "a", pad_token: "b", model_max_length: 4);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(tokenizer.tokenize("Hello", add_special_tokens: true), Is.EqualTo(new[] { "a", "[MASK]", "[SEP]" }));
                Assert.That(tokenizer.Apply(["c", "c d hello"], padding: true, truncation: true)["input_ids"].ToRows(), Is.EqualTo(new[] { new[] { 8, 10, 3, 9 }, [8, 10, 11, 3] }));
            }
        }
    }

    [Test]
    public void The_state_of_padding_and_truncation_in_tokenizer_json_sets_the_sides()
    {
        using var folder = new TemporaryFolder();
        TinyBert.Load().save_pretrained(folder.Path);
        Change(folder, "tokenizer.json", json =>
        {
            json["padding"] = JsonNode.Parse("""{"strategy": "BatchLongest", "direction": "Left", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 1, "pad_token": "[PAD]"}""");
            json["truncation"] = JsonNode.Parse("""{"direction": "Left", "max_length": 4, "strategy": "LongestFirst", "stride": 0}""");
        });
        var tokenizer = BertTokenizerFast.from_pretrained(folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((tokenizer.padding_side, tokenizer.truncation_side, tokenizer.pad_token_type_id), Is.EqualTo(("left", "left", 1)));
            Assert.That(tokenizer.encode("a b c d"), Has.Length.EqualTo(6));
        }
    }

    [Test]
    public void A_folder_with_older_files_reads_special_and_added_tokens_from_them()
    {
        using var folder = new TemporaryFolder();
        TinyBert.Write(folder, """{"do_lower_case": true}""");
        File.WriteAllText(Path.Combine(folder.Path, "special_tokens_map.json"), """{"mask_token": {"content": "<mask>", "lstrip": true}, "additional_special_tokens": ["<ent>"]}""");
        File.WriteAllText(Path.Combine(folder.Path, "added_tokens.json"), """{"<mask>": 19, "<ent>": 18, "New": 20}""");
        var tokenizer = BertTokenizerFast.from_pretrained(folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokenizer.mask_token_id, Is.EqualTo(19));
            Assert.That(tokenizer.encode("a <mask> new<ent>", add_special_tokens: false), Is.EqualTo(new[] { 8, 19, 20, 18 }));
            Assert.That(tokenizer.all_special_tokens, Does.Contain("<mask>").And.Contains("<ent>").And.Not.Contains("[MASK]"));
        }
    }

    static readonly (string What, Action<JsonObject> Damage, Type Error)[] Damages =
    [
        ("another model", j => j["model"]!["type"] = "BPE", typeof(UnsupportedException)),
        ("another normaliser", j => j["normalizer"] = new JsonObject { ["type"] = "NFKC" }, typeof(UnsupportedException)),
        ("another pre-tokenizer", j => j["pre_tokenizer"] = null, typeof(UnsupportedException)),
        ("no model", j => j.Remove("model"), typeof(FileFormatException)),
        ("no vocabulary", j => j["model"]!.AsObject().Remove("vocab"), typeof(FileFormatException)),
        ("a huge id", j => j["model"]!["vocab"]!["x"] = int.MaxValue - 1, typeof(FileFormatException)),
        ("a negative id", j => j["model"]!["vocab"]!["x"] = -1, typeof(FileFormatException)),
        ("an id that is text", j => j["model"]!["vocab"]!["x"] = "1", typeof(FileFormatException)),
        ("a template without its token", j => j["post_processor"]!["special_tokens"] = new JsonObject(), typeof(FileFormatException)),
        ("a template that names a sequence twice", j => j["post_processor"]!["single"]!.AsArray().Add(Piece("A")), typeof(FileFormatException)),
        ("a template of one text that names the second", j => j["post_processor"]!["single"]![1] = Piece("B"), typeof(FileFormatException)),
        ("a template of pairs without the second text", j => j["post_processor"]!["pair"]!.AsArray().RemoveAt(3), typeof(FileFormatException)),
        ("an added token without text", j => j["added_tokens"]![0]!.AsObject().Remove("content"), typeof(FileFormatException)),
    ];

    static JsonObject Piece(string sequence) => new() { ["Sequence"] = new JsonObject { ["id"] = sequence, ["type_id"] = 0 } };

    static IEnumerable<TestCaseData> DamageCases => Damages.Select(d => new TestCaseData(d.Damage, d.Error).SetArgDisplayNames(d.What));

    [TestCaseSource(nameof(DamageCases))]
    public void A_tokenizer_json_that_cannot_be_used_is_a_typed_error(Action<JsonObject> damage, Type error)
    {
        using var folder = new TemporaryFolder();
        TinyBert.Load().save_pretrained(folder.Path);
        Change(folder, "tokenizer.json", damage);
        Assert.That(() => BertTokenizerFast.from_pretrained(folder.Path), Throws.InstanceOf(error).With.Message.Contains("tokenizer.json"));
    }

    [TestCase("tokenizer.json", "{\"model\": ")]
    [TestCase("tokenizer.json", "[]")]
    [TestCase("tokenizer_config.json", "{\"a\": 1, \"a\": 2}")]
    [TestCase("tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}")]
    [TestCase("special_tokens_map.json", "nothing")]
    public void Broken_json_is_a_typed_error_that_names_the_file(string name, string content)
    {
        using var folder = new TemporaryFolder();
        TinyBert.Write(folder, "{}");
        File.WriteAllText(Path.Combine(folder.Path, name), content);
        Assert.That(() => BertTokenizerFast.from_pretrained(folder.Path), Throws.InstanceOf<FileFormatException>().With.Message.Contains(name));
    }

    [Test]
    public void Deeply_nested_json_is_a_typed_error()
    {
        using var folder = new TemporaryFolder();
        TinyBert.Write(folder, "{\"a\": " + new string('[', 100_000));
        Assert.That(() => BertTokenizerFast.from_pretrained(folder.Path), Throws.InstanceOf<FileFormatException>());
    }

    static void Change(TemporaryFolder folder, string name, Action<JsonObject> change)
    {
        var path = Path.Combine(folder.Path, name);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
