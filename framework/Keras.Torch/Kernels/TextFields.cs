using System.Buffers.Binary;

namespace Keras.Engines.Torch;

/// <summary>Splits lines into fields; also the older ops that split and hash texts.</summary>
static unsafe class TextFields
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DecodeCSV"] = DecodeCsv,
        ["StringSplit"] = Split,
        ["StringToHashBucket"] = c => Texts.Hash(c, Murmur),
    };

    static void DecodeCsv(KernelCall c)
    {
        var (records, columns) = (c.Strings(0), c.Inputs.Length - 1);
        var delimiter = Texts.Utf8(c.Get<string>("field_delim")) is [var only] ? only : throw c.Fail("a delimiter of one byte", c.Get<string>("field_delim"));
        var (missing, chosen) = (Texts.Utf8(c.Get<string>("na_value")), c.Get<long[]>("select_cols"));
        if (chosen.Length > 0 && chosen.Length != columns) throw c.Fail($"{columns} chosen columns", $"{chosen.Length}");
        for (var i = 0; i < chosen.Length; i++)
            if (chosen[i] < 0 || (i > 0 && chosen[i] <= chosen[i - 1])) throw c.Fail("chosen columns from 0 that rise", string.Join(", ", chosen));
        var texts = new byte[columns][][];
        for (var k = 0; k < columns; k++)
        {
            if (c.DTypes[k] == DType.String) texts[k] = new byte[records.Values.Length][];
            else c.Result(k, records.Shape);
        }
        for (var row = 0; row < records.Values.Length; row++)
        {
            var fields = new CsvLine(c, records.Values[row], delimiter, c.Flag("use_quote_delim"), chosen).Fields();
            if (fields.Count != columns) throw c.Fail($"{columns} fields", $"{fields.Count}, record {row}", "A line has another number of fields");
            for (var k = 0; k < columns; k++)
            {
                var isMissing = fields[k].Length == 0 || fields[k].AsSpan().SequenceEqual(missing);
                if (isMissing && c.ShapeOf(k + 1).ElementCount == 0) throw c.Fail($"field {k}, which has no default", $"none, record {row}", "A line lacks a field");
                if (texts[k] is { } column) column[row] = isMissing ? c.Strings(k + 1).Values[0] : fields[k];
                else if (isMissing) Buffer.MemoryCopy(c.Tensor(k + 1).Data, At(c, k, row), c.DTypes[k].Size, c.DTypes[k].Size);
                else if (!Texts.TryNumber(fields[k], c.DTypes[k], At(c, k, row))) throw c.Fail($"{c.DTypes[k]} in field {k}", $"\"{Texts.Text(fields[k])}\", record {row}", "A field is not a number");
            }
        }
        for (var k = 0; k < columns; k++)
            if (texts[k] is { } column) c.Result(k, column, records.Shape);
    }

    static byte* At(KernelCall c, int column, int row) => ((TorchTensor)c.Outputs[column]!).Data + ((long)row * c.DTypes[column].Size);

    /// <summary>Parses one CSV line, with TensorFlow's handling of quotes, line ends and selected columns.</summary>
    ref struct CsvLine(KernelCall c, byte[] line, byte delimiter, bool quotes, long[] chosen)
    {
        readonly List<byte[]> _fields = [];
        int _at, _number;

        public List<byte[]> Fields()
        {
            while (_at < line.Length)
            {
                if (line[_at] is (byte)'\n' or (byte)'\r')
                {
                    _at++;
                    continue;
                }
                var field = quotes && line[_at] == '"' ? Quoted() : Plain();
                if (IsChosen) _fields.Add(field);
                _number++;
                if (chosen.Length > 0 && _fields.Count == chosen.Length) return _fields;
            }
            // A delimiter at the end is followed by an empty field.
            if (line.Length > 0 && IsChosen && line[^1] == delimiter) _fields.Add([]);
            return _fields;
        }

        readonly bool IsChosen => chosen.Length == 0 || chosen[_fields.Count] == _number;

        byte[] Plain()
        {
            var start = _at;
            for (; _at < line.Length && line[_at] != delimiter; _at++)
                if ((quotes && line[_at] == '"') || line[_at] is (byte)'\n' or (byte)'\r') throw Wrong("no quotes and ends of lines in fields without quotes");
            return line[start.._at++];
        }

        byte[] Quoted()
        {
            var field = new List<byte>();
            for (_at++; _at < line.Length - 1 && (line[_at] != '"' || line[_at + 1] != delimiter); _at++)
            {
                if (line[_at] == '"' && line[++_at] != '"') throw Wrong("two quotes for each quote in a field with quotes");
                field.Add(line[_at]);
            }
            if (_at >= line.Length || line[_at] != '"' || (_at < line.Length - 1 && line[_at + 1] != delimiter)) throw Wrong("a quote and then a delimiter, or nothing, where a field with quotes ends");
            _at += 2;
            return [.. field];
        }

        readonly EngineException Wrong(string expected) => c.Fail(expected, $"\"{Texts.Text(line)}\"", "A line is not valid CSV");
    }

    /// <summary>Splits texts at each byte of the delimiter; without a delimiter each byte is a part.</summary>
    static void Split(KernelCall c)
    {
        var (x, separators, skips) = (c.Strings(0).Values, c.Strings(1).Values[0], c.Flag("skip_empty"));
        var (indices, values, longest) = (new List<long>(), new List<byte[]>(), 0L);
        for (var row = 0; row < x.Length; row++)
        {
            var count = values.Count;
            if (separators.Length == 0) values.AddRange(x[row].Select(b => (byte[])[b]));
            // An empty text has no parts, even if empty parts count.
            else if (x[row].Length > 0)
                foreach (var part in x[row].AsSpan().SplitAny(separators))
                    if (!skips || !x[row].AsSpan(part).IsEmpty) values.Add(x[row][part]);
            for (var k = 0; k < values.Count - count; k++) indices.AddRange([row, k]);
            longest = Math.Max(longest, values.Count - count);
        }
        Structure.WriteIntegers(c.Result(0, new Shape(values.Count, 2)), [.. indices]);
        c.Result(1, [.. values], new Shape(values.Count));
        Structure.WriteIntegers(c.Result(2, new Shape(2)), [x.Length, longest]);
    }

    /// <summary>TensorFlow's older hash, MurmurHash64A with its own seed.</summary>
    /// <remarks>Source: tsl/platform/hash.cc.</remarks>
    public static ulong Murmur(ReadOnlySpan<byte> text)
    {
        const ulong Seed = 0xDECAFCAFFE, Factor = 0xC6A4A7935BD1E995;
        const int Shift = 47;
        var hash = Seed ^ ((ulong)text.Length * Factor);
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(text) * Factor;
            hash = (hash ^ ((word ^ (word >> Shift)) * Factor)) * Factor;
        }
        if (text.Length > 0)
        {
            for (var i = 0; i < text.Length; i++) hash ^= (ulong)text[i] << (8 * i);
            hash *= Factor;
        }
        hash = (hash ^ (hash >> Shift)) * Factor;
        return hash ^ (hash >> Shift);
    }
}
