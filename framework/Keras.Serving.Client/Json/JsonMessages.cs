using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Keras.SavedModelProtos;

namespace Keras.Serving;

/// <summary>Writes and reads the bodies of TensorFlow Serving's REST API: requests in column form, and responses.</summary>
static class JsonMessages
{
    /// <summary>Options that allow nesting as deep as tensors can have dimensions.</summary>
    public static JsonDocumentOptions Deep { get; } = new() { MaxDepth = 264 };

    static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 264 };

    public static ReadOnlyMemory<byte> Predict(string? signature, IReadOnlyDictionary<string, HostTensor> inputs) => Body(signature, writer =>
    {
        writer.WriteStartObject("inputs");
        foreach (var (name, tensor) in inputs)
        {
            writer.WritePropertyName(name);
            JsonTensors.Write(writer, tensor);
        }
        writer.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Examples(string? signature, IReadOnlyList<Example> examples, Example? context) => Body(signature, writer =>
    {
        if (context is not null)
        {
            writer.WritePropertyName("context");
            Write(writer, context);
        }
        writer.WriteStartArray("examples");
        foreach (var example in examples) Write(writer, example);
        writer.WriteEndArray();
    });

    static ReadOnlyMemory<byte> Body(string? signature, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            writer.WriteStartObject();
            if (signature is not null) writer.WriteString("signature_name", signature);
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    static void Write(Utf8JsonWriter writer, Example example)
    {
        writer.WriteStartObject();
        foreach (var (name, feature) in example.Features.Feature)
        {
            writer.WriteStartArray(name);
            foreach (var value in feature.BytesList?.Value ?? []) JsonTensors.WriteBytes(writer, value.Span);
            foreach (var value in feature.FloatList?.Value ?? []) JsonTensors.WriteFloat(writer, value);
            foreach (var value in feature.Int64List?.Value ?? []) writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    /// <summary>Reads the outputs by name; a single one comes without its name.</summary>
    /// <exception cref="FormatException">The outputs do not match the signature.</exception>
    public static IReadOnlyDictionary<string, HostTensor> Outputs(JsonElement value, TFServingSignature signature)
    {
        if (signature.Outputs.Count == 1)
        {
            var only = signature.Outputs.Values.Single();
            return new Dictionary<string, HostTensor> { [only.Name] = JsonTensors.Read(value, only.DType, only.Name) };
        }
        if (value.ValueKind != JsonValueKind.Object) throw new FormatException($"it holds one output where the signature has {string.Join(", ", signature.Outputs.Keys)}");
        var outputs = new Dictionary<string, HostTensor>();
        foreach (var output in value.EnumerateObject())
        {
            if (!signature.Outputs.TryGetValue(output.Name, out var info)) throw new FormatException($"it holds the output '{output.Name}' where the signature has {string.Join(", ", signature.Outputs.Keys)}");
            outputs[output.Name] = JsonTensors.Read(output.Value, info.DType, output.Name);
        }
        return outputs.Count == signature.Outputs.Count ? outputs : throw new FormatException($"it lacks outputs: the signature has {string.Join(", ", signature.Outputs.Keys)}");
    }

    /// <exception cref="FormatException">There are no classes.</exception>
    public static IReadOnlyList<IReadOnlyList<TFServingClass>> Classes(JsonElement root) =>
        [.. Results(root).EnumerateArray().Select(row => (IReadOnlyList<TFServingClass>)[.. row.EnumerateArray().Select(Class)])];

    static TFServingClass Class(JsonElement pair) => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.String
        ? new(pair[0].GetString()!, (float)JsonTensors.Number(pair[1], DType.Float32, "scores"))
        : throw new FormatException("a class is no pair of a label and a score");

    /// <exception cref="FormatException">There are no numbers.</exception>
    public static IReadOnlyList<float> Values(JsonElement root) => [.. Results(root).EnumerateArray().Select(v => (float)JsonTensors.Number(v, DType.Float32, "results"))];

    static JsonElement Results(JsonElement root) => root.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array
        ? results
        : throw new FormatException("it has no list 'results'");

    /// <summary>Reads the error message of a response; null if there is none.</summary>
    public static string? Error(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error)
                ? error.ValueKind == JsonValueKind.String ? error.GetString() : error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) ? message.ToString() : error.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
