using System.Text.Json;
using Keras.Engines;
using Keras.Graphs;
using Keras.Transformers.Tests.Golden;

namespace Keras.Transformers.Tests;

/// <summary>The processor in the graph gives what the processor outside gives, bit for bit, on either engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Selected))]
sealed class TFViTImageProcessorTests(string engine) : InGraphTokenizerFixture(engine)
{
    static IEnumerable<TestCaseData> Resizes => ImageCases.Of("resize", c => c.GetProperty("key").GetString()!)
        .Where(c => !Has((JsonElement)c.Arguments[0]!, "box") && !Has((JsonElement)c.Arguments[0]!, "reducing_gap"));

    static bool Has(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    static Tensor Samples(Picture picture) => Tf.Constant(HostTensor.Of<byte>(picture.Pixels, new Shape(1, picture.Height, picture.Width, picture.Mode == "L" ? 1 : 3)));

    /// <summary>Runs a layer on images whose height and width the graph does not know.</summary>
    static byte[] OfAnySize(TFViTImageProcessor layer, Tensor images)
    {
        var traced = FunctionGraph.Trace("process", [(DType.UInt8, Shape.OfSymbolic(-1, -1, -1, images.shape[3]), "images")], x => [layer.Apply(x[0])]);
        using var compiled = Engine.Current.Compile(Lowering.Lower(traced, Engine.Current.RunsNatively), new CompileOptions(Jit: false));
        var results = new ITensorHandle[1];
        compiled.Run([images.RequireEager().Handle, .. traced.CapturedSources.Select(s => s.RequireEager().Handle)], results);
        using var result = new EagerTensor(results[0], Engine.Current);
        return result.ToHost().Data;
    }

    [TestCaseSource(nameof(Resizes))]
    public void Images_of_unknown_size_are_resized_as_Pillow_does(JsonElement resize)
    {
        var images = Samples(Picture.Open(ImageCases.Source(resize.GetProperty("file").GetString()!)).Convert(resize.GetProperty("mode").GetString()!));
        var layer = new TFViTImageProcessor(size: [resize.GetProperty("height").GetInt32(), resize.GetProperty("width").GetInt32()], resample: resize.GetProperty("resample").GetInt32(),
            do_rescale: false, do_normalize: false, data_format: "channels_last");
        var expected = ImageCases.Tensor("resized.safetensors", resize.GetProperty("key").GetString()!)!.Data;
        Assert.That(OfAnySize(layer, images), Is.EqualTo(expected));
    }

    [Test]
    public void Images_of_every_size_give_the_bits_of_the_processor([Range(0, 5)] int resample)
    {
        var random = new Random(resample);
        for (var i = 0; i < 6; i++)
        {
            int[] size = [random.Next(1, 40), random.Next(1, 40)];
            var (height, width, channels) = (random.Next(1, 90), random.Next(1, 90), i % 2 == 0 ? 3 : 1);
            var pixels = new byte[2 * height * width * channels];
            random.NextBytes(pixels);
            var images = Tf.Constant(HostTensor.Of<byte>(pixels, new Shape(2, height, width, channels)));
            var processor = new ViTImageProcessor(size: size, resample: resample, image_mean: 0.45, image_std: 0.27, do_center_crop: i % 3 == 0, crop_size: (random.Next(1, 50), random.Next(1, 50)));
            var expected = processor.Apply(images, input_data_format: "channels_last").Stacked().Data;
            var layer = TFViTImageProcessor.from_processor(processor);
            Assert.That(OfAnySize(layer, images), Is.EqualTo(expected), $"{height}x{width} to {size[0]}x{size[1]}, unknown size");
            if (i < 2) Assert.That(Host(layer.Apply(images)).Data, Is.EqualTo(expected), "eager");
        }
    }

    [Test]
    public void Compiled_by_XLA_it_gives_the_same_bits_and_knows_every_size([Range(0, 5)] int resample)
    {
        var processor = new ViTImageProcessor(size: (17, 13), resample: resample, image_mean: 0.45, image_std: 0.27, do_center_crop: true, crop_size: (12, 15));
        var layer = TFViTImageProcessor.from_processor(processor);
        using var compiled = new TracedFunction("process", x => layer.Apply(x.Single), new CompileOptions(Jit: true));
        using var plain = new TracedFunction("process", x => layer.Apply(x.Single), new CompileOptions(Jit: false));
        (int Height, int Width)[] sizes = [(40, 30), (17, 50), (90, 13)];
        foreach (var (height, width) in sizes)
        {
            var pixels = new byte[2 * height * width * 3];
            new Random(height).NextBytes(pixels);
            var images = Tf.Constant(HostTensor.Of<byte>(pixels, new Shape(2, height, width, 3)));
            var expected = processor.Apply(images, input_data_format: "channels_last").Stacked().Data;
            Assert.That(Host(compiled.Call(images).Single).Data, Is.EqualTo(expected), $"{height}x{width}, compiled");
            Assert.That(Host(plain.Call(images).Single).Data, Is.EqualTo(expected), $"{height}x{width}");
        }
        Assert.That((compiled.TraceCount, plain.TraceCount), Is.EqualTo((sizes.Length, 2)));
    }

    [Test]
    public void Files_of_different_sizes_make_one_batch_as_the_processor_reads_them()
    {
        // 16 bits and palettes of BMP are TensorFlow's, WebP it does not read.
        string[] names = [.. Directory.GetFiles(Path.GetDirectoryName(ImageCases.Source("x"))!).Select(f => Path.GetFileName(f)!).Where(f => f is not ("gray16.png" or "palette.bmp") && !f.EndsWith(".webp", StringComparison.Ordinal)).Order()];
        byte[][] files = [.. names.Select(n => File.ReadAllBytes(ImageCases.Source(n)))];
        var processor = new ViTImageProcessor(size: (24, 20));
        var expected = processor.Apply(new List<byte[]>(files)).Hosts;
        var layer = TFViTImageProcessor.from_processor(processor);
        foreach (var mode in Modes)
        {
            var values = Host(Run(mode, Tensor.OfBytes(files), x => layer.Apply(x.Single)).Single);
            Assert.That(values.Shape, Is.EqualTo(new Shape(files.Length, 3, 24, 20)));
            var length = expected[0].Data.Length;
            Assert.That(names.Where((_, i) => !values.Data.AsSpan(i * length, length).SequenceEqual(expected[i].Data)), Is.Empty, $"{mode}");
        }
        Assert.That(layer.Apply(Tensor.OfBytes()).shape, Is.EqualTo(new Shape(0, 3, 24, 20)));
    }

    [Test]
    public void A_classifier_is_exported_with_images_in_and_labels_out([Values] bool isSaved)
    {
        using var folder = new TemporaryFolder();
        var config = SmallViT.Config();
        config.id2label = new Dictionary<int, string> { [0] = "circle", [1] = "square", [2] = "größer" };
        var model = new TFViTForImageClassification(config);
        var processor = new ViTImageProcessor(size: 8);
        var path = folder["1"];
        if (isSaved)
        {
            model.save_pretrained(folder, saved_model: true, image_processor: processor);
            path = Path.Combine(folder, "saved_model", "1");
            Assert.That(AutoImageProcessor.from_pretrained(folder).size, Is.EqualTo(processor.size));
        }
        else model.export(path, processor);
        ServedOps.Require(path);

        byte[][] files = [.. new[] { "rgb_shapes.png", "baseline_420.jpg", "animated.gif", "tall.png" }.Select(n => File.ReadAllBytes(ImageCases.Source(n)))];
        Tensor pixels = processor.Apply(new List<byte[]>(files), return_tensors: "tf").pixel_values;
        var logits = model.Apply(pixels).logits;
        var best = Api.ops.argmax(logits, axis: -1).ToArray<int>().Select(i => config.id2label[i]).ToArray();

        using var loaded = EngineName == "torch" ? SavedModels.SavedModelRunner.Load(path, Engine.Current) : Backend.EngineSelection.LoadSavedModel(path);
        Assert.That(loaded.Signatures.Where(s => !s.StartsWith("__", StringComparison.Ordinal)), Is.EquivalentTo(new[] { "serving_default", "uint8_serving", "float32_serving" }));
        Check("serving_default", "image_bytes", HostTensor.OfStrings(files.Length, files), 0, files.Length);
        Check("float32_serving", "pixel_values", Host(pixels), 0, files.Length);
        foreach (var i in Enumerable.Range(0, files.Length)) Check("uint8_serving", "image", Host(Samples(Picture.Open(files[i]).Convert("RGB"))), i, 1);

        void Check(string signature, string input, HostTensor value, int from, int count)
        {
            var outputs = loaded.Run(signature, new Dictionary<string, HostTensor> { [input] = value });
            Assert.That(outputs.Keys, Is.EquivalentTo(new[] { "logits", "probabilities", "labels" }));
            Assert.That(outputs["logits"].As<float>().ToArray(), Is.EqualTo(Floats(logits).AsSpan(from * 3, count * 3).ToArray()).Within(1e-5f), signature);
            Assert.That(outputs["probabilities"].As<float>().ToArray(), Is.EqualTo(Floats(Api.ops.softmax(logits)).AsSpan(from * 3, count * 3).ToArray()).Within(1e-5f), signature);
            Assert.That(outputs["labels"].Strings!.Select(System.Text.Encoding.UTF8.GetString), Is.EqualTo(best[from..(from + count)]), signature);
        }
    }

    [Test]
    public void A_layer_comes_back_from_its_config()
    {
        var layer = new TFViTImageProcessor(size: [5, 7], resample: 3, image_mean: [0.1, 0.2, 0.3], image_std: [0.5], do_center_crop: true, crop_size: [4, 4], data_format: "channels_last");
        using var folder = new TemporaryFolder();
        var inputs = Api.keras.Input(shape: new Shape(9, 9, 3), dtype: "uint8");
        var model = Api.keras.Model(inputs, layer.Apply(inputs));
        model.save(folder["m.keras"]);
        var images = Tf.Constant(HostTensor.Of<byte>([.. Enumerable.Range(0, 243).Select(i => (byte)i)], new Shape(1, 9, 9, 3)));
        var back = Api.keras.models.load_model(folder["m.keras"], new Dictionary<string, Type> { [nameof(TFViTImageProcessor)] = typeof(TFViTImageProcessor) });
        Assert.That(Host(back.Apply(images).Single).Data, Is.EqualTo(Host(layer.Apply(images)).Data));
    }

    [Test]
    public void What_is_no_image_is_refused()
    {
        var layer = new TFViTImageProcessor(size: [4, 4]);
        Assert.That(() => layer.Apply(Api.ops.zeros([1, 8, 8, 3])), Throws.TypeOf<DTypeMismatchException>().With.Message.Contains("uint8"));
        Assert.That(() => layer.Apply(Api.ops.zeros([8, 8, 3], "uint8")), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("expand_dims"));
        Assert.That(() => layer.Apply(Api.ops.zeros([1, 3, 8, 8], "uint8")), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("C 1 or 3"));
        Assert.That(() => layer.Apply(Api.ops.zeros([1, 0, 8, 3], "uint8")), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => layer.Apply(Tensor.OfBytes([1, 2, 3])), Throws.InstanceOf<KerasException>());
        Assert.That(() => new TFViTImageProcessor(do_resize: false).Apply(Tensor.OfBytes([1, 2, 3])), Throws.TypeOf<UnsupportedException>());
        Assert.That(() => new TFViTImageProcessor(image_mean: [0.1, 0.2], size: [4, 4]).Apply(Api.ops.zeros([1, 8, 8, 3], "uint8")), Throws.TypeOf<ValueRangeException>().With.Message.Contains("image_mean"));
        Assert.That(() => new TFViTImageProcessor(size: [0, 4]), Throws.TypeOf<ValueRangeException>());
        Assert.That(() => new TFViTImageProcessor(resample: 6), Throws.TypeOf<ValueRangeException>());
        Assert.That(() => new TFViTImageProcessor(resample: null), Throws.TypeOf<ValueRangeException>());
        Assert.That(() => new TFViTImageProcessor(data_format: "first"), Throws.ArgumentException);
        using var folder = new TemporaryFolder();
        Assert.That(() => new TFBertModel(SmallBert.Config()).export(folder["1"], new ViTImageProcessor()), Throws.TypeOf<UnsupportedException>().With.Message.Contains("input_ids"));
        Assert.That(() => new TFViTModel(SmallViT.Config()).export(folder["1"], new ViTImageProcessor(do_resize: false)), Throws.TypeOf<UnsupportedException>());
    }
}
