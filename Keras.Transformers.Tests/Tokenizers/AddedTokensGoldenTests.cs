using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

public sealed class AddedTokensGoldenTests
{
    static readonly (bool Skip, bool CleanUp)[] DecodeOptions = [(false, false), (false, true), (true, false), (true, true)];

    static IEnumerable<TestCaseData> AddedCases => TokenizerGolden.Cases("added_tokens.json", c => $"{c["tokenizer"]} {c["ops"]!.ToJsonString()}");

    [TestCaseSource(nameof(AddedCases))]
    public void Added_tokens_act_and_are_saved_as_in_the_reference(JsonObject expected)
    {
        var tokenizer = TokenizerGolden.Tokenizer(expected["tokenizer"]!.GetValue<string>());
        var fast = expected["fast"]!.AsObject();
        var texts = expected["texts"]!.AsArray().Select(t => t!.GetValue<string>()).ToList();
        var ops = expected["ops"]!.AsArray().Select(o => o!.AsArray()).ToList();
        using var folder = new TemporaryFolder();
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < ops.Count; i++) CheckOperation(tokenizer, ops[i], fast["returned"]![i]!);
            Assert.That(tokenizer.Count, Is.EqualTo(fast["len"]!.GetValue<int>()), "len");
            Assert.That(tokenizer.vocab_size, Is.EqualTo(fast["vocab_size"]!.GetValue<int>()), "vocab_size");
            CheckJson("added_vocab", Map(tokenizer.get_added_vocab()), fast["added_vocab"]);
            CheckJson("special_tokens_map", SpecialTokens(tokenizer), fast["special_tokens_map"]);
            CheckJson("all_special_tokens", GoldenCall.ToJson(tokenizer.all_special_tokens, false), fast["all_special_tokens"]);
            CheckJson("all_special_ids", GoldenCall.ToJson(tokenizer.all_special_ids, false), fast["all_special_ids"]);
            for (var i = 0; i < texts.Count; i++) CheckEncoding(tokenizer, texts[i], fast["encodings"]![i]!.AsObject());

            tokenizer.save_pretrained(folder.Path);
            foreach (var (name, content) in fast["saved"]!.AsObject()) CheckJson(name, ReadJson(Path.Combine(folder.Path, name)), content);

            var reloaded = AutoTokenizer.from_pretrained(folder.Path);
            for (var i = 0; i < texts.Count; i++)
                Assert.That(reloaded.encode(texts[i]).SequenceEqual(tokenizer.encode(texts[i])), Is.EqualTo(fast["reload_same"]![i]!.GetValue<bool>()), $"reloaded: '{texts[i]}'");
        }
    }

    static void CheckOperation(PreTrainedTokenizerBase tokenizer, JsonArray operation, JsonNode returned)
    {
        if (returned["error"] is not null)
            Assert.That(() => Operate(tokenizer, operation), Throws.InstanceOf<ArgumentException>().Or.InstanceOf<GoldenCall.NoSuchOverload>());
        else
            Assert.That(Operate(tokenizer, operation), Is.EqualTo(returned["result"]!.GetValue<int>()), operation.ToJsonString());
    }

    static object? Operate(PreTrainedTokenizerBase tokenizer, JsonArray operation)
    {
        var argument = operation[1]!.DeepClone();
        const string Additional = "additional_special_tokens";
        if (operation[0]!.GetValue<string>() == "add_tokens") return Call("add_tokens", argument, []);
        if (operation[0]!.GetValue<string>() == "add_tokens_special") return Call("add_tokens", argument, new() { ["special_tokens"] = true });
        var added = 0;
        var keep = operation[0]!.GetValue<string>() == "add_special_tokens_keep";
        if (argument.AsObject().Remove(Additional, out var list))
            added += (int)Call("add_special_tokens", list, keep ? new() { ["replace_additional_special_tokens"] = false } : [])!;
        if (argument.AsObject().Count > 0) added += (int)Call("add_special_tokens", argument, [])!;
        return added;

        object? Call(string method, JsonNode? value, JsonObject kwargs) => GoldenCall.Invoke(tokenizer.GetType(), tokenizer, method, [value?.DeepClone()], kwargs);
    }

    static void CheckEncoding(PreTrainedTokenizerBase tokenizer, string text, JsonObject expected)
    {
        var encoding = tokenizer.Apply(text)[0];
        CheckJson($"ids of '{text}'", GoldenCall.ToJson(encoding.ids, false), expected["ids"]);
        CheckJson($"tokens of '{text}'", GoldenCall.ToJson(tokenizer.convert_ids_to_tokens(encoding.ids), false), expected["tokens"]);
        CheckJson($"offsets of '{text}'", GoldenCall.ToJson(
            encoding.offsets.SelectMany(o => new[] { CodePoints.Count(text, o.start), CodePoints.Count(text, o.end) }), false), expected["offsets"]);
        CheckJson($"mask of '{text}'", GoldenCall.ToJson(tokenizer.get_special_tokens_mask(encoding.ids, already_has_special_tokens: true), false), expected["mask"]);
        var four = expected["decode"]!.AsArray();
        for (var i = 0; i < 4; i++)
        {
            var wanted = four[i]!.GetValueKind() == System.Text.Json.JsonValueKind.Number ? four[four[i]!.GetValue<int>()] : four[i];
            Assert.That(tokenizer.decode(encoding.ids, DecodeOptions[i].Skip, DecodeOptions[i].CleanUp), Is.EqualTo(wanted!.GetValue<string>()), $"decode {DecodeOptions[i]} of '{text}'");
        }
    }

    static JsonObject SpecialTokens(PreTrainedTokenizerBase tokenizer)
    {
        var map = new JsonObject(tokenizer.special_tokens_map.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        if (tokenizer.additional_special_tokens.Count > 0) map["additional_special_tokens"] = GoldenCall.ToJson(tokenizer.additional_special_tokens, false);
        return map;
    }

    static JsonObject Map(Dictionary<string, int> map) => new(map.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));

    static JsonNode? ReadJson(string path) => File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;

    static void CheckJson(string what, JsonNode? got, JsonNode? expected) =>
        Assert.That(JsonNode.DeepEquals(got, expected), $"{what}\nExpected: {expected?.ToJsonString()}\nReceived: {got?.ToJsonString()}");
}
