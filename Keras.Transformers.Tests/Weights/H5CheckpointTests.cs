using System.Text.Json.Nodes;
using Keras.Saving;
using Keras.Transformers.Tests.Golden;

namespace Keras.Transformers.Tests;

/// <summary>save_pretrained(safe_serialization: false) writes what Hugging Face TF writes.</summary>
sealed class H5CheckpointTests
{
    static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "models", "bert-sequence");

    [TestCase("bert-sequence")]
    [TestCase("bert-masked-lm")]
    [TestCase("bert-pretraining")]
    public void A_whole_checkpoint_has_the_layers_names_and_arrays_of_Hugging_Faces(string name)
    {
        using var folder = new TemporaryFolder();
        var golden = Path.Combine(Path.GetDirectoryName(Golden)!, name);
        ModelCases.Open(name).Load().save_pretrained(folder, safe_serialization: false);
        using var ours = H5File.Open(Path.Combine(folder, "tf_model.h5"));
        using var theirs = H5File.Open(Path.Combine(golden, "tf_model.h5"));
        Assert.That(ours.Root.Texts("backend"), Is.EqualTo(theirs.Root.Texts("backend")));
        Assert.That(ours.Root.Texts("keras_version"), Is.EqualTo(theirs.Root.Texts("keras_version")));
        var layers = theirs.Root.Texts("layer_names")!.Where(l => theirs.Root.Find(l)!.Texts("weight_names")!.Count > 0).ToList();
        Assert.That(ours.Root.Texts("layer_names"), Is.EqualTo(layers), "Dropout, whose name counts the layers of a Python process, has no weights and is left out.");
        foreach (var layer in layers)
        {
            var names = theirs.Root.Find(layer)!.Texts("weight_names")!;
            Assert.That(ours.Root.Find(layer)!.Texts("weight_names"), Is.EqualTo(names));
        }
        using var a = WeightSource.OpenFile(Path.Combine(folder, "tf_model.h5"));
        using var b = WeightSource.OpenFile(Path.Combine(golden, "tf_model.h5"));
        Assert.That(a.Entries.Keys, Is.EqualTo(b.Entries.Keys));
        foreach (var key in b.Entries.Keys) Assert.That(a.GetBytes(key).SequenceEqual(b.GetBytes(key)), Is.True, key);
        Assert.That(ours.Root.Find("top_level_model_weights")!.Texts("weight_names"), Is.Empty);
    }

    [TestCase("tf")]
    [TestCase("bin")]
    public void Weights_of_another_format_are_the_same_weights(string folder)
    {
        var expected = TFBertForSequenceClassification.from_pretrained(Golden);
        var model = TFBertForSequenceClassification.from_pretrained(Path.Combine(Golden, folder), out var report, from_pt: folder == "bin");
        Assert.That(report.missing_keys.Concat(report.unexpected_keys), Is.Empty);
        foreach (var key in expected.Weights.Keys)
            Assert.That(ModelOutputGoldenTests.InFile(model, key).Data.SequenceEqual(ModelOutputGoldenTests.InFile(expected, key).Data), Is.True, key);
    }

    [Test]
    public void Shards_are_filled_in_the_models_order_and_named_in_an_index_with_the_models_name()
    {
        using var folder = new TemporaryFolder();
        var model = TFBertForSequenceClassification.from_pretrained(Golden);
        model.save_pretrained(folder, safe_serialization: false, max_shard_size: "8kB");
        var index = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "tf_model.h5.index.json")))!;
        var map = index["weight_map"]!.AsObject().ToDictionary(w => w.Key, w => w.Value!.GetValue<string>());
        Assert.That(map.Keys, Is.EqualTo(model.Weights.Keys.Select(k => "tf_bert_for_sequence_classification/" + model.Weights.FileName(k, WeightNaming.TensorFlow)).Order(StringComparer.Ordinal)));
        Assert.That(index["metadata"]!["total_size"]!.GetValue<long>(), Is.EqualTo(model.count_params() * 4));
        var files = map.Values.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.That(files, Is.EqualTo(Enumerable.Range(1, files.Count).Select(i => $"tf_model-{i:00000}-of-{files.Count:00000}.h5")));
        Assert.That(files, Has.Count.GreaterThan(2));
        foreach (var file in files)
        {
            using var shard = WeightSource.OpenFile(Path.Combine(folder, file));
            Assert.That(shard.Entries.Values.Sum(e => e.Length), Is.LessThanOrEqualTo(8000));
        }
        var again = TFBertForSequenceClassification.from_pretrained(folder, out var report);
        Assert.That(report.missing_keys.Concat(report.unexpected_keys), Is.Empty);
        foreach (var key in model.Weights.Keys)
            Assert.That(ModelOutputGoldenTests.InFile(again, key).Data.SequenceEqual(ModelOutputGoldenTests.InFile(model, key).Data), Is.True, key);
    }

    [Test]
    public void Safetensors_of_TensorFlow_are_Hugging_Faces_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        WeightFormats.Save(TFBertForSequenceClassification.from_pretrained(Golden), folder, WeightFormat.TensorFlowSafetensors);
        Assert.That(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), Is.EqualTo(File.ReadAllBytes(Path.Combine(Golden, "tf", "model.safetensors"))));
    }

    [TestCase(WeightFormat.TensorFlowH5, "sharded-h5")]
    [TestCase(WeightFormat.TensorFlowSafetensors, "tf-sharded-safetensors")]
    public void Shards_are_cut_and_listed_as_by_Hugging_Face_to_the_letter(WeightFormat format, string kind)
    {
        using var folder = new TemporaryFolder();
        var golden = Path.Combine(Path.GetDirectoryName(Golden)!, "bert-masked-lm");
        var files = WeightFormats.Save(TFBertForMaskedLM.from_pretrained(golden), folder, format, max_shard_size: "10kB");
        foreach (var name in files)
        {
            var theirs = Path.Combine(golden, kind, name);
            Assert.That(File.Exists(theirs), Is.True, name);
            if (!name.EndsWith(".h5", StringComparison.Ordinal)) Assert.That(File.ReadAllBytes(Path.Combine(folder, name)), Is.EqualTo(File.ReadAllBytes(theirs)), name);
            else
            {
                using var a = H5File.Open(Path.Combine(folder, name));
                using var b = H5File.Open(theirs);
                Assert.That(a.Root.Texts("layer_names"), Is.EqualTo(b.Root.Texts("layer_names")), name);
            }
        }
        Assert.That(Directory.GetFiles(Path.Combine(golden, kind)).Count(f => !f.EndsWith("config.json", StringComparison.Ordinal)), Is.EqualTo(files.Count));
    }

    [Test]
    public void Weights_of_another_type_are_all_named_and_nothing_changes()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertModel(SmallBert.Config());
        var before = ModelOutputGoldenTests.InFile(model, "pooler.dense.bias").Data.ToArray();
        SafetensorsShards.Write(folder, [.. model.Weights.Keys.Select(k => SafetensorsTensor.Of(k, HostTensor.OfBytes(DType.Int32, model.Weights.FileShape(k), new byte[model.Weights.FileShape(k).ElementCount * 4])))], null, MaxShardSize.Default);
        Assert.That(() => model.LoadWeights(folder, ignoreMismatched: false), Throws.InstanceOf<WeightLoadException>().With.Message.Contains("pooler.dense.bias int32"));
        Assert.That(ModelOutputGoldenTests.InFile(model, "pooler.dense.bias").Data.SequenceEqual(before), Is.True);
    }

    [Test]
    public void load_weights_takes_a_whole_checkpoint_by_names_and_Keras_files_too()
    {
        using var folder = new TemporaryFolder();
        var expected = TFBertForSequenceClassification.from_pretrained(Golden);
        var model = new TFBertForSequenceClassification(expected.config);
        model.EnsureBuilt();
        model.load_weights(Path.Combine(Golden, "tf_model.h5"));
        expected.save_weights(Path.Combine(folder, "x.weights.h5"));
        var other = new TFBertForSequenceClassification(expected.config);
        other.EnsureBuilt();
        other.load_weights(Path.Combine(folder, "x.weights.h5"));
        foreach (var key in expected.Weights.Keys)
        {
            var value = ModelOutputGoldenTests.InFile(expected, key);
            Assert.That(ModelOutputGoldenTests.InFile(model, key).Data.SequenceEqual(value.Data), Is.True, key);
            Assert.That(ModelOutputGoldenTests.InFile(other, key).Data.SequenceEqual(value.Data), Is.True, key);
        }
        var bare = Path.Combine(Path.GetDirectoryName(Golden)!, "bert-base-into-head");
        var head = new TFBertForSequenceClassification((BertConfig)ModelFamilies.ConfigOf(PretrainedConfig.ReadFile(bare).Item1, bare));
        head.EnsureBuilt();
        Assert.That(() => head.load_weights(Path.Combine(bare, "tf_model.h5")), Throws.InstanceOf<WeightLoadException>().With.Message.Contains("classifier"));
        Assert.That(() => head.load_weights(Path.Combine(bare, "tf_model.h5"), by_name: true), Throws.Nothing);
    }

    [Test]
    public void An_older_checkpoint_that_readers_would_prefer_does_not_stay()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.save_pretrained(folder, max_shard_size: "4kB");
        model.save_pretrained(folder, safe_serialization: false);
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "config.json", "tf_model.h5" }));
        model.save_pretrained(folder);
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "config.json", "tf_model.h5", "model.safetensors" }));
    }

    [Test]
    public void Which_file_is_read_is_said_by_the_arguments_as_in_Hugging_Face_TF()
    {
        using var folder = new TemporaryFolder();
        void Put(params string[] names)
        {
            foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
            foreach (var name in names) File.WriteAllText(Path.Combine(folder, name), "");
        }
        string Found(bool fromPt = false, bool? useSafetensors = null, string? variant = null) => Path.GetFileName(WeightFiles.Find(folder, fromPt, useSafetensors, variant));
        Put("model.safetensors", "tf_model.h5", "pytorch_model.bin");
        Assert.That(Found(), Is.EqualTo("model.safetensors"));
        Assert.That(Found(useSafetensors: false), Is.EqualTo("tf_model.h5"));
        Assert.That(Found(fromPt: true), Is.EqualTo("pytorch_model.bin"));
        Put("model.safetensors.index.json", "tf_model.h5.index.json", "pytorch_model.bin.index.json");
        Assert.That(Found(), Is.EqualTo("model.safetensors.index.json"));
        Assert.That(Found(useSafetensors: false), Is.EqualTo("tf_model.h5.index.json"));
        Assert.That(Found(fromPt: true), Is.EqualTo("pytorch_model.bin.index.json"));
        Put("model.fp16.safetensors", "tf_model.h5");
        Assert.That(Found(variant: "fp16"), Is.EqualTo("model.fp16.safetensors"));
        Put("pytorch_model.bin");
        Assert.That(() => Found(), Throws.InstanceOf<WeightLoadException>().With.Message.Contains("from_pt: true"));
        Put("tf_model.h5");
        Assert.That(() => Found(useSafetensors: true), Throws.InstanceOf<WeightLoadException>().With.Message.Contains("use_safetensors"));
        Assert.That(Found(fromPt: true), Is.EqualTo("tf_model.h5"));
    }

    [TestCase(typeof(TFBertForSequenceClassification), ExpectedResult = "tf_bert_for_sequence_classification")]
    [TestCase(typeof(TFBertModel), ExpectedResult = "tf_bert_model")]
    [TestCase(typeof(TFGPT2LMHeadModel), ExpectedResult = "tfgp_t2lm_head_model")]
    public string A_model_has_Keras_2s_name(Type type) => WeightNames.ScopeOf(type);

    /// <summary>Only its name counts.</summary>
    sealed class TFGPT2LMHeadModel;

    [TestCase("bert/embeddings/word_embeddings/weight:0", "bert.embeddings.word_embeddings.weight")]
    [TestCase("bert/encoder/layer_._11/attention/self/query/kernel:0", "bert.encoder.layer.11.attention.self.query.weight")]
    [TestCase("bert/encoder/layer_._0/output/LayerNorm/beta:0", "bert.encoder.layer.0.output.LayerNorm.bias")]
    [TestCase("mlm___cls/predictions/bias:0", "cls.predictions.bias")]
    [TestCase("nsp___cls/seq_relationship/kernel:0", "cls.seq_relationship.weight")]
    [TestCase("transformer/h_._3/attn/c_attn/weight:0", "transformer.h.3.attn.c_attn.weight")]
    [TestCase("vit/embeddings/cls_token:0", "vit.embeddings.cls_token")]
    public void Names_of_TensorFlow_and_PyTorch_follow_from_each_other(string tensorFlow, string pyTorch)
    {
        Assert.That(WeightNames.ToPyTorch(tensorFlow), Is.EqualTo(pyTorch));
        var last = tensorFlow[(tensorFlow.LastIndexOf('/') + 1)..^2];
        Assert.That(new WeightNames(BertWeights.Dialect).ToTensorFlow(pyTorch, last), Is.EqualTo(tensorFlow));
    }
}
