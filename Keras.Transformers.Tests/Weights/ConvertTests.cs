using System.Text.Json.Nodes;
using Keras.Transformers.Tests.Golden;

namespace Keras.Transformers.Tests;

/// <summary>Hugging Face's files of every format become the safetensors that Hugging Face itself makes of the same model.</summary>
[Category("Golden")]
sealed class ConvertTests
{
    static readonly string[] Kinds = ["tf_h5", "sharded_h5", "tf_safetensors", "tf_sharded_safetensors", "pytorch_bin"];

    /// <summary>What PyTorch's files hold beside trained weights: copies of tied ones, and buffers.</summary>
    static readonly string[] Untrained = ["cls.predictions.decoder.", "lm_head.weight", "position_ids", "attn.bias", "attn.masked_bias", "crossattention.bias"];

    static IEnumerable<TestCaseData> Files()
    {
        var index = Path.Combine(ModelCases.Root, "index.json");
        if (!File.Exists(index)) return [new TestCaseData("", "").SetArgDisplayNames("none").Ignore($"There are no model cases in {ModelCases.Root}.")];
        return from name in JsonNode.Parse(File.ReadAllBytes(index))!["cases"]!.AsArray().Select(n => n!.GetValue<string>())
               let file = Path.Combine(ModelCases.Root, name, "case.json")
               where File.Exists(file)
               from kind in JsonNode.Parse(File.ReadAllBytes(file))!["weights"]!.AsObject()
               where Kinds.Contains(kind.Key) && File.Exists(Path.Combine(ModelCases.Root, name, kind.Value!.GetValue<string>()))
               select new TestCaseData(name, kind.Value!.GetValue<string>()).SetArgDisplayNames(name, kind.Key);
    }

    [TestCaseSource(nameof(Files))]
    public void Every_weight_is_the_one_of_the_PyTorch_file(string name, string file)
    {
        using var source = new TemporaryFolder();
        using var target = new TemporaryFolder();
        var golden = Path.Combine(ModelCases.Root, name);
        foreach (var part in WeightFilesOf(Path.Combine(golden, file))) File.Copy(part, Path.Combine(source, Path.GetFileName(part)));
        WeightFormats.Convert(source, target);
        var expected = GoldenFolder.ReadTensors(Path.Combine(golden, "model.safetensors"));
        var converted = GoldenFolder.ReadTensors(Path.Combine(target, "model.safetensors"));
        foreach (var (key, tensor) in converted)
        {
            var same = expected.GetValueOrDefault(key) ?? expected.SingleOrDefault(e => e.Key.EndsWith("." + key, StringComparison.Ordinal) || key.EndsWith("." + e.Key, StringComparison.Ordinal)).Value ?? expected.GetValueOrDefault(OldName(key));
            Assert.That(same, Is.Not.Null, $"{key} is in the PyTorch file, which has {string.Join(" ", expected.Keys)}");
            Assert.That(tensor.Shape, Is.EqualTo(same!.Shape), key);
            Assert.That(tensor.Data.SequenceEqual(same.Data), Is.True, $"the elements of {key}");
        }
        var lost = expected.Keys.Where(k => !Untrained.Any(u => k.Contains(u, StringComparison.Ordinal))
            && !converted.Keys.Any(c => c == k || c.EndsWith("." + k, StringComparison.Ordinal) || k.EndsWith("." + c, StringComparison.Ordinal) || OldName(c) == k));
        if (!name.Contains("old-names", StringComparison.Ordinal)) Assert.That(lost, Is.Empty);
    }

    [Test]
    public void A_folder_keeps_its_configuration_and_loads_afterwards()
    {
        using var source = new TemporaryFolder();
        using var target = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.save_pretrained(source, safe_serialization: false);
        Assert.That(Directory.GetFiles(source).Select(Path.GetFileName), Is.EquivalentTo(new[] { "config.json", "tf_model.h5" }));
        Assert.That(WeightFormats.Convert(source, target), Is.EqualTo(new[] { "model.safetensors" }));
        var converted = TFBertForSequenceClassification.from_pretrained(target, out var report);
        Assert.That(report.missing_keys.Concat(report.unexpected_keys), Is.Empty);
        foreach (var key in model.Weights.Keys)
            Assert.That(ModelOutputGoldenTests.InFile(converted, key).Data.SequenceEqual(ModelOutputGoldenTests.InFile(model, key).Data), Is.True, key);
    }

    [Test]
    public void A_folder_without_weights_is_refused_and_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();
        SmallBert.Config().save_pretrained(folder);
        Assert.That(() => WeightFormats.Convert(folder), Throws.InstanceOf<WeightLoadException>().With.Message.Contains("tf_model.h5"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
        Assert.That(() => WeightFormats.Convert(Path.Combine(folder, "absent")), Throws.InstanceOf<WeightLoadException>());
    }

    static string OldName(string key) => key.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);

    static IEnumerable<string> WeightFilesOf(string file)
    {
        yield return file;
        if (file.EndsWith(".json", StringComparison.Ordinal))
            foreach (var shard in JsonNode.Parse(File.ReadAllBytes(file))!["weight_map"]!.AsObject().Select(w => w.Value!.GetValue<string>()).Distinct())
                yield return Path.Combine(Path.GetDirectoryName(file)!, shard);
    }
}
