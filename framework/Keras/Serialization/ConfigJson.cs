using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Keras.Callbacks;

namespace Keras.Saving;

/// <summary>Writes and reads configs as JSON in the format of Python's json module; rejects numbers that are not finite.</summary>
static class ConfigJson
{
    /// <summary>The deepest nesting that is read; models within models need less.</summary>
    const int Deepest = 512;

    /// <summary>Writes a config as text.</summary>
    /// <exception cref="UnsupportedException">JSON has no form for a value.</exception>
    public static string Write(object? value) => Append(new(), value).ToString();

    /// <summary>Reads the object in a text: null, bool, string, long, double, lists and dictionaries.</summary>
    /// <param name="text">The text in UTF-8.</param>
    /// <param name="where">The place to name in errors.</param>
    /// <exception cref="FileFormatException">The text is not a JSON object.</exception>
    public static Dictionary<string, object?> Read(ReadOnlyMemory<byte> text, string where)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Deepest });
            return Plain(json.RootElement) as Dictionary<string, object?> ?? throw Wrong("another value", null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Wrong(e.Message, e);
        }

        FileFormatException Wrong(string received, Exception? inner) => new("A config is not a JSON object", where, "an object with class_name and config", received, "The file is damaged, is not a Keras model, or holds numbers that are not finite (NaN, Infinity).", inner);
    }

    static StringBuilder Append(StringBuilder text, object? value) => value switch
    {
        null => text.Append("null"),
        bool flag => text.Append(flag ? "true" : "false"),
        string s => text.AppendAsciiQuoted(s),
        DType dtype => text.AppendAsciiQuoted(dtype.Name),
        Shape shape => AppendList(text, shape),
        float or double => text.Append(Number(Convert.ToDouble(value, CultureInfo.InvariantCulture))),
        sbyte or byte or short or ushort or int or uint or long or ulong => text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)),
        IEnumerable<KeyValuePair<string, object?>> entries => AppendObject(text, entries),
        IEnumerable items => AppendList(text, items),
        _ => throw new UnsupportedException("A value of a config has no form in JSON", null, "numbers, texts, lists and dictionaries", value.GetType().Name, "Change what get_config returns."),
    };

    static string Number(double value) => double.IsFinite(value) ? PythonFloat.Text(value)
        : throw new UnsupportedException("A number of a config has no form in JSON", null, "a finite number", PythonFloat.Text(value), "Change what get_config returns.");

    static StringBuilder AppendObject(StringBuilder text, IEnumerable<KeyValuePair<string, object?>> entries)
    {
        text.Append('{');
        foreach (var (i, (key, value)) in entries.Index()) Append((i > 0 ? text.Append(", ") : text).AppendAsciiQuoted(key).Append(": "), value);
        return text.Append('}');
    }

    static StringBuilder AppendList(StringBuilder text, IEnumerable items)
    {
        text.Append('[');
        foreach (var (i, item) in items.Cast<object?>().Index()) Append(i > 0 ? text.Append(", ") : text, item);
        return text.Append(']');
    }

    static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToList(),
        _ => Members(value),
    };

    static Dictionary<string, object?> Members(JsonElement value)
    {
        var members = new Dictionary<string, object?>();
        foreach (var property in value.EnumerateObject()) members[property.Name] = Plain(property.Value); // of duplicate names, the last counts, as in Python
        return members;
    }
}
