using Keras.Graphs;

namespace Keras.Transformers.Tests.Models;

/// <summary>What makes a model's inputs is found by its configuration, also where only its parts say what they are.</summary>
[NonParallelizable]
sealed class AutoProcessorTests
{
    const string Bert = """{"model_type": "bert"}""", Gpt2 = """{"model_type": "gpt2"}""", ViT = """{"model_type": "vit"}""";

    readonly List<string> _warnings = [];
    Action<string> _warn = null!;

    [SetUp]
    public void Listen()
    {
        _warnings.Clear();
        (_warn, Diagnostics.Warn) = (Diagnostics.Warn, _warnings.Add);
    }

    [TearDown]
    public void Restore() => Diagnostics.Warn = _warn;

    /// <summary>A folder with the vocabularies of both tokenizers and a processor's settings, none of which say what they are of.</summary>
    static TemporaryFolder Folder(string config, string? processor = """{"size": 8}""")
    {
        var folder = new TemporaryFolder();
        foreach (var (model, files) in new[] { ("bert-tiny", (string[])["vocab.txt"]), ("gpt2-tiny", ["vocab.json", "merges.txt"]) })
            foreach (var file in files) File.Copy(Repository.PathOf("models", model, file), folder[file]);
        File.WriteAllText(folder["config.json"], config);
        if (processor is not null) File.WriteAllText(folder["preprocessor_config.json"], processor);
        return folder;
    }

    [TestCase($$"""{"model_type": "vision-encoder-decoder", "encoder": {{ViT}}, "decoder": {{Gpt2}} }""", typeof(GPT2TokenizerFast), typeof(GPT2TokenizerFast), TestName = "An image encoder with a decoder has its decoder's tokenizer")]
    [TestCase($$"""{"model_type": "vision-encoder-decoder", "encoder": {{ViT}}, "decoder": {{Bert}} }""", typeof(BertTokenizerFast), typeof(BertTokenizerFast), TestName = "The decoder may be BERT")]
    [TestCase($$"""{"model_type": "vision-text-dual-encoder", "vision_config": {{ViT}}, "text_config": {{Bert}} }""", typeof(BertTokenizerFast), typeof(VisionTextDualEncoderProcessor), TestName = "A dual encoder has both")]
    [TestCase($$"""{"model_type": "vision-encoder-decoder", "encoder": {{ViT}}, "decoder": {"model_type": "encoder-decoder", "encoder": {{Bert}}, "decoder": {{Bert}} } }""", typeof(BertTokenizerFast), typeof(BertTokenizerFast), TestName = "A part may have parts")]
    public void Parts_say_what_reads_the_folder(string config, Type tokenizer, Type processor)
    {
        using var folder = Folder(config);
        Assert.That(AutoTokenizer.from_pretrained(folder), Is.TypeOf(tokenizer));
        Assert.That(AutoImageProcessor.from_pretrained(folder).size, Is.EqualTo((HeightWidth)8));
        Assert.That(AutoProcessor.from_pretrained(folder), Is.TypeOf(processor));
        Assert.That(_warnings, Is.Empty);
    }

    [TestCase(Bert, false)]
    [TestCase(Gpt2, true)]
    public void Two_models_of_texts_have_the_encoders_tokenizer(string decoder, bool warns)
    {
        using var folder = Folder($$"""{"model_type": "encoder-decoder", "encoder": {{Bert}}, "decoder": {{decoder}} }""", processor: null);
        Assert.That(AutoTokenizer.from_pretrained(folder), Is.TypeOf<BertTokenizerFast>());
        Assert.That(_warnings, warns ? Has.One.Contains("the decoder is of the model_type gpt2") : Is.Empty);
        Assert.That(AutoProcessor.from_pretrained(folder), Is.TypeOf<BertTokenizerFast>());
    }

    [Test]
    public void Models_of_one_kind_have_their_own()
    {
        using var images = Folder(ViT);
        Assert.That(AutoProcessor.from_pretrained(images), Is.TypeOf<ViTImageProcessor>().With.Property(nameof(IProcessor.model_input_names)).EqualTo(new[] { "pixel_values" }));
        using var texts = Folder(Gpt2, processor: null);
        Assert.That(AutoProcessor.from_pretrained(texts), Is.TypeOf<GPT2TokenizerFast>());
        using var both = new TemporaryFolder();
        new VisionTextDualEncoderProcessor(new ViTImageProcessor(size: 8), TinyBert.Load()).save_pretrained(both);
        Assert.That(AutoProcessor.from_pretrained(both), Is.TypeOf<VisionTextDualEncoderProcessor>());
    }

    [Test]
    public void What_is_not_known_is_refused_by_its_place()
    {
        foreach (var (config, processor, read, where) in new (string, string?, Func<string, object>, string)[]
        {
            ("""{"model_type": "vision-encoder-decoder", "encoder": {"model_type": "vit"}}""", null, f => AutoTokenizer.from_pretrained(f), "decoder.model_type"),
            ("""{"model_type": "vision-encoder-decoder", "decoder": {"model_type": "t5"}}""", null, f => AutoTokenizer.from_pretrained(f), "\"t5\""),
            ("""{"model_type": "vision-encoder-decoder", "encoder": {"model_type": "swin"}}""", "{}", f => AutoImageProcessor.from_pretrained(f), "\"swin\""),
            ("""{"model_type": "encoder-decoder", "encoder": {"model_type": "bert"}}""", "{}", f => AutoImageProcessor.from_pretrained(f), "\"encoder-decoder\""),
            (ViT, """{"processor_class": "TrOCRProcessor"}""", f => AutoProcessor.from_pretrained(f), "\"TrOCRProcessor\""),
            (ViT, null, f => AutoProcessor.from_pretrained(f), "\"vit\""),
        })
        {
            using var folder = Folder(config, processor);
            Assert.That(() => read(folder), Throws.TypeOf<UnsupportedException>().With.Message.Contains(where), config);
        }
        using var wrong = Folder("""{"model_type": "vision-encoder-decoder", "decoder": 5}""");
        Assert.That(() => AutoTokenizer.from_pretrained(wrong), Throws.TypeOf<FileFormatException>().With.Message.Contains("decoder"));
        Assert.That(() => AutoProcessor.from_pretrained(Path.Combine(wrong, "nowhere")), Throws.TypeOf<VocabularyNotFoundException>());
        Assert.That(() => AutoProcessor.from_pretrained(null!), Throws.ArgumentNullException);
    }
}
