namespace Keras.Engines.Torch;

/// <summary>Boxes that detectors propose.</summary>
static class Detections
{
    public static readonly Dictionary<string, Kernel> Kernels = new() { ["NonMaxSuppressionV3"] = NonMaxSuppression };

    /// <summary>A box with its corners in order.</summary>
    readonly record struct Box(double Top, double Left, double Bottom, double Right)
    {
        double Area => (Bottom - Top) * (Right - Left);

        public static Box Of(TorchTensor boxes, long index)
        {
            double At(int k) => Numbers.Read(boxes, (index * 4) + k);
            return new(Math.Min(At(0), At(2)), Math.Min(At(1), At(3)), Math.Max(At(0), At(2)), Math.Max(At(1), At(3)));
        }

        /// <summary>What both share, as a part of what they cover together.</summary>
        public double Overlap(Box other)
        {
            if (Area <= 0 || other.Area <= 0) return 0;
            var shared = Math.Max(Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top), 0) * Math.Max(Math.Min(Right, other.Right) - Math.Max(Left, other.Left), 0);
            return shared / (Area + other.Area - shared);
        }
    }

    static void NonMaxSuppression(KernelCall c)
    {
        var (boxes, scores, most, overlap, least) = (c.Tensor(0), c.Tensor(1), c.Long(2), c.Number(3), c.Number(4));
        if (boxes.Shape.Rank != 2 || boxes.Shape[1] != 4 || scores.Shape != boxes.Shape[..1]) throw c.Fail("boxes (N, 4) and scores (N)", $"{boxes.Shape} and {scores.Shape}");
        if (overlap is < 0 or > 1) throw c.Fail("a share of overlap from 0 to 1", $"{overlap}");
        var chosen = new List<(long Index, Box Box)>();
        foreach (var index in Enumerable.Range(0, (int)scores.Count).Where(i => Numbers.Read(scores, i) > least).OrderByDescending(i => Numbers.Read(scores, i)))
        {
            if (chosen.Count >= most) break;
            var box = Box.Of(boxes, index);
            if (!chosen.Exists(other => other.Box.Overlap(box) > overlap)) chosen.Add((index, box));
        }
        Structure.WriteIntegers(c.Result(0, new Shape(chosen.Count)), [.. chosen.Select(b => b.Index)]);
    }
}
