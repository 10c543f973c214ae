using System.Globalization;
using Keras.Files;

namespace Keras.Engines.Torch;

/// <summary>Crosses features: every combination of a row's features, one per column, as a text or a hash.</summary>
/// <remarks>Source: tensorflow/core/kernels/sparse_cross_op.cc. The columns are the sparse ones, then the dense ones; the last column varies fastest.</remarks>
static class SparseCrosses
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["SparseCross"] = Older,
        ["RaggedCross"] = Ragged,
        ["SparseCrossV2"] = c => Texts(c, Torch.Texts.Text(c.Strings(c.Inputs.Length - 1).Values[0])),
    };

    /// <summary>A column's features by row: the input and the elements that hold them.</summary>
    sealed record Column(int Input, List<int>?[] Rows)
    {
        public int CountOf(int row) => Rows[row]?.Count ?? 0;

        public void Add(long row, int first, int count = 1)
        {
            if (count > 0) (Rows[row] ??= []).AddRange(Enumerable.Range(first, count));
        }
    }

    /// <summary>Gives the number of a feature, from which combinations are hashed.</summary>
    delegate ulong NumberOf(int input, int element);

    const string Between = "_X_";

    static void Older(KernelCall c)
    {
        if (!c.Flag("hashed_output"))
        {
            Texts(c, Between);
            return;
        }
        var hash = Hashing(c);
        var numbers = new List<long>();
        Cross(c, 0, parts => numbers.Add(hash(parts)));
        Structure.WriteIntegers(c.Result(1, new Shape(numbers.Count)), [.. numbers]);
    }

    /// <summary>Makes a function that hashes combinations.</summary>
    static Func<(int Input, int Element)[], long> Hashing(KernelCall c)
    {
        var known = new long[]?[c.Inputs.Length];
        NumberOf number = (input, element) => c.Inputs[input] is TorchStrings texts ? FarmHash.Fingerprint(texts.Values[element]) : (ulong)(known[input] ??= c.Longs(input))[element];
        var (key, buckets) = ((ulong)c.Get<long>("hash_key"), c.Get<long>("num_buckets"));
        return parts => InBucket(parts.Aggregate(key, (hash, p) => Joined(hash, number(p.Input, p.Element))), buckets);
    }

    /// <summary>Makes a function that joins combinations to texts.</summary>
    static Func<(int Input, int Element)[], byte[]> Joining(KernelCall c, string separator)
    {
        var known = new long[]?[c.Inputs.Length];
        return parts => Torch.Texts.Utf8Joined(parts.Select(p => c.Inputs[p.Input] is TorchStrings strings ? strings.Values[p.Element]
            : Torch.Texts.Utf8((known[p.Input] ??= c.Longs(p.Input))[p.Element].ToString(CultureInfo.InvariantCulture))), separator);
    }

    /// <summary>Reduces a hash to a bucket, or to 63 bits if there are no buckets.</summary>
    static long InBucket(ulong hash, long buckets) => (long)(hash % (ulong)(buckets > 0 ? buckets : long.MaxValue));

    /// <summary>Combines two fingerprints.</summary>
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
        var (texts, join) = (new List<byte[]>(), Joining(c, separator));
        Cross(c, c.Op.Name == "SparseCrossV2" ? 1 : 0, parts => texts.Add(join(parts)));
        c.Result(1, [.. texts], new Shape(texts.Count));
    }

    /// <summary>Passes every combination, row after row, to a function, and writes indices and shape.</summary>
    static void Cross(KernelCall c, int singles, Action<(int Input, int Element)[]> take)
    {
        var columns = Columns(c, singles);
        if (columns.Count == 0) throw c.Fail("at least one column", "none");
        var rows = RowsOf(c, columns);
        var (places, longest) = (new List<long>(), 0L);
        for (var row = 0; row < rows; row++)
        {
            var number = 0L;
            foreach (var parts in Combinations(columns, row))
            {
                take(parts);
                places.AddRange([row, number++]);
            }
            longest = Math.Max(longest, number);
        }
        SparseInput.WritePlaces(c, 0, places, 2, places.Count / 2);
        Structure.WriteIntegers(c.Result(2, new Shape(2)), [rows, longest]);
    }

    /// <summary>Checks and returns the number of rows, and limits the combinations: a few features in each of several columns can make more than fits in memory.</summary>
    static int RowsOf(KernelCall c, List<Column> columns)
    {
        const long most = 1 << 26;
        var rows = columns[0].Rows.Length;
        if (columns.Exists(column => column.Rows.Length != rows)) throw c.Fail($"columns of {rows} rows", string.Join(", ", columns.Select(column => column.Rows.Length)), "Columns differ in their rows");
        var all = 0L;
        for (var row = 0; row < rows; row++)
        {
            var product = 1L;
            foreach (var column in columns) product = Math.Min(product * column.CountOf(row), most + 1);
            all += product;
            if (all > most) throw c.Fail($"at most {most} combinations", $"more up to row {row}", "Columns have too many combinations");
        }
        return rows;
    }

    /// <summary>Enumerates one element of each column, the last column varying fastest; the array is reused.</summary>
    static IEnumerable<(int Input, int Element)[]> Combinations(List<Column> columns, int row)
    {
        if (columns.Exists(column => column.CountOf(row) == 0)) yield break;
        var (chosen, parts) = (new int[columns.Count], new (int, int)[columns.Count]);
        for (var more = true; more;)
        {
            for (var k = 0; k < parts.Length; k++) parts[k] = (columns[k].Input, columns[k].Rows[row]![chosen[k]]);
            yield return parts;
            var last = chosen.Length - 1;
            while (last >= 0 && ++chosen[last] == columns[last].CountOf(row)) chosen[last--] = 0;
            more = last >= 0;
        }
    }

    /// <summary>Crosses columns of any kind in a given order into a ragged result.</summary>
    static void Ragged(KernelCall c)
    {
        var columns = RaggedColumns(c);
        var rows = RowsOf(c, columns);
        var isText = c.DTypes[0] == DType.String;
        var (texts, numbers, splits) = (new List<byte[]>(), new List<long>(), new List<long> { 0 });
        var (join, hash) = (Joining(c, Between), Hashing(c));
        for (var row = 0; row < rows; row++)
        {
            foreach (var parts in Combinations(columns, row))
            {
                if (isText) texts.Add(join(parts));
                else numbers.Add(hash(parts));
            }
            splits.Add(texts.Count + numbers.Count);
        }
        if (isText) c.Result(0, [.. texts], new Shape(texts.Count));
        else Structure.WriteIntegers(c.Result(0, new Shape(numbers.Count)), [.. numbers]);
        Structure.WriteIntegers(c.Result(1, new Shape(splits.Count)), [.. splits]);
    }

    static List<Column> RaggedColumns(KernelCall c)
    {
        var (ragged, sparse, columns) = (c.Get<DType[]>("ragged_values_types").Length, c.Int("Nsparse"), new List<Column>());
        var (r, s, d) = (0, 0, (2 * ragged) + (3 * sparse));
        foreach (var kind in c.Get<string>("input_order"))
        {
            if (kind == 'S') columns.Add(SparseColumn(c, (2 * ragged) + s, (2 * ragged) + sparse + s, (2 * ragged) + (2 * sparse) + s++));
            else if (kind == 'D') columns.Add(DenseColumn(c, d++));
            else
            {
                var splits = c.Longs(ragged + r);
                if (splits.Length == 0) throw c.Fail("row splits of at least one element", "none");
                Torch.Texts.RequireSplits(c, splits, c.ShapeOf(r).ElementCount);
                var column = New(c, r++, splits.Length - 1);
                for (var row = 0; row < column.Rows.Length; row++) column.Add(row, (int)splits[row], (int)(splits[row + 1] - splits[row]));
                columns.Add(column);
            }
        }
        return columns.Count > 0 ? columns : throw c.Fail("at least one column", "none");
    }

    static List<Column> Columns(KernelCall c, int singles)
    {
        var (columns, sparse) = (new List<Column>(), c.Int("N"));
        for (var k = 0; k < sparse; k++) columns.Add(SparseColumn(c, k, sparse + k, (2 * sparse) + k));
        for (var input = 3 * sparse; input < c.Inputs.Length - singles; input++) columns.Add(DenseColumn(c, input));
        return columns;
    }

    static Column SparseColumn(KernelCall c, int places, int values, int shape)
    {
        var x = new SparseInput(c, places, values, shape);
        var column = New(c, values, x.Rank == 2 ? x.Dims[0] : throw c.Fail("sparse matrices", $"rank {x.Rank}"));
        for (var i = 0; i < x.Count; i++)
        {
            if (x.At(i, 0) < 0 || x.At(i, 0) >= x.Dims[0]) throw c.Fail($"rows from 0 to {x.Dims[0] - 1}", $"{x.At(i, 0)} at place {i}", "A place lies outside of a sparse tensor");
            column.Add(x.At(i, 0), i);
        }
        return column;
    }

    static Column DenseColumn(KernelCall c, int input)
    {
        var shape = c.ShapeOf(input);
        var column = New(c, input, shape[0]);
        for (var row = 0; row < shape[0]; row++) column.Add(row, (int)(row * shape[1]), (int)shape[1]);
        return column;
    }

    static Column New(KernelCall c, int input, long rows)
    {
        const int most = 1 << 24;
        return rows <= most ? new(input, new List<int>?[rows]) : throw c.Fail($"at most {most} rows", $"{rows}");
    }
}
