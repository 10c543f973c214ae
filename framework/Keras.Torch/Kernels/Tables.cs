using System.Globalization;
using System.Text;

namespace Keras.Engines.Torch;

/// <summary>Lookup tables, files, assertions and printing.</summary>
static class Tables
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["HashTableV2"] = Make,
        ["MutableHashTableV2"] = Make,
        ["AnonymousHashTable"] = Make,
        ["AnonymousMutableHashTable"] = Make,
        ["MutableDenseHashTableV2"] = MakeDense,
        ["AnonymousMutableDenseHashTable"] = MakeDense,
        ["LookupTableFindV2"] = Find,
        ["LookupTableSizeV2"] = c => Structure.Integers(c, TableOf(c).Count),
        ["LookupTableExportV2"] = Export,
        ["LookupTableInsertV2"] = c => Insert(c, isNew: false),
        ["LookupTableImportV2"] = c => Insert(c, isNew: true),
        ["LookupTableRemoveV2"] = Remove,
        ["InitializeTableV2"] = c => Insert(c, isNew: false),
        ["InitializeTableFromTextFileV2"] = FromFile,
        ["ReadFile"] = c => Files(c, name => c.Result(0, [File.ReadAllBytes(name)], Shape.Scalar)),
        ["WriteFile"] = c => Files(c, name => File.WriteAllBytes(name, c.Strings(1).Values[0])),
        ["Assert"] = Assert,
        ["PrintV2"] = Print,
    };

    static TorchTable TableOf(KernelCall c) => c.Inputs[0] as TorchTable ?? throw c.Fail("a table", c.Inputs[0].GetType().Name);

    /// <summary>Makes a dense table. The two keys by which TensorFlow marks empty and deleted places are no entries, and cannot be looked up.</summary>
    static void MakeDense(KernelCall c)
    {
        if (c.Get<Shape>("value_shape") is { HasRank: true, Rank: > 0 } shape) throw new UnsupportedException("Tables hold single values on this engine", c.Where, "values as scalars", shape.ToString());
        for (var i = 0; i < 2; i++)
            if (c.ShapeOf(i) != Shape.Scalar) throw new UnsupportedException("Tables hold single keys on this engine", c.Where, $"{c.Op.Inputs[i].Name} as a scalar", c.ShapeOf(i).ToString());
        var marks = new TableMarks(Elements(c.Inputs[0])[0], Elements(c.Inputs[1])[0]);
        if (marks.Empty.AsSpan().SequenceEqual(marks.Deleted)) throw c.Fail("two keys", "one", "The empty_key and the deleted_key of a table are equal");
        Make(c, c.DTypeOf(0), marks);
    }

    static void Make(KernelCall c) => Make(c, c.Get<DType>("key_dtype"), null);

    static void Make(KernelCall c, DType keys, TableMarks? marks)
    {
        var (values, name) = (c.Get<DType>("value_dtype"), c.Attributes.TryGet("shared_name", out var given) ? (string)given : "");
        var table = name.Length > 0 ? TorchTable.Named(name, keys, values, marks) : new TorchTable(keys, values, marks);
        if (!table.Fits(keys, values, marks)) throw c.Fail("the dtypes and the empty and deleted keys of the first use", "others", $"A table of shared_name '{name}' exists");
        c.Outputs[0] = table;
    }

    /// <summary>Each element's bytes.</summary>
    static unsafe byte[][] Elements(TorchValue value)
    {
        if (value is TorchStrings strings) return strings.Values;
        var tensor = (TorchTensor)value;
        var elements = new byte[tensor.Count][];
        for (var i = 0; i < elements.Length; i++) elements[i] = new ReadOnlySpan<byte>(tensor.Data + (i * tensor.DType.Size), tensor.DType.Size).ToArray();
        return elements;
    }

    static void Write(KernelCall c, int output, byte[][] elements, Shape shape)
    {
        if (c.DTypes[output] == DType.String)
        {
            c.Result(output, elements, shape);
            return;
        }
        var bytes = c.Result(output, shape);
        unsafe
        {
            for (var i = 0; i < elements.Length; i++) elements[i].CopyTo(new Span<byte>(bytes.Data + (i * bytes.DType.Size), bytes.DType.Size));
        }
    }

    /// <summary>Gets the table of a call, whose dtypes must match the table's.</summary>
    static TorchTable Fitting(KernelCall c, DType keys, DType values)
    {
        var table = TableOf(c);
        return keys == table.KeyDType && values == table.ValueDType ? table
            : throw c.Fail($"keys of {table.KeyDType} and values of {table.ValueDType}", $"{keys} and {values}", "A call does not fit its table");
    }

    /// <summary>The keys of a call; none of them may mark a place of a dense table.</summary>
    static byte[][] Keys(KernelCall c, TorchTable table)
    {
        var keys = Elements(c.Inputs[1]);
        foreach (var key in keys)
            if (table.MarkOf(key) is { } mark) throw c.Fail($"keys other than the {mark}", $"the {mark} among {keys.Length} keys", $"The {mark} of a table is used as a key");
        return keys;
    }

    static void Insert(KernelCall c, bool isNew)
    {
        var table = Fitting(c, c.DTypeOf(1), c.DTypeOf(2));
        // A checkpoint holds all places of a dense table, the empty ones too.
        var (keys, values) = (isNew ? Elements(c.Inputs[1]) : Keys(c, table), Elements(c.Inputs[2]));
        if (keys.Length != values.Length) throw c.Fail($"a value for each of {keys.Length} keys", $"{values.Length}", "Keys and values differ in their number");
        table.Insert(keys, values, isNew);
    }

    static void Remove(KernelCall c)
    {
        var table = TableOf(c);
        table.Remove(Keys(c, table));
    }

    static void Find(KernelCall c)
    {
        var table = Fitting(c, c.DTypeOf(1), c.DTypeOf(2));
        var missing = Elements(c.Inputs[2]);
        if (missing.Length != 1) throw c.Fail("a default of one element", c.ShapeOf(2).ToString());
        Write(c, 0, Array.ConvertAll(Keys(c, table), k => table.Find(k) ?? missing[0]), c.ShapeOf(1));
    }

    /// <summary>All entries, those of a dense table as columns, as TensorFlow's have them; it gives the empty and deleted places beside them.</summary>
    static void Export(KernelCall c)
    {
        var table = Fitting(c, c.DTypes[0], c.DTypes[1]);
        var all = table.All();
        var shape = table.IsDense ? new Shape(all.Length, 1) : new Shape(all.Length);
        Write(c, 0, Array.ConvertAll(all, e => e.Key), shape);
        Write(c, 1, Array.ConvertAll(all, e => e.Value), shape);
    }

    const long WholeLine = -2;
    const long LineNumber = -1;

    static void FromFile(KernelCall c)
    {
        var table = TableOf(c);
        var name = Encoding.UTF8.GetString(c.Strings(1).Values[0]);
        var (keyAt, valueAt, delimiter) = (c.Get<long>("key_index"), c.Get<long>("value_index"), c.Get<string>("delimiter"));
        var (offset, limit) = (c.Get<long>("offset"), c.Get<long>("vocab_size"));
        var (keys, values) = (new List<byte[]>(), new List<byte[]>());
        Files(c, name, file =>
        {
            var number = 0L;
            foreach (var line in File.ReadLines(file).Skip((int)offset))
            {
                if (limit >= 0 && number >= limit) break;
                byte[] Column(long index, DType dtype) => Bytes(c, index == WholeLine ? line : index == LineNumber ? number.ToString(CultureInfo.InvariantCulture)
                    : line.Split(delimiter) is var parts && index < parts.Length ? parts[index] : throw c.Fail($"a line of more than {index} columns", line), dtype);
                keys.Add(Column(keyAt, table.KeyDType));
                values.Add(Column(valueAt, table.ValueDType));
                number++;
            }
        });
        table.Insert(keys, values);
    }

    static byte[] Bytes(KernelCall c, string text, DType dtype) =>
        dtype == DType.String ? Encoding.UTF8.GetBytes(text)
        : dtype == DType.Int64 ? BitConverter.GetBytes(long.Parse(text, CultureInfo.InvariantCulture))
        : dtype == DType.Int32 ? BitConverter.GetBytes(int.Parse(text, CultureInfo.InvariantCulture))
        : dtype == DType.Float32 ? BitConverter.GetBytes(float.Parse(text, CultureInfo.InvariantCulture))
        : throw c.NotFor(dtype);

    static void Files(KernelCall c, Action<string> use) => Files(c, Encoding.UTF8.GetString(c.Strings(0).Values[0]), use);

    static void Files(KernelCall c, string name, Action<string> use)
    {
        try
        {
            use(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException("A file could not be read or written", c.Where, received: e.Message, inner: e);
        }
    }

    static void Assert(KernelCall c)
    {
        if (Numbers.Read(c.Tensor(0), 0) != 0) return;
        throw c.Fail("a condition that holds", string.Join(" ", c.Inputs.Skip(1).Select(v => Texts.Summary(v, c.Get<long>("summarize")))), "An assertion failed");
    }

    static void Print(KernelCall c)
    {
        var text = Encoding.UTF8.GetString(c.Strings(0).Values[0]) + c.Get<string>("end");
        (c.Get<string>("output_stream") == "stdout" ? Console.Out : Console.Error).Write(text);
    }
}
