using System.Text.Json.Nodes;
using Keras.Backend;
using Keras.Graphs;

namespace Keras.Transformers.Tests;

/// <summary>What all tokenizers have follows from the declaration of their class; tried with one that is not BERT's.</summary>
sealed class OtherFamilyTests : EngineFixture
{
    const string ModelType = "pairs";

    [OneTimeSetUp]
    public void MakeKnown() => AutoTokenizer.register(ModelType, PairTokenizer.Declaration, exist_ok: true);

    static PairTokenizer Load(string config = """{"tokenizer_class": "PairTokenizer", "model_max_length": 8}""")
    {
        using var folder = new TemporaryFolder();
        return (PairTokenizer)AutoTokenizer.from_pretrained(PairTokenizer.Write(folder, config));
    }

    [Test]
    public void Auto_finds_a_registered_class_by_its_names_and_by_its_model()
    {
        using var folder = new TemporaryFolder();
        foreach (var (tokenizerConfig, config) in new[]
        {
            ("""{"tokenizer_class": "PairTokenizerFast"}""", "{}"), ("{}", """{"tokenizer_class": "PairTokenizer", "model_type": "bert"}"""), ("{}", """{"model_type": "pairs"}"""),
        })
        {
            PairTokenizer.Write(folder, tokenizerConfig);
            File.WriteAllText(Path.Combine(folder.Path, "config.json"), config);
            Assert.That(AutoTokenizer.from_pretrained(folder.Path, use_fast: false), Is.TypeOf<PairTokenizer>());
        }
    }

    [Test]
    public void Names_that_are_taken_are_refused()
    {
        var other = PairTokenizer.Declaration with { model_input_names = ["input_ids"] };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => AutoTokenizer.register(ModelType, other), Throws.ArgumentException.With.Message.Contains(ModelType));
            Assert.That(() => AutoTokenizer.register("others", other, exist_ok: true), Throws.ArgumentException.With.Message.Contains("PairTokenizer"));
            Assert.That(() => AutoTokenizer.register(ModelType, other, exist_ok: true), Throws.Nothing);
        }
        MakeKnown();
    }

    [Test]
    public void Texts_become_the_columns_that_the_class_declares()
    {
        var encoding = Load().Apply("abc abc  x", return_offsets_mapping: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(encoding.Keys, Is.EqualTo(new[] { "input_ids", "attention_mask", "offset_mapping" }));
            Assert.That(encoding["input_ids"].AsInts(), Is.EqualTo(new[] { 6, 3, 8, 0 }));
            Assert.That(encoding["offset_mapping"].Values, Is.EqualTo(new[] { 0, 2, 2, 3, 4, 7, 9, 10 }));
            Assert.That(encoding.word_ids(), Is.EqualTo(new int?[] { 0, 0, 1, 2 }));
            Assert.That(Load().decode([6, 3, 8]), Is.EqualTo("abc abc"));
            Assert.That(Load("""{"tokenizer_class": "PairTokenizer", "add_prefix_space": true}""").encode("abc<end>b"), Is.EqualTo(new[] { 8, 0, 5 }));
        }
    }

    [Test]
    public void The_files_may_name_other_columns_which_are_saved()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Load("""{"tokenizer_class": "PairTokenizer", "model_input_names": ["input_ids", "token_type_ids"]}""");
        Assert.That(tokenizer.Apply("a", "b").Keys, Is.EqualTo(new[] { "input_ids", "token_type_ids" }));
        tokenizer.model_input_names = ["input_ids"];
        tokenizer.save_pretrained(folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AutoTokenizer.from_pretrained(folder.Path).model_input_names, Is.EqualTo(new[] { "input_ids" }));
            Assert.That(() => tokenizer.model_input_names = [], Throws.ArgumentException);
            Assert.That(() => Load("""{"tokenizer_class": "PairTokenizer", "model_input_names": []}"""), Throws.InstanceOf<FileFormatException>().With.Message.Contains("model_input_names"));
        }
    }

    [Test]
    public void Rows_are_filled_up_once_there_is_a_padding_token()
    {
        var tokenizer = Load();
        Assert.That(() => tokenizer.Apply(["a", "abc a"], padding: true), Throws.InstanceOf<TokenizationException>().With.Message.Contains("pad_token"));
        tokenizer.pad_token = tokenizer.eos_token;
        int[][] expected = [[1, 0, 0], [6, 3, 4]];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokenizer.Apply(["a", "abc a"], padding: true)["input_ids"].ToRows(), Is.EqualTo(expected));
            Assert.That(tokenizer.pad([tokenizer.Apply("a"), tokenizer.Apply("abc a")])["input_ids"].ToRows(), Is.EqualTo(expected));
            Assert.That(tokenizer.Apply(["a", "abc a"], padding: true)["attention_mask"].ToRows(), Is.EqualTo(new int[][] { [1, 0, 0], [1, 1, 1] }));
        }
    }

    [Test]
    public void What_is_saved_reads_back_from_either_form_of_the_vocabulary()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Load();
        tokenizer.add_prefix_space = true;
        tokenizer.add_tokens(["<new>"]);
        var files = tokenizer.save_pretrained(folder.Path).Select(Path.GetFileName).ToList();
        Assert.That(files, Is.EquivalentTo(new[] { "vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json" }));
        Check();
        File.Delete(Path.Combine(folder.Path, "tokenizer.json"));
        Check();
        File.Delete(Path.Combine(folder.Path, "merges.txt"));
        Assert.That(() => AutoTokenizer.from_pretrained(folder.Path),
            Throws.InstanceOf<VocabularyNotFoundException>().With.Message.Contains("tokenizer.json, or vocab.json with merges.txt"));

        void Check()
        {
            var read = AutoTokenizer.from_pretrained(folder.Path);
            Assert.That(read.get_vocab(), Is.EquivalentTo(tokenizer.get_vocab()));
            Assert.That((read.encode("abc <new>a"), read.model_max_length, read.eos_token), Is.EqualTo((tokenizer.encode("abc <new>a"), 8, "<end>")));
        }
    }

    [TestCase("""{"type": "RobertaProcessing", "cls": ["b", 2], "sep": ["c", 3], "trim_offsets": true, "add_prefix_space": false}""", new[] { 2, 1, 3, 3, 1, 3 }, new[] { 0, 0, 0, 0, 0, 0 })]
    [TestCase("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true}""", new[] { 1, 1 }, new[] { 0, 1 })]
    [TestCase("null", new[] { 1, 1 }, new[] { 0, 1 })]
    public void The_post_processor_of_tokenizer_json_says_where_special_tokens_stand(string processor, int[] ids, int[] types)
    {
        var tokenizer = WithProcessor(processor);
        var encoding = tokenizer.Apply("a", "a", return_token_type_ids: true, return_special_tokens_mask: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(encoding["input_ids"].AsInts(), Is.EqualTo(ids));
            Assert.That(encoding["token_type_ids"].AsInts(), Is.EqualTo(types));
            Assert.That(tokenizer.build_inputs_with_special_tokens([1], [1]), Is.EqualTo(ids));
            Assert.That(tokenizer.create_token_type_ids_from_sequences([1], [1]), Is.EqualTo(types));
            Assert.That(tokenizer.get_special_tokens_mask([1], [1]), Is.EqualTo(encoding["special_tokens_mask"].AsInts()));
        }
    }

    [Test]
    public void A_post_processor_of_another_kind_is_refused() => Assert.That(() => WithProcessor("""{"type": "BertProcessing", "cls": ["b", 2], "sep": ["c", 3]}"""),
        Throws.InstanceOf<UnsupportedException>().With.Message.Contains("post_processor").And.Message.Contains("ByteLevel or RobertaProcessing or null"));

    [TestCase("""{"type": "RobertaProcessing", "cls": ["b", 2], "sep": ["c", 3]}""", true, true)]
    [TestCase("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false}""", false, true)]
    [TestCase("null", false, false)]
    public void The_post_processor_says_whether_offsets_are_trimmed(string processor, bool trims, bool prefix)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer.json"), $$"""{"added_tokens": [], "post_processor": {{processor}} }""");
        var read = new TokenizerJson(new(folder.Path)).PostProcessor("RobertaProcessing", "ByteLevel", null);
        Assert.That((read.TrimsOffsets, read.AddsPrefixSpace), Is.EqualTo((trims, prefix)));
    }

    [Test]
    public void Whole_words_are_told_by_the_tokenizer()
    {
        using var folder = new TemporaryFolder();
        PairTokenizer.Write(folder);
        var tokenizer = Load();
        (tokenizer.mask_token, tokenizer.pad_token) = ("<end>", "<end>");
        var encoded = tokenizer.Apply(Enumerable.Repeat("abc abbbb a bc", 200));
        var labels = new DataCollatorForLanguageModeling(tokenizer, mlm_probability: 0.5, whole_word_mask: true, seed: 3).Apply(encoded)["labels"].ToRows();
        using (Assert.EnterMultipleScope())
        {
            // ab c | _ab b b b | _a | _b c
            foreach (var row in labels) Assert.That(new[] { (0, 1), (2, 5), (6, 6), (7, 8) }.All(w => row[w.Item1..(w.Item2 + 1)].Select(l => l == -100).Distinct().Count() == 1));
            Assert.That(labels.Select(r => string.Join(' ', r)).Distinct().Count(), Is.GreaterThan(4), "words are chosen one by one");
            Assert.That(() => new DataCollatorForLanguageModeling(new Wordless(new(folder.Path)), whole_word_mask: true),
                Throws.InstanceOf<UnsupportedException>().With.Message.Contains("Wordless").And.Message.Not.Contains("Bert"));
        }
    }

    [Test]
    public void A_model_is_exported_with_any_tokenizer_in_the_graph()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertModel(SmallBert.Config());
        var path = Path.Combine(folder, "1");
        model.export(path, new ThreeIds());
        using var session = EngineSelection.LoadSavedModel(path);
        var outputs = session.Run("serving_default", new Dictionary<string, HostTensor> { ["text"] = HostTensor.OfStrings(2, ["a"u8.ToArray(), "b"u8.ToArray()]) });
        var expected = model.Apply(new Dictionary<string, Tensors> { ["input_ids"] = Tf.Fill(Tf.Int32(2, 3), Tf.Int32Scalar(7)) }).pooler_output;
        Assert.That(outputs["pooler_output"].As<float>().ToArray(), Is.EqualTo(Floats(expected)).Within(1e-5f));
        Assert.That(() => new ThreeIds().Apply(Tensor.Of(new[] { 1 })), Throws.InstanceOf<DTypeMismatchException>());
    }

    static PairTokenizer WithProcessor(string processor)
    {
        using var folder = new TemporaryFolder();
        Load().save_pretrained(folder.Path);
        var path = Path.Combine(folder.Path, "tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["post_processor"] = JsonNode.Parse(processor);
        File.WriteAllText(path, json.ToJsonString());
        return (PairTokenizer)AutoTokenizer.from_pretrained(folder.Path);
    }

    /// <summary>A tokenizer whose tokens do not tell words: single characters.</summary>
    sealed class Wordless : PreTrainedTokenizerBase
    {
        static readonly TokenizerKind Declaration = new(["Wordless"], (_, _, _) => throw new AssertionException("no test reads one"))
        {
            vocab_files_names = PairTokenizer.Declaration.vocab_files_names,
        };

        public Wordless(TokenizerFiles files) : base(Declaration, files) => mask_token = "a";

        public override int vocab_size => 26;

        protected override int VocabularyIdLimit => 26;

        protected override string? VocabularyToken(int id) => id < 26 ? $"{(char)('a' + id)}" : null;

        protected override int? VocabularyId(string token) => token is [>= 'a' and <= 'z'] ? token[0] - 'a' : null;

        public override string convert_tokens_to_string(IEnumerable<string> tokens) => string.Concat(tokens);

        protected override void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch)
        {
            for (; start < stop; start++) scratch.Tokens.Add(text.Chars[start] - 'a', text.Start(start), text.End(start));
        }

        protected override IEnumerable<(string Name, string Text)> VocabularyFiles() => [];
    }

    sealed class ThreeIds() : InGraphTokenizer(null)
    {
        public override IReadOnlyDictionary<string, DType> Outputs { get; } = new Dictionary<string, DType> { ["input_ids"] = DType.Int64 };

        public override Tensors call(CallArguments args)
        {
            ArgumentNullException.ThrowIfNull(args);
            var rows = Tf.SizeOf(Texts(args.Inputs, "text"));
            return new Dictionary<string, Tensors> { ["input_ids"] = Tf.Cast(Tf.Fill(Tf.Stack([rows, Tf.Int32Scalar(3)], 0), Tf.Int32Scalar(7)), DType.Int64) };
        }
    }
}
