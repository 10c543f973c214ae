using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

public sealed class EncodeGoldenTests
{
    static readonly (bool Skip, bool CleanUp)[] DecodeOptions = [(false, false), (false, true), (true, false), (true, true)];

    static IEnumerable<string> Configurations => TokenizerGolden.Names("encode");

    static IEnumerable<string> VersionFiveFolders => Directory.Exists(TokenizerGolden.VocabFolder(""))
        ? Directory.EnumerateDirectories(TokenizerGolden.VocabFolder(""), "*-v5").Select(d => Path.GetFileName(d)).Order()
        : [];

    [TestCaseSource(nameof(Configurations))]
    public void Texts_are_encoded_and_decoded_as_by_the_reference(string name) => Check(TokenizerGolden.Tokenizer(name), Cases(name));

    [TestCaseSource(nameof(VersionFiveFolders))]
    public void Folders_of_transformers_5_encode_as_those_of_version_4(string folder)
    {
        var name = Configurations.FirstOrDefault(n => Config(n)["vocab"]!.GetValue<string>() == folder[..^3] && Config(n)["base"] is null);
        if (name is null) Assert.Ignore($"No configuration uses the vocabulary of {folder}.");
        Check(TokenizerGolden.FromPretrained(Config(name!)["class"]!.GetValue<string>(), TokenizerGolden.VocabFolder(folder), Config(name!)["kwargs"]!.AsObject()), Cases(name!));
    }

    [TestCaseSource(nameof(Configurations))]
    public void The_slow_class_encodes_and_decodes_as_its_reference(string name)
    {
        var ownResults = Config(name)["class"]!.GetValue<string>() != nameof(GPT2Tokenizer); // which has those of its fast class
        var tokenizer = TokenizerGolden.Tokenizer(name, fast: false);
        var failures = new List<string>();
        foreach (var c in Cases(name))
        {
            var text = TokenizerGolden.Text(c["set"]!.GetValue<string>(), c["i"]!.GetValue<int>());
            var ids = tokenizer.encode(text);
            var (wantedIds, wantedText) = ownResults ? (c["slow_ids"] ?? c["ids"]!, c["slow_decode"] ?? c["decode"]!) : (c["ids"]!, c["decode"]!);
            List<string> differences = [.. DecodeDifferences(tokenizer, [.. c["ids"]!.AsArray().Select(i => i!.GetValue<int>())], wantedText, text)];
            if (!JsonNode.DeepEquals(GoldenCall.ToJson(ids, false), wantedIds))
                differences.Add($"ids: expected {wantedIds.ToJsonString()}, got {string.Join(",", ids)}");
            failures.AddRange(differences.Select(d => $"{c["set"]}[{c["i"]}] {JsonValue.Create(text).ToJsonString()}: {d}"));
        }
        Assert.That(failures, Is.Empty, $"{failures.Count} differences");
    }

    static JsonObject Config(string name) => TokenizerGolden.File($"encode/{name}.json")!["config"]!.AsObject();

    /// <summary>The cases of a configuration, those that equal its base's included.</summary>
    static List<JsonObject> Cases(string name)
    {
        var file = TokenizerGolden.File($"encode/{name}.json")!;
        List<JsonObject> cases = [.. file["cases"]!.AsArray().Select(c => c!.AsObject())];
        if (file["config"]!["base"]?.GetValue<string>() is not { } baseName) return cases;
        if (TokenizerGolden.File($"encode/{baseName}.json") is null) Assert.Ignore($"The base encode/{baseName}.json is not in this golden folder.");
        var ofBase = Cases(baseName).ToDictionary(c => (c["set"]!.GetValue<string>(), c["i"]!.GetValue<int>()));
        foreach (var set in new[] { "nasty", "ordinary" })
            cases.AddRange((file[$"same_as_base_{set}"]?.AsArray() ?? []).Select(i => ofBase[(set, i!.GetValue<int>())]));
        return cases;
    }

    static void Check(PreTrainedTokenizerBase tokenizer, List<JsonObject> cases)
    {
        var texts = cases.Select(c => TokenizerGolden.Text(c["set"]!.GetValue<string>(), c["i"]!.GetValue<int>())).ToArray();
        var batch = tokenizer.Apply(texts, return_special_tokens_mask: true, return_offsets_mapping: true, return_token_type_ids: true);
        Assert.That(cases, Is.Not.Empty);
        var failures = cases.SelectMany((c, i) => Differences(tokenizer, batch, i, texts[i], c)
            .Select(d => $"{c["set"]}[{c["i"]}] {JsonValue.Create(texts[i]).ToJsonString()}: {d}")).ToList();
        Assert.That(failures, Is.Empty, $"{failures.Count} differences in {cases.Count} texts");
    }

    static IEnumerable<string> Differences(PreTrainedTokenizerBase tokenizer, BatchEncoding batch, int row, string text, JsonObject expected)
    {
        var alone = tokenizer.Apply(text, return_offsets_mapping: true, return_special_tokens_mask: true);
        var encoding = alone[0];
        var special = tokenizer.num_special_tokens_to_add();
        var offsets16 = (expected["offsets16"] ?? expected["offsets"])!;
        int[] mask = [.. encoding.ids.Select((_, i) => special == 2 && (i == 0 || i == encoding.Count - 1) ? 1 : 0)];
        int[] ones = [.. encoding.ids.Select(_ => 1)], zeros = [.. encoding.ids.Select(_ => 0)];
        List<(string, JsonNode, object)> checks =
        [
            ("ids", expected["ids"]!, encoding.ids),
            ("ids in the batch", expected["ids"]!, batch["input_ids"][row]),
            ("ids by encode", expected["ids"]!, tokenizer.encode(text)),
            ("offsets", offsets16, encoding.offsets.SelectMany(o => new[] { o.start, o.end })),
            ("offset_mapping", offsets16, batch["offset_mapping"][row]),
            ("offsets in code points", expected["offsets"]!, encoding.offsets.SelectMany(o => new[] { CodePoints.Count(text, o.start), CodePoints.Count(text, o.end) })),
            ("special tokens mask", GoldenCall.ToJson(mask, false)!, batch["special_tokens_mask"][row]),
            ("attention mask", GoldenCall.ToJson(ones, false)!, encoding.attention_mask),
            ("token types", GoldenCall.ToJson(zeros, false)!, batch["token_type_ids"][row]),
        ];
        if (expected["tokens"] is { } tokens) checks.Add(("tokens", tokens, tokenizer.convert_ids_to_tokens(encoding.ids)));
        if (expected["words"] is { } words) checks.Add(("words", words, encoding.word_ids.Select(w => w ?? -1)));
        foreach (var (what, wanted, got) in checks)
            if (GoldenCall.ToJson(got, false) is var json && !JsonNode.DeepEquals(wanted, json)) yield return $"{what}: expected {wanted.ToJsonString()}, got {json!.ToJsonString()}";

        foreach (var difference in DecodeDifferences(tokenizer, encoding.ids, expected["decode"]!, text)) yield return difference;
    }

    static IEnumerable<string> DecodeDifferences(PreTrainedTokenizerBase tokenizer, int[] ids, JsonNode expected, string text)
    {
        foreach (var ((skip, cleanUp), wanted) in Decoded(expected, text))
            if (tokenizer.decode(ids, skip, cleanUp) is var got && got != wanted)
                yield return $"decode(skip_special_tokens: {skip}, clean_up_tokenization_spaces: {cleanUp}): expected '{wanted}', got '{got}'";
    }

    static IEnumerable<((bool, bool), string)> Decoded(JsonNode decode, string text)
    {
        if (decode is not JsonArray four) return [((true, true), decode.GetValueKind() == System.Text.Json.JsonValueKind.True ? text : decode.GetValue<string>())];
        return DecodeOptions.Select((options, i) => (options, (four[i]!.GetValueKind() == System.Text.Json.JsonValueKind.Number ? four[four[i]!.GetValue<int>()] : four[i])!.GetValue<string>()));
    }
}
