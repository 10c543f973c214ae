using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Fuzz;

/// <summary>Changes a JSON file so that it stays JSON: other values, other keys, parts left out, moved and doubled.</summary>
static class JsonMutator
{
    /// <summary>Values at which readers go wrong, as they stand in a file.</summary>
    static readonly string[] Edges =
    [
        "null", "true", "false", "0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775808", "1e30", "1e-400", "0.5", "\"\"", "\"x\"", "\"[MASK]\"",
        "\"##\"", "\"\\u0000\"", "\"\\uD800\"", "\"left\"", "\"BertTokenizer\"", "[]", "[null]", "[[]]", "{}", "{\"a\":{}}", "{\"id\":0}", "{\"content\":\"y\"}", "[\"[CLS]\",2]",
    ];

    const string Mark = "\"@edge@\"";
    const int KeptMembers = 40;

    /// <summary>The changed file; null where the bytes are no JSON object.</summary>
    public static byte[]? TryMake(Random random, byte[] bytes)
    {
        JsonNode root;
        try
        {
            if (JsonNode.Parse(bytes) is not JsonObject parsed) return null;
            root = parsed;
        }
        catch (JsonException)
        {
            return null;
        }
        var edges = new List<string>();
        for (var n = random.Next(1, 4); n > 0; n--) Change(random, root, edges);
        var text = new StringBuilder(root.ToJsonString());
        foreach (var edge in edges)
            if (text.ToString().IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at) text.Remove(at, Mark.Length).Insert(at, edge);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static void Change(Random random, JsonNode root, List<string> edges)
    {
        var parents = Parents(root).ToList();
        switch (parents[random.Next(parents.Count)])
        {
            case JsonObject { Count: > 0 } o: ChangeMember(random, o, parents, edges); break;
            case JsonArray { Count: > 0 } a:
                var i = random.Next(a.Count);
                if (random.Next(3) == 0) a.RemoveAt(i);
                else a[i] = Other(random, a[i], parents, edges);
                break;
        }
    }

    static void ChangeMember(Random random, JsonObject o, List<JsonNode> parents, List<string> edges)
    {
        var (name, value) = o.GetAt(random.Next(o.Count));
        switch (random.Next(6))
        {
            case 0: o.Remove(name); break;
            case 1: o.Remove(name); o[random.Next(2) == 0 ? "" : name + "x"] = value; break;
            case 2: while (o.Count > KeptMembers) o.RemoveAt(o.Count - 1); break;
            default: o[name] = Other(random, value, parents, edges); break;
        }
    }

    static JsonNode? Other(Random random, JsonNode? value, List<JsonNode> parents, List<string> edges)
    {
        if (random.Next(4) == 0) return parents[random.Next(parents.Count)].DeepClone();
        if (random.Next(4) == 0 && value is not null) return new JsonArray(value.DeepClone());
        edges.Add(Edges[random.Next(Edges.Length)]);
        return JsonNode.Parse(Mark);
    }

    static IEnumerable<JsonNode> Parents(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => Parents(m.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Parents).Prepend(a),
        _ => [],
    };
}
