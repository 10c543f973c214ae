using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Reads features as <c>datasets</c> writes them into dataset_info.json and into the metadata of Arrow files.</summary>
static class FeatureJson
{
    const int Deepest = 64;

    /// <summary>Reads the features of all columns.</summary>
    /// <param name="json">An object of features by name.</param>
    /// <param name="where">The file, for errors.</param>
    /// <exception cref="FileFormatException">The value is not such an object.</exception>
    /// <exception cref="UnsupportedException">A feature is of a type that is not known here.</exception>
    public static Features Read(JsonElement json, string where) => Record(json, where, 0);

    static Features Record(JsonElement json, string where, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Bad(where, "an object of features by name", json);
        var features = new Features();
        foreach (var member in json.EnumerateObject())
        {
            if (features.ContainsKey(member.Name)) throw new FileFormatException("A column comes twice", where, "names that differ", member.Name);
            features.Add(member.Name, Read(member.Value, $"{where}, {member.Name}", depth + 1));
        }
        return features;
    }

    static Feature Read(JsonElement json, string where, int depth)
    {
        if (depth > Deepest) throw new FileFormatException("Features are nested too deep", where, $"at most {Deepest} levels");
        if (json.ValueKind == JsonValueKind.Array)
            return json.GetArrayLength() == 1 ? new Sequence(Read(json[0], where, depth + 1)) : throw Bad(where, "a list of one feature", json);
        if (json.ValueKind != JsonValueKind.Object) throw Bad(where, "a feature", json);
        if (!json.TryGetProperty("_type", out var type) || type.ValueKind != JsonValueKind.String) return Record(json, where, depth);
        return type.GetString() switch
        {
            "Value" => ReadValue(json, where),
            "ClassLabel" => ReadLabel(json, where),
            "Sequence" => ReadSequence(json, where, depth),
            "List" or "LargeList" => new Sequence(Inner(json, where, depth), Length(json, where)),
            "Image" => new Image(),
            var other => throw new UnsupportedException("A feature is of a type that is not known here", where, "Value, ClassLabel, Sequence, List, LargeList or Image", other,
                "Cast the column with Python's datasets, or remove it, and save again."),
        };
    }

    static Value ReadValue(JsonElement json, string where) =>
        json.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String && ElementType.Find(dtype.GetString()!) is { } element ? new(element)
        : throw new UnsupportedException("A column has a dtype that is not known here", where, $"one of {ElementType.Names}", dtype.ToString(), "Cast the column with Python's datasets and save again.");

    static ClassLabel ReadLabel(JsonElement json, string where)
    {
        if (json.TryGetProperty("names", out var names) && names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(n => n.ValueKind == JsonValueKind.String))
        {
            string[] list = [.. names.EnumerateArray().Select(n => n.GetString()!)];
            return list.Distinct().Count() == list.Length ? new(names: list) : throw new FileFormatException("The name of a class occurs twice", where, "names that differ", Known.List(list.Take(20)));
        }
        throw Bad(where, "names as a list of texts", json);
    }

    /// <summary>Reads a sequence; as in <c>datasets</c>, a sequence of a record is a record of sequences.</summary>
    static Feature ReadSequence(JsonElement json, string where, int depth)
    {
        var (inner, length) = (Inner(json, where, depth), Length(json, where));
        return inner is Features record ? new Features(record.Select(c => KeyValuePair.Create(c.Key, (Feature)new Sequence(c.Value, length)))) : new Sequence(inner, length);
    }

    static Feature Inner(JsonElement json, string where, int depth) =>
        json.TryGetProperty("feature", out var inner) ? Read(inner, where, depth + 1) : throw Bad(where, "a member \"feature\"", json);

    static int Length(JsonElement json, string where)
    {
        if (!json.TryGetProperty("length", out var length) || length.ValueKind == JsonValueKind.Null) return -1;
        return length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out var n) && n >= -1 ? n : throw Bad(where, "a length of at least -1", length);
    }

    static FileFormatException Bad(string where, string expected, JsonElement json) =>
        new("The description of the columns is malformed", where, expected, json.GetRawText() is { Length: > 120 } text ? text[..120] + "..." : json.GetRawText());
}
