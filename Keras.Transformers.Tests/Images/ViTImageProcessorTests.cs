using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Images;

/// <summary>What the processor takes, writes and refuses.</summary>
[NonParallelizable]
sealed class ViTImageProcessorTests
{
    static readonly ViTImageProcessor Small = new(size: (4, 6));

    static string Source(string file) => Path.Combine(GoldenFolder.Own, "images", "src", file);

    static float[] Values(ImageInput images) => Small.Apply(images, return_tensors: "np").Stacked().As<float>().ToArray();

    static string Config(TemporaryFolder folder, string json, string name = "preprocessor_config.json")
    {
        File.WriteAllText(Path.Combine(folder.Path, name), json);
        return folder.Path;
    }

    [Test]
    public void Every_form_of_a_file_is_the_same_image()
    {
        var path = Source("rgb_shapes.png");
        var bytes = File.ReadAllBytes(path);
        var picture = Picture.Open(path);
        var array = new byte[picture.Height, picture.Width, 3];
        Buffer.BlockCopy(picture.Pixels, 0, array, 0, picture.Pixels.Length);
        var floats = new float[3, picture.Height, picture.Width];
        for (var i = 0; i < picture.Pixels.Length; i++) floats[i % 3, i / 3 / picture.Width, i / 3 % picture.Width] = picture.Pixels[i];
        var expected = Values(path);
        using var stream = File.OpenRead(path);
        foreach (var form in (ImageInput[])[bytes, stream, picture, array, floats, (Tensor)floats, new List<string> { path }, new[] { picture }, new List<byte[]> { bytes }])
            Assert.That(Values(form), Is.EqualTo(expected));
        Assert.That(Values([path, picture, bytes]), Has.Length.EqualTo(3 * expected.Length));
    }

    [Test]
    public void A_low_image_in_an_array_is_read_right()
    {
        // Hugging Face takes its three rows for channels.
        var picture = Picture.Open(Source("wide.png"));
        var array = new byte[picture.Height, picture.Width, 3];
        Buffer.BlockCopy(picture.Pixels, 0, array, 0, picture.Pixels.Length);
        Assert.That(Values(array), Is.EqualTo(Values(picture)));
    }

    [Test]
    public void Pixel_values_go_into_a_model_by_name()
    {
        var feature = Small.Apply(Source("rgb_shapes.png"));
        Assert.That(feature.pixel_values.shape.ToArray(), Is.EqualTo(new long[] { 1, 3, 4, 6 }));
        Assert.That(((Tensors)feature)["pixel_values"].ToString(), Is.Not.Empty);
        Assert.That(() => feature["other"], Throws.TypeOf<KeyNotFoundException>());
    }

    [TestCase("""{"size": 32, "feature_extractor_type": "ViTFeatureExtractor", "resample": 3}""", 32, 32, 3)]
    [TestCase("""{"size": [10, 12]}""", 10, 12, 2)]
    [TestCase("""{"size": {"height": 8, "width": 9}, "image_processor_type": "ViTImageProcessorFast", "data_format": "channels_first", "return_tensors": null, "do_center_crop": null, "crop_size": null}""", 8, 9, 2)]
    public void Files_of_every_age_are_read_and_written(string json, int height, int width, int resample)
    {
        using var folder = new TemporaryFolder();
        var processor = ViTImageProcessor.from_pretrained(Config(folder, json));
        Assert.That((processor.size, processor.resample), Is.EqualTo((new HeightWidth(height, width), resample)));
        processor.save_pretrained(folder.Path);
        var (written, given) = (JsonNode.Parse(processor.to_json_string())!.AsObject(), JsonNode.Parse(json)!.AsObject());
        Assert.That(given.Select(g => g.Key).Except(written.Select(w => w.Key)), Is.SubsetOf(new[] { "feature_extractor_type" }), "what is not known is kept");
        Assert.That(AutoImageProcessor.from_pretrained(folder.Path).to_json_string(), Is.EqualTo(processor.to_json_string()));
    }

    [Test]
    public void The_class_that_a_file_names_is_made()
    {
        using var folder = new TemporaryFolder();
        new ViTImageProcessorFast(size: 9).save_pretrained(folder.Path);
        Assert.That(AutoImageProcessor.from_pretrained(folder.Path), Is.TypeOf<ViTImageProcessorFast>());
        Config(folder, """{"size": 9}""");
        Config(folder, """{"model_type": "vit"}""", "config.json");
        Assert.That(AutoImageProcessor.from_pretrained(folder.Path).size, Is.EqualTo(new HeightWidth(9, 9)));
    }

    [TestCase("""{"image_processor_type": "CLIPImageProcessor"}""")]
    [TestCase("""{"feature_extractor_type": "Wav2Vec2FeatureExtractor"}""")]
    [TestCase("""{"do_pad": true}""")]
    public void A_processor_of_another_kind_is_refused(string json)
    {
        using var folder = new TemporaryFolder();
        Config(folder, json);
        Assert.That(() => ViTImageProcessor.from_pretrained(folder.Path), Throws.TypeOf<UnsupportedException>().With.Message.Contains("preprocessor_config.json"));
        Assert.That(() => AutoImageProcessor.from_pretrained(folder.Path), Throws.TypeOf<UnsupportedException>());
    }

    [Test]
    public void A_folder_that_says_neither_processor_nor_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => AutoImageProcessor.from_pretrained(folder.Path), Throws.TypeOf<FileFormatException>());
        Config(folder, "{}");
        Config(folder, """{"model_type": "bert"}""", "config.json");
        Assert.That(() => AutoImageProcessor.from_pretrained(folder.Path), Throws.TypeOf<UnsupportedException>().With.Message.Contains("bert"));
    }

    [TestCase("""{"size": {"height": 8}}""")]
    [TestCase("""{"size": {"shortest_edge": 8}}""")]
    [TestCase("""{"size": 0}""")]
    [TestCase("""{"resample": 9}""")]
    [TestCase("""{"resample": "bilinear"}""")]
    [TestCase("""{"image_mean": ["a"]}""")]
    [TestCase("""{"do_resize": 1}""")]
    [TestCase("""[]""")]
    public void A_damaged_file_is_refused(string json)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => ViTImageProcessor.from_pretrained(Config(folder, json)), Throws.TypeOf<FileFormatException>().With.Message.Contains("preprocessor_config.json"));
    }

    [Test]
    public void Options_that_fit_no_image_are_refused()
    {
        var image = new byte[5, 5, 3];
        Assert.That(() => Small.Apply(image, image_mean: new[] { 0.5, 0.5 }), Throws.TypeOf<ValueRangeException>().With.Message.Contains("image_mean"));
        Assert.That(() => Small.Apply(image, image_std: new[] { 0.5 }), Throws.TypeOf<ValueRangeException>().With.Message.Contains("image_std"));
        Assert.That(() => Small.Apply(image, resample: 6), Throws.TypeOf<ValueRangeException>().With.Message.Contains("filter"));
        Assert.That(() => Small.Apply(image, size: (0, 4)), Throws.TypeOf<ValueRangeException>());
        Assert.That(() => Small.Apply(image, size: (1 << 20, 1 << 20)), Throws.TypeOf<ValueRangeException>());
        Assert.That(() => Small.Apply(image, rescale_factor: double.NaN), Throws.TypeOf<ValueRangeException>());
        Assert.That(() => Small.Apply(image, data_format: "channels_middle"), Throws.ArgumentException);
        Assert.That(() => new ViTImageProcessor(resample: null).Apply(image), Throws.TypeOf<ValueRangeException>().With.Message.Contains("resample"));
    }

    [Test]
    public void What_is_no_image_is_refused()
    {
        using var folder = new TemporaryFolder();
        var text = Path.Combine(folder.Path, "text.png");
        File.WriteAllText(text, "no image");
        Assert.That(() => Small.Apply(text), Throws.TypeOf<FileFormatException>().With.Message.Contains("text.png"));
        Assert.That(() => Small.Apply(folder.Path), Throws.TypeOf<FileFormatException>());
        Assert.That(() => Small.Apply(Array.Empty<byte>()), Throws.TypeOf<FileFormatException>());
        Assert.That(() => Small.Apply(new float[5, 5, 4]), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => Small.Apply(new float[5, 5]), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => Small.Apply(new Picture("RGBA", 1, 1, new byte[4])), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("do_convert_rgb"));
        Assert.That(Small.Apply(new Picture("RGBA", 1, 1, new byte[4]), do_convert_rgb: true).Count, Is.EqualTo(1));
        var numbers = new float[5, 5, 3];
        numbers[2, 2, 1] = float.NaN;
        Assert.That(() => Small.Apply(numbers, do_resize: false), Throws.TypeOf<ValueRangeException>().With.Message.Contains("NaN"));
        Assert.That(() => Small.Apply(new object[] { 5 }), Throws.TypeOf<ValueRangeException>());
    }

    [Test]
    public void An_image_of_too_many_pixels_is_refused_before_it_is_allocated([Values("rgb_shapes.png", "baseline_420.jpg", "animated.gif", "lossy.webp", "rgb24.bmp")] string file)
    {
        var (bytes, most) = (File.ReadAllBytes(Source(file)), Picture.MaxPixels);
        try
        {
            Picture.MaxPixels = 300;
            Assert.That(() => Picture.Open(bytes), Throws.TypeOf<FileFormatException>().With.Message.Contains("MaxPixels"));
        }
        finally
        {
            Picture.MaxPixels = most;
        }
    }
}
