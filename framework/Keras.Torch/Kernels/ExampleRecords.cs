using System.Text;
using Keras.Checkpoints;

namespace Keras.Engines.Torch;

/// <summary>Parses tf.train.Example records into tensors.</summary>
/// <remarks>Records are untrusted: memory is a small multiple of their bytes, except for rows of unequal length, which are padded to the longest, as in TensorFlow.
/// Source: tensorflow/core/util/example_proto_fast_parsing.cc. TensorFlow reads only the usual form of the format; here every valid form is read (lists in several parts, numbers
/// packed or not).</remarks>
static class ExampleRecords
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["ParseExampleV2"] = c => Parse(c, Keys(c, 2), Keys(c, 3), Keys(c, 4), firstDefault: 5, c.Strings(1).Values),
        ["ParseExample"] = c =>
        {
            var (sparse, dense) = (c.Int("Nsparse"), c.Int("Ndense"));
            Parse(c, KeysOf(c, 2, sparse), KeysOf(c, 2 + sparse, dense), [], firstDefault: 2 + sparse + dense, c.Strings(1).Values);
        },
        ["ParseSequenceExampleV2"] = SequenceRecords.Parse,
        ["ParseSingleExample"] = c => Parse(c, Array.ConvertAll(c.Get<string[]>("sparse_keys"), Latin), Array.ConvertAll(c.Get<string[]>("dense_keys"), Latin), [], firstDefault: 1, []),
    };

    /// <summary>A key's bytes as a text with one character for each, which compares like the bytes.</summary>
    static string Latin(string key) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(key));

    internal static string[] Keys(KernelCall c, int input) => Array.ConvertAll(c.Strings(input).Values, Encoding.Latin1.GetString);

    static string[] KeysOf(KernelCall c, int first, int count) => [.. Enumerable.Range(first, count).Select(i => Encoding.Latin1.GetString(c.Strings(i).Values[0]))];

    /// <summary>Parses the features of whole records into the first outputs; returns the number of those outputs.</summary>
    internal static int Parse(KernelCall c, string[] sparse, string[] dense, string[] ragged, int firstDefault, byte[][] names, string denseShapes = "dense_shapes")
    {
        var records = c.Strings(0);
        var isSingle = records.Shape.Rank == 0;
        var (afterSparse, afterDense) = (3 * sparse.Length, (3 * sparse.Length) + dense.Length);
        var shapes = c.Get<Shape[]>(denseShapes);
        ExampleColumn[] columns =
        [
            .. sparse.Select((key, i) => new ExampleColumn(key, c.DTypes[sparse.Length + i], null, null)),
            .. dense.Select((key, i) => new ExampleColumn(key, c.DTypes[afterSparse + i], shapes[i], c.Inputs[firstDefault + i])),
            .. ragged.Select((key, i) => new ExampleColumn(key, c.DTypes[afterDense + i], null, null)),
        ];
        Fill(c, columns, records.Values, names, TfExampleWire.Read, "A feature", "tf.train.Example");
        for (var i = 0; i < sparse.Length; i++) Sparse(c, columns[i], isSingle, i, sparse.Length);
        for (var i = 0; i < dense.Length; i++) c.Outputs[afterSparse + i] = columns[sparse.Length + i].Dense(c, isSingle);
        for (var i = 0; i < ragged.Length; i++)
        {
            var column = columns[sparse.Length + dense.Length + i];
            c.Outputs[afterDense + i] = column.Values.Flat(new Shape(column.Values.Count));
            var splits = afterDense + ragged.Length + i;
            Structure.WriteIntegers(c.Result(splits, new Shape(isSingle ? 0 : column.Ends.Count + 1)), isSingle ? [] : [0, .. column.Ends]);
        }
        return afterDense + (2 * ragged.Length);
    }

    /// <summary>Passes each record's entries to the columns with their names.</summary>
    /// <param name="c">The call.</param>
    /// <param name="columns">The columns, with distinct names.</param>
    /// <param name="records">The records.</param>
    /// <param name="names">The records' names for errors; may be empty.</param>
    /// <param name="read">Reads a record's entries.</param>
    /// <param name="entry">The word for an entry in errors.</param>
    /// <param name="kind">The word for a record in errors.</param>
    public static void Fill(KernelCall c, IRecordColumn[] columns, byte[][] records, byte[][] names, Func<ReadOnlyMemory<byte>, List<TfExampleWire.Entry>> read, string entry, string kind)
    {
        var byKey = new Dictionary<string, IRecordColumn>();
        foreach (var column in columns)
            if (!byKey.TryAdd(column.Key, column)) throw c.Fail("keys that are named once", column.Key, $"{entry} is asked for twice");
        for (var row = 0; row < records.Length; row++)
        {
            var where = names.Length > 0 ? $"record {row}, \"{Texts.Text(names[row])}\"" : $"record {row}";
            try
            {
                var entries = read(records[row]);
                // The last entry with a name counts.
                for (var i = entries.Count - 1; i >= 0; i--)
                    if (byKey.TryGetValue(Encoding.Latin1.GetString(entries[i].Key.Span), out var column)) column.Read(c, entries[i].Feature, row, where);
            }
            catch (InvalidDataException e)
            {
                throw c.Fail($"a serialized {kind}", $"{where}: {e.Message}", $"A record is not a {kind}");
            }
            foreach (var column in columns) column.EndRow(c, row, where);
        }
    }

    static unsafe void Sparse(KernelCall c, ExampleColumn column, bool isSingle, int index, int count)
    {
        var (values, ends) = (column.Values, column.Ends);
        var indices = (long*)c.Result(index, new Shape(values.Count, isSingle ? 1 : 2)).Data;
        var (start, longest) = (0L, 0L);
        for (var row = 0; row < ends.Count; row++)
        {
            for (var i = start; i < ends[row]; i++)
            {
                if (!isSingle) *indices++ = row;
                *indices++ = i - start;
            }
            longest = Math.Max(longest, ends[row] - start);
            start = ends[row];
        }
        c.Outputs[count + index] = values.Flat(new Shape(values.Count));
        Structure.WriteIntegers(c.Result((2 * count) + index, new Shape(isSingle ? 1 : 2)), isSingle ? [longest] : [ends.Count, longest]);
    }
}

/// <summary>A feature, or list of features, that a call reads from all its records.</summary>
interface IRecordColumn
{
    /// <summary>The feature's name.</summary>
    string Key { get; }

    /// <summary>Takes a record's entry; of several with one name the first one passed counts.</summary>
    void Read(KernelCall c, ReadOnlyMemory<byte> entry, int row, string where);

    /// <summary>Ends a record, which may have lacked the entry.</summary>
    void EndRow(KernelCall c, int row, string where);
}

/// <summary>One feature of all records of a call.</summary>
/// <param name="Key">Its name.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">The shape of a dense feature, whose first dimension may be unknown; null for a feature of any length.</param>
/// <param name="Default">The default of a dense feature (empty if it is required), or the value to pad with.</param>
sealed record ExampleColumn(string Key, DType DType, Shape? Shape, TorchValue? Default) : IRecordColumn
{
    int _row = -1;

    public ExampleValues Values { get; } = ExampleValues.Of(DType);

    /// <summary>The end of each record's values.</summary>
    public List<long> Ends { get; } = [];

    bool IsFixed => Shape is { IsFullyKnown: true };

    /// <summary>The number of elements of a dense feature, or of one step of it.</summary>
    long Stride => Shape is null ? 1 : IsFixed ? Shape.ElementCount : Shape[1..].ElementCount;

    TfExampleKind Kind => DType == DType.String ? TfExampleKind.Bytes : DType == DType.Float32 ? TfExampleKind.Floats : TfExampleKind.Integers;

    public void Read(KernelCall c, ReadOnlyMemory<byte> entry, int row, string where)
    {
        var (kind, list) = TfExampleWire.ListOf(entry);
        if (kind == TfExampleKind.None && entry.Length > 0) throw new InvalidDataException($"feature \"{Key}\" has no list");
        if ((kind == TfExampleKind.None && Shape is not null) || _row == row) return;
        _row = row;
        if (kind == TfExampleKind.None) return;
        if (kind != Kind) throw c.Fail($"{Kind} in feature \"{Key}\"", $"{kind}, {where}", "A feature has a list of another type");
        var before = Values.Count;
        Values.Read(list);
        var count = Values.Count - before;
        if (IsFixed ? count != Stride : Stride == 0 ? count != 0 : count % Stride != 0)
            throw c.Fail($"{(IsFixed ? $"{Stride} values" : $"a multiple of {Stride} values")} in feature \"{Key}\", whose shape is {Shape}", $"{count}, {where}", "A feature has another number of values");
    }

    public void EndRow(KernelCall c, int row, string where)
    {
        if (IsFixed && _row != row)
        {
            if (Default!.Shape.ElementCount == 0 && Stride > 0) throw c.Fail($"feature \"{Key}\", which has no default", $"none, {where}", "A record lacks a feature");
            if (Default.Shape.ElementCount != Stride) throw c.Fail($"a default of {Stride} values for feature \"{Key}\"", $"{Default.Shape.ElementCount}");
            Values.Append(Default);
        }
        Ends.Add(Values.Count);
    }

    /// <summary>The most values of a feature with padding: one long row among many short ones would otherwise need far more memory than the records.</summary>
    internal static long MostPadded(long values) => Math.Min(Math.Max(1L << 26, 64 * values), Array.MaxLength);

    /// <summary>Makes the tensor of a dense feature, of fixed shape or padded to the longest record.</summary>
    public TorchValue Dense(KernelCall c, bool isSingle)
    {
        Shape rows = isSingle ? [] : [Ends.Count];
        if (IsFixed) return Values.Flat(rows.Concat(Shape!));
        var inner = Shape![1..];
        if (isSingle) return Values.Flat(new Shape(Stride == 0 ? 0 : Values.Count / Stride).Concat(inner));
        var (start, longest) = (0L, 0L);
        foreach (var end in Ends)
        {
            longest = Math.Max(longest, end - start);
            start = end;
        }
        var whole = new Shape(Ends.Count, Stride == 0 ? 0 : longest / Stride).Concat(inner);
        var most = MostPadded(Values.Count);
        if (PackedBytes.Count(whole.ToArray()) > most) throw c.Fail($"at most {most} values of feature \"{Key}\" with its padding", $"{whole}", "Rows of unequal length are too many or too long");
        return Values.Padded(whole, Ends, longest, Default!);
    }
}
