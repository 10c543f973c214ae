namespace Keras.Engines.Torch;

/// <summary>CTC decoders for frames (T, B, classes): greedy, by each frame's best class, and beam search.</summary>
/// <remarks>Source: tensorflow/core/kernels/ctc_decoder_ops.cc.</remarks>
static class Ctc
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["CTCGreedyDecoder"] = Greedy,
        ["CTCBeamSearchDecoder"] = Beam,
    };

    /// <summary>The frames, the numbers of sequences and classes, and the length of each sequence.</summary>
    readonly record struct Frames(TorchTensor Values, int Batch, int Classes, long[] Lengths)
    {
        public static Frames Of(KernelCall c)
        {
            var (values, lengths) = (c.Tensor(0), c.Longs(1));
            if (values.Shape.Rank != 3 || values.Shape[2] == 0) throw c.Fail("frames (T, B, classes) of at least one class", values.Shape.ToString());
            if (c.ShapeOf(1) != values.Shape[1..2]) throw c.Fail($"{values.Shape[1]} lengths", c.ShapeOf(1).ToString());
            for (var b = 0; b < lengths.Length; b++)
                if (lengths[b] > values.Shape[0]) throw c.Fail($"lengths up to {values.Shape[0]}", $"{lengths[b]} of sequence {b}");
            return new(values, (int)values.Shape[1], (int)values.Shape[2], lengths);
        }

        public double[] At(long frame, int sequence)
        {
            var values = new double[Classes];
            for (var k = 0; k < Classes; k++) values[k] = Numbers.Read(Values, (((frame * Batch) + sequence) * Classes) + k);
            return values;
        }
    }

    static void Greedy(KernelCall c)
    {
        var (frames, merges) = (Frames.Of(c), c.Flag("merge_repeated"));
        var blank = c.Get<long>("blank_index") is < 0 and var fromEnd ? frames.Classes + fromEnd : c.Get<long>("blank_index");
        if (blank < 0 || blank >= frames.Classes) throw c.Fail($"a blank index from {-frames.Classes} to {frames.Classes - 1}", $"{c.Get<long>("blank_index")}");
        var (decoded, scores) = (new List<int>[frames.Batch], new double[frames.Batch]);
        for (var b = 0; b < frames.Batch; b++)
        {
            var (labels, previous) = (new List<int>(), -1);
            for (var t = 0L; t < frames.Lengths[b]; t++)
            {
                var values = frames.At(t, b);
                var best = 0;
                for (var k = 1; k < values.Length; k++)
                    if (values[k] > values[best]) best = k;
                scores[b] -= values[best];
                if (best != blank && !(merges && best == previous)) labels.Add(best);
                previous = best;
            }
            decoded[b] = labels;
        }
        Write(c, decoded, 0, 1);
        SparseInput.Write<double>(c, 3, scores, new Shape(frames.Batch, 1));
    }

    static void Beam(KernelCall c)
    {
        var (frames, paths, width, merges) = (Frames.Of(c), c.Int("top_paths"), c.Int("beam_width"), c.Flag("merge_repeated"));
        if (paths < 1 || paths > width) throw c.Fail($"1 to {width} paths", $"{paths}");
        var (decoded, scores) = (new List<int>[paths][], new double[(long)frames.Batch * paths]);
        for (var p = 0; p < paths; p++) decoded[p] = new List<int>[frames.Batch];
        for (var b = 0; b < frames.Batch; b++)
        {
            var search = new CtcBeam(width, frames.Classes - 1);
            for (var t = 0L; t < frames.Lengths[b]; t++) search.Step(frames.At(t, b));
            var best = search.Best(paths, merges);
            if (best.Count < paths) throw c.Fail($"{paths} paths in the beam", $"{best.Count} of sequence {b}", "A sequence has fewer labellings than are asked for");
            for (var p = 0; p < paths; p++) (decoded[p][b], scores[(b * paths) + p]) = best[p];
        }
        for (var p = 0; p < paths; p++) Write(c, decoded[p], p, paths);
        SparseInput.Write<double>(c, 3 * paths, scores, new Shape(frames.Batch, paths));
    }

    /// <summary>Writes the labels of sequences as a sparse matrix, whose three parts are outputs at a fixed distance.</summary>
    static void Write(KernelCall c, List<int>[] decoded, int output, int count)
    {
        var (places, values) = (new List<long>(), new List<long>());
        for (var b = 0; b < decoded.Length; b++)
            for (var i = 0; i < decoded[b].Count; i++)
            {
                places.AddRange([b, i]);
                values.Add(decoded[b][i]);
            }
        SparseInput.WritePlaces(c, output, places, 2, values.Count);
        Structure.WriteIntegers(c.Result(count + output, new Shape(values.Count)), [.. values]);
        Structure.WriteIntegers(c.Result((2 * count) + output, new Shape(2)), [decoded.Length, decoded.Length == 0 ? 0 : decoded.Max(d => d.Count)]);
    }
}

/// <summary>A beam search for a sequence, which keeps the most likely labellings from frame to frame.</summary>
/// <param name="width">The number of labellings kept.</param>
/// <param name="blank">The blank class.</param>
/// <remarks>Source: Graves, Supervised Sequence Labelling, 7.5.3; tensorflow/core/util/ctc/ctc_beam_search.h, whose order of extension decides which labellings are dropped.</remarks>
sealed class CtcBeam(int width, int blank)
{
    sealed class Entry(Entry? parent, int label)
    {
        public Entry? Parent => parent;

        public int Label => label;

        Dictionary<int, Entry>? _children;

        public Entry? Child(int next) => _children?.GetValueOrDefault(next);

        /// <summary>Extends this labelling by one label.</summary>
        public Entry Grow(int next)
        {
            var child = new Entry(this, next);
            child.Forget();
            return (_children ??= [])[next] = child;
        }

        /// <summary>Log probabilities that the labelling ends in a blank, in its last label, or in either.</summary>
        public double Blank, Labelled, Total;

        public double OldBlank, OldTotal;

        public bool IsActive => !double.IsNegativeInfinity(Total);

        public void Reset() => Blank = Labelled = Total = double.NegativeInfinity;

        public void Forget()
        {
            Reset();
            (OldBlank, OldTotal) = (double.NegativeInfinity, double.NegativeInfinity);
        }
    }

    /// <summary>The labellings, the most likely first.</summary>
    readonly List<Entry> _leaves = [new(null, -1) { Blank = 0, Labelled = double.NegativeInfinity, Total = 0 }];

    public void Step(double[] frame)
    {
        var most = frame.Max();
        var offset = most + Math.Log(frame.Sum(v => Math.Exp(v - most)));
        var branches = _leaves.ToArray();
        _leaves.Clear();
        foreach (var entry in branches) (entry.OldBlank, entry.OldTotal) = (entry.Blank, entry.Total);
        foreach (var entry in branches)
        {
            if (entry.Parent is { } parent)
            {
                if (parent.IsActive) entry.Labelled = Sum(entry.Labelled, entry.Label == parent.Label ? parent.OldBlank : parent.OldTotal);
                entry.Labelled += frame[entry.Label] - offset;
            }
            entry.Blank = entry.OldTotal + frame[blank] - offset;
            entry.Total = Sum(entry.Blank, entry.Labelled);
            Push(entry);
        }
        foreach (var entry in branches)
        {
            if (!IsCandidate(entry.OldTotal)) continue;
            for (var label = 0; label < frame.Length; label++)
            {
                if (label == blank) continue;
                var child = entry.Child(label);
                if (child is { IsActive: true }) continue;
                var total = frame[label] - offset + (label == entry.Label ? entry.OldBlank : entry.OldTotal);
                // Most are rejected, and nothing is stored for them.
                if (!IsCandidate(total))
                {
                    child?.Forget();
                    continue;
                }
                child ??= entry.Grow(label);
                child.Blank = double.NegativeInfinity;
                child.Total = child.Labelled = total;
                if (_leaves.Count == width)
                {
                    _leaves[^1].Reset();
                    _leaves.RemoveAt(_leaves.Count - 1);
                }
                Push(child);
            }
        }
    }

    bool IsCandidate(double total) => !double.IsNegativeInfinity(total) && (_leaves.Count < width || total > _leaves[^1].Total);

    void Push(Entry entry)
    {
        var at = _leaves.Count;
        while (at > 0 && _leaves[at - 1].Total < entry.Total) at--;
        _leaves.Insert(at, entry);
    }

    /// <summary>The most likely labellings and their log probabilities.</summary>
    public List<(List<int> Labels, double Score)> Best(int count, bool merges) => [.. _leaves.Take(count).Select(e => (LabelsOf(e, merges), e.Total))];

    static List<int> LabelsOf(Entry entry, bool merges)
    {
        var (labels, previous) = (new List<int>(), -1);
        for (var at = entry; at.Parent is not null; at = at.Parent)
        {
            if (!merges || at.Label != previous) labels.Add(at.Label);
            previous = at.Label;
        }
        labels.Reverse();
        return labels;
    }

    static double Sum(double a, double b)
    {
        var (less, more) = (Math.Min(a, b), Math.Max(a, b));
        return double.IsNegativeInfinity(less) ? more : more + Math.Log(1 + Math.Exp(less - more));
    }
}
