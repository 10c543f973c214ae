using Keras.Engines;
using Keras.Graphs;

namespace Keras.Transformers.Tests;

/// <summary>The tokenizer in the graph gives what the tokenizer outside gives, on either engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Selected))]
sealed class TFBertTokenizerTests(string engine) : InGraphTokenizerFixture(engine)
{
    /// <summary>Nothing is cut.</summary>
    const int Unlimited = 1 << 16;

    static IEnumerable<string> Configurations => TokenizerGolden.Names("encode").Where(n => n.StartsWith("bert-", StringComparison.Ordinal));

    static readonly Lazy<BertTokenizerFast> Bert = new(() => (BertTokenizerFast)TokenizerGolden.Tokenizer("bert-uncased"));

    static Tensor Strings(params string[] texts) => Tensor.Of(texts);

    static int[][] Rows(Tensors result, string key = "input_ids")
    {
        var (values, width) = (result[key].Single.ToArray<long>(), (int)result[key].Single.shape[1]);
        return [.. values.Select(v => (int)v).Chunk(width)];
    }

    static int[][] Expected(BatchEncoding encoding, string key = "input_ids") => [.. Enumerable.Range(0, encoding["input_ids"].Count).Select(i => encoding[key][i].ToArray())];

    [TestCaseSource(nameof(Configurations))]
    public void The_whole_corpus_is_tokenized_as_outside_of_the_graph(string configuration)
    {
        var tokenizer = (BertTokenizerFast)TokenizerGolden.Tokenizer(configuration);
        var texts = TokenizerGolden.AllTexts();
        var expected = tokenizer.Apply(texts, padding: true);
        var layer = TFBertTokenizer.from_tokenizer(tokenizer, max_length: Unlimited);
        foreach (var mode in new[] { RunMode.Eager, RunMode.Graph })
        {
            var result = Run(mode, Strings(texts), x => layer.Apply(x));
            var failures = texts.Zip(Rows(result).Zip(Expected(expected))).Where(t => !t.Second.First.SequenceEqual(t.Second.Second))
                .Select(t => $"'{t.First}': expected {string.Join(' ', t.Second.Second.Where(i => i != 0))}, got {string.Join(' ', t.Second.First.Where(i => i != 0))}").ToList();
            Assert.That(failures, Is.Empty, $"{failures.Count} of {texts.Length} texts, {mode}");
            Assert.That(Rows(result, "attention_mask"), Is.EqualTo(Expected(expected, "attention_mask")));
            Assert.That(Rows(result, "token_type_ids").SelectMany(r => r), Is.All.Zero);
        }
    }

    [TestCase(8, null, "longest")]
    [TestCase(7, null, "longest")]
    [TestCase(512, 8, "longest")]
    [TestCase(24, null, "max_length")]
    public void Pairs_are_cut_and_padded_as_outside_of_the_graph(int length, int? multiple, string padding)
    {
        string[] first = ["one two three four five six seven eight", "a", "", "short one", "one two three four"];
        string[] second = ["nine ten", "one two three four five six seven eight nine ten eleven", "alone", "", "five six seven eight"];
        var expected = Bert.Value.Apply(first, second, padding: padding, truncation: true, max_length: length, pad_to_multiple_of: multiple);
        var layer = new TFBertTokenizer(Bert.Value, padding, max_length: length, pad_to_multiple_of: multiple);
        foreach (var mode in new[] { RunMode.Eager, RunMode.Graph })
        {
            var result = Run(mode, new Tensor[] { Strings(first), Strings(second) }, x => layer.Apply(x[0], x[1]));
            foreach (var key in new[] { "input_ids", "attention_mask", "token_type_ids" })
                Assert.That(Rows(result, key), Is.EqualTo(Expected(expected, key)), $"{mode} {key}");
        }
    }

    [Test]
    public void One_trace_serves_batches_of_every_size()
    {
        var layer = TFBertTokenizer.from_tokenizer(Bert.Value);
        using var traced = new TracedFunction("tokenize", x => layer.Apply(x), new CompileOptions(Jit: false));
        foreach (var texts in new[] { ["one"], ["one", "two words"], new[] { "", "", "" }, ["antidisestablishmentarianism", "b", "c", "d"] })
            Assert.That(Rows(traced.Call(Strings(texts))), Is.EqualTo(Expected(Bert.Value.Apply(texts, padding: true))));
        Assert.That(traced.TraceCount, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Private_characters_of_a_text_are_no_special_tokens()
    {
        string[] texts = ["a\U000F0000b [MASK] \U000F0001", "[MA\U000F0000SK]", "\uE000", "[[SEP]]"];
        Assert.That(Rows(TFBertTokenizer.from_tokenizer(Bert.Value).Apply(Strings(texts))), Is.EqualTo(Expected(Bert.Value.Apply(texts, padding: true))));
    }

    [Test]
    public void Texts_are_decoded_as_outside_of_the_graph([Values] bool skip)
    {
        var layer = TFBertTokenizer.from_tokenizer(Bert.Value);
        string[] texts = [.. TokenizerGolden.AllTexts().Where((_, i) => i % 4 == 0)];
        var ids = layer.Apply(Strings(texts))["input_ids"].Single;
        int[][] rows = [.. ids.ToArray<long>().Select(i => (int)i).Chunk((int)ids.shape[1])];
        // Rows that begin within a word, and ids that there are not.
        rows = [.. rows, .. rows.Select(r => (int[])[.. r[2..], 900_000, -7])];
        var expected = rows.Select(r => Bert.Value.decode(r.Where(i => i is >= 0 and < 900_000), skip, clean_up_tokenization_spaces: false));
        var given = Tf.Constant(HostTensor.Of<int>([.. rows.SelectMany(r => r)], new Shape(rows.Length, rows[0].Length)));
        var mode = skip ? RunMode.Graph : RunMode.Eager;
        Assert.That(Run(mode, given, x => layer.detokenize(x, skip)).Single.RequireEager().ReadStrings().Select(System.Text.Encoding.UTF8.GetString), Is.EqualTo(expected), $"{mode}");
    }

    [Test]
    public void Numbers_and_matrices_are_refused()
    {
        var layer = TFBertTokenizer.from_tokenizer(Bert.Value);
        Assert.Multiple(() =>
        {
            Assert.That(() => layer.Apply(Tensor.Of(new[] { 1, 2 })), Throws.TypeOf<DTypeMismatchException>());
            Assert.That(() => layer.Apply(Tensor.Of(new[,] { { "a" }, { "b" } })), Throws.TypeOf<ShapeMismatchException>());
            Assert.That(() => new TFBertTokenizer(Bert.Value, padding: "left"), Throws.ArgumentException);
        });
    }

    /// <summary>Strings in, logits out, served by TensorFlow's own loader or, on Torch, by the library's.</summary>
    [TestCase("longest", 512, null)]
    [TestCase("max_length", 12, null)]
    [TestCase("longest", 4, 4)]
    public void A_SavedModel_takes_strings(string padding, int length, int? multiple)
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["A bird that sings.", "small", ""];
        var classifier = new TFBertForSequenceClassification(Config);
        var encoding = Bert.Value.Apply(texts, padding: padding, truncation: true, max_length: length, pad_to_multiple_of: multiple);
        var expected = classifier.Apply(encoding)["logits"].Single.ToArray<float>();
        var path = Path.Combine(folder, "1");
        classifier.export(path, TFBertTokenizer.from_tokenizer(Bert.Value, padding, max_length: length, pad_to_multiple_of: multiple));
        ServedOps.Require(path);

        using var loaded = EngineName == "torch" ? SavedModels.SavedModelRunner.Load(path, Engine.Current) : Backend.EngineSelection.LoadSavedModel(path);
        var result = loaded.Run("serving_default", new Dictionary<string, HostTensor> { ["text"] = HostTensor.OfStrings(3, [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)]) });
        Assert.That(Tf.Constant(result["logits"]).ToArray<float>(), Is.EqualTo(expected).Within(1e-5f));
        Assert.That(loaded.Signatures, Is.EquivalentTo(new[] { "serving_default", "int32_serving", "int64_serving", "detokenize" }));
    }

    [Test]
    public void A_model_of_ones_own_takes_strings([Values] RunMode mode)
    {
        string[] texts = ["A bird that sings.", "small"];
        var model = new TextClassifier(Bert.Value);
        Compile(model, mode, "adam");
        Assert.That(model.predict(Strings(texts), verbose: 0)["logits"].Single.ToArray<float>(),
            Is.EqualTo(model.Classifier.Apply(Bert.Value.Apply(texts, padding: true))["logits"].Single.ToArray<float>()).Within(1e-6f));
    }

    /// <summary>Compiled with XLA too: there the tokenizer runs before the compiled part.</summary>
    [Test]
    public void It_is_trained_and_evaluated_on_strings([Values] RunMode mode)
    {
        var model = new LogitsClassifier(new TextClassifier(Bert.Value));
        model.compile(optimizer: new Keras.Optimizers.Adam(0.02), loss: new Keras.Losses.SparseCategoricalCrossentropy(from_logits: true), metrics: ["accuracy"],
            run_eagerly: mode == RunMode.Eager, jit_compile: mode == RunMode.Xla);
        var (texts, labels) = (Strings("A bird that sings.", "small", "a large wild cat", ""), (Tensor)new[] { 0, 1, 0, 1 });
        var before = model.evaluate(texts, labels, verbose: 0)["loss"];
        Assert.That(model.fit(texts, labels, batch_size: 2, epochs: 15, verbose: 0, shuffle: false).history["loss"], Is.All.Not.NaN);
        var after = model.evaluate(texts, labels, verbose: 0);
        Assert.That(after["loss"], Is.LessThan(before / 4));
        Assert.That(after["accuracy"], Is.EqualTo(1));
        Assert.That(Tf.ArgMax(model.predict(texts, verbose: 0).Single, -1, DType.Int32).ToArray<int>(), Is.EqualTo(new[] { 0, 1, 0, 1 }));
    }

    /// <summary>Every door of a model that takes strings, compiled fully.</summary>
    [Test]
    public void Compiled_fully_it_is_called_predicted_and_exported()
    {
        string[] texts = ["a large wild cat", ""];
        var model = new LogitsClassifier(new TextClassifier(Bert.Value));
        model.compile(optimizer: "adam", loss: new Keras.Losses.SparseCategoricalCrossentropy(from_logits: true), jit_compile: true);
        var called = model.Apply(Strings(texts)).Single.ToArray<float>();
        Assert.That(model.predict(texts, verbose: 0).Single.ToArray<float>(), Is.EqualTo(called).Within(1e-5f));
        Assert.That(model.predict_on_batch(Strings(texts)).Single.ToArray<float>(), Is.EqualTo(called).Within(1e-5f));
        Assert.That(model.test_on_batch(Strings(texts), (Tensor)new[] { 0, 1 })["loss"], Is.Not.NaN);
        Assert.That(model.train_on_batch(Strings(texts), (Tensor)new[] { 0, 1 })["loss"], Is.Not.NaN);
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder, "exported");
        var expected = model.Apply(Strings(texts)).Single.ToArray<float>();
        model.export(path, verbose: false);
        using var loaded = EngineName == "torch" ? SavedModels.SavedModelRunner.Load(path, Engine.Current) : Backend.EngineSelection.LoadSavedModel(path);
        var result = loaded.Run("serving_default", new Dictionary<string, HostTensor> { ["args_0"] = HostTensor.OfStrings(2, [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)]) });
        Assert.That(Tf.Constant(result.Values.Single()).ToArray<float>(), Is.EqualTo(expected).Within(1e-5f));
    }

    sealed class LogitsClassifier(TextClassifier inner) : Model
    {
        readonly TextClassifier _inner = inner;

        public override Tensors call(Tensors inputs, bool training = false) => _inner.Apply(inputs, training: training)["logits"];
    }

    static BertConfig Config => new()
    {
        hidden_size = 12, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 20, vocab_size = Bert.Value.vocab_size,
    };

    sealed class TextClassifier(BertTokenizerFast tokenizer) : Model
    {
        readonly TFBertTokenizer _tokenizer = TFBertTokenizer.from_tokenizer(tokenizer);

        public TFBertForSequenceClassification Classifier { get; } = new(Config);

        public override Tensors call(Tensors inputs, bool training = false) => Classifier.Apply(_tokenizer.Apply(inputs), training: training);
    }
}
