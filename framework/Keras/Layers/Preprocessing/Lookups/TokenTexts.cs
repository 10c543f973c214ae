using System.Globalization;
using System.Text;
using Keras.Saving;

namespace Keras.Layers;

/// <summary>Converts tokens of lookup layers, texts or integers, to and from tensors and files of one token per line.</summary>
static class TokenTexts
{
    /// <summary>Finds an encoding, made to throw on invalid input.</summary>
    /// <exception cref="ArgumentException">There is no encoding of that name.</exception>
    public static Encoding EncodingOf(string encoding)
    {
        ArgumentException.ThrowIfNullOrEmpty(encoding);
        try
        {
            return Encoding.GetEncoding(encoding, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The encoding is unknown. Expected: a name such as \"utf-8\" or \"latin1\". Received: \"{encoding}\".", nameof(encoding), e);
        }
    }

    /// <summary>The tokens of a tensor, row-major: strings, or numbers as long.</summary>
    public static object[] Read(Tensor tensor, Encoding encoding, bool areNumbers, string where)
    {
        if (areNumbers && tensor.dtype is { IsNumeric: true } && tensor.dtype != DType.Bool) return Array.ConvertAll(tensor.RequireEager().ToHost().ToInt64(), n => (object)n);
        if (areNumbers || tensor.dtype != DType.String) throw new DTypeMismatchException("The tokens have the wrong type", where, areNumbers ? "whole numbers" : "texts", tensor.dtype.Name);
        return Array.ConvertAll(tensor.ToArray<byte[]>(), b => (object)Text(b, encoding, where));
    }

    static string Text(byte[] bytes, Encoding encoding, string where)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ValueRangeException("A text is not in the layer's encoding", where, encoding.WebName, $"bytes {Convert.ToHexString(bytes.AsSpan()[..Math.Min(bytes.Length, 16)])} ({e.Message})", "Name its encoding, or decode the text first.");
        }
    }

    /// <summary>Makes a vector of tokens.</summary>
    public static HostTensor Vector(IReadOnlyList<object> tokens, Encoding encoding, bool areNumbers) => areNumbers
        ? HostTensor.Vector<long>([.. tokens.Select(t => (long)t)])
        : HostTensor.OfStrings(new Shape(tokens.Count), [.. tokens.Select(t => Bytes(t, encoding))]);

    public static byte[] Bytes(object token, Encoding encoding)
    {
        try
        {
            return encoding.GetBytes(Show(token));
        }
        catch (EncoderFallbackException e)
        {
            throw new ValueRangeException("A token cannot be written in the layer's encoding", "vocabulary", encoding.WebName, JsonText.Show(Show(token)), e.Message);
        }
    }

    public static string Show(object token) => Convert.ToString(token, CultureInfo.InvariantCulture)!;

    /// <summary>Splits a file into lines and drops empty ones at its end, as long as there are more than the expected number.</summary>
    /// <param name="file">The file's content.</param>
    /// <param name="encoding">Its encoding.</param>
    /// <param name="where">Its name, for errors.</param>
    /// <param name="count">The number of lines it was written with; null if unknown.</param>
    public static List<string> LinesOf(byte[] file, Encoding encoding, string where, int? count = null)
    {
        var lines = Text(file, encoding, where).Split('\n').Select(l => l.EndsWith('\r') ? l[..^1] : l).ToList();
        while (lines is [.., ""] && lines.Count != count) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>Parses the tokens of lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="areNumbers">Whether they are numbers.</param>
    /// <param name="where">The file, for errors.</param>
    /// <param name="first">The index of the first line in the file.</param>
    public static object[] OfLines(IEnumerable<string> lines, bool areNumbers, string where, int first = 0) => [.. lines.Select((line, i) => areNumbers ? (object)Number(line, where, first + i) : line)];

    static long Number(string line, string where, int index) => long.TryParse(line, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FileFormatException("A line of a vocabulary is not a whole number", where, $"a whole number in line {index + 1}", JsonText.Show(line));

    /// <summary>Writes one token per line; null if a token contains a line break.</summary>
    public static byte[]? Lines(IReadOnlyList<object> tokens, Encoding encoding)
    {
        if (tokens.Any(t => t is string text && text.AsSpan().ContainsAny('\n', '\r'))) return null;
        return Bytes(string.Join('\n', tokens.Select(Show)), encoding);
    }
}
