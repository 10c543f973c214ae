using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Keras.Transformers;

/// <summary>Converts configuration values to and from JSON. Values of our own classes use source-generated code, which also works without reflection.</summary>
static class ConfigValues
{
    static readonly JsonSerializerOptions Options = new() { TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault ? OfAllTypes() : ConfigTypes.Default };

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">The value has another type.</exception>
    /// <exception cref="UnsupportedException">The program was compiled without reflection on JSON, and the type is none of a configuration's.</exception>
    public static T Read<T>(JsonNode node) => node.Deserialize((JsonTypeInfo<T>)TypeInfo(typeof(T)))!;

    /// <summary>Writes a value as JSON.</summary>
    /// <exception cref="UnsupportedException">The program was compiled without reflection on JSON, and the value is of none of a configuration's types.</exception>
    public static JsonNode? Write(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, TypeInfo(value.GetType()));

    static JsonTypeInfo TypeInfo(Type type)
    {
        try
        {
            return Options.GetTypeInfo(type);
        }
        catch (NotSupportedException e)
        {
            throw new UnsupportedException("A value of a configuration has no form in JSON", expected: "a number, text, true, false, a size or a list of one of them", received: type.Name,
                remedy: "Hold it as one of these; or, in a trimmed program, publish with -p:JsonSerializerIsReflectionEnabledByDefault=true.", inner: e);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Programs without reflection on JSON never come here.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Programs without reflection on JSON never come here.")]
    static IJsonTypeInfoResolver OfAllTypes() => JsonTypeInfoResolver.Combine(ConfigTypes.Default, new DefaultJsonTypeInfoResolver());
}

/// <summary>The types of configuration values.</summary>
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(float?))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(HeightWidth?))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class ConfigTypes : JsonSerializerContext;
