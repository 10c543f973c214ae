namespace Keras.Engines.Torch;

/// <summary>Edit distances: the insertions, deletions and substitutions that turn one sequence into another.</summary>
/// <remarks>Source: tensorflow/core/kernels/edit_distance_op.cc.</remarks>
static unsafe class EditDistances
{
    public static readonly Dictionary<string, Kernel> Kernels = new() { ["EditDistance"] = Distances };

    static void Distances(KernelCall c)
    {
        SparseInput hypothesis = new SparseInput(c, 0, 1, 2).Inside(), truth = new SparseInput(c, 3, 4, 5).Inside();
        var rank = hypothesis.Rank;
        if (rank < 2 || truth.Rank != rank) throw c.Fail("two sparse tensors of one rank of at least 2", $"ranks {rank} and {truth.Rank}");
        var dims = new long[rank - 1];
        for (var i = 0; i < dims.Length; i++) dims[i] = Math.Max(hypothesis.Dims[i], truth.Dims[i]);
        var most = Math.Max(1L << 26, 64L * ((long)hypothesis.Count + truth.Count));
        if (PackedBytes.Count(dims) > most) throw c.Fail($"at most {most} sequences", string.Join(", ", dims), "Sparse tensors have dense shapes that are too large");
        var result = c.Result(0, new Shape(dims));
        Structure.Clear(result);
        var normalizes = c.Flag("normalize");
        var (ours, theirs) = (Sequences(hypothesis, dims), Sequences(truth, dims));
        foreach (var place in ours.Keys.Union(theirs.Keys))
        {
            var (x, y) = (ours.GetValueOrDefault(place, []), theirs.GetValueOrDefault(place, []));
            float distance = Distance(x.Count, y.Count, Letters(c, x, y));
            ((float*)result.Data)[place] = !normalizes ? distance : y.Count > 0 ? distance / y.Count : x.Count > 0 ? float.PositiveInfinity : 0;
        }
    }

    /// <summary>The values of each sequence, by the position of its distance in the result.</summary>
    static Dictionary<long, List<int>> Sequences(SparseInput x, long[] dims)
    {
        var sequences = new Dictionary<long, List<int>>();
        for (var i = 0; i < x.Count; i++)
        {
            var place = 0L;
            for (var axis = 0; axis < dims.Length; axis++) place = checked((place * dims[axis]) + x.At(i, axis));
            if (!sequences.TryGetValue(place, out var sequence)) sequences[place] = sequence = [];
            sequence.Add(i);
        }
        return sequences;
    }

    static Func<int, int, bool> Letters(KernelCall c, List<int> x, List<int> y)
    {
        if (c.Inputs[1] is TorchStrings)
        {
            var (a, b) = (c.Strings(1).Values, c.Strings(4).Values);
            return (i, k) => a[x[i]].AsSpan().SequenceEqual(b[y[k]]);
        }
        var (left, right, size) = (c.Tensor(1), c.Tensor(4), c.DTypeOf(1).Size);
        if (left.DType.IsFloating) return (i, k) => Numbers.Read(left, x[i]) == Numbers.Read(right, y[k]);
        return (i, k) => new ReadOnlySpan<byte>(left.Data + ((long)x[i] * size), size).SequenceEqual(new(right.Data + ((long)y[k] * size), size));
    }

    /// <summary>Levenshtein's distance, computed a row of the table at a time.</summary>
    static int Distance(int x, int y, Func<int, int, bool> equal)
    {
        var row = new int[y + 1];
        for (var k = 0; k <= y; k++) row[k] = k;
        for (var i = 0; i < x; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var k = 0; k < y; k++)
            {
                var changed = diagonal + (equal(i, k) ? 0 : 1);
                diagonal = row[k + 1];
                row[k + 1] = Math.Min(changed, Math.Min(row[k], diagonal) + 1);
            }
        }
        return row[y];
    }
}
