using System.Security.Cryptography;

namespace Keras.Engines.Torch;

/// <summary>Draws bounding boxes on images, and extracts glimpses of images.</summary>
static unsafe class Drawing
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DrawBoundingBoxes"] = HalfPrecision.Widened(DrawBoxes),
        ["DrawBoundingBoxesV2"] = HalfPrecision.Widened(DrawBoxes),
        ["ExtractGlimpse"] = c => Glimpse(c, older: true),
        ["ExtractGlimpseV2"] = c => Glimpse(c, older: false),
    };

    /// <summary>TensorFlow's colours: yellow, blue, red, lime, purple, olive, maroon, navy blue, aqua, fuchsia.</summary>
    static readonly float[][] Colours =
        [[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5f, 0, 0.5f, 1], [0.5f, 0.5f, 0, 1], [0.5f, 0, 0, 1], [0, 0, 0.5f, 1], [0, 1, 1, 1], [1, 0, 1, 1]];

    static void DrawBoxes(KernelCall c)
    {
        var (images, boxes) = (c.Tensor(0), c.Tensor(1));
        if (images.Shape.Rank != 4 || images.Shape[3] is not (1 or 3 or 4)) throw c.Fail("images (B, H, W, C) of 1, 3 or 4 channels", images.Shape.ToString());
        if (boxes.Shape.Rank != 3 || boxes.Shape[2] != 4 || boxes.Shape[0] != images.Shape[0]) throw c.Fail($"boxes (B, N, 4) for images {images.Shape}", boxes.Shape.ToString());
        var (height, width, channels, colours) = (images.Shape[1], images.Shape[2], images.Shape[3], ColoursOf(c, images.Shape[3]));
        var result = c.Result(0, images.Shape);
        Workers.Copy(images.Data, result.Data, images.ByteLength);
        var canvas = (float*)result.Data;
        void Paint(long image, long row, long column, float[] colour)
        {
            for (var k = 0L; k < channels; k++) canvas[(((((image * height) + row) * width) + column) * channels) + k] = colour[k];
        }
        for (var box = 0L; box < boxes.Count / 4; box++)
        {
            var (image, colour) = (box / boxes.Shape[1], colours[box % boxes.Shape[1] % colours.Length]);
            long Side(int k, long size) => (long)((float)Numbers.Read(boxes, (box * 4) + k) * (size - 1));
            var (top, left, bottom, right) = (Side(0, height), Side(1, width), Side(2, height), Side(3, width));
            if (top > bottom || left > right || top >= height || bottom < 0 || left >= width || right < 0) continue;
            for (var column = Math.Max(left, 0); column <= Math.Min(right, width - 1); column++)
            {
                if (top >= 0) Paint(image, top, column, colour);
                if (bottom < height) Paint(image, bottom, column, colour);
            }
            for (var row = Math.Max(top, 0); row <= Math.Min(bottom, height - 1); row++)
            {
                if (left >= 0) Paint(image, row, left, colour);
                if (right < width) Paint(image, row, right, colour);
            }
        }
    }

    static float[][] ColoursOf(KernelCall c, long channels)
    {
        if (c.Inputs.Length > 2)
        {
            var given = c.Tensor(2);
            if (given.Shape.Rank != 2 || given.Shape[1] < channels) throw c.Fail($"colours (N, {channels})", given.Shape.ToString());
            if (given.Count > 0) return [.. Enumerable.Range(0, (int)given.Shape[0]).Select(i => given.As<float>().Slice((int)(i * given.Shape[1]), (int)channels).ToArray())];
        }
        return channels == 1 ? [.. Colours.Select(colour => (float[])[1, .. colour[1..]])] : Colours;
    }

    /// <summary>Extracts windows of one size around points of images; pixels outside are 0 or noise.</summary>
    /// <remarks>Source: tensorflow/core/kernels/eigen_attention.h. In the older form, centred offsets mean the same normalised or not, and offsets always refer to the window's centre.</remarks>
    static void Glimpse(KernelCall c, bool older)
    {
        var (x, size, offsets) = (c.Tensor(0), c.Longs(1), c.Tensor(2));
        if (x.Shape.Rank != 4 || size.Length != 2 || size[0] <= 0 || size[1] <= 0 || c.ShapeOf(2) != new Shape(x.Shape[0], 2))
            throw c.Fail("images (B, H, W, C), a size above 0 and offsets (B, 2)", $"{x.Shape}, ({string.Join(", ", size)}) and {c.ShapeOf(2)}");
        var noise = NoiseOf(c);
        var (height, width, channels) = (x.Shape[1], x.Shape[2], x.Shape[3]);
        var most = Math.Max(1L << 26, 64 * x.Count);
        if (PackedBytes.Count([x.Shape[0], size[0], size[1], channels]) > most) throw c.Fail($"glimpses of at most {most} numbers", $"{x.Shape[0]} of ({size[0]}, {size[1]}, {channels})", "Glimpses are too large");
        var result = c.Result(0, new Shape(x.Shape[0], size[0], size[1], channels));
        float* from = (float*)x.Data, to = (float*)result.Data;
        for (var image = 0L; image < x.Shape[0]; image++)
        {
            long First(int axis, long whole) => FirstPixel(c, older, offsets.As<float>()[(int)((image * 2) + axis)], whole, size[axis]);
            var (top, left) = (First(0, height), First(1, width));
            var outside = Spread.Of(x.As<float>().Slice((int)(image * height * width * channels), (int)(height * width * channels)), (int)channels, noise);
            for (var row = 0L; row < size[0]; row++)
                for (var column = 0L; column < size[1]; column++)
                {
                    var isInside = top + row >= 0 && top + row < height && left + column >= 0 && left + column < width;
                    for (var k = 0L; k < channels; k++)
                        *to++ = isInside ? from[(((((image * height) + top + row) * width) + left + column) * channels) + k] : outside[k].Draw(noise);
                }
        }
    }

    static long FirstPixel(KernelCall c, bool older, float offset, long whole, long size)
    {
        var (isNormalized, isCentered) = (c.Flag("normalized"), c.Flag("centered"));
        if (!float.IsFinite(offset)) throw c.Fail("finite offsets", $"{offset}");
        if (isNormalized) offset *= whole;
        if (isCentered) offset = (older || isNormalized ? offset / 2 : offset) + (whole / 2f);
        if (older || (isCentered && isNormalized)) offset -= size / 2f;
        return (long)offset;
    }

    static string NoiseOf(KernelCall c)
    {
        var (name, isUniform) = (c.Get<string>("noise"), c.Flag("uniform_noise"));
        if (isUniform && name is not ("" or "uniform")) throw c.Fail("'uniform_noise' of false where 'noise' is given", $"true and \"{name}\"");
        if (name.Length == 0) name = isUniform ? "uniform" : "gaussian";
        return name is "uniform" or "gaussian" or "zero" ? name : throw c.Fail("noise \"uniform\", \"gaussian\" or \"zero\"", $"\"{name}\"");
    }

    /// <summary>The distribution of the pixels of one or all channels.</summary>
    readonly record struct Spread(double Least, double Most, double Mean, double Deviation)
    {
        /// <summary>The noise outside an image by channel: uniform between the limits of all pixels, or normally distributed within the channel's limits.</summary>
        public static Spread[] Of(ReadOnlySpan<float> pixels, int channels, string noise)
        {
            var spreads = new Spread[channels];
            for (var k = 0; k < channels && noise != "zero"; k++) spreads[k] = noise == "uniform" ? k > 0 ? spreads[0] : Of(pixels, 0, 1) : Of(pixels, k, channels);
            return spreads;
        }

        static Spread Of(ReadOnlySpan<float> pixels, int first, int step)
        {
            var (sum, squares, count, least, most) = (0.0, 0.0, 0, double.PositiveInfinity, double.NegativeInfinity);
            for (var i = first; i < pixels.Length; i += step)
                (sum, squares, count, least, most) = (sum + pixels[i], squares + ((double)pixels[i] * pixels[i]), count + 1, Math.Min(least, pixels[i]), Math.Max(most, pixels[i]));
            return count == 0 ? default : new(least, most, sum / count, Math.Sqrt(Math.Max((squares / count) - (sum / count * (sum / count)), 0)));
        }

        public float Draw(string noise) => noise switch
        {
            "zero" => 0,
            "uniform" => (float)(Least + (Share() * (Most - Least))),
            _ => (float)Math.Max(Math.Min(Mean + (Deviation * Math.Sqrt(-2 * Math.Log(1 - Share())) * Math.Cos(2 * Math.PI * Share())), Most), Least),
        };

        static double Share() => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24);
    }
}
