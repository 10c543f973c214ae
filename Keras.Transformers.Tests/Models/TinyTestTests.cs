using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Keras.Optimizers;
using Keras.Saving;

namespace Keras.Transformers.Tests.Models;

/// <summary>A family that is written outside of the library and registered by one call is loaded, trained, saved, exported and measured as its own are.</summary>
sealed class TinyTestTests : EngineFixture
{
    static TinyTestConfig Config() => (TinyTestConfig)ContractRow.All["tiny-test"].Config();

    static Tensors Inputs(TFPreTrainedModel model) => ContractClass.Inputs(model);

    [Test]
    public void It_is_written_with_what_users_have()
    {
        var own = typeof(TinyTestFamily).Assembly.GetName().Name!;
        var libraries = typeof(TinyTestFamily).Assembly.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("Keras", StringComparison.Ordinal)).Select(Assembly.Load).ToList();
        Assert.That(libraries, Is.Not.Empty);
        foreach (var library in libraries) Assert.That(library.GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => a.AssemblyName.Split(',')[0]), Has.No.Member(own), library.FullName);
        Assert.That(() => ModelFamily.register(TinyTestFamily.Declaration), Throws.ArgumentException.With.Message.Contains("tiny-test"));
    }

    [Test]
    public void The_Auto_classes_make_and_load_it()
    {
        using var folder = new TemporaryFolder();
        var model = TFAutoModelForSequenceClassification.from_config(AutoConfig.for_model("tiny-test"));
        model.save_pretrained(folder);
        var inputs = Inputs(model);
        Assert.That(Floats(TFAutoModelForSequenceClassification.from_pretrained(folder).Apply(inputs)["logits"].Single), Is.EqualTo(Floats(model.Apply(inputs)["logits"].Single)));
        Assert.That(TFAutoModel.from_pretrained(folder, out var report), Is.TypeOf<TFTinyTestModel>());
        Assert.That((report.missing_keys.Count, report.unexpected_keys), Is.EqualTo((0, new[] { "score.bias", "score.weight" })));
        Assert.That(TFAutoModelForCausalLM.from_pretrained(folder, out report), Is.TypeOf<TFTinyTestLMHeadModel>());
        Assert.That(report.missing_keys, Is.Empty);
        Assert.That(TFTinyTestForSequenceClassification.from_pretrained(folder, num_labels: 2).config.num_labels, Is.EqualTo(2));
        Assert.That(() => TFAutoModelForTokenClassification.from_pretrained(folder), Throws.InstanceOf<ConfigException>().With.Message.Contains("tiny-test"));
        Assert.That(() => TFBertModel.from_pretrained(folder), Throws.InstanceOf<ConfigException>().With.Message.Contains("tiny-test"));
    }

    [Test]
    public void It_trains([Values] RunMode mode)
    {
        var config = Config();
        config.dropout = 0.1f;
        var model = (TFTinyTestForSequenceClassification)TFAutoModelForSequenceClassification.from_config(config);
        Compile(model, mode, new Adam(0.01), metrics: new[] { "accuracy" });
        var inputs = Inputs(model);
        var history = model.fit(inputs, ContractClass.Labels(model, inputs)["labels"], epochs: 25, verbose: 0).history;
        Assert.That(history["loss"][^1], Is.LessThan(history["loss"][0] / 2));
        Assert.That(history["accuracy"][^1], Is.EqualTo(1));
    }

    [Test]
    public void Old_spellings_and_buffers_of_files_are_understood()
    {
        using var folder = new TemporaryFolder();
        var model = new TFTinyTestLMHeadModel(Config());
        model.EnsureBuilt();
        model.config.save_pretrained(folder);
        var old = model.Weights.Keys.Select(k => SafetensorsTensor.Of(k.Replace("tiny.c_", "tiny.mlp.c_", StringComparison.Ordinal), Golden.ModelOutputGoldenTests.InFile(model, k)));
        var buffer = SafetensorsTensor.Of("tiny.attn.mask", HostTensor.Of<float>([1], new Shape(1, 1)));
        SafetensorsShards.Write(folder, [.. old, buffer], new Dictionary<string, string> { ["format"] = "pt" }, MaxShardSize.Default);
        var loaded = TFTinyTestLMHeadModel.from_pretrained(folder, out var report);
        Assert.That(report.missing_keys.Concat(report.unexpected_keys), Is.Empty);
        Assert.That(Floats(loaded.Apply(Inputs(model)).logits), Is.EqualTo(Floats(model.Apply(Inputs(model)).logits)));
    }

    [Test]
    public void Its_files_have_the_names_and_layouts_of_its_dialect()
    {
        var model = new TFTinyTestForSequenceClassification(Config());
        (string, Shape)[] In(WeightNaming naming) => [.. model.Weights.Keys.Select(k => (model.Weights.FileName(k, naming), model.Weights.FileShape(k, naming)))];
        Assert.That(In(WeightNaming.PyTorch), Is.SupersetOf(new[] { ("tiny.attn.c_attn.weight", new Shape(12, 12, 3)), ("tiny.c_fc.weight", new Shape(12, 20)), ("tiny.c_fc.bias", new Shape(20)), ("tiny.c_proj.weight", new Shape(12, 20)), ("score.weight", new Shape(3, 12)) }));
        Assert.That(In(WeightNaming.TensorFlow), Is.SupersetOf(new[] { ("tiny/attn/c_attn/kernel:0", new Shape(3, 12, 12)), ("tiny/c_fc/weight:0", new Shape(12, 20)), ("tiny/c_fc/bias:0", new Shape(1, 20)), ("tiny/c_proj/kernel:0", new Shape(20, 12)), ("tiny/norm___ln_f/gamma:0", new Shape(12)), ("classes___score/kernel:0", new Shape(12, 3)) }));
        Assert.That(model.Weights.FileName(model.Weights.KeysInTensorFlowOrder.Last(), WeightNaming.TensorFlow), Does.StartWith("classes___score/"));
    }

    [Test]
    public void Settings_are_known_by_other_families_names_too()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type": "tiny-test", "hidden_size": 24, "num_attention_heads": 2, "summary_type": "last"}""");
        var config = (TinyTestConfig)AutoConfig.from_pretrained(folder, new Dictionary<string, object?> { ["num_attention_heads"] = 3 });
        Assert.That((config.n_embd, config.n_head), Is.EqualTo((24, 3)));
        var written = JsonNode.Parse(config.to_json_string())!.AsObject();
        Assert.That((written["n_embd"]!.GetValue<int>(), written.ContainsKey("hidden_size"), written["summary_type"]!.GetValue<string>()), Is.EqualTo((24, false, "last")));
        Assert.That(() => AutoConfig.from_pretrained(folder, new Dictionary<string, object?> { ["hidden_size"] = 25 }), Throws.InstanceOf<ConfigException>().With.Message.Contains("n_head"));
    }

    [Test]
    public void Steps_with_a_cache_give_the_scores_of_one_call([Values] bool isFixed)
    {
        var model = new TFTinyTestLMHeadModel(Config());
        var (ids, mask) = (Inputs(model)["input_ids"].Single, Inputs(model)["attention_mask"].Single);
        var whole = Floats(model.Apply(new TinyTestLabelledInputs { input_ids = ids, attention_mask = mask }).logits);
        KeyValueCache cache = isFixed ? new FixedSizeCache(1, ContractClass.Rows, 3, 9, 4) : new GrowingCache(1);
        Tensors? past = null;
        foreach (var (from, count) in new[] { (0, 3), (3, 1), (4, 2) })
        {
            var inputs = new TinyTestLabelledInputs { input_ids = ids[.., from..(from + count)], attention_mask = mask[.., ..(from + count)] };
            var expected = whole.Chunk(37).Where((_, i) => i % ContractClass.Length >= from && i % ContractClass.Length < from + count).SelectMany(r => r);
            var (held, returned) = (model.Apply(inputs with { cache = cache }), model.Apply(inputs with { past_key_values = past }));
            past = returned.past_key_values;
            Assert.That(held.past_key_values, Is.Null);
            Assert.That(Floats(held.logits), Is.EqualTo(expected).Within(2e-5f));
            Assert.That(Floats(returned.logits), Is.EqualTo(expected).Within(2e-5f));
        }
    }

    [Test]
    public void Its_tokenizer_is_found_by_its_model()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, text) in TinyTestFamily.Declaration.SampleVocabulary) File.WriteAllText(Path.Combine(folder, name), text);
        Config().save_pretrained(folder);
        var tokenizer = AutoTokenizer.from_pretrained(folder);
        Assert.That(tokenizer.encode("some  other words"), Is.EqualTo(new[] { 2, 1, 4 }));
        Assert.That(tokenizer.decode([3, 4]), Is.EqualTo("few words"));
        using var saved = new TemporaryFolder();
        tokenizer.save_pretrained(saved);
        Assert.That(AutoTokenizer.from_pretrained(saved).encode("few"), Is.EqualTo(new[] { 3 }));
        var batch = tokenizer.Apply(["some words", "few"], padding: true);
        Assert.That(new TFTinyTestModel(Config()).Apply((Tensors)batch).last_hidden_state.shape, Is.EqualTo(new Shape(2, 2, 12)));
    }

    [TestCase("infer")]
    [TestCase("train")]
    [TestCase("load")]
    [TestCase("export")]
    public void It_is_measured_as_any_family(string task)
    {
        using var folder = new TemporaryFolder();
        var (work, output) = (Environment.GetEnvironmentVariable("PEER_WORK"), Console.Out);
        using var written = new StringWriter();
        try
        {
            Environment.SetEnvironmentVariable("PEER_WORK", folder);
            Console.SetOut(written);
            var arguments = $"--model tiny-test --size tiny --task {task} --batch 2 --seq 8 --mode graph --repeat 2 --json".Split(' ');
            Assert.That(Assembly.Load("Keras.Benchmarks").EntryPoint!.Invoke(null, [arguments]), Is.Zero);
        }
        finally
        {
            Console.SetOut(output);
            Environment.SetEnvironmentVariable("PEER_WORK", work);
        }
        var figures = JsonNode.Parse(written.ToString())!;
        Assert.That((figures["model"]!.GetValue<string>(), figures["task"]!.GetValue<string>(), figures["median_ms"]!.GetValue<double>() > 0), Is.EqualTo(("tiny-test", task, true)));
        if (task is "infer" or "train") Assert.That(figures["share_of_limit"]!.GetValue<double>(), Is.GreaterThanOrEqualTo(0), "The family says what it computes.");
    }
}
