using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Collators, tokenizers and columns of the golden cases.</summary>
static class CollatorCases
{
    static readonly ConcurrentDictionary<string, PreTrainedTokenizerBase> Tokenizers = new();

    public static PreTrainedTokenizerBase Tokenizer(string name) => Tokenizers.GetOrAdd(name, static name =>
    {
        if (name == "gpt2")
        {
            var gpt = GPT2TokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("gpt2"));
            gpt.pad_token = gpt.eos_token;
            return gpt;
        }
        var bert = BertTokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bert-base-uncased"));
        if (name.EndsWith("left", StringComparison.Ordinal)) bert.padding_side = "left";
        return bert;
    });

    public static DataCollator Make(string name, string? tokenizerName, JsonObject kwargs, string kind)
    {
        var tokenizer = tokenizerName is null ? null! : Tokenizer(tokenizerName);
        PaddingStrategy? padding = kwargs["padding"] switch
        {
            null => null,
            var p when p.GetValueKind() == JsonValueKind.String => (string)p!,
            var p => (bool)p,
        };
        var (length, multiple, label) = ((int?)kwargs["max_length"], (int?)kwargs["pad_to_multiple_of"], (int?)kwargs["label_pad_token_id"] ?? -100);
        return name switch
        {
            nameof(DefaultDataCollator) => new DefaultDataCollator(kind),
            nameof(DataCollatorWithPadding) => new DataCollatorWithPadding(tokenizer, padding, length, multiple, kind),
            nameof(DataCollatorForTokenClassification) => new DataCollatorForTokenClassification(tokenizer, padding, length, multiple, label, kind),
            nameof(DataCollatorForSeq2Seq) => new DataCollatorForSeq2Seq(tokenizer, padding, length, multiple, label, kind),
            nameof(DataCollatorForMultipleChoice) => new DataCollatorForMultipleChoice(tokenizer, padding, length, multiple, kind),
            nameof(DataCollatorForLanguageModeling) => new DataCollatorForLanguageModeling(tokenizer, mlm: (bool?)kwargs["mlm"] ?? true, pad_to_multiple_of: multiple, return_tensors: kind),
            _ => throw new ArgumentException($"No such collator: {name}"),
        };
    }

    /// <summary>A value of an example: a number, a truth value, a text, a row, or rows.</summary>
    public static BatchColumn? Column(JsonNode? node) => node switch
    {
        null => null,
        JsonArray { Count: > 0 } rows when rows[0] is JsonArray => rows.Select(r => Ints(r!)).ToArray(),
        JsonArray row when row.Any(IsFraction) => row.Select(v => (double)v!).ToArray(),
        JsonArray row => Ints(row),
        _ when node.GetValueKind() == JsonValueKind.String => (string)node!,
        _ when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => (bool)node,
        _ when IsFraction(node) => (double)node,
        _ => (int)node,
    };

    public static bool IsFraction(JsonNode? node) => node!.GetValueKind() == JsonValueKind.Number && node.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E');

    public static int[] Ints(JsonNode node) => [.. node.AsArray().Select(v => (int)v!)];
}
