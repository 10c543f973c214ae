using System.Text;
using Keras.Engines;
using Keras.Export;
using Keras.Graphs;
using Keras.Saving;

namespace Keras.Transformers.Tests;

/// <summary>GPT-2's tokenizer in the graph gives what the tokenizer outside gives, and the bytes back, on either engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Selected))]
sealed class TFGPT2TokenizerTests(string engine) : InGraphTokenizerFixture(engine)
{
    static readonly RunMode[] WithStrings = [RunMode.Eager, RunMode.Graph];

    static IEnumerable<string> Configurations => TokenizerGolden.Names("encode").Where(n => n.StartsWith("gpt2", StringComparison.Ordinal) || n.StartsWith("bpe", StringComparison.Ordinal));

    static readonly Lazy<GPT2TokenizerFast> Tiny = new(() => (GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny"));

    static Tensor Strings(params string[] texts) => Tensor.Of(texts);

    static Tensor Bytes(params byte[][] texts) => Tf.Constant(HostTensor.OfStrings(texts.Length, texts));

    /// <summary>The tokens of each row that the mask does not cover.</summary>
    static int[][] Rows(Tensors result)
    {
        var (ids, mask, width) = (result["input_ids"].Single.ToArray<int>(), result["attention_mask"].Single.ToArray<int>(), (int)result["input_ids"].Single.shape[1]);
        return [.. Enumerable.Range(0, (int)result["input_ids"].Single.shape[0]).Select(r => Enumerable.Range(r * width, width).Where(i => mask[i] == 1).Select(i => ids[i]).ToArray())];
    }

    static void AssertSame(TFGPT2Tokenizer layer, GPT2TokenizerFast tokenizer, string[] texts)
    {
        int[][] expected = [.. texts.Select(t => tokenizer.encode(t).ToArray())];
        foreach (var mode in WithStrings)
        {
            var result = Run(mode, Strings(texts), x => layer.Apply(x));
            var failures = texts.Zip(Rows(result), expected).Where(t => !t.Second.SequenceEqual(t.Third)).Select(t => $"'{t.First}': expected {string.Join(' ', t.Third)}, got {string.Join(' ', t.Second)}").ToList();
            Assert.That(failures, Is.Empty, $"{failures.Count} of {texts.Length} texts, {mode}");
        }
    }

    [TestCaseSource(nameof(Configurations))]
    public void The_whole_corpus_is_tokenized_as_outside_of_the_graph(string configuration)
    {
        var tokenizer = (GPT2TokenizerFast)TokenizerGolden.Tokenizer(configuration);
        AssertSame(TFGPT2Tokenizer.from_tokenizer(tokenizer), tokenizer, TokenizerGolden.AllTexts());
    }

    [TestCaseSource(nameof(Configurations))]
    public void The_whole_corpus_comes_back(string configuration)
    {
        var (tokenizer, texts) = ((GPT2TokenizerFast)TokenizerGolden.Tokenizer(configuration), TokenizerGolden.AllTexts());
        var layer = TFGPT2Tokenizer.from_tokenizer(tokenizer);
        foreach (var mode in WithStrings)
        {
            var result = Run(mode, Strings(texts), x =>
            {
                var ids = layer.Apply(x);
                return layer.detokenize(Tf.SelectV2(Tf.Cast(ids["attention_mask"].Single, DType.Bool), ids["input_ids"].Single, Tf.Int32Scalar(-1)));
            });
            var expected = texts.Select(t => tokenizer.add_prefix_space ? tokenizer.decode(tokenizer.encode(t)) : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t)));
            Assert.That(result.Single.RequireEager().ReadStrings().Select(Encoding.UTF8.GetString), Is.EqualTo(expected), $"{mode}");
        }
    }

    static readonly string[] Hostile =
    [
        "", " ", "  ", "\n", " \n ", "a", "'", "''", "'s", "'S", "it's", "''s", "!'s", " 's", "\n's", "  's", "'s's", "'sing", "'re're'", "'ve 'll'd'm't", "we'll've'", "'r", "'l", "'v e", "x'", "'s\n", "'ll ",
        "a  b", "a   b", "a \n b", "a\n\nb", "a \u00A0b", "\u00A0\u00A0b", "a ", "a  ", "\t\ta", "12 34", "a1b2", "1a", "½ ²x", "e\u0301e", "日本語 テキスト", "👍🏽 👨‍👩‍👧", "🇩🇪🇫🇷", "\0", "a\0b", "\uFEFFabc", "\uFFFD", "\uE000",
        "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|> ", "<|endoftext|><|endoftext|>", "<|endoftext|", "'<|endoftext|>s", "  <|endoftext|>  x", "<|endoftext|>'s",
        "\U000F0000", "a\U000F0001b", "\U000F0100", "\U000F0100\U000F0101", "\U000F0101", "\U000F0100\U000F0000<|endoftext|>\U000F0000", "\U0010FFFF", "\U00010000\uFFFF\u0800\u07FF\u0080\u007F",
        new('a', 3000), new(' ', 500), string.Concat(Enumerable.Repeat("ab", 1500)), string.Concat(Enumerable.Range(0, 1500).Select(i => (char)('a' + (i * i % 26)))), string.Concat(Enumerable.Repeat("👍", 200)),
    ];

    [Test]
    public void Hostile_texts_are_tokenized_as_outside_of_the_graph([Values("bpe-tiny", "gpt2")] string configuration, [Values] bool addPrefixSpace)
    {
        var tokenizer = (GPT2TokenizerFast)TokenizerGolden.Tokenizer(configuration);
        tokenizer.add_prefix_space = addPrefixSpace;
        var layer = TFGPT2Tokenizer.from_tokenizer(tokenizer);
        AssertSame(layer, tokenizer, Hostile);
        foreach (var text in Hostile.Take(40)) AssertSame(layer, tokenizer, [text]);
        if (!addPrefixSpace) Assert.That(Rows(layer.Apply(Strings(Hostile))).Select(r => Encoding.UTF8.GetString(layer.detokenize(Tensor.Of(r)).RequireEager().ReadStrings()[0])), Is.EqualTo(Hostile));
    }

    [TestCase("bpe-tiny")]
    [TestCase("gpt2")]
    public void Random_texts_are_tokenized_as_outside_of_the_graph(string configuration)
    {
        var random = new Random(11);
        Func<int>[] characters =
        [
            () => random.Next(0x20, 0x7F), () => " \t\n\r\u00A0'"[random.Next(6)], () => random.Next(0x80, 0x250), () => random.Next(0x300, 0x370), () => random.Next(0x4E00, 0x9FFF),
            () => random.Next(0x1F300, 0x1FAFF), () => random.Next(0x10000, 0x110000), () => "'stremvld0123"[random.Next(13)],
        ];
        string[] texts = [.. Enumerable.Range(0, 3000).Select(_ =>
        {
            var (text, kind) = (new StringBuilder(), 0);
            for (var i = random.Next(60); i > 0; i--)
            {
                if (random.Next(3) == 0) kind = random.Next(characters.Length);
                if (characters[kind]() is var c && c is < 0xD800 or > 0xDFFF) text.Append(char.ConvertFromUtf32(c));
            }
            return text.ToString();
        })];
        var tokenizer = (GPT2TokenizerFast)TokenizerGolden.Tokenizer(configuration);
        AssertSame(TFGPT2Tokenizer.from_tokenizer(tokenizer), tokenizer, texts);
    }

    /// <summary>Bytes that are no UTF-8 become replacement characters, as many as .NET makes of them, and never an error.</summary>
    [Test]
    public void Broken_bytes_are_replacement_characters()
    {
        var random = new Random(12);
        byte[][] texts =
        [
            [0xFF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0x80, 0x62], [0xE2, 0x28, 0xA1],
            .. Enumerable.Range(0, 200).Select(_ => { var bytes = new byte[random.Next(1, 20)]; random.NextBytes(bytes); return bytes; }),
        ];
        var layer = TFGPT2Tokenizer.from_tokenizer(Tiny.Value);
        Assert.That(Rows(layer.Apply(Bytes(texts))), Is.EqualTo(texts.Select(t => Tiny.Value.encode(Encoding.UTF8.GetString(t)).ToArray())));
    }

    [TestCase("right")]
    [TestCase("left")]
    public void Rows_are_cut_and_filled_up(string side)
    {
        var tokenizer = GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny"), pad_token: "<|endoftext|>", padding_side: side, add_bos_token: true);
        string[] texts = ["one two three", "", "a", "some words that are more"];
        foreach (var length in new int?[] { null, 3, 1, 40 })
        {
            var expected = tokenizer.Apply(texts, padding: length is null ? "longest" : "max_length", truncation: length is not null, max_length: length);
            foreach (var result in new[] { TFGPT2Tokenizer.from_tokenizer(tokenizer, length).Apply(Strings(texts)), TFGPT2Tokenizer.from_tokenizer(tokenizer).Apply(Strings(texts), length) })
                foreach (var key in new[] { "input_ids", "attention_mask" })
                    Assert.That(result[key].Single.ToArray<int>(), Is.EqualTo(expected[key].ToRows().SelectMany(r => r)), $"{key} {length}");
        }
        var plain = TFGPT2Tokenizer.from_pretrained(TokenizerGolden.VocabFolder("bpe-tiny"));
        Assert.That(plain.Apply(Strings("", ""))["input_ids"].Single.shape, Is.EqualTo(new Shape(2, 0)));
        Assert.That(plain.Apply(Strings())["input_ids"].Single.shape, Is.EqualTo(new Shape(0, 0)));
    }

    [Test]
    public void Added_tokens_are_found_and_left_out()
    {
        var tokenizer = (GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny");
        tokenizer.add_tokens(["<new>", "né[w]"]);
        tokenizer.add_special_tokens(["<|x|>"]);
        var layer = TFGPT2Tokenizer.from_tokenizer(tokenizer);
        string[] texts = ["a <new>b", "né[w]<|x|> <|endoftext|>", "<new", "it<new>'s"];
        AssertSame(layer, tokenizer, texts);
        foreach (var skip in new[] { false, true })
            Assert.That(Rows(layer.Apply(Strings(texts))).Select(r => Encoding.UTF8.GetString(layer.detokenize(Tensor.Of(r), skip).RequireEager().ReadStrings()[0])),
                Is.EqualTo(texts.Select(t => tokenizer.decode(tokenizer.encode(t), skip))));
        Assert.That(() => TFGPT2Tokenizer.from_tokenizer(WithStripping()), Throws.TypeOf<UnsupportedException>().With.Message.Contains("<s>"));

        GPT2TokenizerFast WithStripping()
        {
            var other = (GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny");
            other.add_tokens([new AddedToken("<s>", lstrip: true)]);
            return other;
        }
    }

    [Test]
    public void Ids_of_any_kind_are_bytes()
    {
        var layer = TFGPT2Tokenizer.from_tokenizer(Tiny.Value);
        var letters = Enumerable.Range(0, 256).Select(b => Tiny.Value.convert_tokens_to_ids(ByteAlphabet.LetterOf((byte)b).ToString())).ToArray();
        Assert.That(layer.detokenize(Tensor.Of(letters)).RequireEager().ReadStrings()[0], Is.EqualTo(Enumerable.Range(0, 256).Select(b => (byte)b)), "every byte");
        Tensor table = Tensor.Of(new long[,] { { letters['a'], -1, letters['b'] }, { long.MaxValue, Tiny.Value.Count, letters['c'] } });
        Assert.That(layer.detokenize(table).RequireEager().ReadStrings().Select(Encoding.UTF8.GetString), Is.EqualTo(new[] { "ab", "c" }));
        Assert.That(() => layer.detokenize(Tensor.Of(1f)), Throws.TypeOf<DTypeMismatchException>());
        Assert.That(() => layer.detokenize(Tensor.Of(1)), Throws.TypeOf<ShapeMismatchException>());
    }

    /// <summary>A vocabulary in which a pair comes before what makes its parts: the leftmost of the least rank is joined each time.</summary>
    [Test]
    public void Merges_in_any_order_are_joined_as_outside_of_the_graph()
    {
        var random = new Random(13);
        for (var round = 0; round < 20; round++)
        {
            var vocab = "abc ".Select((c, i) => (ByteAlphabet.LetterOf((byte)c).ToString(), i)).ToDictionary(t => t.Item1, t => t.i);
            var merges = new List<string>();
            for (var i = 0; i < 12; i++)
            {
                var (left, right) = (vocab.Keys.ElementAt(random.Next(vocab.Count)), vocab.Keys.ElementAt(random.Next(vocab.Count)));
                vocab.TryAdd(left + right, vocab.Count);
                if (!merges.Contains($"{left} {right}")) merges.Add($"{left} {right}");
            }
            string[] shuffled = [.. merges.OrderBy(_ => random.Next())];
            var model = new BytePairModel([.. vocab.OrderBy(v => v.Value).Select(v => v.Key)], [.. shuffled.Select(m => BytePairFiles.Split(m)!.Value)], null, _ => "");
            string[] texts = [.. Enumerable.Range(0, 100).Select(_ => string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => "abc"[random.Next(3)])))];
            var expected = texts.Select(t => model.Tokenize(t, new()).ToArray().Where((_, i) => i % 3 == 0).ToArray());
            Assert.That(Rows(new TFGPT2Tokenizer(vocab, shuffled).Apply(Strings(texts))), Is.EqualTo(expected), string.Join(", ", shuffled));
        }
    }

    [Test]
    public void One_trace_serves_batches_of_every_size()
    {
        var layer = TFGPT2Tokenizer.from_tokenizer(Tiny.Value);
        using var traced = new TracedFunction("tokenize", x => layer.Apply(x), new CompileOptions(Jit: false));
        foreach (var texts in new[] { ["one"], ["one", "two words"], new[] { "", "", "" }, ["antidisestablishmentarianism", "b", "c", "d"] })
            Assert.That(Rows(traced.Call(Strings(texts))), Is.EqualTo(texts.Select(t => Tiny.Value.encode(t).ToArray())));
        Assert.That(traced.TraceCount, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void A_config_makes_the_same_layer()
    {
        var tokenizer = (GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny");
        tokenizer.add_tokens(["<new>"]);
        var layer = TFGPT2Tokenizer.from_tokenizer(tokenizer, max_length: 9, pad_token_id: 0);
        var json = ConfigJson.Write(layer.get_config());
        var again = (TFGPT2Tokenizer)LayerConfigs.Make(typeof(TFGPT2Tokenizer), ConfigJson.Read(Encoding.UTF8.GetBytes(json), "test"));
        Assert.That(ConfigJson.Write(again.get_config()), Is.EqualTo(json));
        string[] texts = ["some text<new>here", "<|endoftext|>"];
        Assert.That(Rows(again.Apply(Strings(texts))), Is.EqualTo(Rows(layer.Apply(Strings(texts)))));
    }

    [Test]
    public void What_does_not_fit_is_refused()
    {
        var vocab = new Dictionary<string, int> { ["a"] = 0, ["b"] = 1, ["ab"] = 2 };
        Assert.Multiple(() =>
        {
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["a c"]), Throws.TypeOf<FileFormatException>().With.Message.Contains("merges[0]"));
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["ab"]), Throws.ArgumentException.With.Message.Contains("\"ab\""));
            Assert.That(() => new TFGPT2Tokenizer(new Dictionary<string, int> { ["a"] = 0, ["b"] = 0 }, []), Throws.ArgumentException.With.Message.Contains("id 0"));
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["a b"], max_length: 4), Throws.ArgumentException.With.Message.Contains("pad_token_id"));
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["a b"], max_length: 0, pad_token_id: 0), Throws.ArgumentException);
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["a b"], padding_side: "middle"), Throws.ArgumentException);
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["a b"]).Apply(Tensor.Of(new[] { 1 })), Throws.TypeOf<DTypeMismatchException>());
            Assert.That(() => new TFGPT2Tokenizer(vocab, ["a b"]).Apply(Tensor.Of(new[,] { { "a" } })), Throws.TypeOf<ShapeMismatchException>());
        });
    }

    /// <summary>Strings in, hidden states out, and ids to strings, served by TensorFlow's own loader or, on Torch, by the library's.</summary>
    [Test]
    public void A_SavedModel_takes_and_gives_strings()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["A bird that sings.", "small", "it's 👍"];
        var model = new TFGPT2Model(new GPT2Config { n_embd = 12, n_layer = 1, n_head = 2, n_positions = 64, vocab_size = Tiny.Value.Count });
        var layer = TFGPT2Tokenizer.from_tokenizer(Tiny.Value);
        var ids = layer.Apply(Strings(texts));
        var expected = Floats(model.Apply(ids).last_hidden_state);
        var path = Path.Combine(folder, "1");
        model.export(path, layer);
        ServedOps.Require(path);

        using var loaded = Load(path);
        var result = loaded.Run("serving_default", new Dictionary<string, HostTensor> { ["text"] = HostTensor.OfStrings(3, [.. texts.Select(Encoding.UTF8.GetBytes)]) });
        Assert.That(Tf.Constant(result["last_hidden_state"]).ToArray<float>(), Is.EqualTo(expected).Within(1e-5f));
        Assert.That(loaded.Signatures, Is.EquivalentTo(new[] { "serving_default", "int32_serving", "int64_serving", "detokenize" }));
        Assert.That(TextsOf(loaded, "detokenize", ids), Is.EqualTo(texts));
    }

    [Test]
    public void Both_ways_are_endpoints_of_an_archive()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["a b", "", "日本 it's"];
        var layer = TFGPT2Tokenizer.from_tokenizer(Tiny.Value);
        var archive = new ExportArchive();
        archive.add_endpoint("tokenize", x => layer.Apply(x), new InputSpec(DType.String, new Shape(-1), name: "text"));
        archive.add_endpoint("detokenize", x => new Dictionary<string, Tensors> { ["text"] = layer.detokenize(x, skip_special_tokens: true) }, new InputSpec(DType.Int64, new Shape(-1, -1), name: "ids"));
        var path = Path.Combine(folder, "1");
        archive.write_out(path, verbose: false);
        using var loaded = Load(path);
        var result = loaded.Run("tokenize", new Dictionary<string, HostTensor> { ["text"] = HostTensor.OfStrings(3, [.. texts.Select(Encoding.UTF8.GetBytes)]) });
        var ids = new Tensors(result.Select(r => KeyValuePair.Create(r.Key, (Tensors)Tf.Constant(r.Value))));
        Assert.That(Rows(ids), Is.EqualTo(texts.Select(t => Tiny.Value.encode(t).ToArray())));
        Assert.That(TextsOf(loaded, "detokenize", ids), Is.EqualTo(texts));
    }

    static IEnumerable<string> TextsOf(ISavedModelRunner loaded, string signature, Tensors ids)
    {
        var shown = Tf.SelectV2(Tf.Cast(ids["attention_mask"].Single, DType.Bool), Tf.Cast(ids["input_ids"].Single, DType.Int64), Tf.Constant(HostTensor.Scalar(-1L)));
        return Tf.Constant(loaded.Run(signature, new Dictionary<string, HostTensor> { ["ids"] = shown.RequireEager().ToHost() })["text"]).RequireEager().ReadStrings().Select(Encoding.UTF8.GetString);
    }

    ISavedModelRunner Load(string path) => EngineName == "torch" ? SavedModels.SavedModelRunner.Load(path, Engine.Current) : Backend.EngineSelection.LoadSavedModel(path);
}
