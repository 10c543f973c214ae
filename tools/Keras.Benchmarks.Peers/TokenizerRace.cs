using System.Text.Json.Nodes;
using Keras.Transformers;
using Tokenizers.DotNet;

namespace Keras.Benchmarks;

/// <summary>
/// Compares three libraries on the tokenizer of a BERT folder (vocab.txt and tokenizer.json), in turns: the ids of each line of a text, on all processors that .NET sees
/// (DOTNET_PROCESSOR_COUNT=1 for one).
/// </summary>
static class TokenizerRace
{
    const int LongestLine = 1 << 13;

    static readonly ThreadLocal<long[]> Ids = new(() => new long[LongestLine]), Mask = new(() => new long[LongestLine]);

    public static IEnumerable<JsonObject> Run(PeerOptions options)
    {
        var (folder, lines) = (options.PathOf("--folder"), File.ReadAllLines(options.PathOf("--text")));
        var ours = BertTokenizerFast.from_pretrained(folder);
        var fast = new FastBertTokenizer.BertTokenizer();
        using (var vocabulary = File.OpenText(Path.Combine(folder, "vocab.txt"))) fast.LoadVocabulary(vocabulary, convertInputToLowercase: true);
        using var rust = Rust(folder);

        var ids = new int[lines.Length][];
        void Each(Func<string, int[]> encode) => Parallel.For(0, lines.Length, i => ids[i] = encode(lines[i]));
        BatchColumn? own = null;
        (string Name, Action Encode)[] racers =
        [
            ("keras.transformers", () => own = ours.Apply(lines, return_attention_mask: false, return_token_type_ids: false)["input_ids"]),
            ("fastberttokenizer", () => Each(line =>
            {
                // The overloads that return memory return the tokenizer's own, which threads would share.
                var count = fast.Encode(line, Ids.Value!, Mask.Value!);
                return Array.ConvertAll(Ids.Value.AsSpan(0, count).ToArray(), id => (int)id);
            })),
            ("tokenizers.dotnet", () => Each(line => Array.ConvertAll(rust.Encode(line), id => (int)id))),
        ];
        var differ = new int[racers.Length];
        for (var r = 0; r < racers.Length; r++)
        {
            racers[r].Encode();
            if (r > 0) differ[r] = Enumerable.Range(0, lines.Length).Count(i => !own!.Row(i).SequenceEqual(ids[i]));
        }
        var (tokens, times) = (own!.Values.Length, racers.Select(_ => new List<double>()).ToArray());
        for (var round = 0; round < options.Number("--repeat", 10); round++)
            for (var r = 0; r < racers.Length; r++) times[r].AddRange(Timings.Of(racers[r].Encode, 1, warm: 0).Seconds);
        return racers.Select((r, i) =>
        {
            var found = new Timings(times[i][0], [.. times[i]]);
            return PeerReport.Line(r.Name, "tokenize", found, new JsonObject
            {
                ["processors"] = Environment.ProcessorCount,
                ["lines"] = lines.Length,
                ["lines_that_differ"] = differ[i],
                ["tokens_per_s"] = Math.Round(tokens / found.Median, 1),
            });
        }).ToList();
    }

    /// <summary>Loads the tokenizer without truncation and padding, which its file would set.</summary>
    static Tokenizer Rust(string folder)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")))!;
        json["truncation"] = json["padding"] = null;
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json.ToJsonString());
            return new(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
