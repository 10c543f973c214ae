using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Keras.Transformers;

/// <summary>One result of a pipeline as a dictionary with Hugging Face's keys: by property (<c>output.label</c>), by key (<c>output["label"]</c>), or as JSON.</summary>
public abstract class PipelineOutput : IReadOnlyDictionary<string, object?>
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private protected PipelineOutput() { }

    /// <summary>The non-null fields, in Hugging Face's order.</summary>
    private protected abstract IEnumerable<(string Name, object? Value)> Fields { get; }

    /// <summary>A field by name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name; the message lists the names.</exception>
    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The output has no field '{key}'. It has: {Known.List(Keys)}.{Known.Nearest(key, Keys)}");

    /// <summary>The names of the fields.</summary>
    public IEnumerable<string> Keys => Fields.Select(f => f.Name);

    /// <summary>The values of the fields.</summary>
    public IEnumerable<object?> Values => Fields.Select(f => f.Value);

    /// <summary>How many fields there are.</summary>
    public int Count => Fields.Count();

    /// <summary>Whether there is a field of this name.</summary>
    public bool ContainsKey(string key) => Keys.Contains(key);

    /// <summary>Looks a field up.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        foreach (var field in Fields)
        {
            if (field.Name != key) continue;
            value = field.Value;
            return true;
        }
        value = null;
        return false;
    }

    /// <summary>The fields with their names.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The output as a JSON object.</summary>
    public string to_json_string() => Json(this);

    /// <summary>The output as a JSON object.</summary>
    public override string ToString() => to_json_string();

    internal static string Json(object value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Readable)) Write(writer, value);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Writes a field's value, without reflection, so that it works in trimmed programs.</summary>
    static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case PipelineOutput output:
                writer.WriteStartObject();
                foreach (var (name, field) in output.Fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, field);
                }
                writer.WriteEndObject();
                break;
            case string text: writer.WriteStringValue(text); break;
            case int number: writer.WriteNumberValue(number); break;
            // JSON has no such numbers; they come from a model with broken weights.
            case float number when !float.IsFinite(number): writer.WriteNullValue(); break;
            case float number: writer.WriteNumberValue(number); break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            default: writer.WriteNullValue(); break;
        }
    }
}

/// <summary>The results of a pipeline for one input: a list of dictionaries, the best first.</summary>
/// <remarks>Known deviation: Python returns a bare dictionary if there can be only one; here it is the list's only element.</remarks>
/// <typeparam name="T">The type of each dictionary.</typeparam>
public sealed class PipelineOutputs<T> : IReadOnlyList<T> where T : PipelineOutput
{
    readonly IReadOnlyList<T> _items;

    internal PipelineOutputs(IReadOnlyList<T> items) => _items = items;

    /// <summary>An output by its index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public T this[int index] => (uint)index < (uint)_items.Count ? _items[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"The pipeline returned {_items.Count} of them.");

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>The outputs, the best first.</summary>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The outputs as a JSON array.</summary>
    public string to_json_string() => PipelineOutput.Json(this);

    /// <summary>The outputs as a JSON array.</summary>
    public override string ToString() => to_json_string();
}
