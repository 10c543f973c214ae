using System.Text.Json;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Decoded and resized images are Pillow's, byte for byte; pixel values are those of Hugging Face's processor.</summary>
[Category("Golden")]
sealed class ImageGoldenTests
{
    /// <summary>What another decoder of lossy WebP may differ by.</summary>
    const int WebpTolerance = 2;

    static IEnumerable<TestCaseData> Sources => ImageCases.Of("sources", c => c.GetProperty("file").GetString()!);

    static IEnumerable<TestCaseData> Resizes => ImageCases.Of("resize", c => c.GetProperty("key").GetString()!);

    static IEnumerable<TestCaseData> Processed => ImageCases.Of("processor", c => c.GetProperty("id").GetString()!);

    static IEnumerable<TestCaseData> Literals => ImageCases.Of("literal_inputs", c => c.GetProperty("input").GetString()!);

    [TestCaseSource(nameof(Sources))]
    public void A_file_is_what_Pillow_reads(JsonElement source)
    {
        var file = source.GetProperty("file").GetString()!;
        var picture = Picture.Open(ImageCases.Source(file));
        var size = source.GetProperty("size");
        Assert.That((picture.Mode, picture.Width, picture.Height), Is.EqualTo((source.GetProperty("mode").GetString(), size[0].GetInt32(), size[1].GetInt32())));
        if (source.TryGetProperty("exif_orientation", out var orientation)) Assert.That(picture.Orientation, Is.EqualTo(orientation.GetInt32()));
        var tolerance = ImageCases.IsRounded(file) ? WebpTolerance : 0;
        foreach (var (key, pixels) in new (string, Func<byte[]>)[]
        {
            ("rgb", () => picture.Convert("RGB").Pixels), ("rgba", () => picture.Convert("RGBA").Pixels), ("rgb_exif_transposed", () => picture.Upright().Convert("RGB").Pixels), ("native", () => Native(picture)),
        })
            if (ImageCases.Tensor("decoded.safetensors", $"{file}/{key}") is { } expected) Near(pixels(), expected.Data, tolerance, key);
    }

    /// <summary>The samples as int32, black and white as 0 and 1.</summary>
    static byte[] Native(Picture picture)
    {
        var numbers = picture.Mode == "I;16"
            ? Enumerable.Range(0, picture.Width * picture.Height).Select(i => BitConverter.ToUInt16(picture.Pixels, i * 2) + 0)
            : picture.Pixels.Select(p => picture.Mode == "1" ? p / byte.MaxValue : p);
        return HostTensor.Vector<int>([.. numbers]).Data;
    }

    static void Near(byte[] actual, byte[] expected, int tolerance, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        Assert.That(actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max(), Is.LessThanOrEqualTo(tolerance), what);
    }

    [TestCaseSource(nameof(Resizes))]
    public void A_resized_image_is_Pillows(JsonElement resize)
    {
        var picture = Picture.Open(ImageCases.Source(resize.GetProperty("file").GetString()!)).Convert(resize.GetProperty("mode").GetString()!);
        (double, double, double, double)? box = resize.TryGetProperty("box", out var b) && b.ValueKind == JsonValueKind.Array ? (b[0].GetDouble(), b[1].GetDouble(), b[2].GetDouble(), b[3].GetDouble()) : null;
        double? gap = resize.TryGetProperty("reducing_gap", out var g) && g.ValueKind == JsonValueKind.Number ? g.GetDouble() : null;
        var resized = picture.Resize(resize.GetProperty("width").GetInt32(), resize.GetProperty("height").GetInt32(), resize.GetProperty("resample").GetInt32(), box, gap);
        Assert.That(resized.Pixels, Is.EqualTo(ImageCases.Tensor("resized.safetensors", resize.GetProperty("key").GetString()!)!.Data));
    }

    [TestCaseSource(nameof(Processed))]
    public void Pixel_values_are_Hugging_Faces(JsonElement given)
    {
        var run = new ImageProcessorCase(given);
        if (run.IsRefused)
        {
            var error = Assert.Catch(() => run.Apply())!;
            Assert.That(error, Is.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>(), error.ToString());
            return;
        }
        var actual = run.Apply();
        if (run.IsMisread) return;
        var results = given.TryGetProperty("result_list", out var list) ? list.EnumerateArray().ToArray() : given.TryGetProperty("result", out var one) ? [one] : [];
        HostTensor[] tensors = results.Length == 1 ? [actual.Stacked()] : actual.Hosts;
        Assert.That(results.Length, Is.EqualTo(tensors.Length).Or.EqualTo(0));
        foreach (var (result, tensor) in results.Zip(tensors)) run.Check(tensor, result);
    }

    [TestCaseSource(nameof(Literals))]
    public void An_odd_input_is_taken_or_refused(JsonElement given)
    {
        var input = given.GetProperty("input").GetString()!;
        BatchFeature Apply() => new ViTImageProcessor(size: 16).Apply(LiteralImages.Of(input), return_tensors: "np");
        // An image without a pixel and complex samples have no right result.
        if (given.TryGetProperty("error", out _) || input.Contains("[0,", StringComparison.Ordinal) || input.StartsWith("complex", StringComparison.Ordinal))
            Assert.That(Apply, Throws.InstanceOf<KerasException>());
        else Assert.That(Apply().pixel_values.shape.ToArray(), Is.EqualTo(given.GetProperty("result_shape").EnumerateArray().Select(d => d.GetInt64())));
    }

    [Test]
    public void The_configuration_is_written_as_Hugging_Face_writes_it()
    {
        foreach (var (processor, section) in new[] { (new ViTImageProcessor(), "preprocessor_config_default"), (new ViTImageProcessor(size: 48, resample: 3, image_mean: new[] { 0.1, 0.2, 0.3 }), "preprocessor_config_custom") })
        {
            var expected = ImageCases.Section(section);
            if (expected.TryGetProperty("do_convert_rgb", out var convert)) processor.do_convert_rgb = convert.GetBoolean();
            Assert.That(JsonElement.DeepEquals(JsonElement.Parse(processor.to_json_string()), expected), $"{section}: {processor.to_json_string()}");
        }
    }
}
