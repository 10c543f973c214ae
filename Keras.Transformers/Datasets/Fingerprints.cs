using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Keras.Transformers;

/// <summary>Short names that identify a data set's content, from its origin and the steps applied to it.</summary>
static class Fingerprints
{
    /// <summary>The fingerprint after a step.</summary>
    public static string Next(string before, string what, params object?[] arguments)
    {
        var text = new StringBuilder(before).Append('|').Append(what);
        foreach (var argument in arguments) Append(text.Append('|'), argument);
        return Of(text.ToString());
    }

    /// <summary>Creates a fingerprint that no other data set has.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The fingerprint of files: of their paths, lengths and times.</summary>
    public static string OfFiles(string kind, IEnumerable<string> paths, params object?[] arguments) =>
        Next(kind, "files", [.. paths.Select(p => new FileInfo(p)).Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}"), .. arguments]);

    static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    static void Append(StringBuilder text, object? argument)
    {
        switch (argument)
        {
            case null: text.Append("null"); break;
            case string s: text.Append('"').Append(s.Length).Append(':').Append(s); break;
            case IFormattable number: text.Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list) Append(text.Append(','), item);
                text.Append(']');
                break;
            default: text.Append(argument); break;
        }
    }
}
