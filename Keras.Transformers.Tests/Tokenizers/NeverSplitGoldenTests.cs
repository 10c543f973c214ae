using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

public sealed class NeverSplitGoldenTests
{
    const string Configuration = "bert-uncased";

    static IEnumerable<TestCaseData> TextCases => TokenizerGolden.Cases("never_split.json", c => c["text"]!.ToJsonString());

    static readonly Lazy<PreTrainedTokenizerBase> Slow = new(() => TokenizerGolden.Tokenizer(Configuration, fast: false,
        new() { ["never_split"] = TokenizerGolden.File("never_split.json")!["never_split"]!.DeepClone() }));

    static readonly Lazy<PreTrainedTokenizerBase> Fast = new(() => TokenizerGolden.Tokenizer(Configuration));

    static readonly Lazy<PreTrainedTokenizerBase> NoBasic = new(() => TokenizerGolden.Tokenizer(Configuration, fast: false, new() { ["do_basic_tokenize"] = false }));

    [TestCaseSource(nameof(TextCases))]
    public void Words_are_kept_whole(JsonObject expected)
    {
        var text = expected["text"]!.GetValue<string>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Slow.Value.encode(text), Is.EqualTo(Ints("ids")), "ids");
            Assert.That(Slow.Value.tokenize(text), Is.EqualTo(expected["tokens"]!.AsArray().Select(t => t!.GetValue<string>())), "tokens");
            Assert.That(Fast.Value.encode(text), Is.EqualTo(Ints("fast_ids")), "fast_ids");
            Assert.That(NoBasic.Value.encode(text), Is.EqualTo(Ints("no_basic_ids")), "no_basic_ids");
        }

        IEnumerable<int> Ints(string name) => expected[name]!.AsArray().Select(i => i!.GetValue<int>());
    }
}
