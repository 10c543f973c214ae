using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

public sealed class OptionsGoldenTests
{
    static IEnumerable<TestCaseData> OptionCases => TokenizerGolden.Cases("options.json", Describe);

    static IEnumerable<TestCaseData> PadCases => TokenizerGolden.Cases("pad.json", Describe);

    static IEnumerable<TestCaseData> SplitWordCases => ((JsonArray?)TokenizerGolden.File("options.json")?["split_word_ids"] ?? [])
        .Select((c, i) => new TestCaseData(c!.AsObject()).SetArgDisplayNames($"{i}: {c["tokenizer"]} {c["words"]!.ToJsonString()}"));

    [TestCaseSource(nameof(OptionCases))]
    public void Options_act_as_in_the_reference(JsonObject expected) => Check(expected);

    [TestCaseSource(nameof(PadCases))]
    public void Rows_are_padded_as_by_the_reference(JsonObject expected) => Check(expected);

    [TestCaseSource(nameof(SplitWordCases))]
    public void Words_given_apart_keep_their_numbers(JsonObject expected)
    {
        var tokenizer = TokenizerGolden.Tokenizer(expected["tokenizer"]!.GetValue<string>());
        var words = expected["words"]!.AsArray().Select(w => w!.GetValue<string>());
        var got = tokenizer.Apply(words, is_split_into_words: true).word_ids().Select(w => (JsonNode?)w);
        Assert.That(new JsonArray([.. got]).ToJsonString(), Is.EqualTo(expected["word_ids"]!.ToJsonString()));
    }

    static string Describe(JsonObject c) =>
        $"{c["tokenizer"]}.{c["method"]} {string.Join(' ', new[] { c["attrs"]!, c["kwargs"]!, c["args"]! }.Select(p => p.ToJsonString()).Where(p => p.Length > 2))}";

    static void Check(JsonObject expected)
    {
        var tokenizer = TokenizerGolden.Tokenizer(expected["tokenizer"]!.GetValue<string>());
        TokenizerGolden.SetAttributes(tokenizer, expected["attrs"]!.AsObject());
        var (args, kwargs) = (expected["args"]!.AsArray(), expected["kwargs"]!.AsObject());
        var method = expected["method"]!.GetValue<string>();
        object? Call() => GoldenCall.Invoke(tokenizer.GetType(), tokenizer, method, args, kwargs);

        // Ragged rows as a tensor: NumPy makes an array of objects of them, here it is an error.
        if (expected["error"] is not null || HasObjects(expected["result"]))
        {
            Assert.That(Call, Throws.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>().Or.InstanceOf<GoldenCall.NoSuchOverload>());
            return;
        }
        var result = Call();
        var json = GoldenCall.ToJson(result, kwargs["return_tensors"] is not null);
        if (result is BatchEncoding encoding && encoding.ContainsKey("offset_mapping")) InCodePoints((JsonObject)json!, encoding, args, kwargs);
        Assert.That(JsonNode.DeepEquals(json, expected["result"]), $"Expected: {expected["result"]?.ToJsonString()}\nReceived: {json?.ToJsonString()}");
    }

    static bool HasObjects(JsonNode? result) => result is JsonObject columns && columns.Any(c => c.Value is JsonObject tensor && tensor["dtype"]?.GetValue<string>() == "object");

    /// <summary>Counts the offsets of a result in code points, as the golden file does.</summary>
    static void InCodePoints(JsonObject json, BatchEncoding encoding, JsonArray args, JsonObject kwargs)
    {
        var rows = encoding["offset_mapping"].HasRows ? json["offset_mapping"]!.AsArray() : new JsonArray(json["offset_mapping"]!.DeepClone());
        for (var row = 0; row < rows.Count; row++)
        {
            var sample = encoding.TryGetValue("overflow_to_sample_mapping", out var mapping) ? (int)mapping.Values.GetValue(row)! : row;
            var (sequences, words) = (encoding.sequence_ids(row), encoding.word_ids(row));
            for (var token = 0; token < sequences.Length; token++)
            {
                if (sequences[token] is not { } sequence) continue;
                var text = Text(args, kwargs, sample, sequence, words[token]!.Value);
                var pair = rows[row]![token]!.AsArray();
                for (var k = 0; k < 2; k++) pair[k] = CodePoints.Count(text, pair[k]!.GetValue<int>());
            }
        }
        if (!encoding["offset_mapping"].HasRows) json["offset_mapping"] = rows[0]!.DeepClone();
    }

    static string Text(JsonArray args, JsonObject kwargs, int sample, int sequence, int word)
    {
        var isSplit = kwargs["is_split_into_words"]?.GetValue<bool>() == true;
        var input = args[sequence]!;
        if (isSplit) return (input[0] is JsonArray ? input[sample]! : input)[word]!.GetValue<string>();
        return input is JsonArray batch ? batch[sample]!.GetValue<string>() : input.GetValue<string>();
    }
}
