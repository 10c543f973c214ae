using System.Text;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Reads and writes a byte-pair vocabulary as vocab.json with merges.txt, and as the model in a tokenizer.json.</summary>
static class BytePairFiles
{
    const string Version = "#version", VersionLine = Version + ": 0.2";

    /// <summary>Unsupported settings of the model in a tokenizer.json, with the value that means they are off.</summary>
    static readonly (string Name, string Absent)[] Refused =
    [
        ("dropout", "null"), ("continuing_subword_prefix", "\"\""), ("end_of_word_suffix", "\"\""), ("fuse_unk", "false"), ("byte_fallback", "false"), ("ignore_merges", "false"),
    ];

    /// <exception cref="FileFormatException">A file is damaged, or the two do not match.</exception>
    public static BytePairModel Read(TokenizerFiles files, string vocabulary, string merges)
    {
        var tokens = VocabularyJson.Read(files.Object(vocabulary), ContentLength.Of(files.PathOf(vocabulary)));
        var (pairs, lines) = (new List<(string, string)>(), new List<int>());
        var path = files.PathOf(merges);
        string[] text = files.ReadLines(merges);
        var count = Array.FindLastIndex(text, l => l.Length > 0) + 1; // some writers leave an empty line at the end
        for (var i = 0; i < count; i++)
        {
            if (text[i].StartsWith(Version, StringComparison.Ordinal)) continue;
            pairs.Add(Split(text[i]) ?? throw NoPair($"{path}, line {i + 1}", $"\"{text[i]}\""));
            lines.Add(i + 1);
        }
        return new(tokens, [.. pairs], null, rank => $"{path}, line {lines[rank]}, with {vocabulary}");
    }

    /// <exception cref="FileFormatException">The model is damaged.</exception>
    /// <exception cref="UnsupportedException">The model has settings that byte-level vocabularies do not have.</exception>
    public static BytePairModel ReadModel(JsonPlace model, long fileLength)
    {
        foreach (var (name, absent) in Refused)
            if (model[name] is { HasValue: true } setting && setting.Received != absent)
                throw new UnsupportedException("The vocabulary asks for what this tokenizer does not do", setting.Where, $"{absent} or null", setting.Received,
                    "Use the tokenizer class that the model was published with.");
        var tokens = VocabularyJson.Read(model["vocab"], fileLength);
        var unknown = model["unk_token"].TextOrNull() is { Length: > 0 } unk ? Array.IndexOf(tokens, unk) : -1;
        return new(tokens, [.. model["merges"].Items().Select(ReadMerge)], unknown < 0 ? null : unknown, rank => $"{model["merges"].Where}[{rank}]");
    }

    /// <summary>Writes the model, with merges as texts, which every version of Hugging Face's library reads.</summary>
    public static JsonObject WriteModel(BytePairModel model) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = null,
        ["continuing_subword_prefix"] = "",
        ["end_of_word_suffix"] = "",
        ["fuse_unk"] = false,
        ["byte_fallback"] = false,
        ["vocab"] = WriteVocabulary(model),
        ["merges"] = new JsonArray([.. model.Merges.Select(m => (JsonNode?)$"{m.Left} {m.Right}")]),
    };

    public static JsonObject WriteVocabulary(BytePairModel model) => VocabularyJson.Write(model.IdLimit, model.IdToToken);

    public static string WriteMerges(BytePairModel model)
    {
        var text = new StringBuilder(VersionLine).Append('\n');
        foreach (var (left, right) in model.Merges) text.Append(left).Append(' ').Append(right).Append('\n');
        return text.ToString();
    }

    static (string, string) ReadMerge(JsonPlace merge)
    {
        if (merge.IsText) return Split(merge.Text()) ?? throw NoPair(merge.Where, merge.Received);
        return merge.Items().Take(3).ToList() is [var left, var right] && IsPart(left.Text()) && IsPart(right.Text()) ? (left.Text(), right.Text()) : throw NoPair(merge.Where, merge.Received);
    }

    /// <summary>Splits a merge into its two tokens; null if it is not a merge.</summary>
    internal static (string, string)? Split(string merge) => merge.Split(' ') is [var left, var right] && IsPart(left) && IsPart(right) ? (left, right) : null;

    static bool IsPart(string token) => token.Length > 0 && !token.Contains(' ');

    static FileFormatException NoPair(string where, string received) => new("A merge is not a pair of tokens", where, "two tokens with a space between them", received);
}
