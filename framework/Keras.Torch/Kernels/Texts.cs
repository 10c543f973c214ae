using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Keras.Files;

namespace Keras.Engines.Torch;

/// <summary>Kernels for byte strings and text in managed code; RE2's patterns run as .NET's non-backtracking ones.</summary>
static unsafe class Texts
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["StringLower"] = c => Map(c, IsUtf8(c) ? s => Utf8(Text(s).ToLowerInvariant()) : s => Array.ConvertAll(s, b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b)),
        ["StringUpper"] = c => Map(c, IsUtf8(c) ? s => Utf8(Text(s).ToUpperInvariant()) : s => Array.ConvertAll(s, b => b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b)),
        ["EncodeBase64"] = c => Map(c, s => Base64(s, c.Flag("pad"))),
        ["DecodeBase64"] = c => Map(c, s => OfBase64(s) ?? throw c.Fail("letters of web-safe base64", Encoding.UTF8.GetString(s))),
        ["StringStrip"] = c => Map(c, Strip),
        ["StringLength"] = c => ToInts(c, s => c.Get<string>("unit") == "BYTE" ? s.Length : s.Count(IsStart)),
        ["StringJoin"] = Join,
        ["StringFormat"] = Format,
        ["ReduceJoin"] = ReduceJoin,
        ["UnsortedSegmentJoin"] = SegmentJoin,
        ["Substr"] = Substr,
        ["StringSplitV2"] = Split,
        ["StaticRegexReplace"] = c => Replace(c, c.Get<string>("pattern"), c.Get<string>("rewrite")),
        ["RegexReplace"] = c => Replace(c, Text(c.Strings(1).Values[0]), Text(c.Strings(2).Values[0])),
        ["StaticRegexFullMatch"] = c => FullMatch(c, c.Get<string>("pattern")),
        ["RegexFullMatch"] = c => FullMatch(c, Text(c.Strings(1).Values[0])),
        ["AsString"] = AsString,
        ["StringToNumber"] = ToNumber,
        ["StringToHashBucketFast"] = c => Hash(c, FarmHash.Fingerprint),
        ["StringToHashBucketStrong"] = c => Hash(c, s => SipHash((ulong)c.Get<long[]>("key")[0], (ulong)c.Get<long[]>("key")[1], s)),
        ["DecodeRaw"] = DecodeRaw,
        ["StringNGrams"] = NGrams,
        ["RaggedTensorToTensor"] = Ragged.ToTensor,
        ["RaggedBincount"] = Ragged.Bincount,
        ["RaggedRange"] = Ragged.Range,
    };

    static bool IsUtf8(KernelCall c) => c.Get<string>("encoding").Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static bool IsStart(byte b) => (b & 0xC0) != 0x80;

    static bool IsSpace(byte b) => b is 32 or >= 9 and <= 13;

    static byte[] Base64(byte[] text, bool pads)
    {
        var encoded = System.Buffers.Text.Base64Url.EncodeToUtf8(text);
        return pads ? [.. encoded, .. Enumerable.Repeat((byte)'=', -encoded.Length & 3)] : encoded;
    }

    /// <summary>Decodes base64; null if malformed. Unlike .NET, TensorFlow does not allow white space.</summary>
    static byte[]? OfBase64(byte[] text) =>
        Array.Exists(text, IsSpace) || !System.Buffers.Text.Base64Url.IsValid(text) ? null : System.Buffers.Text.Base64Url.DecodeFromUtf8(text);

    static void Map(KernelCall c, Converter<byte[], byte[]> of) => c.Result(0, Array.ConvertAll(c.Strings(0).Values, of), c.ShapeOf(0));

    static void ToInts(KernelCall c, Func<byte[], int> of)
    {
        var (values, result) = (c.Strings(0).Values, c.Result(0, c.ShapeOf(0)));
        for (var i = 0; i < values.Length; i++) ((int*)result.Data)[i] = of(values[i]);
    }

    static byte[] Strip(byte[] s)
    {
        var (first, last) = (0, s.Length);
        while (first < last && IsSpace(s[first])) first++;
        while (last > first && IsSpace(s[last - 1])) last--;
        return s[first..last];
    }

    static byte[] Joined(IEnumerable<byte[]> parts, byte[] separator)
    {
        var all = new List<byte>();
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst) all.AddRange(separator);
            all.AddRange(part);
            isFirst = false;
        }
        return [.. all];
    }

    public static byte[] Utf8Joined(IEnumerable<byte[]> parts, string separator) => Joined(parts, Utf8(separator));

    static void Join(KernelCall c)
    {
        var separator = Utf8(c.Get<string>("separator"));
        var parts = Array.ConvertAll(c.Inputs, i => ((TorchStrings)i).Values);
        var shape = Array.Find(c.Inputs, i => i.Shape.Rank > 0)?.Shape ?? Shape.Scalar;
        if (Array.Exists(c.Inputs, i => i.Shape.Rank > 0 && i.Shape != shape)) throw c.Fail($"strings of shape {shape} or scalars", "others");
        var values = new byte[shape.ElementCount][];
        for (var i = 0; i < values.Length; i++) values[i] = Joined(parts.Select((p, k) => c.ShapeOf(k).Rank == 0 ? p[0] : p[i]), separator);
        c.Result(0, values, shape);
    }

    static void Format(KernelCall c)
    {
        var (pieces, summarize) = (c.Get<string>("template").Split(c.Get<string>("placeholder")), c.Get<long>("summarize"));
        if (pieces.Length != c.Inputs.Length + 1) throw c.Fail($"{c.Inputs.Length} placeholders", $"{pieces.Length - 1}");
        if (c.Inputs.FirstOrDefault(i => i.DType.IsComplex) is { } complex) throw c.NotFor(complex.DType);
        var text = new StringBuilder(pieces[0]);
        for (var i = 0; i < c.Inputs.Length; i++) text.Append(Summary(c.Inputs[i], summarize)).Append(pieces[i + 1]);
        c.Result(0, [Utf8(text.ToString())], Shape.Scalar);
    }

    /// <summary>Formats a value as text: rows in brackets, with the first and last few of each axis.</summary>
    public static string Summary(TorchValue value, long summarize)
    {
        var text = new StringBuilder();
        Append(0, 0);
        return text.ToString();

        void Append(int axis, long at)
        {
            if (axis == value.Shape.Rank)
            {
                text.Append(value is TorchStrings strings ? value.Shape.Rank == 0 ? Text(strings.Values[at]) : $"\"{Text(strings.Values[at])}\"" : Number((TorchTensor)value, at));
                return;
            }
            var count = value.Shape[axis];
            var inner = Slicing.Product(value.Shape, axis + 1, value.Shape.Rank);
            text.Append('[');
            for (var i = 0L; i < count; i++)
            {
                if (summarize >= 0 && i == summarize && count > 2 * summarize)
                {
                    text.Append(" ...");
                    i = count - summarize;
                    if (i >= count) break;
                }
                if (i > 0) text.Append(axis + 1 == value.Shape.Rank ? " " : "\n" + new string(' ', axis + 1));
                Append(axis + 1, at + (i * inner));
            }
            text.Append(']');
        }
    }

    static string Number(TorchTensor x, long at) => x.DType == DType.Bool ? x.Data[at].ToString(CultureInfo.InvariantCulture)
        : x.DType == DType.Int64 ? ((long*)x.Data)[at].ToString(CultureInfo.InvariantCulture)
        : x.DType == DType.UInt64 ? ((ulong*)x.Data)[at].ToString(CultureInfo.InvariantCulture)
        : x.DType == DType.Float64 ? PrintedNumbers.Shortest(((double*)x.Data)[at])
        : x.DType.IsFloating ? PrintedNumbers.Shortest((float)Numbers.Read(x, at)) : Numbers.Read(x, at).ToString("R", CultureInfo.InvariantCulture);

    static void ReduceJoin(KernelCall c)
    {
        var x = c.Strings(0);
        var rank = x.Shape.Rank;
        int[] axes = [.. c.Longs(1).Select(a => c.Axis(a, rank))];
        var separator = Utf8(c.Get<string>("separator"));
        var dims = x.Shape.ToArray();
        int[] kept = [.. Enumerable.Range(0, rank).Except(axes)];
        var strides = Movement.StridesOf(dims);
        long[] Offsets(int[] over)
        {
            long[] offsets = [0];
            foreach (var axis in over) offsets = [.. offsets.SelectMany(o => Enumerable.Range(0, (int)dims[axis]).Select(i => o + (i * strides[axis])))];
            return offsets;
        }
        var (rows, parts) = (Offsets(kept), Offsets(axes));
        var shape = new Shape(c.Flag("keep_dims") ? [.. dims.Select((d, i) => axes.Contains(i) ? 1 : d)] : [.. kept.Select(a => dims[a])]);
        c.Result(0, [.. rows.Select(r => Joined(parts.Select(p => x.Values[r + p]), separator))], shape);
    }

    static void SegmentJoin(KernelCall c)
    {
        var (values, ids, count) = (c.Strings(0).Values, c.Longs(1), c.Long(2));
        var separator = Utf8(c.Get<string>("separator"));
        var shape = c.ShapeOf(0)[c.ShapeOf(1).Rank..];
        var inner = shape.ElementCount;
        var parts = Enumerable.Range(0, (int)(count * inner)).Select(_ => new List<byte[]>()).ToArray();
        for (var i = 0L; i < ids.Length; i++)
        {
            if (ids[i] < 0 || ids[i] >= count) throw c.Fail($"segment ids from 0 to {count - 1}", $"{ids[i]}");
            for (var k = 0L; k < inner; k++) parts[(ids[i] * inner) + k].Add(values[(i * inner) + k]);
        }
        c.Result(0, [.. parts.Select(p => Joined(p, separator))], new Shape(count).Concat(shape));
    }

    static void Substr(KernelCall c)
    {
        var (x, positions, lengths) = (c.Strings(0).Values, c.Longs(1), c.Longs(2));
        var isByte = c.Get<string>("unit") == "BYTE";
        var values = new byte[c.Shapes[0].ElementCount][];
        Elementwise.EachPair(c, (i, s, p) =>
        {
            var text = x[s];
            int[] starts = isByte ? [] : [.. Enumerable.Range(0, text.Length).Where(k => IsStart(text[k])), text.Length];
            var count = isByte ? text.Length : starts.Length - 1;
            var from = positions[p] < 0 ? positions[p] + count : positions[p];
            if (from < 0 || from > count) throw c.Fail($"a position from {-count} to {count}", $"{positions[p]}", "A part of a string begins outside of it");
            var to = Math.Min(count, from + Math.Max(0, lengths[p]));
            values[i] = isByte ? text[(int)from..(int)to] : text[starts[from]..starts[to]];
        }, c.ShapeOf(0), c.ShapeOf(1));
        c.Result(0, values, c.Shapes[0]);
    }

    static void Split(KernelCall c)
    {
        var (x, separator, most) = (c.Strings(0).Values, c.Strings(1).Values[0], c.Get<long>("maxsplit"));
        var (indices, values, longest) = (new List<long>(), new List<byte[]>(), 0L);
        for (var i = 0; i < x.Length; i++)
        {
            var parts = separator.Length == 0 ? AtSpaces(x[i], most) : AtSeparator(x[i], separator, most);
            for (var k = 0; k < parts.Count; k++) indices.AddRange([i, k]);
            values.AddRange(parts);
            longest = Math.Max(longest, parts.Count);
        }
        Structure.WriteIntegers(c.Result(0, new Shape(values.Count, 2)), [.. indices]);
        c.Result(1, [.. values], new Shape(values.Count));
        Structure.WriteIntegers(c.Result(2, new Shape(2)), [x.Length, longest]);
    }

    static List<byte[]> AtSpaces(byte[] s, long most)
    {
        var parts = new List<byte[]>();
        for (var at = 0; ;)
        {
            while (at < s.Length && IsSpace(s[at])) at++;
            if (at == s.Length) return parts;
            var end = at;
            if (most >= 0 && parts.Count == most)
            {
                parts.Add(s[at..]);
                return parts;
            }
            while (end < s.Length && !IsSpace(s[end])) end++;
            parts.Add(s[at..end]);
            at = end;
        }
    }

    static List<byte[]> AtSeparator(byte[] s, byte[] separator, long most)
    {
        var parts = new List<byte[]>();
        for (var at = 0; ;)
        {
            var found = most >= 0 && parts.Count == most ? -1 : s.AsSpan(at).IndexOf(separator);
            if (found < 0)
            {
                parts.Add(s[at..]);
                return parts;
            }
            parts.Add(s[at..(at + found)]);
            at += found + separator.Length;
        }
    }

    static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    static Regex PatternOf(KernelCall c, string pattern) => Patterns.GetOrAdd(pattern, p =>
    {
        try
        {
            return new(Re2Pattern.ToDotNet(p), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or FormatException)
        {
            throw new EngineException("A pattern cannot be read", c.Where, "an RE2 pattern", pattern, e.Message, e);
        }
    });

    /// <summary>Replaces matches; RE2's group \1 is ${1} in .NET, and a literal $ is $$.</summary>
    static void Replace(KernelCall c, string pattern, string rewrite)
    {
        var regex = PatternOf(c, pattern);
        var by = Regex.Replace(rewrite.Replace("$", "$$", StringComparison.Ordinal), @"\\(\d|\\)", m => m.Groups[1].Value == @"\" ? @"\" : $"${{{m.Groups[1].Value}}}");
        var count = c.Flag("replace_global") ? -1 : 1;
        Map(c, s => Utf8(regex.Replace(Text(s), by, count)));
    }

    static void FullMatch(KernelCall c, string pattern)
    {
        var regex = PatternOf(c, $@"\A(?:{pattern})\z");
        var (values, result) = (c.Strings(0).Values, c.Result(0, c.ShapeOf(0)));
        for (var i = 0; i < values.Length; i++) result.Data[i] = regex.IsMatch(Text(values[i])) ? (byte)1 : (byte)0;
    }

    static void AsString(KernelCall c)
    {
        var x = c.Tensor(0);
        if (x.DType.IsComplex) throw c.NotFor(x.DType);
        var (precision, width, fill) = (c.Get<long>("precision"), (int)c.Get<long>("width"), c.Get<string>("fill"));
        var form = (c.Flag("scientific"), c.Flag("shortest")) switch
        {
            (true, true) => throw c.Fail("scientific or shortest", "both"),
            (true, _) => 'e',
            (_, true) => 'g',
            _ => 'f',
        };
        if (form != 'f' && !x.DType.IsFloating) throw c.Fail("floating numbers", x.DType.Name, "Only floating numbers have a scientific and a shortest form");
        var values = new byte[x.Count][];
        for (var i = 0; i < values.Length; i++)
        {
            var text = x.DType == DType.Bool ? x.Data[i] != 0 ? "true" : "false" : x.DType.IsFloating ? PrintedNumbers.Of(Numbers.Read(x, i), form, (int)(precision < 0 ? 6 : precision)) : Number(x, i);
            values[i] = Utf8(width <= text.Length ? text : fill == "-" ? text.PadRight(width) : text.PadLeft(width, fill == "0" ? '0' : ' '));
        }
        c.Result(0, values, x.Shape);
    }

    static void ToNumber(KernelCall c)
    {
        var (values, result) = (c.Strings(0).Values, c.Result(0, c.ShapeOf(0)));
        if (result.DType is var dtype && dtype != DType.Float32 && dtype != DType.Float64 && dtype != DType.Int32 && dtype != DType.Int64) throw c.NotFor(dtype);
        for (var i = 0; i < values.Length; i++)
            if (!TryNumber(values[i], dtype, result.Data + ((long)i * dtype.Size))) throw c.Fail($"a number of {dtype}", Text(values[i]), "A string is not a number");
    }

    /// <summary>Parses a text as one number, ignoring white space around it.</summary>
    public static bool TryNumber(byte[] bytes, DType dtype, byte* to)
    {
        var text = Text(bytes).Trim();
        if (dtype.IsFloating && text.TrimStart('+', '-').ToLowerInvariant() is "inf") text += "inity";
        return dtype == DType.Float32 ? float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out *(float*)to)
            : dtype == DType.Float64 ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out *(double*)to)
            : dtype == DType.Int32 ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out *(int*)to)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out *(long*)to);
    }

    public delegate ulong HashOf(ReadOnlySpan<byte> text);

    public static void Hash(KernelCall c, HashOf of)
    {
        var (values, result, buckets) = (c.Strings(0).Values, c.Result(0, c.ShapeOf(0)), (ulong)c.Get<long>("num_buckets"));
        for (var i = 0; i < values.Length; i++) ((long*)result.Data)[i] = (long)(of(values[i]) % buckets);
    }

    /// <summary>The hash SipHash-2-4.</summary>
    static ulong SipHash(ulong k0, ulong k1, ReadOnlySpan<byte> data)
    {
        var (a, b, c, d) = (k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573);
        void Rounds(int count)
        {
            for (; count > 0; count--)
            {
                a += b; b = ulong.RotateLeft(b, 13) ^ a; a = ulong.RotateLeft(a, 32);
                c += d; d = ulong.RotateLeft(d, 16) ^ c;
                a += d; d = ulong.RotateLeft(d, 21) ^ a;
                c += b; b = ulong.RotateLeft(b, 17) ^ c; c = ulong.RotateLeft(c, 32);
            }
        }
        var whole = data.Length / 8 * 8;
        for (var i = 0; i <= whole; i += 8)
        {
            ulong word = 0;
            if (i < whole) word = BitConverter.ToUInt64(data[i..]);
            else
            {
                for (var k = i; k < data.Length; k++) word |= (ulong)data[k] << (8 * (k - i));
                word |= (ulong)data.Length << 56;
            }
            d ^= word;
            Rounds(2);
            a ^= word;
        }
        c ^= 0xFF;
        Rounds(4);
        return a ^ b ^ c ^ d;
    }

    static void DecodeRaw(KernelCall c)
    {
        var (values, dtype) = (c.Strings(0).Values, c.Get<DType>("out_type"));
        var length = values.Length > 0 ? values[0].Length : 0;
        if (Array.Exists(values, v => v.Length != length)) throw c.Fail($"strings of {length} bytes", "strings of several lengths");
        if (length % dtype.Size != 0) throw c.Fail($"a multiple of {dtype.Size} bytes", $"{length}");
        var result = c.Result(0, c.ShapeOf(0).Concat(new Shape(length / dtype.Size)));
        var target = new Span<byte>(result.Data, (int)result.ByteLength);
        for (var i = 0; i < values.Length; i++) values[i].CopyTo(target[(i * length)..]);
        if (!c.Flag("little_endian") && dtype.Size > 1)
            for (var at = 0; at < target.Length; at += dtype.Size) target.Slice(at, dtype.Size).Reverse();
    }

    /// <summary>Checks row splits: they begin at 0, never fall, and end at the number of elements.</summary>
    internal static void RequireSplits(KernelCall c, long[] splits, long count)
    {
        for (var i = 0; i < splits.Length; i++)
            if (splits[i] < (i == 0 ? 0 : splits[i - 1]) || (i == 0 && splits[i] != 0) || (i == splits.Length - 1 && splits[i] != count))
                throw c.Fail($"splits that begin at 0, do not fall and end at {count}", $"{splits[i]} at place {i}");
    }

    static void NGrams(KernelCall c)
    {
        var (data, splits, separator) = (c.Strings(0).Values, c.Longs(1), Utf8(c.Get<string>("separator")));
        var (left, right, pad, widths) = (Utf8(c.Get<string>("left_pad")), Utf8(c.Get<string>("right_pad")), c.Get<long>("pad_width"), c.Get<long[]>("ngram_widths"));
        RequireSplits(c, splits, data.Length);
        var (grams, ends) = (new List<byte[]>(), new List<long> { 0 });
        for (var r = 0; r + 1 < splits.Length; r++)
        {
            var row = data[(int)splits[r]..(int)splits[r + 1]];
            var before = grams.Count;
            foreach (var width in widths)
            {
                var padding = pad < 0 ? width - 1 : Math.Min(pad, width - 1);
                byte[][] padded = [.. Enumerable.Repeat(left, (int)padding), .. row, .. Enumerable.Repeat(right, (int)padding)];
                for (var i = 0; i + width <= padded.Length; i++) grams.Add(Joined(padded[i..(i + (int)width)], separator));
            }
            if (grams.Count == before && row.Length > 0 && c.Flag("preserve_short_sequences")) grams.Add(Joined(row, separator));
            ends.Add(grams.Count);
        }
        c.Result(0, [.. grams], new Shape(grams.Count));
        Structure.WriteIntegers(c.Result(1, new Shape(ends.Count)), [.. ends]);
    }
}
