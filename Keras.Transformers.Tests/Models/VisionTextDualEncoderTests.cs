using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models;

/// <summary>Models that put images and texts into one space.</summary>
sealed class VisionTextDualEncoderTests : EngineFixture
{
    static TFVisionTextDualEncoderModel Model() => new(VisionTextDualEncoderConfig.from_vision_text_configs(SmallViT.Config(), SmallBert.Config(), new Dictionary<string, object?> { ["projection_dim"] = 10 }));

    static Tensors Inputs(int images, int texts) => new Dictionary<string, Tensors> { ["input_ids"] = SmallBert.Ids(texts, 5), ["pixel_values"] = SmallViT.Images(images) };

    static float[,] Likenesses(float[] a, float[] b, int width, double factor)
    {
        float[] Unit(float[] x) => [.. x.Chunk(width).SelectMany(r => r.Select(v => v / MathF.Sqrt(r.Sum(w => w * w))))];
        var (rows, columns) = (Unit(a).Chunk(width).ToArray(), Unit(b).Chunk(width).ToArray());
        var result = new float[rows.Length, columns.Length];
        for (var i = 0; i < rows.Length; i++) for (var j = 0; j < columns.Length; j++) result[i, j] = (float)(factor * rows[i].Zip(columns[j], (x, y) => x * y).Sum());
        return result;
    }

    [Test]
    public void Likenesses_are_cosines_of_projected_poolings_and_the_loss_is_that_of_pairs()
    {
        var model = Model();
        var (images, texts) = (model.get_image_features(SmallViT.Images(3)), model.get_text_features(SmallBert.Ids(3, 5)));
        Assert.That(Floats(texts), Is.EqualTo(Floats(ops.matmul(model.text_model.Apply(SmallBert.Ids(3, 5)).pooler_output, model.Weights.VariableOf("text_projection.weight")))).Within(1e-6f));
        var expected = Likenesses(Floats(images), Floats(texts), 10, Math.Exp(2.6592));
        var output = model.Apply(new CallArguments(Inputs(3, 3)).WithOption("return_loss", true));
        Assert.That(Floats(output.logits_per_image), Is.EqualTo(expected.Cast<float>()).Within(1e-4f));
        Assert.That(Floats(output.logits_per_text), Is.EqualTo(Enumerable.Range(0, 9).Select(i => expected[i % 3, i / 3])).Within(1e-4f));
        double Entropy(Func<int, int, float> at) => Enumerable.Range(0, 3).Average(i => Math.Log(Enumerable.Range(0, 3).Sum(j => Math.Exp(at(i, j)))) - at(i, i));
        Assert.That(Floats(output.loss!)[0], Is.EqualTo((Entropy((i, j) => expected[i, j]) + Entropy((i, j) => expected[j, i])) / 2).Within(1e-4));
        Assert.That(output.loss!.shape, Is.EqualTo(new Shape(1)));

        var uneven = model.Apply(Inputs(2, 3));
        Assert.That((uneven.logits_per_image.shape, uneven.logits_per_text.shape), Is.EqualTo((new Shape(2, 3), new Shape(3, 2))));
        Assert.That(() => model.Apply(new CallArguments(Inputs(2, 3)).WithOption("return_loss", true)), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("3 texts, 2 images"));
    }

    [Test]
    public void It_learns_pairs_by_its_own_loss_and_predicts_over_batches()
    {
        var model = Model();
        var inputs = Inputs(4, 4);
        model.compile(optimizer: new Adam(0.01));
        var losses = model.fit(inputs, epochs: 30, batch_size: 4, verbose: 0).history["loss"];
        Assert.That(losses[^1], Is.LessThan(0.5 * losses[0]));
        Assert.That((double)model.evaluate(inputs, batch_size: 4, verbose: 0), Is.EqualTo(Floats(model.Apply(new CallArguments(inputs).WithOption("return_loss", true)).loss!)[0]).Within(1e-4));
        foreach (var named in new[] { true, false })
        {
            model.config.return_dict = named;
            var (whole, joined) = (model.predict(inputs, batch_size: 4, verbose: 0), model.predict(inputs, batch_size: 3, verbose: 0));
            Assert.That(joined.Keys, Is.EqualTo(whole.Keys));
            Assert.That(Floats(joined[0].Single), Is.EqualTo(Floats(whole[0].Single)).Within(1e-4f));
            Assert.That(Floats(joined[1].Single), Is.EqualTo(Floats(whole[1].Single)).Within(1e-4f));
        }
    }

    [Test]
    public void Parts_come_from_folders_of_their_own_and_wrong_ones_are_refused()
    {
        using var folder = new TemporaryFolder();
        var (vit, bert, gpt2) = (Path.Combine(folder, "vit"), Path.Combine(folder, "bert"), Path.Combine(folder, "gpt2"));
        var text = new TFBertModel(SmallBert.Config());
        text.save_pretrained(bert);
        new TFViTModel(SmallViT.Config()).save_pretrained(vit);
        new TFGPT2Model(new GPT2Config { vocab_size = SmallBert.Vocabulary, n_positions = 16, n_embd = 12, n_layer = 1, n_head = 3 }).save_pretrained(gpt2);
        var model = TFVisionTextDualEncoderModel.from_vision_text_pretrained(vit, bert, config: new Dictionary<string, object?> { ["projection_dim"] = 6, ["text_hidden_dropout_prob"] = 0.5f });
        Assert.That((model.config.projection_dim, ((BertConfig)model.config.text_config).hidden_dropout_prob), Is.EqualTo((6, 0.5f)));
        Assert.That(Floats(model.text_model.Apply(SmallBert.Ids(2, 4)).pooler_output), Is.EqualTo(Floats(text.Apply(SmallBert.Ids(2, 4)).pooler_output)));
        model.logit_scale.assign(Tensor.Of(1.5f));
        foreach (var safe in new[] { true, false })
        {
            var saved = Path.Combine(folder, $"{safe}");
            model.save_pretrained(saved, safe_serialization: safe);
            var again = (TFVisionTextDualEncoderModel)TFAutoModel.from_pretrained(saved);
            Assert.That(Floats(again.logit_scale.value)[0], Is.EqualTo(1.5f));
            Assert.That(Floats(again.Apply(Inputs(2, 3)).logits_per_text), Is.EqualTo(Floats(model.Apply(Inputs(2, 3)).logits_per_text)));
        }
        foreach (var (call, part) in new (Func<object>, string)[]
        {
            (() => TFVisionTextDualEncoderModel.from_vision_text_pretrained(bert, bert), "images"), (() => TFVisionTextDualEncoderModel.from_vision_text_pretrained(vit, vit), "texts"),
            (() => TFVisionTextDualEncoderModel.from_vision_text_pretrained(vit, gpt2).Apply(Inputs(2, 2)), "pooled"),
            (() => TFVisionTextDualEncoderModel.from_vision_text_pretrained(vit), "text_model_name_or_path"),
            (() => new TFVisionTextDualEncoderModel(vision_model: new TFViTForImageClassification(SmallViT.Config()), text_model: text), "head"),
            (() => model.Apply(SmallBert.Ids(2, 4)), "pixel_values"),
        }) Assert.That(() => call(), Throws.Exception.With.Message.Contains(part));
    }

    [Test]
    public void A_processor_makes_what_the_model_takes_and_comes_back_from_its_folder()
    {
        using var folder = new TemporaryFolder();
        var processor = new VisionTextDualEncoderProcessor(new ViTImageProcessor(size: 8), TinyBert.Load());
        ImageInput images = Graphs.Tf.Constant(HostTensor.Of<byte>([.. Enumerable.Range(0, 2 * 3 * 10 * 10).Select(i => (byte)(i % 251))], new Shape(2, 3, 10, 10)));
        var both = processor.Apply(["hello world", "hello"], images, padding: true);
        Assert.That(both.Keys, Is.EqualTo(processor.model_input_names.Where(n => both.Keys.Contains(n))).And.SupersetOf(new[] { "input_ids", "attention_mask", "pixel_values" }));
        Assert.That(both["pixel_values"].Single.shape, Is.EqualTo(new Shape(2, 3, 8, 8)));
        Assert.That(processor.Apply(images: images).Keys, Is.EqualTo(new[] { "pixel_values" }));
        Assert.That(processor.decode(processor.Apply(["hello"])["input_ids"].Single.ToArray<int>(), skip_special_tokens: true), Is.EqualTo("hello"));
        Assert.That(() => processor.Apply(), Throws.ArgumentException.With.Message.Contains("neither"));
        processor.save_pretrained(folder);
        Assert.That(File.ReadAllText(Path.Combine(folder, "preprocessor_config.json")), Does.Contain(nameof(VisionTextDualEncoderProcessor)));
        var again = VisionTextDualEncoderProcessor.from_pretrained(folder).Apply(["hello world", "hello"], images, padding: true);
        foreach (var (name, value) in both.Named()) Assert.That(Floats(ops.cast(again[name].Single, "float32")), Is.EqualTo(Floats(ops.cast(value.Single, "float32"))), name);
    }
}
