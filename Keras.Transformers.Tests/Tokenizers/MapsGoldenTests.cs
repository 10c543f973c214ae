using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

public sealed class MapsGoldenTests
{
    static IEnumerable<TestCaseData> MapCases => TokenizerGolden.Cases("maps.json", c => $"{c["tokenizer"]} {c["text"]!.ToJsonString()}");

    static IEnumerable<TestCaseData> PairCases => TokenizerGolden.File("maps.json") is { } file
        ? [new TestCaseData(file["pair"]!.AsObject(), file["cases"]![0]!["tokenizer"]!.GetValue<string>()).SetArgDisplayNames("pair")]
        : [];

    [TestCaseSource(nameof(MapCases))]
    public void Tokens_words_and_characters_find_each_other(JsonObject expected)
    {
        var tokenizer = TokenizerGolden.Shared(expected["tokenizer"]!.GetValue<string>());
        var text = expected["text"]!.GetValue<string>();
        var encoding = tokenizer.Apply(text);
        var tokens = Enumerable.Range(0, encoding[0].Count).ToList();
        var words = Enumerable.Range(0, expected["word_to_tokens"]!.AsArray().Count).ToList();
        var characters = Enumerable.Range(0, expected["char_to_token"]!.AsArray().Count).Select(c => CodePoints.Units(text, c)).ToList();
        using (Assert.EnterMultipleScope())
        {
            Check("char16_to_token", Enumerable.Range(0, text.Length).Select(c => (JsonNode?)encoding.char_to_token(c)));
            Check("char_to_token", characters.Select(c => (JsonNode?)encoding.char_to_token(c)));
            Check("char_to_word", characters.Select(c => (JsonNode?)encoding.char_to_word(c)));
            Check("token_to_chars", tokens.Select(t => Span(encoding.token_to_chars(t))));
            Check("token_to_word", tokens.Select(t => (JsonNode?)encoding.token_to_word(t)));
            Check("word_to_tokens", words.Select(w => encoding.word_to_tokens(w) is { } s ? new JsonArray(s.start, s.end) : null));
            Check("word_to_chars", words.Select(w => Span(encoding.word_to_chars(w))));
        }

        void Check(string name, IEnumerable<JsonNode?> got) => Assert.That(new JsonArray([.. got]).ToJsonString(), Is.EqualTo(expected[name]!.ToJsonString()), name);

        JsonNode? Span(CharSpan? span) => span is { } s ? new JsonArray(CodePoints.Count(text, s.start), CodePoints.Count(text, s.end)) : null;
    }

    [TestCaseSource(nameof(PairCases))]
    public void Tokens_of_a_pair_know_their_sequence(JsonObject expected, string name)
    {
        var encoding = TokenizerGolden.Shared(name).Apply(expected["text"]!.GetValue<string>(), expected["pair"]!.GetValue<string>());
        var sequences = Enumerable.Range(0, encoding[0].Count).Select(t => encoding.token_to_sequence(t)).Where(s => s is not null);
        using (Assert.EnterMultipleScope())
        {
            Check("sequence_ids", encoding.sequence_ids());
            Check("word_ids", encoding.word_ids());
            Check("token_to_sequence", sequences);
        }

        void Check(string key, IEnumerable<int?> got) => Assert.That(new JsonArray([.. got.Select(v => (JsonNode?)v)]).ToJsonString(), Is.EqualTo(expected[key]!.ToJsonString()), key);
    }
}
