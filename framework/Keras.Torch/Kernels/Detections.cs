namespace Keras.Engines.Torch;

/// <summary>Selects detectors' boxes by non-maximum suppression.</summary>
static class Detections
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["NonMaxSuppressionV3"] = NonMaxSuppression,
        ["NonMaxSuppressionV4"] = c => Padded(c, Chosen(c, OverlapOfBoxes(c), c.Number(3), c.Number(4), 0), scores: false),
        ["NonMaxSuppressionV5"] = c => Padded(c, Chosen(c, OverlapOfBoxes(c), c.Number(3), c.Number(4), c.Number(5)), scores: true),
        ["NonMaxSuppressionWithOverlaps"] = c =>
        {
            var (overlaps, count) = (c.Tensor(0), c.ShapeOf(1).ElementCount);
            if (c.ShapeOf(0) != new Shape(count, count)) throw c.Fail($"overlaps ({count}, {count})", c.ShapeOf(0).ToString());
            var chosen = Chosen(c, (a, b) => Numbers.Read(overlaps, (a * count) + b), c.Number(3), c.Number(4), 0);
            Structure.WriteIntegers(c.Result(0, new Shape(chosen.Count)), [.. chosen.Select(b => b.Index)]);
        },
        ["CombinedNonMaxSuppression"] = Combined,
    };

    /// <summary>A box with its corners in order.</summary>
    readonly record struct Box(double Top, double Left, double Bottom, double Right)
    {
        double Area => (Bottom - Top) * (Right - Left);

        public static Box Of(TorchTensor boxes, long index)
        {
            double At(int k) => Numbers.Read(boxes, (index * 4) + k);
            return new(Math.Min(At(0), At(2)), Math.Min(At(1), At(3)), Math.Max(At(0), At(2)), Math.Max(At(1), At(3)));
        }

        /// <summary>Intersection over union: the area in both boxes divided by the area they cover together.</summary>
        public double Overlap(Box other)
        {
            if (Area <= 0 || other.Area <= 0) return 0;
            var shared = Math.Max(Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top), 0) * Math.Max(Math.Min(Right, other.Right) - Math.Max(Left, other.Left), 0);
            return shared / (Area + other.Area - shared);
        }
    }

    static Func<long, long, double> OverlapOfBoxes(KernelCall c)
    {
        var boxes = c.Tensor(0);
        if (boxes.Shape.Rank != 2 || boxes.Shape[1] != 4 || c.ShapeOf(1) != boxes.Shape[..1]) throw c.Fail("boxes (N, 4) and scores (N)", $"{boxes.Shape} and {c.ShapeOf(1)}");
        if (c.Number(3) is < 0 or > 1) throw c.Fail("a share of overlap from 0 to 1", $"{c.Number(3)}");
        return (a, b) => Box.Of(boxes, a).Overlap(Box.Of(boxes, b));
    }

    /// <summary>Selects the best boxes in turn; a box that overlaps better ones is dropped, or with a sigma queued again with a lower score.</summary>
    static List<(long Index, double Score)> Chosen(KernelCall c, Func<long, long, double> overlap, double mostOverlap, double leastScore, double sigma)
    {
        var (scores, most) = (c.Tensor(1), c.Long(2));
        if (sigma < 0) throw c.Fail("a sigma of at least 0", $"{sigma}");
        // As in TensorFlow, float32 weights are rounded to it, since scores decide the order.
        double Weight(double share) => Rounded(Math.Exp(-0.5 / sigma * share * share), scores.DType);
        var waiting = new PriorityQueue<(long Index, double Score, int Asked), (double, long)>();
        for (var i = 0L; i < scores.Count; i++)
            if (Numbers.Read(scores, i) is var score && score > leastScore) waiting.Enqueue((i, score, 0), (-score, i));
        var chosen = new List<(long Index, double Score)>();
        while (chosen.Count < most && waiting.TryDequeue(out var next, out _))
        {
            var (score, isOut) = (next.Score, false);
            for (var k = chosen.Count - 1; k >= next.Asked && !isOut && score > leastScore; k--)
            {
                var share = overlap(next.Index, chosen[k].Index);
                if (sigma > 0) score = Rounded(score * Weight(share), scores.DType);
                else isOut = share > mostOverlap;
            }
            if (isOut) continue;
            if (score == next.Score) chosen.Add((next.Index, score));
            else if (score > leastScore) waiting.Enqueue((next.Index, score, chosen.Count), (-score, next.Index));
        }
        return chosen;
    }

    static double Rounded(double value, DType dtype) => dtype == DType.Float16 ? (double)(Half)value : (float)value;

    static void Padded(KernelCall c, List<(long Index, double Score)> chosen, bool scores)
    {
        var count = c.Flag("pad_to_max_output_size") ? c.Long(2) : chosen.Count;
        long[] indices = [.. chosen.Select(b => b.Index), .. new long[count - chosen.Count]];
        Structure.WriteIntegers(c.Result(0, new Shape(count)), indices);
        if (scores) SparseInput.Write<double>(c, 1, [.. chosen.Select(b => b.Score), .. new double[count - chosen.Count]], new Shape(count));
        Structure.WriteIntegers(c.Result(scores ? 2 : 1, Shape.Scalar), [chosen.Count]);
    }

    static unsafe void Combined(KernelCall c)
    {
        var (boxes, scores, perClass, most) = (c.Tensor(0), c.Tensor(1), c.Long(2), c.Long(3));
        var (places, rated) = (c.ShapeOf(0), c.ShapeOf(1));
        if (places.Rank != 4 || rated.Rank != 3) throw c.Fail("boxes (B, N, 1 or C, 4) and scores (B, N, C)", $"{places} and {rated}");
        var (batch, count, own, classes) = (places[0], places[1], places[2], rated[2]);
        if (places[3] != 4 || rated[0] != batch || rated[1] != count || (own != 1 && own != classes))
            throw c.Fail("boxes (B, N, 1 or C, 4) and scores (B, N, C)", $"{places} and {rated}");
        if (c.Number(4) is < 0 or > 1) throw c.Fail("a share of overlap from 0 to 1", $"{c.Number(4)}");
        var width = c.Flag("pad_per_class") ? Math.Min(most, perClass * classes) : most;
        TorchTensor[] results = [c.Result(0, new Shape(batch, width, 4)), c.Result(1, new Shape(batch, width)), c.Result(2, new Shape(batch, width)), c.Result(3, new Shape(batch))];
        foreach (var result in results) Structure.Clear(result);
        for (var image = 0L; image < batch; image++)
        {
            var found = new List<(double Score, long Class, long Box)>();
            for (var k = 0L; k < classes; k++)
            {
                long At(long box) => (((image * count) + box) * own) + (own > 1 ? k : 0);
                double Score(long box) => Numbers.Read(scores, (((image * count) + box) * classes) + k);
                var chosen = new List<Box>();
                foreach (var box in Enumerable.Range(0, (int)count).Where(b => Score(b) > c.Number(5)).OrderByDescending(b => Score(b)))
                {
                    if (chosen.Count >= perClass) break;
                    var one = Box.Of(boxes, At(box));
                    if (chosen.Exists(other => other.Overlap(one) > c.Number(4))) continue;
                    chosen.Add(one);
                    found.Add((Score(box), k, At(box)));
                }
            }
            var best = found.OrderByDescending(f => f.Score).Take((int)Math.Min(width, int.MaxValue)).ToArray();
            for (var i = 0; i < best.Length; i++)
            {
                var at = (image * width) + i;
                for (var side = 0; side < 4; side++)
                {
                    var value = (float)Numbers.Read(boxes, (best[i].Box * 4) + side);
                    ((float*)results[0].Data)[(at * 4) + side] = c.Flag("clip_boxes") ? Math.Clamp(value, 0, 1) : value;
                }
                ((float*)results[1].Data)[at] = (float)best[i].Score;
                ((float*)results[2].Data)[at] = best[i].Class;
            }
            ((int*)results[3].Data)[image] = best.Length;
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
