namespace Keras.Transformers.Tests.Models;

/// <summary>A folder can hold the weights more than once, under names with a variant.</summary>
sealed class VariantTests : EngineFixture
{
    static string[] Weights(string folder) => [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Where(n => n != "config.json").Order(StringComparer.Ordinal)];

    [TestCase(true, "model.safetensors", "model.fp16.safetensors")]
    [TestCase(false, "tf_model.h5", "tf_model.fp16.h5")]
    public void One_file_has_the_variant_before_its_ending(bool safe, string plain, string variant)
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (new TFBertModel(SmallBert.Config()), new TFBertModel(SmallBert.Config()));
        first.save_pretrained(folder, safe_serialization: safe);
        second.save_pretrained(folder, safe_serialization: safe, variant: "fp16");
        Assert.That(Weights(folder), Is.EqualTo(new[] { variant, plain }.Order(StringComparer.Ordinal)));
        Assert.That(States(TFBertModel.from_pretrained(folder)), Is.EqualTo(States(first)));
        Assert.That(States(TFBertModel.from_pretrained(folder, variant: "fp16")), Is.EqualTo(States(second)));
    }

    [Test]
    public void Shards_and_their_index_have_it_where_Hugging_Face_puts_it()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertModel(SmallBert.Config());
        model.save_pretrained(folder, max_shard_size: "6KB", variant: "fp16");
        var names = Weights(folder);
        Assert.That(names, Does.Contain("model.safetensors.index.fp16.json"));
        Assert.That(names.Where(n => n.EndsWith(".safetensors", StringComparison.Ordinal)).ToArray(), Has.Length.GreaterThan(1).And.All.Match(@"^model\.fp16-\d{5}-of-\d{5}\.safetensors$"));
        Assert.That(States(TFBertModel.from_pretrained(folder, variant: "fp16")), Is.EqualTo(States(model)));
        Assert.That(() => TFBertModel.from_pretrained(folder), Throws.InstanceOf<WeightLoadException>().With.Message.Contains("model.safetensors"));

        model.save_pretrained(folder, variant: "fp16");
        Assert.That(Weights(folder), Is.EqualTo(new[] { "model.fp16.safetensors" }), "Shards of an earlier save are gone.");
    }

    [Test]
    public void A_model_without_pooler_reads_a_variant_in_a_subfolder()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertModel(SmallBert.Config(), add_pooling_layer: false);
        model.save_pretrained(Path.Combine(folder, "encoder"), variant: "bf16");
        Assert.That(States(TFBertModel.from_pretrained(folder, add_pooling_layer: false, subfolder: "encoder", variant: "bf16")), Is.EqualTo(States(model)));
    }

    [TestCase("../up")]
    [TestCase("a/b")]
    public void A_variant_is_no_path(string variant)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => new TFBertModel(SmallBert.Config()).save_pretrained(folder, variant: variant), Throws.ArgumentException.With.Message.Contains(variant));
        SmallBert.Config().save_pretrained(folder);
        Assert.That(() => TFBertModel.from_pretrained(folder, variant: variant), Throws.ArgumentException.With.Message.Contains(variant));
    }

    static float[] States(TFBertModel model) => Floats(model.Apply(SmallBert.Inputs(2, 5)).last_hidden_state);
}
