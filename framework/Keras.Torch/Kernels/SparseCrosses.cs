using System.Globalization;
using Keras.Files;

namespace Keras.Engines.Torch;

/// <summary>Every combination of the features of a row, one of each column, as a text or a number.</summary>
/// <remarks>Source: tensorflow/core/kernels/sparse_cross_op.cc. The columns are the sparse ones, then the dense ones; the last one changes first.</remarks>
static class SparseCrosses
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["SparseCross"] = Older,
        ["SparseCrossV2"] = c => Texts(c, Torch.Texts.Text(c.Strings(c.Inputs.Length - 1).Values[0])),
    };

    /// <summary>The features of each row, as the inputs and the elements that hold them.</summary>
    sealed record Column(int Input, List<int>[] Rows);

    /// <summary>A number of a feature, by which numbers of combinations are made.</summary>
    delegate ulong NumberOf(int input, int element);

    static void Older(KernelCall c)
    {
        if (!c.Flag("hashed_output"))
        {
            Texts(c, "_X_");
            return;
        }
        var known = new long[]?[c.Inputs.Length];
        NumberOf number = (input, element) => c.Inputs[input] is TorchStrings texts ? FarmHash.Fingerprint(texts.Values[element]) : (ulong)(known[input] ??= c.Longs(input))[element];
        var (key, buckets) = ((ulong)c.Get<long>("hash_key"), c.Get<long>("num_buckets"));
        Numbers(c, 0, parts => InBucket(parts.Aggregate(key, (hash, p) => Joined(hash, number(p.Input, p.Element))), buckets));
    }

    /// <summary>A number of 63 bits where there are no buckets.</summary>
    static long InBucket(ulong hash, long buckets) => (long)(hash % (ulong)(buckets > 0 ? buckets : long.MaxValue));

    /// <summary>Two fingerprints as one.</summary>
    /// <remarks>Source: tsl/platform/fingerprint.h, FingerprintCat64.</remarks>
    static ulong Joined(ulong first, ulong second)
    {
        const ulong Factor = 0xC6A4A7935BD1E995;
        static ulong Mix(ulong value) => value ^ (value >> 47);
        var result = (first ^ Factor ^ (Mix(second * Factor) * Factor)) * Factor;
        return Mix(Mix(result) * Factor);
    }

    static void Texts(KernelCall c, string separator)
    {
        var (texts, known) = (new List<byte[]>(), new long[]?[c.Inputs.Length]);
        Cross(c, c.Op.Name == "SparseCrossV2" ? 1 : 0, parts => texts.Add(Torch.Texts.Utf8Joined(parts.Select(p => c.Inputs[p.Input] is TorchStrings strings ? strings.Values[p.Element]
            : Torch.Texts.Utf8((known[p.Input] ??= c.Longs(p.Input))[p.Element].ToString(CultureInfo.InvariantCulture))), separator)));
        c.Result(1, [.. texts], new Shape(texts.Count));
    }

    static void Numbers(KernelCall c, int singles, Func<(int Input, int Element)[], long> of)
    {
        var numbers = new List<long>();
        Cross(c, singles, parts => numbers.Add(of(parts)));
        Structure.WriteIntegers(c.Result(1, new Shape(numbers.Count)), [.. numbers]);
    }

    /// <summary>Gives every combination, row after row, and writes places and shape.</summary>
    static void Cross(KernelCall c, int singles, Action<(int Input, int Element)[]> take)
    {
        var columns = Columns(c, singles);
        if (columns.Count == 0) throw c.Fail("at least one column", "none");
        var rows = columns[0].Rows.Length;
        if (columns.Exists(column => column.Rows.Length != rows)) throw c.Fail($"columns of {rows} rows", string.Join(", ", columns.Select(column => column.Rows.Length)), "Columns differ in their rows");
        var (places, longest) = (new List<long>(), 0L);
        for (var row = 0; row < rows; row++)
        {
            var number = 0L;
            var (chosen, parts) = (new int[columns.Count], new (int, int)[columns.Count]);
            for (var more = columns.TrueForAll(column => column.Rows[row].Count > 0); more;)
            {
                for (var k = 0; k < parts.Length; k++) parts[k] = (columns[k].Input, columns[k].Rows[row][chosen[k]]);
                take(parts);
                places.AddRange([row, number++]);
                var last = chosen.Length - 1;
                while (last >= 0 && ++chosen[last] == columns[last].Rows[row].Count) chosen[last--] = 0;
                more = last >= 0;
            }
            longest = Math.Max(longest, number);
        }
        SparseInput.WritePlaces(c, 0, places, 2, places.Count / 2);
        Structure.WriteIntegers(c.Result(2, new Shape(2)), [rows, longest]);
    }

    static List<Column> Columns(KernelCall c, int singles)
    {
        var (columns, sparse) = (new List<Column>(), c.Int("N"));
        for (var k = 0; k < sparse; k++)
        {
            var x = new SparseInput(c, k, sparse + k, (2 * sparse) + k);
            var column = New(c, sparse + k, x.Rank == 2 ? x.Dims[0] : throw c.Fail("sparse matrices", $"rank {x.Rank}"));
            for (var i = 0; i < x.Count; i++)
            {
                if (x.At(i, 0) < 0 || x.At(i, 0) >= x.Dims[0]) throw c.Fail($"rows from 0 to {x.Dims[0] - 1}", $"{x.At(i, 0)} at place {i}", "A place lies outside of a sparse tensor");
                column.Rows[x.At(i, 0)].Add(i);
            }
            columns.Add(column);
        }
        for (var input = 3 * sparse; input < c.Inputs.Length - singles; input++)
        {
            var shape = c.ShapeOf(input);
            var column = New(c, input, shape[0]);
            for (var row = 0; row < shape[0]; row++) column.Rows[row].AddRange(Enumerable.Range((int)(row * shape[1]), (int)shape[1]));
            columns.Add(column);
        }
        return columns;
    }

    static Column New(KernelCall c, int input, long rows) => rows <= Array.MaxLength / 16 ? new(input, [.. Enumerable.Range(0, (int)rows).Select(_ => new List<int>())]) : throw c.Fail($"at most {Array.MaxLength / 16} rows", $"{rows}");
}
