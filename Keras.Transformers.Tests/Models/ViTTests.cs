using Keras.Engines;
using Keras.Graphs;
using Keras.Optimizers;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models;

/// <summary>What is vision transformers' own: the form of images, positions of other sizes, hidden patches, and what is refused.</summary>
sealed class ViTTests : EngineFixture
{
    static ViTConfig Odd() => new()
    {
        image_size = (11, 7), patch_size = (4, 3), num_channels = 2, encoder_stride = 4, hidden_size = 12, num_hidden_layers = 1, num_attention_heads = 3, intermediate_size = 20,
        initializer_range = 0.25f, pooler_output_size = 5, pooler_act = "relu",
    };

    static Tensor ChannelsLast(Tensor images) => ops.transpose(images, [0, 2, 3, 1]);

    static Tensor Mask(int images, int patches) => ops.reshape(Tensor.Of(Enumerable.Range(0, images * patches).Select(i => i % 3 == 0 ? 1 : 0).ToArray()), [images, patches]);

    [Test]
    public void Channels_may_stand_last()
    {
        var model = new TFViTForImageClassification(SmallViT.Config());
        var images = SmallViT.Images(2);
        Assert.That(Floats(model.Apply(ChannelsLast(images)).logits), Is.EqualTo(Floats(model.Apply(images).logits)));
        Assert.That(Floats(model.predict(ChannelsLast(images), verbose: 0)["logits"].Single), Is.EqualTo(Floats(model.Apply(images).logits)).Within(1e-5f));
    }

    [Test]
    public void Where_both_axes_may_be_channels_the_first_are()
    {
        var config = SmallViT.Config();
        (config.image_size, config.patch_size) = (3, 1);
        var model = new TFViTModel(config);
        var images = SmallViT.Images(2, 3, 3);
        Assert.That(Floats(model.Apply(ChannelsLast(images)).last_hidden_state), Is.Not.EqualTo(Floats(model.Apply(images).last_hidden_state)));
    }

    [Test]
    public void Odd_sizes_leave_the_rest_unseen_and_the_pooler_has_its_own_width_and_activation()
    {
        var model = new TFViTModel(Odd());
        var images = SmallViT.Images(2, 11, 7, 2);
        var outputs = model.Apply(images);
        Assert.That((outputs.last_hidden_state.shape, outputs.pooler_output.shape), Is.EqualTo((new Shape(2, 5, 12), new Shape(2, 5))));
        Assert.That(Floats(outputs.pooler_output).Min(), Is.Zero);
        var blackened = ops.concatenate([images[.., .., ..8], ops.zeros_like(images[.., .., 8..])], 2);
        Assert.That(Floats(model.Apply(blackened).last_hidden_state), Is.EqualTo(Floats(outputs.last_hidden_state)));
    }

    [Test]
    public void Positions_of_another_size_are_interpolated_also_where_the_size_comes_at_run_time()
    {
        var model = new TFViTModel(SmallViT.Config());
        foreach (var (height, width) in new[] { (12, 20), (8, 8), (5, 4) })
        {
            var images = SmallViT.Images(2, height, width);
            var expected = model.Apply(images, interpolate_pos_encoding: true).last_hidden_state;
            Assert.That(expected.shape, Is.EqualTo(new Shape(2, 1 + (height / 4 * (width / 4)), 12)));
            Assert.That(Floats(model.Apply(ChannelsLast(images), interpolate_pos_encoding: true).last_hidden_state), Is.EqualTo(Floats(expected)));
        }
        using var traced = new TracedFunction("any", x => model.Apply(x.Single, interpolate_pos_encoding: true).last_hidden_state, new CompileOptions(false));
        foreach (var (height, width) in new[] { (12, 20), (16, 9), (8, 8) })
        {
            var images = SmallViT.Images(2, height, width);
            Assert.That(Floats(traced.Call(images).Single), Is.EqualTo(Floats(model.Apply(images, interpolate_pos_encoding: true).last_hidden_state)).Within(1e-5f));
        }
    }

    [Test]
    public void A_bare_model_hides_patches_only_with_a_mask_token()
    {
        var model = new TFViTModel(SmallViT.Config(), use_mask_token: true);
        var (images, mask) = (SmallViT.Images(2), Mask(2, 4));
        var hidden = model.Apply(images, bool_masked_pos: mask).last_hidden_state;
        Assert.That(Floats(hidden), Is.Not.EqualTo(Floats(model.Apply(images).last_hidden_state)));
        Assert.That(Floats(model.Apply(images, bool_masked_pos: ops.not_equal(mask, 0)).last_hidden_state), Is.EqualTo(Floats(hidden)));
        var painted = ops.where(ops.equal(ops.reshape(mask, [2, 1, 2, 1, 2, 1]), 1), 0.0, ops.reshape(images, [2, 3, 2, 4, 2, 4]));
        Assert.That(Floats(model.Apply(ops.reshape(painted, [2, 3, 8, 8]), bool_masked_pos: mask).last_hidden_state), Is.EqualTo(Floats(hidden)).Within(1e-6f), "What is hidden is not seen.");
        Assert.That(() => new TFViTModel(SmallViT.Config()).Apply(images, bool_masked_pos: mask), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("use_mask_token"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Masked_images_are_learned_by_the_loss_of_the_mask(bool isLast)
    {
        var config = Odd();
        config.patch_size = 4;
        config.image_size = (11, 8);
        var model = new TFViTForMaskedImageModeling(config);
        var images = SmallViT.Images(4, 11, 8, 2);
        if (isLast) images = ChannelsLast(images);
        Tensors inputs = new Dictionary<string, Tensors> { ["pixel_values"] = images, ["bool_masked_pos"] = Mask(4, 4) };
        var outputs = model.Apply(inputs);
        Assert.That(outputs.reconstruction.shape, Is.EqualTo(isLast ? new Shape(4, 8, 8, 2) : new Shape(4, 2, 8, 8)));
        Assert.That(outputs.loss!.shape, Is.EqualTo(new Shape(1)));
        Assert.That(model.Apply(images).loss, Is.Null);
        Compile(model, RunMode.Graph, new Adam(0.01));
        var losses = model.fit(inputs, epochs: 5, verbose: 0).history["loss"];
        Assert.That(losses, Is.Ordered.Descending);
        Assert.That(losses[0], Is.EqualTo(Floats(outputs.loss!)[0]).Within(1e-4));
        Assert.That(model.evaluate(inputs, verbose: 0)[0], Is.LessThan(losses[^1]));
        Assert.That(() => model.fit(images, verbose: 0), Throws.ArgumentException.With.Message.Contains("bool_masked_pos"));
    }

    [Test]
    public void A_last_batch_of_masked_images_is_not_filled_up_for_their_loss_is_of_the_whole_batch()
    {
        using var folder = new TemporaryFolder();
        new TFViTForMaskedImageModeling(SmallViT.Config()).save_pretrained(folder);
        // In each row another number of patches is hidden, so that a row which counts twice beside another changes the loss.
        Tensors inputs = new Dictionary<string, Tensors>
        {
            ["pixel_values"] = SmallViT.Images(5), ["bool_masked_pos"] = Tensor.Of(new[,] { { 1, 0, 0, 0 }, { 1, 1, 1, 1 }, { 0, 1, 1, 0 }, { 1, 1, 1, 0 }, { 0, 0, 0, 1 } }),
        };
        List<(List<double> Losses, double Loss, Shape Painted)> results = [];
        foreach (var isCompiled in new[] { false, true })
        {
            var model = TFViTForMaskedImageModeling.from_pretrained(folder);
            model.compile(optimizer: new SGD(0.05), jit_compile: isCompiled);
            var losses = model.fit(inputs, batch_size: 3, epochs: 2, shuffle: false, verbose: 0).history["loss"];
            results.Add((losses, model.evaluate(inputs, batch_size: 3, verbose: 0)[0], ((Tensor)model.predict(inputs, batch_size: 3, verbose: 0)["reconstruction"]).shape));
        }
        Assert.That(results[1].Losses, Is.EqualTo(results[0].Losses).Within(1e-5));
        Assert.That(results[1].Loss, Is.EqualTo(results[0].Loss).Within(1e-5));
        Assert.That(results[1].Painted, Is.EqualTo(new Shape(5, 3, 8, 8)));
    }

    [Test]
    public void Reconstructions_of_both_forms_are_the_same_image()
    {
        var model = new TFViTForMaskedImageModeling(SmallViT.Config());
        var images = SmallViT.Images(2);
        var painted = model.Apply(images, bool_masked_pos: Mask(2, 4));
        var last = model.Apply(ChannelsLast(images), bool_masked_pos: Mask(2, 4));
        Assert.That(Floats(last.reconstruction), Is.EqualTo(Floats(ChannelsLast(painted.reconstruction))));
        Assert.That(Floats(last.loss!), Is.EqualTo(Floats(painted.loss!)).Within(1e-6f));
    }

    static IEnumerable<TestCaseData> Misfits()
    {
        static TestCaseData Case(string name, Func<Tensor> images, params string[] says) => new TestCaseData(images, says).SetArgDisplayNames(name);
        yield return Case("another size", () => SmallViT.Images(2, 12, 8), "8x8", "12x8", "interpolate_pos_encoding");
        yield return Case("channels last of another size", () => ChannelsLast(SmallViT.Images(2, 8, 9)), "8x8", "8x9");
        yield return Case("grey", () => SmallViT.Images(2, channels: 1), "num_channels is 3", "(2, 1, 8, 8)");
        yield return Case("one image", () => SmallViT.Images(1)[0], "pixel_values", "ops.expand_dims(pixel_values, 0)");
        yield return Case("a video", () => ops.expand_dims(SmallViT.Images(1), 0), "pixel_values", "(B, 3, 8, 8)");
    }

    [TestCaseSource(nameof(Misfits))]
    public void Images_that_do_not_fit_are_refused_by_every_call(Func<Tensor> make, string[] says)
    {
        var model = new TFViTForImageClassification(SmallViT.Config());
        Compile(model, RunMode.Graph, "sgd");
        var images = make();
        foreach (var call in new Func<object?>[] { () => model.Apply(images), () => ((Layer)model).Apply(images), () => model.predict(images, verbose: 0), () => model.fit(images, SmallLabels(images), verbose: 0), () => Run(RunMode.Graph, images, x => model.Apply(x)) })
        {
            var error = Assert.Throws<ShapeMismatchException>(() => call())!;
            foreach (var part in says) Assert.That(error.Message, Does.Contain(part));
        }
    }

    static Tensor SmallLabels(Tensor images) => ops.zeros([(int)images.shape[0]], "int32");

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Pixels_that_are_no_numbers_are_refused_before_anything_runs(float bad)
    {
        var model = new TFViTForImageClassification(SmallViT.Config());
        Compile(model, RunMode.Graph, "sgd");
        var values = Floats(SmallViT.Images(3));
        values[^1] = bad;
        var images = Tf.Constant(HostTensor.Of<float>(values, new Shape(3, 3, 8, 8)));
        foreach (var call in new Func<object?>[] { () => model.Apply(images), () => model.predict(images, verbose: 0), () => model.fit(images, SmallLabels(images), verbose: 0), () => model.evaluate([new Batch(images, SmallLabels(images))], verbose: 0) })
            Assert.That(() => call(), Throws.InstanceOf<ValueRangeException>().With.Message.Contains("row 2").And.Message.Contains("pixel_values"));
    }

    [Test]
    public void Pixels_may_be_whole_numbers()
    {
        var model = new TFViTModel(SmallViT.Config());
        var bytes = ops.cast(ops.abs(SmallViT.Images(2)) * 255.0, "uint8");
        Assert.That(Floats(model.Apply(bytes).last_hidden_state), Is.EqualTo(Floats(model.Apply(ops.cast(bytes, "float32")).last_hidden_state)));
    }

    [Test]
    public void Masks_of_another_grid_are_refused()
    {
        var model = new TFViTForMaskedImageModeling(SmallViT.Config());
        var images = SmallViT.Images(2);
        foreach (var mask in new[] { Mask(2, 9), Mask(3, 4), ops.reshape(Mask(2, 4), [2, 2, 2]) })
            Assert.That(() => model.Apply(images, bool_masked_pos: mask), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("2 rows of 2 patches").And.Message.Contains("bool_masked_pos"));
        Assert.That(model.Apply(SmallViT.Images(2, 8, 12), bool_masked_pos: Mask(2, 6), interpolate_pos_encoding: true).reconstruction.shape, Is.EqualTo(new Shape(2, 3, 8, 12)));
    }

    [Test]
    public void A_head_that_paints_other_patches_than_are_hidden_is_refused()
    {
        var config = SmallViT.Config();
        config.encoder_stride = 2;
        var model = new TFViTForMaskedImageModeling(config);
        Assert.That(model.Apply(SmallViT.Images(2)).reconstruction.shape, Is.EqualTo(new Shape(2, 3, 4, 4)));
        Assert.That(() => model.Apply(SmallViT.Images(2), bool_masked_pos: Mask(2, 4)), Throws.InstanceOf<ConfigException>().With.Message.Contains("encoder_stride"));
    }

    [TestCase("\"image_size\": [11, 7], \"patch_size\": [4, 3]", 11, 7)]
    [TestCase("\"image_size\": 64", 64, 64)]
    [TestCase("\"hidden_size\": 12", 224, 224)]
    public void Sizes_are_one_number_or_two_and_224_where_there_is_none(string json, int height, int width)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder, "config.json"), $"{{\"model_type\": \"vit\", \"num_attention_heads\": 3, {json}}}");
        var config = (ViTConfig)AutoConfig.from_pretrained(folder);
        Assert.That(config.image_size, Is.EqualTo(new HeightWidth(height, width)));
        config.save_pretrained(folder);
        Assert.That(((ViTConfig)AutoConfig.from_pretrained(folder)).to_json_string(), Is.EqualTo(config.to_json_string()));
    }

    [TestCase("\"image_size\": [1, 2, 3]", "image_size")]
    [TestCase("\"image_size\": \"large\"", "image_size")]
    [TestCase("\"image_size\": 1.5", "image_size")]
    [TestCase("\"image_size\": 0", "image_size")]
    [TestCase("\"patch_size\": 225", "patch_size")]
    [TestCase("\"patch_size\": [16, 0]", "patch_size")]
    [TestCase("\"num_channels\": 0", "num_channels")]
    [TestCase("\"hidden_size\": 10", "num_attention_heads")]
    [TestCase("\"hidden_act\": \"swoosh\"", "hidden_act")]
    [TestCase("\"pooler_act\": \"swoosh\"", "pooler_act")]
    [TestCase("\"pooler_output_size\": -1", "pooler_output_size")]
    [TestCase("\"qkv_bias\": \"yes\"", "qkv_bias")]
    [TestCase("\"image_size\": 65536, \"patch_size\": 1", "image_size")]
    public void Configurations_that_make_no_model_are_refused(string json, string key)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder, "config.json"), $"{{\"model_type\": \"vit\", {json}}}");
        Assert.That(() => AutoConfig.from_pretrained(folder), Throws.InstanceOf<ConfigException>().With.Message.Contains(key));
    }

    static IEnumerable<string> NewNames => Golden.ModelCases.NamesWith("pt_safetensors").Where(n => n.EndsWith("-new-names", StringComparison.Ordinal)).DefaultIfEmpty("");

    [TestCaseSource(nameof(NewNames)), Category("Golden")]
    public void What_transformers_5_names_anew_is_written_with_the_names_that_4_reads_too(string name)
    {
        if (name.Length == 0) Assert.Ignore($"There is no such case in {Golden.ModelCases.Root}.");
        using var folder = new TemporaryFolder();
        Golden.ModelCases.Open(name).Load().save_pretrained(folder);
        using var written = Saving.WeightSource.OpenFile(Path.Combine(folder, "model.safetensors"));
        Assert.That(written.Entries.Keys, Has.Some.Contains("encoder.layer.0.attention.attention.query.weight").And.None.Contains("_proj").And.None.Contains("mlp."));
    }

    [Test]
    public void Several_labels_at_once_and_values_are_learned_as_in_PyTorch()
    {
        var images = SmallViT.Images(4);
        var model = new TFViTForImageClassification(SmallViT.Config());
        var several = model.Apply(images, labels: ops.ones([4, 3]));
        Assert.That(Floats(several.loss!), Has.Length.EqualTo(4));
        var regressor = new TFViTForImageClassification(SmallViT.Config(1));
        var values = Tensor.Of(new float[] { 1, 2, 3, 4 });
        var outputs = regressor.Apply(images, labels: values);
        Assert.That(Floats(outputs.loss!), Is.EqualTo(Floats(outputs.logits).Zip(Floats(values), (a, b) => (a - b) * (a - b))).Within(1e-4f));
    }

    [Test]
    public void There_are_no_words_to_resize() =>
        Assert.That(() => new TFViTModel(SmallViT.Config()).resize_token_embeddings(7), Throws.InstanceOf<UnsupportedException>());
}
