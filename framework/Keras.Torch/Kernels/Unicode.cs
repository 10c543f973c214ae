using System.Text;

namespace Keras.Engines.Torch;

/// <summary>Converts text to code points and back.</summary>
static unsafe class Unicode
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["UnicodeDecode"] = Decode,
        ["UnicodeDecodeWithOffsets"] = Decode,
        ["UnicodeEncode"] = Encode,
        ["UnicodeTranscode"] = Transcode,
    };

    static Encoding EncodingOf(KernelCall c, string name) => name switch
    {
        "UTF-8" => new UTF8Encoding(false, false),
        "UTF-16-BE" => new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
        "UTF-32-BE" => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        _ => throw new UnsupportedException("An encoding is not known on this engine", c.Where, "UTF-8, UTF-16-BE or UTF-32-BE", name),
    };

    /// <summary>Decodes a text's code points, -1 for invalid bytes, with the byte at which each starts.</summary>
    static IEnumerable<(int CodePoint, int Start)> Runes(KernelCall c, byte[] bytes, string encoding)
    {
        if (encoding == "UTF-8")
        {
            for (var at = 0; at < bytes.Length;)
            {
                var status = Rune.DecodeFromUtf8(bytes.AsSpan(at), out var rune, out var length);
                yield return (status == System.Buffers.OperationStatus.Done ? rune.Value : -1, at);
                at += length;
            }
            yield break;
        }
        var start = 0;
        foreach (var rune in EncodingOf(c, encoding).GetString(bytes).EnumerateRunes())
        {
            yield return (rune.Value == 0xFFFD ? -1 : rune.Value, start);
            start += encoding == "UTF-32-BE" ? 4 : rune.Utf16SequenceLength * 2;
        }
    }

    static List<(int CodePoint, int Start)> Clean(KernelCall c, byte[] bytes, string encoding)
    {
        var (errors, replacement, controls) = (c.Get<string>("errors"), (int)c.Get<long>("replacement_char"), c.Flag("replace_control_characters"));
        var result = new List<(int, int)>();
        foreach (var (point, start) in Runes(c, bytes, encoding))
        {
            if (point >= 0 && !(controls && point < 0x20 && point is not (9 or 10 or 13))) result.Add((point, start));
            else if (point < 0 && errors == "strict") throw c.Fail($"text in {encoding}", $"other bytes at {start}", "A string is not valid text");
            else if (errors != "ignore") result.Add((replacement, start));
        }
        return result;
    }

    static void Decode(KernelCall c)
    {
        var (splits, points, starts) = (new List<long> { 0 }, new List<long>(), new List<long>());
        foreach (var bytes in c.Strings(0).Values)
        {
            foreach (var (point, start) in Clean(c, bytes, c.Get<string>("input_encoding")))
            {
                points.Add(point);
                starts.Add(start);
            }
            splits.Add(points.Count);
        }
        Structure.WriteIntegers(c.Result(0, new Shape(splits.Count)), [.. splits]);
        Structure.WriteIntegers(c.Result(1, new Shape(points.Count)), [.. points]);
        if (c.Outputs.Length > 2) Structure.WriteIntegers(c.Result(2, new Shape(starts.Count)), [.. starts]);
    }

    static void Encode(KernelCall c)
    {
        var (points, splits, encoding) = (c.Longs(0), c.Longs(1), EncodingOf(c, c.Get<string>("output_encoding")));
        Texts.RequireSplits(c, splits, points.Length);
        if (splits.Length == 0) throw c.Fail("splits of at least one element", "none");
        var values = new byte[splits.Length - 1][];
        for (var r = 0; r < values.Length; r++)
        {
            var text = new StringBuilder();
            for (var i = splits[r]; i < splits[r + 1]; i++) Append(c, text, points[i]);
            values[r] = encoding.GetBytes(text.ToString());
        }
        c.Result(0, values, new Shape(values.Length));
    }

    static void Append(KernelCall c, StringBuilder text, long point)
    {
        if (point is >= 0 and <= 0x10FFFF && Rune.IsValid((int)point)) text.Append(new Rune((int)point));
        else if (c.Get<string>("errors") == "strict") throw c.Fail("code points", $"{point}");
        else if (c.Get<string>("errors") == "replace") text.Append(new Rune((int)c.Get<long>("replacement_char")));
    }

    static void Transcode(KernelCall c)
    {
        var (from, to) = (c.Get<string>("input_encoding"), EncodingOf(c, c.Get<string>("output_encoding")));
        c.Result(0, Array.ConvertAll(c.Strings(0).Values, bytes =>
        {
            var text = new StringBuilder();
            foreach (var (point, _) in Clean(c, bytes, from)) text.Append(new Rune(point));
            return to.GetBytes(text.ToString());
        }), c.ShapeOf(0));
    }
}
