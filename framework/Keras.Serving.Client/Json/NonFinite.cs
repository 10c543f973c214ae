namespace Keras.Serving;

/// <summary>Handles NaN and infinities, which TensorFlow Serving reads and writes as bare words in JSON.</summary>
/// <remarks>.NET's reader rejects such words, so they are replaced by strings that are not numbers and hardly ever texts. Nearly all bodies have none and stay unchanged.</remarks>
static class NonFinite
{
    const string Mark = "\\u0000";

    /// <summary>The words; longer ones come before their prefixes.</summary>
    static readonly (byte[] Word, double Value)[] Words =
    [
        ("NaN"u8.ToArray(), double.NaN),
        ("-Infinity"u8.ToArray(), double.NegativeInfinity), ("Infinity"u8.ToArray(), double.PositiveInfinity),
        ("-Inf"u8.ToArray(), double.NegativeInfinity), ("Inf"u8.ToArray(), double.PositiveInfinity),
    ];

    /// <summary>The value of a string that replaces such a word; null for other strings.</summary>
    public static double? Read(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\\u0000"u8)) return null;
        foreach (var (word, value) in Words)
            if (text[Mark.Length..].SequenceEqual(word)) return value;
        return null;
    }

    /// <summary>Replaces bare words by strings; returns the same array if there are none.</summary>
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
