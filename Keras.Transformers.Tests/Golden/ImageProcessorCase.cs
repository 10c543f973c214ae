using System.Text.Json;

namespace Keras.Transformers.Tests.Golden;

/// <summary>A call of the processor as a golden case has it.</summary>
sealed class ImageProcessorCase(JsonElement given)
{
    readonly (string File, string? Form)[] _images = Images(given.GetProperty("images"), given.GetProperty("batch").GetBoolean());

    static (string, string?)[] Images(JsonElement images, bool isBatch) => isBatch ? [.. images.EnumerateArray().Select(Image)] : [Image(images)];

    static (string, string?) Image(JsonElement image) => image.ValueKind == JsonValueKind.String ? (image.GetString()!, null) : (image[0].GetString()!, image[1].GetString());

    bool Flag(string name) => given.GetProperty("init").TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    /// <summary>Hugging Face takes a first axis of 1 or 3 for that of channels, though it knows the file; where it decides so for an image of 1 or 3 rows, what follows is no truth.</summary>
    public bool IsMisread => _images.Length > 0 && _images[0] is var (file, form) && form is null or "hwc" or "chw" && Picture.Open(ImageCases.Source(file)).Height is 1 or 3;

    /// <summary>Whether there is an error in Hugging Face that is none of its version's faults: do_convert_rgb has no effect there.</summary>
    public bool IsRefused => given.TryGetProperty("error", out _) && !IsMisread && !Flag("do_convert_rgb");

    public BatchFeature Apply()
    {
        var (init, call) = (given.GetProperty("init"), given.GetProperty("call"));
        var processor = new ViTImageProcessor();
        if (Get(init, "do_resize") is { } r) processor.do_resize = r.GetBoolean();
        if (Get(init, "size") is { } s) processor.size = Size(s);
        if (init.TryGetProperty("resample", out var filter)) processor.resample = filter.ValueKind == JsonValueKind.Null ? null : filter.GetInt32();
        if (Get(init, "do_rescale") is { } d) processor.do_rescale = d.GetBoolean();
        if (Get(init, "rescale_factor") is { } f) processor.rescale_factor = f.GetDouble();
        if (Get(init, "do_normalize") is { } n) processor.do_normalize = n.GetBoolean();
        if (Get(init, "image_mean") is { } m) processor.image_mean = Values(m);
        if (Get(init, "image_std") is { } v) processor.image_std = Values(v);
        if (Get(init, "do_convert_rgb") is { } c) processor.do_convert_rgb = c.GetBoolean();
        var tensors = call.TryGetProperty("return_tensors", out var kind) ? kind.GetString() : "np";
        return processor.Apply([.. _images.Select(i => Form(i.File, i.Form))],
            Get(call, "do_resize")?.GetBoolean(), Get(call, "size") is { } size ? (HeightWidth?)Size(size) : null, Get(call, "resample")?.GetInt32(), Get(call, "do_rescale")?.GetBoolean(), Get(call, "rescale_factor")?.GetDouble(),
            Get(call, "do_normalize")?.GetBoolean(), Get(call, "image_mean") is { } mean ? Values(mean) : null, Get(call, "image_std") is { } deviation ? Values(deviation) : null, Get(call, "do_convert_rgb")?.GetBoolean(),
            tensors, Get(call, "data_format")?.GetString() ?? "channels_first", Get(call, "input_data_format")?.GetString());
    }

    static JsonElement? Get(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static HeightWidth Size(JsonElement size) => size.ValueKind switch
    {
        JsonValueKind.Number => size.GetInt32(),
        JsonValueKind.Array => size.EnumerateArray().Select(s => s.GetInt32()).ToArray(),
        _ => size.EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetInt32()),
    };

    static ChannelValues Values(JsonElement values) => values.ValueKind == JsonValueKind.Number ? values.GetDouble() : values.EnumerateArray().Select(v => v.GetDouble()).ToArray();

    /// <summary>The image in the form that the case names.</summary>
    static ImageInput Form(string file, string? form)
    {
        var path = ImageCases.Source(file);
        if (form is null) return path;
        var native = Picture.Open(path);
        if (form == "pil_native") return native;
        var rgb = native.Convert("RGB");
        var (h, w, pixels) = (rgb.Height, rgb.Width, rgb.Pixels);
        var first = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++) first[(i % 3 * h * w) + (i / 3)] = pixels[i];
        return form switch
        {
            "pil" => rgb,
            "hwc" => Tensor.Of(HostTensor.Of<byte>(pixels, new(h, w, 3))),
            "chw" => Tensor.Of(HostTensor.Of<byte>(first, new(3, h, w))),
            "chw_int32" => Tensor.Of(HostTensor.Of<int>([.. first], new(3, h, w))),
            "hwc_float01" => Tensor.Of(HostTensor.Of<float>([.. pixels.Select(p => p / 255f)], new(h, w, 3))),
            "hwc_float255" => Tensor.Of(HostTensor.Of<float>([.. pixels], new(h, w, 3))),
            "hwc_float64" => Tensor.Of(HostTensor.Of<double>([.. pixels.Select(p => p / 255.0)], new(h, w, 3))),
            "gray2d" => Tensor.Of(HostTensor.Of<byte>(native.Convert("L").Pixels, new(h, w))),
            _ => throw new NotSupportedException($"The form {form} is not known to this test."),
        };
    }

    /// <summary>Compares bytes exactly and floats to 1e-6.</summary>
    public void Check(HostTensor actual, JsonElement result)
    {
        var expected = ImageCases.Tensor("pixel_values.safetensors", result.GetProperty("key").GetString()!)!;
        Assert.That((actual.DType.Name, actual.Shape), Is.EqualTo((result.GetProperty("dtype").GetString(), expected.Shape)));
        if (actual.DType == DType.UInt8)
        {
            Assert.That(actual.Data, Is.EqualTo(expected.Data));
            return;
        }
        var (values, truth) = (actual.ToDouble(), expected.ToDouble());
        var tolerance = _images.Any(i => ImageCases.IsRounded(i.File)) ? 4.0 / 255 : 1e-6;
        for (var i = 0; i < values.Length; i++)
            if (!values[i].Equals(truth[i]) && !(Math.Abs(values[i] - truth[i]) <= tolerance * Math.Max(1, Math.Abs(truth[i])))) Assert.Fail($"element {i}: {values[i]}, not {truth[i]}");
    }
}

/// <summary>Inputs that the golden cases describe in words.</summary>
static class LiteralImages
{
    public static ImageInput Of(string words)
    {
        switch (words)
        {
            case "null": return null!;
            case "int 5": return Tensor.Of(HostTensor.Of<int>([5], Shape.Scalar));
            case "list of one string": return new List<string> { "notanimage" };
            case "empty list": return new List<string>();
            case "list of lists of numbers": return (int[][])[[1, 2], [3, 4]];
            case var text when text.StartsWith("string ", StringComparison.Ordinal): return text[7..].Trim('"');
        }
        var parts = words.Split(' ');
        var kind = parts[0] == "zeros" ? parts[1] : parts[0];
        var shape = new Shape([.. words[(words.IndexOf('[') + 1)..words.IndexOf(']')].Split(',').Select(long.Parse)]);
        var value = Array.IndexOf(parts, "of") is > 0 and var at ? parts[at + 1] == "NaN" ? double.NaN : double.Parse(parts[at + 1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var values = Enumerable.Repeat(value, (int)shape.ElementCount);
        return Tensor.Of(kind switch
        {
            "uint8" => HostTensor.Of<byte>([.. values.Select(v => (byte)v)], shape),
            "float32" => HostTensor.Of<float>([.. values.Select(v => (float)v)], shape),
            "float64" => HostTensor.Of<double>([.. values], shape),
            "int64" => HostTensor.Of<long>([.. values.Select(v => (long)v)], shape),
            "bool" => HostTensor.Of<bool>([.. values.Select(v => v != 0)], shape),
            "complex64" => HostTensor.OfBytes(DType.Complex64, shape, new byte[shape.ElementCount * 8]),
            _ => throw new NotSupportedException($"\"{words}\" is not known to this test."),
        });
    }
}
