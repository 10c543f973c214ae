namespace Keras.Serving;

/// <summary>NaN and infinities, which TensorFlow Serving reads and writes as bare words in JSON.</summary>
/// <remarks>The reader of .NET refuses such words, so they are turned to strings that no number and hardly any text is: bodies without them, nearly all, are left as they are.</remarks>
static class NonFinite
{
    const string Mark = "\\u0000";

    /// <summary>Longer words before those that they begin with.</summary>
    static readonly (byte[] Word, double Value)[] Words =
    [
        ("NaN"u8.ToArray(), double.NaN),
        ("-Infinity"u8.ToArray(), double.NegativeInfinity), ("Infinity"u8.ToArray(), double.PositiveInfinity),
        ("-Inf"u8.ToArray(), double.NegativeInfinity), ("Inf"u8.ToArray(), double.PositiveInfinity),
    ];

    /// <summary>The value of a string that stands for such a word; null for any other.</summary>
    public static double? Read(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\\u0000"u8)) return null;
        foreach (var (word, value) in Words)
            if (text[Mark.Length..].SequenceEqual(word)) return value;
        return null;
    }

    /// <summary>The text with its bare words as strings; the text itself if it has none.</summary>
    public static byte[] Quoted(byte[] text)
    {
        if (text.AsSpan().IndexOf("NaN"u8) < 0 && text.AsSpan().IndexOf("Inf"u8) < 0) return text;
        List<byte>? quoted = null;
        var (from, inside) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (inside && text[i] == '\\') i++;
            else if (text[i] == '"') inside = !inside;
            else if (!inside && WordAt(text.AsSpan(i)) is { } word)
            {
                quoted ??= new(text.Length + 64);
                quoted.AddRange(text.AsSpan(from, i - from));
                quoted.AddRange("\"\\u0000"u8);
                quoted.AddRange(word);
                quoted.Add((byte)'"');
                i += word.Length - 1;
                from = i + 1;
            }
        }
        if (quoted is null) return text;
        quoted.AddRange(text.AsSpan(from));
        return [.. quoted];
    }

    static byte[]? WordAt(ReadOnlySpan<byte> text)
    {
        if (text[0] is not ((byte)'N' or (byte)'I' or (byte)'-')) return null;
        foreach (var (word, _) in Words)
            if (text.StartsWith(word)) return word;
        return null;
    }
}
