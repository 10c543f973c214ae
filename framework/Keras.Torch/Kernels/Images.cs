namespace Keras.Engines.Torch;

/// <summary>Images (B, H, W, C): resizing, warping, cropping, colours.</summary>
static unsafe class Images
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["ResizeBilinear"] = c => Resize(c, ResizeWeights.Bilinear),
        ["ResizeBicubic"] = c => Resize(c, ResizeWeights.Bicubic),
        ["ResizeArea"] = c => Resize(c, ResizeWeights.Area),
        ["ResizeNearestNeighbor"] = c => Resize(c, ResizeWeights.Nearest),
        ["ResizeBilinearGrad"] = c => Back(c, ResizeWeights.Bilinear, c.ShapeOf(1)),
        ["ResizeBicubicGrad"] = c => Back(c, ResizeWeights.Bicubic, c.ShapeOf(1)),
        ["ResizeNearestNeighborGrad"] = c => Back(c, ResizeWeights.Nearest, c.ShapeOf(0).With(1, c.Longs(1)[0]).With(2, c.Longs(1)[1])),
        ["ScaleAndTranslate"] = c => Resize(c, Scaled),
        ["ScaleAndTranslateGrad"] = c => Back(c, Scaled, c.ShapeOf(1)),
        ["ImageProjectiveTransformV3"] = Warp,
        ["CropAndResize"] = CropAndResize,
        ["RGBToHSV"] = c => Colours(c, ToHsv),
        ["HSVToRGB"] = c => Colours(c, FromHsv),
        ["AdjustHue"] = c => Colours(c, p => Turned(p, (float)c.Number(1))),
        ["AdjustSaturation"] = c => Colours(c, p => Saturated(p, (float)c.Number(1))),
        ["AdjustContrastv2"] = Contrast,
    };

    static ResizeWeights Scaled(KernelCall c, int axis, long from, long to) =>
        ResizeWeights.Scaled(c, axis, from, to, ((float*)c.Tensor(2).Data)[axis], ((float*)c.Tensor(3).Data)[axis]);

    static TorchTensor AsDoubles(TorchTensor x)
    {
        var result = TorchTensor.Allocate(DType.Float64, x.Shape);
        if (x.DType == DType.Float64) Workers.Copy(x.Data, result.Data, x.ByteLength);
        else Elementwise.Map(x, result, Casts.Between(x.DType, DType.Float64));
        return result;
    }

    static void Store(TorchTensor doubles, TorchTensor result)
    {
        if (result.DType == DType.Float64) Workers.Copy(doubles.Data, result.Data, result.ByteLength);
        else Elementwise.Map(doubles, result, Casts.Between(DType.Float64, result.DType));
    }

    static void Resize(KernelCall c, ResizeWeights.Maker weights)
    {
        var size = c.Longs(1);
        if (c.ShapeOf(0).Rank != 4 || size.Any(s => s <= 0)) throw c.Fail("images of rank 4 and a size above 0", $"{c.ShapeOf(0)} to ({string.Join(", ", size)})");
        var (height, width) = (c.ShapeOf(0)[1], c.ShapeOf(0)[2]);
        var result = c.Result(0, c.ShapeOf(0).With(1, size[0]).With(2, size[1]));
        using var x = AsDoubles(c.Tensor(0));
        using var tall = Along(x, 1, weights(c, 0, height, size[0]), size[0], transposed: false);
        using var both = Along(tall, 2, weights(c, 1, width, size[1]), size[1], transposed: false);
        Store(both, result);
    }

    /// <summary>The gradient of resizing: each pixel's gradient goes to the pixels it was computed from.</summary>
    static void Back(KernelCall c, ResizeWeights.Maker weights, Shape image)
    {
        var dy = c.ShapeOf(0);
        var result = c.Result(0, image);
        using var x = AsDoubles(c.Tensor(0));
        using var wide = Along(x, 2, weights(c, 1, image[2], dy[2]), image[2], transposed: true);
        using var both = Along(wide, 1, weights(c, 0, image[1], dy[1]), image[1], transposed: true);
        Store(both, result);
    }

    static TorchTensor Along(TorchTensor x, int axis, ResizeWeights weights, long length, bool transposed)
    {
        var result = TorchTensor.Allocate(DType.Float64, x.Shape.With(axis, length));
        Structure.Clear(result);
        var (outer, own, inner) = (Slicing.Product(x.Shape, 0, axis), x.Shape[axis], Slicing.Product(x.Shape, axis + 1, x.Shape.Rank));
        double* px = (double*)x.Data, pd = (double*)result.Data;
        Workers.Run(outer, own * inner * 32, (begin, end) =>
        {
            for (var o = begin; o < end; o++)
                for (var i = 0; i < weights.Places.Length; i++)
                    for (var k = 0; k < weights.Places[i].Length; k++)
                    {
                        var (place, weight) = (weights.Places[i][k], weights.Weights[i][k]);
                        var from = px + (((o * own) + (transposed ? i : place)) * inner);
                        var to = pd + (((o * length) + (transposed ? place : i)) * inner);
                        for (var n = 0L; n < inner; n++) to[n] += from[n] * weight;
                    }
        });
        return result;
    }

    /// <summary>Takes each pixel from where the inverse transform (a0, a1, a2, b0, b1, b2, c0, c1) maps it.</summary>
    static void Warp(KernelCall c)
    {
        var (x, size, fill) = (c.Tensor(0), c.Longs(2), c.Number(3));
        var transforms = (float*)c.Tensor(1).Data;
        var (mode, bilinear) = (c.Get<string>("fill_mode"), c.Get<string>("interpolation") == "BILINEAR");
        var one = c.ShapeOf(1)[0] == 1;
        long height = x.Shape[1], width = x.Shape[2], channels = x.Shape[3];
        var result = c.Result(0, x.Shape.With(1, size[0]).With(2, size[1]));
        using var source = AsDoubles(x);
        using var target = TorchTensor.Allocate(DType.Float64, result.Shape);
        double* px = (double*)source.Data, pd = (double*)target.Data;
        for (var b = 0L; b < x.Shape[0]; b++)
        {
            var t = transforms + (one ? 0 : b * 8);
            for (var row = 0L; row < size[0]; row++)
                for (var column = 0L; column < size[1]; column++)
                {
                    var projection = (t[6] * column) + (t[7] * row) + 1;
                    double atX = Mapped(((t[0] * column) + (t[1] * row) + t[2]) / projection, width, mode), atY = Mapped(((t[3] * column) + (t[4] * row) + t[5]) / projection, height, mode);
                    for (var k = 0L; k < channels; k++)
                    {
                        double Read(double y, double at) => y < 0 || y >= height || at < 0 || at >= width ? fill : px[(((((b * height) + (long)y) * width) + (long)at) * channels) + k];
                        double value;
                        if (projection == 0) value = fill;
                        else if (!bilinear) value = Read(Math.Round(atY, MidpointRounding.AwayFromZero), Math.Round(atX, MidpointRounding.AwayFromZero));
                        else
                        {
                            double y = Math.Floor(atY), at = Math.Floor(atX);
                            double upper = ((at + 1 - atX) * Read(y, at)) + ((atX - at) * Read(y, at + 1)), lower = ((at + 1 - atX) * Read(y + 1, at)) + ((atX - at) * Read(y + 1, at + 1));
                            value = ((y + 1 - atY) * upper) + ((atY - y) * lower);
                        }
                        pd[(((((b * size[0]) + row) * size[1]) + column) * channels) + k] = value;
                    }
                }
        }
        Store(target, result);
    }

    /// <summary>Maps a coordinate outside the image into it, except with CONSTANT.</summary>
    static double Mapped(float at, long length, string mode)
    {
        switch (mode)
        {
            case "REFLECT":
                if (length <= 1) return 0;
                var period = 2 * length;
                if (at < 0)
                {
                    var x = at < -period ? at + (period * (long)(-at / period)) : at;
                    at = x < -length ? x + period : -x - 1;
                }
                else if (at > length - 1)
                {
                    var x = at - (period * (long)(at / period));
                    at = x >= length ? period - x - 1 : x;
                }
                return Math.Clamp(at, 0, length - 1);
            case "WRAP":
                if (length <= 1) return 0;
                if (at < 0) at += length * ((long)(-at / (length - 1)) + 1);
                else if (at > length - 1) at -= length * (long)(at / (length - 1));
                return Math.Clamp(at, 0, length - 1);
            case "NEAREST": return Math.Clamp(at, 0, length - 1);
            default: return at;
        }
    }

    static void CropAndResize(KernelCall c)
    {
        var (boxes, owners, size) = (c.Tensor(1), c.Longs(2), c.Longs(3));
        var (extrapolation, nearest) = (c.Get<float>("extrapolation_value"), c.Get<string>("method") == "nearest");
        var shape = c.ShapeOf(0);
        long height = shape[1], width = shape[2], channels = shape[3];
        var result = (float*)c.Result(0, new Shape(owners.Length, size[0], size[1], channels)).Data;
        using var source = AsDoubles(c.Tensor(0));
        var px = (double*)source.Data;
        for (var b = 0; b < owners.Length; b++)
        {
            if (owners[b] < 0 || owners[b] >= shape[0]) throw c.Fail($"images from 0 to {shape[0] - 1}", $"{owners[b]}", "An index is out of range");
            var box = (float*)boxes.Data + (b * 4);
            float At(int i, float low, float high, long length, long count) => count > 1 ? (low * (length - 1)) + (i * ((high - low) * (length - 1) / (count - 1))) : 0.5f * (low + high) * (length - 1);
            for (var row = 0; row < size[0]; row++)
                for (var column = 0; column < size[1]; column++)
                {
                    float y = At(row, box[0], box[2], height, size[0]), x = At(column, box[1], box[3], width, size[1]);
                    var inside = y >= 0 && y <= height - 1 && x >= 0 && x <= width - 1;
                    for (var k = 0L; k < channels; k++)
                    {
                        double Read(float r, float s) => px[(((((owners[b] * height) + (long)r) * width) + (long)s) * channels) + k];
                        float top = MathF.Floor(y), bottom = MathF.Ceiling(y), left = MathF.Floor(x), right = MathF.Ceiling(x);
                        var value = !inside ? extrapolation
                            : nearest ? Read(MathF.Round(y, MidpointRounding.AwayFromZero), MathF.Round(x, MidpointRounding.AwayFromZero))
                            : Mix(Mix(Read(top, left), Read(top, right), x - left), Mix(Read(bottom, left), Read(bottom, right), x - left), y - top);
                        result[(((((b * size[0]) + row) * size[1]) + column) * channels) + k] = (float)value;
                    }
                }
        }
    }

    static double Mix(double a, double b, double share) => a + ((b - a) * share);

    static void Colours(KernelCall c, Func<(double, double, double), (double, double, double)> of)
    {
        var x = c.Tensor(0);
        if (x.Shape[-1] != 3) throw c.Fail("three colours in the last axis", x.Shape.ToString());
        var result = c.Result(0, x.Shape);
        using var colours = AsDoubles(x);
        var p = (double*)colours.Data;
        for (var i = 0L; i + 2 < colours.Count; i += 3) (p[i], p[i + 1], p[i + 2]) = of((p[i], p[i + 1], p[i + 2]));
        Store(colours, result);
    }

    static (double Hue, double Saturation, double Value) ToHsv((double R, double G, double B) p)
    {
        var value = Math.Max(p.R, Math.Max(p.G, p.B));
        var range = value - Math.Min(p.R, Math.Min(p.G, p.B));
        if (range <= 0) return (0, 0, value);
        var hue = value == p.R ? (p.G - p.B) / range : value == p.G ? 2 + ((p.B - p.R) / range) : 4 + ((p.R - p.G) / range);
        hue /= 6;
        return (hue < 0 ? hue + 1 : hue, value > 0 ? range / value : 0, value);
    }

    static (double, double, double) FromHsv((double Hue, double Saturation, double Value) p)
    {
        double Colour(double peak)
        {
            var distance = Math.Abs((p.Hue * 6) - peak);
            var d = peak == 3 ? Math.Clamp(distance - 1, 0, 1) : Math.Clamp(2 - distance, 0, 1);
            return p.Value * (1 - p.Saturation + (p.Saturation * d));
        }
        return (Colour(3), Colour(2), Colour(4));
    }

    static (double, double, double) Turned((double, double, double) p, float delta)
    {
        var hsv = ToHsv(p);
        var hue = hsv.Hue + delta;
        return FromHsv((hue - Math.Floor(hue), hsv.Saturation, hsv.Value));
    }

    static (double, double, double) Saturated((double, double, double) p, float scale)
    {
        var hsv = ToHsv(p);
        return FromHsv((hsv.Hue, Math.Clamp(hsv.Saturation * scale, 0, 1), hsv.Value));
    }

    static void Contrast(KernelCall c)
    {
        var (x, factor) = (c.Tensor(0), c.Number(1));
        var channels = x.Shape[-1];
        var pixels = x.Shape[-2] * x.Shape[-3];
        var result = c.Result(0, x.Shape);
        using var values = AsDoubles(x);
        var p = (double*)values.Data;
        for (var image = 0L; pixels * channels > 0 && image < x.Count / (pixels * channels); image++)
            for (var k = 0L; k < channels; k++)
            {
                var at = p + (image * pixels * channels) + k;
                var sum = 0.0;
                for (var i = 0L; i < pixels; i++) sum += at[i * channels];
                var mean = sum / pixels;
                for (var i = 0L; i < pixels; i++) at[i * channels] = ((at[i * channels] - mean) * factor) + mean;
            }
        Store(values, result);
    }
}
