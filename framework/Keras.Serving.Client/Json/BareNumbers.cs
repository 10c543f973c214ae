namespace Keras.Serving;

/// <summary>TensorFlow Serving writes NaN, Infinity and -Infinity as they are, which JSON does not have.</summary>
static class BareNumbers
{
    static readonly byte[][] Words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>The same JSON with these words in quotes; the array itself where there are none.</summary>
    public static byte[] Quoted(byte[] json)
    {
        if (json.AsSpan().IndexOf("NaN"u8) < 0 && json.AsSpan().IndexOf("Infinity"u8) < 0) return json;
        using var quoted = new MemoryStream(json.Length + 64);
        var inText = false;
        for (var at = 0; at < json.Length;)
        {
            var b = json[at];
            if (!inText && Array.Find(Words, w => json.AsSpan(at).StartsWith(w)) is { } word)
            {
                quoted.WriteByte((byte)'"');
                quoted.Write(word);
                quoted.WriteByte((byte)'"');
                at += word.Length;
                continue;
            }
            if (inText && b == '\\' && at + 1 < json.Length) quoted.WriteByte(json[at++]);
            else if (b == '"') inText = !inText;
            quoted.WriteByte(json[at++]);
        }
        return quoted.ToArray();
    }
}
