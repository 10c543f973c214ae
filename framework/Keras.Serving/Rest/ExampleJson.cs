using System.Text.Json;
using Google.Protobuf;
using Keras.SavedModelProtos;
using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Reads the examples of a classify or regress request: integers become int64, other numbers float, strings bytes.</summary>
static class ExampleJson
{
    const int CostOfObject = 16;

    public const string Examples = "examples", Context = "context";

    /// <summary>Reads the examples and their context.</summary>
    /// <exception cref="ServingException">InvalidArgument: the examples have another form.</exception>
    public static Input Read(JsonBody body, long maxElements)
    {
        body.RequireOnly(PredictFields.Signature, Examples, Context);
        if (!body.Has(Examples)) throw JsonBody.Bad("The body has no examples", $"\"{Examples}\": [{{...}}]", Known.List(body.Names));
        try
        {
            var count = 0L;
            var examples = ReadList(body.Value(Examples), ref count, maxElements);
            if (!body.Has(Context)) return new() { ExampleList = new() { Examples = { examples } } };
            var json = body.Value(Context);
            return new() { ExampleListWithContext = new() { Examples = { examples }, Context = ReadExample(ref json, Context, ref count, maxElements) } };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw JsonBody.Broken(e);
        }
    }

    static List<Example> ReadList(Utf8JsonReader json, ref long count, long maxElements)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw JsonBody.Bad($"'{Examples}' is no list", "a list of objects", JsonBody.Say(ref json));
        var examples = new List<Example>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) examples.Add(ReadExample(ref json, $"{Examples}[{examples.Count}]", ref count, maxElements));
        return examples;
    }

    static Example ReadExample(ref Utf8JsonReader json, string place, ref long count, long maxElements)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw JsonBody.Bad($"An example is no object ({place})", "{\"feature\": value or list, ...}", JsonBody.Say(ref json));
        if ((count += CostOfObject) > maxElements) throw JsonBody.Bad("There are too many examples", $"at most {maxElements / CostOfObject}", "more");
        var features = new Features();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonBody.StringOf(ref json);
            json.Read();
            // An object takes as much memory as many values.
            if ((count += CostOfObject) > maxElements) throw JsonBody.Bad("The examples have too many features", $"at most {maxElements / CostOfObject}", "more");
            if (!features.Feature.TryAdd(name, ReadFeature(ref json, $"{place}.{name}", ref count, maxElements))) throw JsonBody.Bad($"A feature stands twice ({place})", "each once", name);
        }
        return new() { Features = features };
    }

    static bool TryAdd(this Google.Protobuf.Collections.MapField<string, Feature> features, string name, Feature feature)
    {
        if (features.ContainsKey(name)) return false;
        features.Add(name, feature);
        return true;
    }

    static Feature ReadFeature(ref Utf8JsonReader json, string place, ref long count, long maxElements)
    {
        var values = new FeatureValues(place);
        if (json.TokenType != JsonTokenType.StartArray) values.Add(ref json);
        else
            while (json.Read() && json.TokenType != JsonTokenType.EndArray) values.Add(ref json);
        if ((count += values.Count) > maxElements) throw JsonBody.Bad("The examples have too many values", $"at most {maxElements}", "more");
        return values.ToFeature();
    }

    /// <summary>The values of a feature, all of one kind.</summary>
    sealed class FeatureValues(string place)
    {
        readonly List<ByteString> _bytes = [];
        readonly List<double> _numbers = [];
        readonly List<long> _whole = [];

        public int Count => _bytes.Count + _numbers.Count;

        public void Add(ref Utf8JsonReader json)
        {
            if (json.TokenType == JsonTokenType.String && NonFinite.Read(json.ValueSpan) is { } bare) _numbers.Add(bare);
            else if (json.TokenType == JsonTokenType.String) _bytes.Add(ByteString.CopyFromUtf8(JsonBody.StringOf(ref json)));
            else if (json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var number) && float.IsFinite((float)number))
            {
                _numbers.Add(number);
                if (json.TryGetInt64(out var whole)) _whole.Add(whole);
            }
            else if (json.TokenType == JsonTokenType.StartObject && TensorReader.TryReadBase64(ref json) is { } bytes) _bytes.Add(ByteString.CopyFrom(bytes));
            else throw JsonBody.Bad($"A feature has a value that examples cannot hold ({place})", "a number in the range of float32 or int64, a string or {\"b64\": ...}, or a list of these", JsonBody.Say(ref json));
            if (_bytes.Count > 0 && _numbers.Count > 0) throw JsonBody.Bad($"A feature mixes numbers and strings ({place})", "one kind", "both");
        }

        public Feature ToFeature() => _bytes.Count > 0 ? new() { BytesList = new() { Value = { _bytes } } }
            : _numbers.Count == 0 ? new()
            : _whole.Count == _numbers.Count ? new() { Int64List = new() { Value = { _whole } } }
            : new() { FloatList = new() { Value = { _numbers.Select(n => (float)n) } } };
    }
}
