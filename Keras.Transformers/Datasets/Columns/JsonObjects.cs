using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Converts JSON to the objects that columns are made of.</summary>
static class JsonObjects
{
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var whole) && !json.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') ? (object)whole : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Of).ToArray(),
        _ => Record(json),
    };

    static Dictionary<string, object?> Record(JsonElement json)
    {
        var record = new Dictionary<string, object?>();
        foreach (var member in json.EnumerateObject()) record[member.Name] = Of(member.Value);
        return record;
    }
}
