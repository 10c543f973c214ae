using System.Text;
using Keras.Engines;
using Keras.Export;
using Keras.Graphs;
using Keras.SavedModels;
using Keras.Transformers.Tests.Generation;

namespace Keras.Transformers.Tests.Export;

/// <summary>Strings in, and what the heads' outputs mean out: by TensorFlow's own loader, or on Torch the library's, and by the library's runner.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Selected))]
sealed class TextServingTests(string engine) : InGraphTokenizerFixture(engine)
{
    static readonly Lazy<BertTokenizerFast> Bert = new(() => (BertTokenizerFast)TokenizerGolden.Tokenizer("bert-uncased"));

    static readonly string[][] Batches = [["A bird that sings."], ["small", "", "the act of singing in [MASK]"], ["a", "a large wild cat with a striped coat, and a longer text behind it"]];

    static BertConfig Config(int labels = 3)
    {
        var config = SmallBert.Config(labels);
        (config.vocab_size, config.max_position_embeddings) = (Bert.Value.Count, 64);
        return config;
    }

    static TFBertTokenizer Layer => TFBertTokenizer.from_tokenizer(Bert.Value);

    ISavedModelRunner[] Load(string path) => [EngineName == "torch" ? SavedModelRunner.Load(path, Engine.Current) : Backend.EngineSelection.LoadSavedModel(path), SavedModelRunner.Load(path, Engine.Current)];

    static HostTensor Strings(params string[] texts) => HostTensor.OfStrings(texts.Length, [.. texts.Select(Encoding.UTF8.GetBytes)]);

    static string[] Texts(HostTensor strings) => [.. strings.Strings!.Select(Encoding.UTF8.GetString)];

    static float[] Softmax(float[] logits)
    {
        var exp = logits.Select(l => Math.Exp(l - logits.Max())).ToArray();
        return [.. exp.Select(e => (float)(e / exp.Sum()))];
    }

    static int[] Integers(Tensors encoding, string column) => [.. encoding[column].Single.RequireEager().ToHost().ToInt64().Select(v => (int)v)];

    static Dictionary<string, HostTensor> Given(string name, HostTensor value) => new() { [name] = value };

    [Test]
    public void A_classifier_gives_labels_and_answers_Classify()
    {
        using var folder = new TemporaryFolder();
        var config = Config();
        config.id2label = new Dictionary<int, string> { [0] = "zero", [1] = "one", [2] = "two" };
        var model = new TFBertForSequenceClassification(config);
        var path = Path.Combine(folder, "1");
        model.export(path, Layer, examples: true, options: new() { Warmup = [new(Tf.Constant(Strings("a", "b"))), new(ExampleRecords.Of(new Dictionary<string, object> { ["text"] = "a" }), "classify")] });
        ServedOps.Require(path);
        using (var reader = SavedModelReader.Open(path))
        {
            Assert.That(reader.Signatures.Select(s => (s.Name, s.MethodName.Split('/')[^1])), Is.EquivalentTo(new[]
            {
                ("serving_default", "predict"), ("int32_serving", "predict"), ("int64_serving", "predict"), ("detokenize", "predict"), ("examples", "predict"), ("classify", "classify"),
            }));
            Assert.That(reader.Meta.AssetFileDef.Select(a => a.Filename), Is.EqualTo(new[] { "vocab.txt" }));
        }
        Assert.That(File.ReadAllLines(Path.Combine(path, "assets", "vocab.txt")), Has.Length.EqualTo(Bert.Value.Count).And.Contain("[MASK]"));
        Assert.That(new FileInfo(Path.Combine(path, "assets.extra", "tf_serving_warmup_requests")).Length, Is.GreaterThan(0));
        foreach (var runner in Load(path))
            foreach (var texts in Batches)
            {
                var logits = model.Apply(Bert.Value.Apply(texts, padding: true)).logits.ToArray<float>();
                string[] names = [.. logits.Chunk(3).Select(row => config.id2label[Array.IndexOf(row, row.Max())])];
                float[] shares = [.. logits.Chunk(3).SelectMany(Softmax)];
                var answers = runner.Run("serving_default", Given("text", Strings(texts)));
                Assert.That(answers["logits"].As<float>().ToArray(), Is.EqualTo(logits).Within(1e-5f));
                Assert.That(answers["probabilities"].As<float>().ToArray(), Is.EqualTo(shares).Within(1e-5f));
                Assert.That(Texts(answers["labels"]), Is.EqualTo(names));
                if (!ExampleRecords.CanRun) continue;
                var records = ExampleRecords.Of(texts.Select(t => new Dictionary<string, object> { ["text"] = t })).RequireEager().ToHost();
                var classified = runner.Run("classify", Given("inputs", records));
                Assert.That(classified["scores"].As<float>().ToArray(), Is.EqualTo(shares).Within(1e-5f));
                Assert.That(Texts(classified["classes"]), Is.EqualTo(texts.SelectMany(_ => new[] { "zero", "one", "two" })));
                Assert.That(Texts(runner.Run("examples", Given("examples", records))["labels"]), Is.EqualTo(names));
            }
    }

    [Test]
    public void A_regression_answers_Regress_and_pairs_are_two_inputs()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(Config(labels: 1));
        var path = Path.Combine(folder, "1");
        model.export(path, Layer, text_pairs: true, examples: true);
        ServedOps.Require(path);
        string[] first = ["A bird.", ""], second = ["It sings, and", "small"];
        var expected = model.Apply(Bert.Value.Apply(first, second, padding: true)).logits.ToArray<float>();
        foreach (var runner in Load(path))
        {
            var pairs = new Dictionary<string, HostTensor> { ["text"] = Strings(first), ["text_pair"] = Strings(second) };
            Assert.That(runner.Run("serving_default", pairs)["logits"].As<float>().ToArray(), Is.EqualTo(expected).Within(1e-5f));
            Assert.That(runner.Signatures, Does.Contain("regress").And.Not.Contain("classify"));
            if (!ExampleRecords.CanRun) continue;
            var records = ExampleRecords.Of(first.Zip(second, (a, b) => new Dictionary<string, object> { ["text"] = a, ["text_pair"] = b })).RequireEager().ToHost();
            Assert.That(runner.Run("regress", Given("inputs", records))["outputs"].As<float>().ToArray(), Is.EqualTo(expected).Within(1e-5f));
        }
    }

    [Test]
    public void A_classifier_of_tokens_gives_each_its_label()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForTokenClassification(Config());
        var path = Path.Combine(folder, "1");
        model.export(path, Layer, examples: true);
        foreach (var runner in Load(path))
        {
            var encoding = Bert.Value.Apply(Batches[2], padding: true);
            var logits = model.Apply(encoding).logits.ToArray<float>();
            var answers = runner.Run("serving_default", Given("text", Strings(Batches[2])));
            Assert.That(Texts(answers["labels"]), Is.EqualTo(logits.Chunk(3).Select(row => $"LABEL_{Array.IndexOf(row, row.Max())}")));
            Assert.That(Texts(answers["tokens"])[..3], Is.EqualTo(new[] { "[CLS]", "a", "[SEP]" }));
            Assert.That(answers["tokens"].Shape, Is.EqualTo(answers["labels"].Shape));
            Assert.That(runner.Signatures, Does.Contain("examples").And.Not.Contain("classify"), "a token is no row");
        }
    }

    [Test]
    public void An_answerer_gives_the_likeliest_part_of_the_second_text()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForQuestionAnswering(Config(labels: 2));
        var path = Path.Combine(folder, "1");
        model.export(path, Layer, text_pairs: true);
        ServedOps.Require(path);
        string[] questions = ["what sings?", "who?"], contexts = ["a bird that sings in public and a large wild cat with a coat and a person who sings", ""];
        var outputs = model.Apply(Bert.Value.Apply(questions, contexts, padding: true));
        var one = Bert.Value.Apply([questions[0]], [contexts[0]]);
        int[] ids = [.. Integers(one, "input_ids")], kinds = [.. Integers(one, "token_type_ids")];
        int[] allowed = [.. Enumerable.Range(0, ids.Length - 1).Where(i => kinds[i] == 1)];
        // As in the pipeline, [CLS] has a share, though it is no answer.
        double[] Shares(Tensor logits) => [.. Softmax([.. allowed.Prepend(0).Select(i => logits[0, i].ToScalar<float>())]).Skip(1).Select(v => (double)v)];
        var (start, end) = (Shares(outputs.start_logits), Shares(outputs.end_logits));
        var best = (from i in Enumerable.Range(0, allowed.Length) from j in Enumerable.Range(i, Math.Min(15, allowed.Length - i)) orderby start[i] * end[j] descending select (From: allowed[i], To: allowed[j], Score: start[i] * end[j])).First();
        foreach (var runner in Load(path))
        {
            var answers = runner.Run("serving_default", new Dictionary<string, HostTensor> { ["text"] = Strings(questions), ["text_pair"] = Strings(contexts) });
            Assert.That((answers["answer_start"].ToInt64()[0], answers["answer_end"].ToInt64()[0]), Is.EqualTo(((long)best.From, (long)best.To)));
            Assert.That(answers["score"].ToDouble(), Is.EqualTo(new[] { best.Score, 0 }).Within(1e-5));
            Assert.That(Texts(answers["answer"]), Is.EqualTo(new[] { Bert.Value.decode(ids[best.From..(best.To + 1)], clean_up_tokenization_spaces: false), "" }));
        }
    }

    [Test]
    public void Hidden_words_are_filled_and_texts_become_vectors()
    {
        using var folder = new TemporaryFolder();
        var (words, vectors) = (new TFBertForMaskedLM(Config()), new TFBertModel(Config()));
        words.export(Path.Combine(folder, "words"), Layer);
        vectors.export(Path.Combine(folder, "vectors"), Layer);
        var texts = Batches[1];
        var encoding = Bert.Value.Apply(texts, padding: true);
        var mask = Array.IndexOf(Bert.Value.encode(texts[2]).ToArray(), Bert.Value.mask_token_id!.Value);
        var scores = Softmax(words.Apply(encoding).logits[2, mask].ToArray<float>());
        int[] best = [.. scores.Index().OrderByDescending(s => s.Item).Take(5).Select(s => s.Index)];
        var (states, kept) = (vectors.Apply(encoding).last_hidden_state.ToArray<float>().Chunk(12).ToArray(), Integers(encoding, "attention_mask"));
        var width = kept.Length / texts.Length;
        foreach (var runner in Load(Path.Combine(folder, "words")))
        {
            var answers = runner.Run("serving_default", Given("text", Strings(texts)));
            Assert.That(answers["mask_scores"].ToDouble(), Is.EqualTo(new double[10].Concat(best.Select(b => (double)scores[b]))).Within(1e-5));
            Assert.That(Texts(answers["mask_tokens"])[10..], Is.EqualTo(best.Select(b => Bert.Value.convert_tokens_to_string([Bert.Value.convert_ids_to_tokens(b)!]))));
            Assert.That(Texts(answers["mask_tokens"])[..10], Is.All.EqualTo(""));
        }
        foreach (var runner in Load(Path.Combine(folder, "vectors")))
            Assert.That(runner.Run("serving_default", Given("text", Strings(texts)))["sentence_embedding"].ToDouble(), Is.EqualTo(Enumerable.Range(0, texts.Length).SelectMany(row =>
            {
                int[] places = [.. Enumerable.Range(row * width, width).Where(i => kept[i] == 1)];
                return Enumerable.Range(0, 12).Select(c => places.Average(i => (double)states[i][c]));
            })).Within(1e-5));
    }

    /// <summary>Another family, another tokenizer, texts without tokens among them.</summary>
    [Test]
    public void A_GPT2_classifies_texts()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = (GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny");
        var layer = TFGPT2Tokenizer.from_tokenizer(tokenizer, pad_token_id: 0);
        var model = new TFGPT2ForSequenceClassification(new GPT2Config { vocab_size = tokenizer.Count, n_positions = 64, n_embd = 12, n_layer = 1, n_head = 3, initializer_range = 0.25f, num_labels = 3, pad_token_id = 0 });
        var path = Path.Combine(folder, "1");
        model.export(path, layer, examples: true);
        ServedOps.Require(path);
        foreach (var runner in Load(path))
            foreach (var texts in new[] { Batches[0], Batches[2] })
            {
                var logits = model.Apply(layer.Apply(Tf.Constant(Strings(texts))), training: false)["logits"].Single.ToArray<float>();
                var answers = runner.Run("serving_default", Given("text", Strings(texts)));
                Assert.That(answers["logits"].As<float>().ToArray(), Is.EqualTo(logits).Within(1e-5f));
                Assert.That(Texts(answers["labels"]), Is.EqualTo(logits.Chunk(3).Select(row => $"LABEL_{Array.IndexOf(row, row.Max())}")));
                Assert.That(runner.Signatures, Does.Contain("classify"));
            }
        Assert.That(Directory.GetFiles(Path.Combine(path, "assets")).Select(Path.GetFileName), Is.EquivalentTo(new[] { "vocab.json", "merges.txt" }));
    }

    [Test]
    public void Records_of_ids_are_padded_and_masked()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.export(Path.Combine(folder, "1"), model.ServingSignatures(examples: true));
        ServedOps.Require(Path.Combine(folder, "1"));
        Assert.That(model.ServingSignatures(examples: true).Names, Is.EqualTo(new[] { "serving_default", "int64_serving", "examples", "classify" }));
        if (!ExampleRecords.CanRun) return;
        long[] longer = [3, 4, 5, 6], shorter = [7, 0];
        var records = ExampleRecords.Of(new() { ["input_ids"] = longer }, new() { ["input_ids"] = shorter }).RequireEager().ToHost();
        double[] Of(long[] ids) => model.Apply((Tensors)Tf.Constant(HostTensor.Of<long>(ids, new Shape(1, ids.Length)))).logits.RequireEager().ToHost().ToDouble();
        foreach (var runner in Load(Path.Combine(folder, "1")))
            Assert.That(runner.Run("examples", Given("examples", records))["logits"].ToDouble(), Is.EqualTo(Of(longer).Concat(Of(shorter))).Within(1e-5), "a short record gives what it gives alone");
    }

    [Test]
    public void Records_of_ids_have_segments_or_none()
    {
        if (!ExampleRecords.CanRun) Assert.Ignore("The engine parses no records.");
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.export(Path.Combine(folder, "1"), model.ServingSignatures(examples: true));
        long[] ids = [3, 4, 5, 6], segments = [0, 0, 1, 1];
        double[] Of(long[] of, long[] types)
        {
            Tensor Row(long[] row) => Tf.Constant(HostTensor.Of<long>(row, new Shape(1, row.Length)));
            return model.Apply((Tensors)new Dictionary<string, Tensors> { ["input_ids"] = Row(of), ["token_type_ids"] = Row(types) }).logits.RequireEager().ToHost().ToDouble();
        }
        Assert.That(Of(ids, segments), Is.Not.EqualTo(Of(ids, new long[4])).Within(1e-4));
        var records = ExampleRecords.Of(new() { ["input_ids"] = ids, ["token_type_ids"] = segments }, new() { ["input_ids"] = ids }, new() { ["input_ids"] = ids[..2], ["token_type_ids"] = segments[1..3] }).RequireEager().ToHost();
        var none = ExampleRecords.Of(new Dictionary<string, object> { ["input_ids"] = ids }).RequireEager().ToHost();
        var tooMany = ExampleRecords.Of(new Dictionary<string, object> { ["input_ids"] = ids[..2], ["token_type_ids"] = segments }).RequireEager().ToHost();
        foreach (var runner in Load(Path.Combine(folder, "1")))
        {
            Assert.That(runner.Run("examples", Given("examples", records))["logits"].ToDouble(), Is.EqualTo(Of(ids, segments).Concat(Of(ids, new long[4])).Concat(Of(ids[..2], segments[1..3]))).Within(1e-5));
            Assert.That(runner.Run("examples", Given("examples", none))["logits"].ToDouble(), Is.EqualTo(Of(ids, new long[4])).Within(1e-5));
            Assert.That(() => runner.Run("examples", Given("examples", tooMany)), Throws.InstanceOf<KerasException>());
        }
    }

    [Test]
    public void Many_threads_ask_at_once()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(Config());
        var path = Path.Combine(folder, "1");
        model.export(path, Layer);
        double[][] expected = [.. Batches.Select(texts => model.Apply(Bert.Value.Apply(texts, padding: true)).logits.RequireEager().ToHost().ToDouble())];
        foreach (var runner in Load(path))
            Parallel.For(0, 48, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
                Assert.That(runner.Run("serving_default", Given("text", Strings(Batches[i % 3])))["logits"].ToDouble(), Is.EqualTo(expected[i % 3]).Within(1e-5)));
    }

    [TestCase("float16", false, 2e-2)]
    [TestCase("float32", true, 5e-2)]
    public void Smaller_weights_and_a_frozen_graph_give_nearly_the_same(string dtype, bool int8, double difference)
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(Config());
        var signatures = model.ServingSignatures(Layer);
        var expected = model.Apply(Bert.Value.Apply(Batches[1], padding: true)).logits.RequireEager().ToHost().ToDouble();
        foreach (var frozen in new[] { false, true })
        {
            var path = Path.Combine(folder, $"{frozen}");
            model.export(path, signatures, new() { WeightDType = DType.Parse(dtype), Int8Kernels = int8, Frozen = frozen });
            ServedOps.Require(path);
            foreach (var runner in Load(path)) Assert.That(runner.Run("serving_default", Given("text", Strings(Batches[1])))["logits"].ToDouble(), Is.EqualTo(expected).Within(difference));
        }
        model.export(Path.Combine(folder, "plain"), signatures);
        foreach (var runner in Load(Path.Combine(folder, "plain")))
            Assert.That(runner.Run("serving_default", Given("text", Strings(Batches[1])))["logits"].ToDouble(), Is.EqualTo(expected).Within(1e-5), "signatures are traced anew for each export");
    }

    [Test]
    public void A_folder_of_versions_is_written_by_save_pretrained()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        var signatures = model.ServingSignatures();
        signatures.Add("best", inputs => (Tensors)Tf.ArgMax(model.Apply(inputs).logits, -1, DType.Int64), new Dictionary<string, Tensors> { ["input_ids"] = new InputSpec(DType.Int32, new Shape(-1, -1)) });
        for (var i = 0; i < 3; i++) model.save_pretrained(folder, saved_model: true, version: null, signatures: signatures, keep_versions: 2);
        var versions = new ModelVersions(Path.Combine(folder, "saved_model"));
        Assert.That(versions.Versions, Is.EqualTo(new[] { 2L, 3 }));
        foreach (var runner in Load(versions.PathOf(3)))
        {
            Assert.That(runner.Signatures, Is.EquivalentTo(new[] { "serving_default", "int64_serving", "best" }));
            var logits = model.Apply(SmallBert.Ids(4, 5)).logits.ToArray<float>();
            Assert.That(runner.Run("best", Given("input_ids", Host(SmallBert.Ids(4, 5))))["output_0"].ToInt64(), Is.EqualTo(logits.Chunk(3).Select(row => Array.IndexOf(row, row.Max()))));
        }
        Assert.Multiple(() =>
        {
            Assert.That(() => model.save_pretrained(folder, signatures: signatures), Throws.ArgumentException.With.Message.Contains("saved_model: true"));
            Assert.That(() => model.save_pretrained(folder, keep_versions: 2), Throws.ArgumentException.With.Message.Contains("keep_versions"));
            Assert.That(() => model.save_pretrained(folder, saved_model: true, keep_versions: 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("keep_versions"));
        });
    }

    [Test]
    public void What_fits_no_head_or_tokenizer_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder, "1");
        var gpt2 = InGraphModels.Model("gpt2");
        var layer = TFGPT2Tokenizer.from_tokenizer((GPT2TokenizerFast)TokenizerGolden.Tokenizer("bpe-tiny"));
        Assert.Multiple(() =>
        {
            Assert.That(() => gpt2.export(path, layer, text_pairs: true), Throws.TypeOf<UnsupportedException>().With.Message.Contains("text_pair"));
            Assert.That(() => new TFViTModel(SmallViT.Config()).export(path, Layer), Throws.TypeOf<UnsupportedException>().With.Message.Contains("pixel_values"));
            Assert.That(() => new TFBertModel(Config()).export(path, (InGraphTokenizer)null!), Throws.ArgumentNullException);
        });
    }
}
