namespace Keras.Engines.Torch;

/// <summary>For each position along an axis of a resized image, the source positions and their weights.</summary>
sealed record ResizeWeights(int[][] Places, float[][] Weights)
{
    /// <summary>Makes the weights of one axis.</summary>
    public delegate ResizeWeights Maker(KernelCall c, int axis, long from, long to);

    static float ScaleOf(KernelCall c, long from, long to) => c.Flag("align_corners") && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;

    static ResizeWeights Of(long to, Func<int, (int[] Places, float[] Weights)> at)
    {
        var all = Enumerable.Range(0, (int)to).Select(at).ToArray();
        return new(Array.ConvertAll(all, a => a.Places), Array.ConvertAll(all, a => a.Weights));
    }

    public static ResizeWeights Bilinear(KernelCall c, int axis, long from, long to)
    {
        var (scale, half) = (ScaleOf(c, from, to), c.Flag("half_pixel_centers"));
        return Of(to, x =>
        {
            var place = half ? ((x + 0.5f) * scale) - 0.5f : x * scale;
            var floor = MathF.Floor(place);
            var (low, high) = (Math.Max((int)floor, 0), Math.Min((int)floor + 1, (int)from - 1));
            return ([low, high], [1 - (place - floor), place - floor]);
        });
    }

    public static ResizeWeights Nearest(KernelCall c, int axis, long from, long to)
    {
        var (scale, half, corners) = (ScaleOf(c, from, to), c.Flag("half_pixel_centers"), c.Flag("align_corners"));
        return Of(to, x =>
        {
            var place = corners ? MathF.Round(x * scale, MidpointRounding.AwayFromZero) : MathF.Floor(half ? (x + 0.5f) * scale : x * scale);
            return ([Math.Clamp((int)place, 0, (int)from - 1)], [1]);
        });
    }

    const int TableSize = 1024;

    /// <summary>Cubic convolution with positions rounded to 1/1024, as in TensorFlow's table.</summary>
    public static ResizeWeights Bicubic(KernelCall c, int axis, long from, long to)
    {
        var (scale, half) = (ScaleOf(c, from, to), c.Flag("half_pixel_centers"));
        var a = half ? -0.5 : -0.75;
        double Inner(double x) => ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        double Outer(double x) => ((((a * x) - (5 * a)) * x + (8 * a)) * x) - (4 * a);
        return Of(to, x =>
        {
            var place = half ? ((x + 0.5f) * scale) - 0.5f : x * scale;
            var floor = (int)MathF.Floor(place);
            var delta = Math.Round((place - floor) * TableSize) / TableSize;
            float[] weights = [(float)Outer(1 + delta), (float)Inner(delta), (float)Inner(1 - delta), (float)Outer(2 - delta)];
            int[] places = [floor - 1, floor, floor + 1, floor + 2];
            if (half)
            {
                for (var i = 0; i < 4; i++)
                    if (places[i] < 0 || places[i] >= from) weights[i] = 0;
                var sum = weights.Sum();
                if (Math.Abs(sum) >= 1e-35f) weights = Array.ConvertAll(weights, w => w / sum);
            }
            return (Array.ConvertAll(places, p => Math.Clamp(p, 0, (int)from - 1)), weights);
        });
    }

    public static ResizeWeights Area(KernelCall c, int axis, long from, long to)
    {
        var scale = ScaleOf(c, from, to);
        return Of(to, x =>
        {
            float begin = x * scale, end = (x + 1) * scale;
            var (places, weights) = (new List<int>(), new List<float>());
            for (var i = (int)MathF.Floor(begin); i < end; i++)
            {
                places.Add(Math.Clamp(i, 0, (int)from - 1));
                weights.Add((Math.Min(i + 1, end) - Math.Max(i, begin)) / scale);
            }
            return ([.. places], [.. weights]);
        });
    }

    /// <summary>The weights of ScaleAndTranslate: a kernel around each sampled position, widened when the image shrinks.</summary>
    public static ResizeWeights Scaled(KernelCall c, int axis, long from, long to, float scale, float translation)
    {
        var (kernel, radius) = KernelOf(c);
        var inverse = 1 / scale;
        var shift = -inverse * translation;
        var wide = c.Flag("antialias") ? Math.Max(inverse, 1) : 1;
        return Of(to, x =>
        {
            var sample = ((x + 0.5f) * inverse) + shift;
            if (sample < 0 || sample > from) return ([], []);
            var first = Math.Max(0, (int)MathF.Ceiling(sample - (radius * wide) - 0.5f));
            var last = Math.Min((int)from - 1, (int)MathF.Floor(sample + (radius * wide) - 0.5f));
            int[] places = [.. Enumerable.Range(first, Math.Max(0, last - first + 1))];
            var weights = Array.ConvertAll(places, p => kernel(MathF.Abs((p + 0.5f - sample) / wide)));
            var sum = weights.Sum();
            return (places, Math.Abs(sum) < 1e-35f ? new float[places.Length] : Array.ConvertAll(weights, w => w / sum));
        });
    }

    static (Func<float, float> Kernel, float Radius) KernelOf(KernelCall c) => c.Get<string>("kernel_type") switch
    {
        "lanczos1" => (x => Lanczos(x, 1), 1),
        "lanczos3" => (x => Lanczos(x, 3), 3),
        "lanczos5" => (x => Lanczos(x, 5), 5),
        "gaussian" => (x => x >= 1.5f ? 0 : MathF.Exp(-x * x / (2 * 0.5f * 0.5f)), 1.5f),
        "box" => (x => x < 0.5f ? 1 : x == 0.5f ? 0.5f : 0, 0.5f),
        "triangle" => (x => x < 1 ? 1 - x : 0, 1),
        "keyscubic" => (x => x >= 2 ? 0 : x >= 1 ? ((((-0.5f * x) + 2.5f) * x) - 4) * x + 2 : (((1.5f * x) - 2.5f) * x * x) + 1, 2),
        "mitchellcubic" => (x => x >= 2 ? 0 : x >= 1 ? ((((-7f / 18 * x) + 2) * x) - (10f / 3)) * x + (16f / 9) : (((7f / 6 * x) - 2) * x * x) + (8f / 9), 2),
        var other => throw c.Fail("lanczos1, lanczos3, lanczos5, gaussian, box, triangle, keyscubic or mitchellcubic", other),
    };

    static float Lanczos(float x, float radius)
    {
        if (x > radius) return 0;
        if (x <= 1e-3f) return 1;
        return radius * MathF.Sin(MathF.PI * x) * MathF.Sin(MathF.PI * x / radius) / (MathF.PI * MathF.PI * x * x);
    }
}
