using Keras.Graphs;

namespace Keras;

public sealed partial class UtilsApi
{
    static Tensor ReadText(string path, int? max_length)
    {
        var bytes = File.ReadAllBytes(path);
        return Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [max_length is { } most && most < bytes.Length ? bytes[..WholeCharacters(bytes, most)] : bytes]));
    }

    /// <summary>The length to cut to so that no UTF-8 character is split.</summary>
    static int WholeCharacters(byte[] bytes, int most)
    {
        const int longest = 4;
        for (var cut = most; cut > 0 && cut > most - longest; cut--)
            if ((bytes[cut] & 0xC0) != 0x80) return cut;
        return most;
    }

    static Tensor ReadSound(string path, int? sampling_rate, int? output_sequence_length)
    {
        var sound = WavFile.Read(path);
        if (output_sequence_length is { } length) sound = sound.Of(length);
        if (sampling_rate is { } rate) sound = sound.At(rate);
        return Tf.Constant(HostTensor.Of<float>(sound.Samples, new Shape(sound.Length, sound.Channels)));
    }

    static Func<string, Tensor> ImageReader(Axes? image_size, string color_mode, string interpolation, bool crop_to_aspect_ratio, bool pad_to_aspect_ratio, string? data_format)
    {
        var size = Layers.ConfigForms.PerAxis(image_size ?? 256, 2, nameof(image_size));
        Known.OneOf(interpolation, nameof(interpolation), "bilinear", "nearest", "bicubic", "lanczos3", "lanczos5");
        if (crop_to_aspect_ratio && pad_to_aspect_ratio) throw new ArgumentException("Give crop_to_aspect_ratio or pad_to_aspect_ratio, not both.", nameof(crop_to_aspect_ratio));
        var (channels, isFirst) = (ImageData.ChannelsOf(color_mode), Layers.ConfigForms.DataFormat(data_format) == "channels_first");
        return path =>
        {
            var image = ImageData.Read(path, channels);
            var resized = crop_to_aspect_ratio ? ImageData.Cropped(image, size[0], size[1], interpolation)
                : pad_to_aspect_ratio ? ImageData.Padded(image, size[0], size[1], interpolation) : ImageData.Resized(image, size[0], size[1], interpolation);
            return isFirst ? Tf.Transpose(resized, 2, 0, 1) : resized;
        };
    }
}
