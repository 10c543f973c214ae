using Keras.Graphs;
using Keras.Layers;

namespace Keras.Plots;

/// <summary>A batch of images on the host, channels last.</summary>
sealed class PictureBatch
{
    PictureBatch(double[] values, int count, int height, int width, int channels, bool isFloating) =>
        (Values, Count, Height, Width, Channels, IsFloating) = (values, count, height, width, channels, isFloating);

    public double[] Values { get; }

    public int Count { get; }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public bool IsFloating { get; }

    /// <exception cref="ShapeMismatchException">The images are not a batch, or do not have 1, 3 or 4 channels.</exception>
    public static PictureBatch Of(Tensor images, string? data_format, string where)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.ndim != 4) throw new ShapeMismatchException("The images are not a batch", where, "(B, H, W, C)", images.shape.ToString(), "Give one image an axis in front: ops.expand_dims(image, 0).");
        if (ConfigForms.DataFormat(data_format) == "channels_first") images = Api.ops.transpose(images, [0, 2, 3, 1]);
        var host = images.RequireEager().ToHost();
        int[] shape = [.. host.Shape.ToArray().Select(d => (int)d)];
        if (shape[3] is not (1 or 3 or 4)) throw new ShapeMismatchException("The images have the wrong number of channels", where, "1, 3 or 4 channels", images.shape.ToString(), "Images whose channels stand in front need data_format: \"channels_first\".");
        if (shape[0] == 0 || shape[1] == 0 || shape[2] == 0) throw new ShapeMismatchException("There are no images", where, "at least one image of at least one pixel", images.shape.ToString());
        return new(host.ToDouble(), shape[0], shape[1], shape[2], shape[3], images.dtype.IsFloating);
    }

    public double this[int image, int y, int x, int channel] => Values[((((image * Height) + y) * Width) + x) * Channels + channel];

    /// <summary>One image, with its values scaled to 0 .. 255.</summary>
    public Canvas Picture(int image, double least, double most)
    {
        var canvas = new Canvas(Width, Height);
        byte Part(int y, int x, int channel) => ByteOf((this[image, y, x, Math.Min(channel, Channels - 1)] - least) / (most - least) * 255);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++) canvas[x, y] = new(Part(y, x, 0), Part(y, x, Channels == 1 ? 0 : 1), Part(y, x, Channels == 1 ? 0 : 2), Channels == 4 ? Part(y, x, 3) : (byte)255);
        return canvas;
    }

    public static byte ByteOf(double value) => double.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(value, 0, 255);

    /// <summary>Joins pictures into an integer tensor with the batch's channels and order of axes.</summary>
    public Tensor Packed(IReadOnlyList<Canvas> pictures, string? data_format)
    {
        var bytes = new byte[Count * Height * Width * Channels];
        var at = 0;
        foreach (var picture in pictures)
            for (var y = 0; y < Height; y++)
                for (var x = 0; x < Width; x++)
                {
                    var c = picture[x, y];
                    ReadOnlySpan<byte> parts = [c.Red, c.Green, c.Blue, c.Alpha];
                    for (var k = 0; k < Channels; k++) bytes[at++] = parts[k];
                }
        var packed = Tf.Constant(HostTensor.Of<byte>(bytes, new Shape(Count, Height, Width, Channels)));
        return data_format == "channels_first" ? Api.ops.transpose(packed, [0, 3, 1, 2]) : packed;
    }
}
