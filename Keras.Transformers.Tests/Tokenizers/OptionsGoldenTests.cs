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
        var tokenizer = TokenizerGolden.Shared(expected["tokenizer"]!.GetValue<string>());
        var words = expected["words"]!.AsArray().Select(w => w!.GetValue<string>());
        var got = tokenizer.Apply(words, is_split_into_words: true).word_ids().Select(w => (JsonNode?)w);
        Assert.That(new JsonArray([.. got]).ToJsonString(), Is.EqualTo(expected["word_ids"]!.ToJsonString()));
    }

    static string Describe(JsonObject c) =>
        $"{c["tokenizer"]}.{c["method"]} {string.Join(' ', new[] { c["attrs"]!, c["kwargs"]!, c["args"]! }.Select(p => p.ToJsonString()).Where(p => p.Length > 2))}";

    static void Check(JsonObject expected)
    {
        var (name, attributes) = (expected["tokenizer"]!.GetValue<string>(), expected["attrs"]!.AsObject());
        var tokenizer = attributes.Count == 0 ? TokenizerGolden.Shared(name) : TokenizerGolden.Tokenizer(name);
        TokenizerGolden.SetAttributes(tokenizer, attributes);
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
        if (result is BatchEncoding encoding && encoding.TryGetValue("offset_mapping", out var offsets))
            encoding["offset_mapping"] = InCodePoints(offsets, encoding, args, kwargs);
        var json = GoldenCall.ToJson(result, kwargs["return_tensors"] is not null);
        foreach (var (column, tensor) in expected["result"] as JsonObject ?? []) // NumPy knows no type of nothing
            if (tensor is JsonObject && tensor["data"] is JsonArray { Count: 0 }) tensor["dtype"] = json![column]!["dtype"]!.DeepClone();
        Assert.That(JsonNode.DeepEquals(json, expected["result"]), $"Expected: {expected["result"]?.ToJsonString()}\nReceived: {json?.ToJsonString()}");
    }

    static bool HasObjects(JsonNode? result) => result is JsonObject columns && columns.Any(c => c.Value is JsonObject tensor && tensor["dtype"]?.GetValue<string>() == "object");

    /// <summary>The offsets of a result counted in code points, as in the golden file.</summary>
    static BatchColumn InCodePoints(BatchColumn offsets, BatchEncoding encoding, JsonArray args, JsonObject kwargs)
    {
        var values = (Array)offsets.Values.Clone();
        var place = 0;
        for (var row = 0; row < encoding.encodings.Count; row++)
        {
            var sample = encoding.TryGetValue("overflow_to_sample_mapping", out var mapping) ? Convert.ToInt32(mapping.Values.GetValue(row), null) : row;
            var (sequences, words) = (encoding.sequence_ids(row), encoding.word_ids(row));
            for (var token = 0; token < sequences.Length; token++, place += 2)
            {
                if (sequences[token] is not { } sequence) continue;
                var text = Text(args, kwargs, sample, sequence, words[token]!.Value);
                for (var k = place; k < place + 2; k++) values.SetValue(CodePoints.Count(text, Convert.ToInt32(values.GetValue(k), null)), k);
            }
        }
        return new(values, offsets.RowStarts, offsets.Width);
    }

    /// <summary>The text that a token came from: text and text_pair may be a text, a batch, words, a batch of words, or a batch of pairs.</summary>
    static string Text(JsonArray args, JsonObject kwargs, int sample, int sequence, int word)
    {
        var isSplit = kwargs["is_split_into_words"]?.GetValue<bool>() == true;
        var first = args.Count > 0 ? args[0]! : kwargs["text"]!;
        if (!isSplit && IsNested(first)) return first[sample]![sequence]!.GetValue<string>();
        var input = sequence == 0 ? first : args.Count > 1 ? args[1]! : kwargs["text_pair"]!;
        if (IsNested(input)) input = input[sample]![word]!;
        else if (input is JsonArray) input = input[isSplit ? word : sample]!;
        return input.GetValue<string>();
    }

    static bool IsNested(JsonNode input) => input is JsonArray { Count: > 0 } list && list[0] is JsonArray;
}
