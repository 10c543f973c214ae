using System.Globalization;
using System.Text;

namespace Keras.Saving;

/// <summary>Writes JSON strings exactly as Hugging Face's two writers do, so that files are identical byte for byte.</summary>
static class JsonText
{
    /// <summary>Quotes as Rust's serde_json does: only what JSON requires is escaped.</summary>
    public static StringBuilder AppendQuoted(this StringBuilder text, string value) => Append(text, value, escapeFrom: char.MaxValue + 1);

    /// <summary>Quotes as Python's json.dumps does: everything outside printable ASCII is escaped.</summary>
    public static StringBuilder AppendAsciiQuoted(this StringBuilder text, string value) => Append(text, value, escapeFrom: 0x7F);

    /// <summary>Makes an untrusted name fit for messages: one line, no control characters, limited length.</summary>
    public static string Show(string name)
    {
        const int longest = 120;
        var text = new StringBuilder("'");
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, longest)))
            if (char.IsControl(c) || char.IsSurrogate(c) && name.Length > longest) text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(c);
        if (name.Length > longest) text.Append(CultureInfo.InvariantCulture, $"... ({name.Length} characters)");
        return text.Append('\'').ToString();
    }

    static StringBuilder Append(StringBuilder text, string value, int escapeFrom)
    {
        text.Append('"');
        foreach (var c in value)
        {
            var shortForm = c switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\f' => 'f', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => '\0' };
            if (shortForm != '\0') text.Append('\\').Append(shortForm);
            else if (c < ' ' || c >= escapeFrom) text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(c);
        }
        return text.Append('"');
    }

    /// <summary>Orders strings by code point, as Rust and Python do; UTF-16 puts characters beyond U+FFFF before U+E000.</summary>
    public static readonly IComparer<string> CodePointOrder = Comparer<string>.Create(CompareCodePoints);

    static int CompareCodePoints(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Weight(a[same]) - Weight(b[same]);
    }

    static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
