using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>
/// A tokenizer of another family than BERT's: pairs of characters are merged as merges.txt says, "_" stands for the space before a word, and there
/// are neither token types nor tokens around a text.
/// </summary>
sealed class PairTokenizer : PreTrainedTokenizerBase
{
    public static readonly TokenizerKind Declaration = new(["PairTokenizer", "PairTokenizerFast"], (files, _, overrides) => new PairTokenizer(files, overrides))
    {
        vocab_files_names = new Dictionary<string, string> { ["vocab_file"] = "vocab.json", ["merges_file"] = "merges.txt", ["tokenizer_file"] = "tokenizer.json" },
        SpecialTokens = new Dictionary<string, string> { ["bos_token"] = "<end>", ["eos_token"] = "<end>", ["unk_token"] = "<end>" },
    };

    public const string Vocabulary = """{"<end>": 0, "a": 1, "b": 2, "c": 3, "_a": 4, "_b": 5, "ab": 6, "_ab": 7, "_abc": 8}""";

    public const string Merges = "a b\n_a b\n_ab c\n";

    readonly string?[] _tokens;
    readonly string[] _merges;
    readonly Dictionary<string, int> _ids;

    PairTokenizer(TokenizerFiles files, TokenizerOverrides overrides) : base(Declaration, files)
    {
        if (files.Json(Kind) is { } json)
        {
            (_tokens, _merges) = json.Model("BPE", m => (VocabularyJson.Read(m["vocab"], json.FileLength), m["merges"].Items().Select(i => i.Text()).ToArray()));
            json.Part("normalizer", (null, _ => true));
            Template = json.PostProcessor("ByteLevel", "RobertaProcessing", null).Template;
        }
        else
            (_tokens, _merges) = (VocabularyJson.Read(files.Object("vocab.json"), new FileInfo(files.PathOf("vocab.json")).Length), files.ReadLines("merges.txt"));
        _ids = _tokens.Index().Where(t => t.Item is not null).ToDictionary(t => t.Item!, t => t.Index);
        add_prefix_space = files.Setting(nameof(add_prefix_space)).FlagOrNull() ?? false;
        ReadSettings(files, overrides);
    }

    public bool add_prefix_space { get; set; }

    public override int vocab_size => _ids.Count;

    public override bool? ContinuesWord(string token) => !token.StartsWith('_');

    public override string convert_tokens_to_string(IEnumerable<string> tokens) => string.Concat(tokens).Replace('_', ' ');

    protected override int VocabularyIdLimit => _tokens.Length;

    protected override string? VocabularyToken(int id) => id < _tokens.Length ? _tokens[id] : null;

    protected override int? VocabularyId(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    protected override void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch)
    {
        var units = text.Chars;
        var spaced = add_prefix_space;
        for (var at = start; at < stop; at++)
        {
            if (units[at] == ' ')
            {
                spaced = true;
                continue;
            }
            var parts = new List<(string Text, int Start, int End)>();
            for (var first = at; at < stop && units[at] != ' '; at++) parts.Add(((spaced && at == first ? "_" : "") + units[at], text.Start(at), text.End(at)));
            Merge(parts);
            foreach (var part in parts) scratch.Tokens.Add(TokenToId(part.Text) ?? unk_token_id!.Value, part.Start, part.End);
            scratch.Tokens.NextWord();
            at--;
            spaced = false;
        }
    }

    protected override IEnumerable<(string Name, string Text)> VocabularyFiles()
    {
        yield return ("vocab.json", VocabularyJson.Write(_tokens.Length, VocabularyToken).ToJsonString());
        yield return ("merges.txt", string.Concat(_merges.Select(m => m + "\n")));
        var model = new JsonObject
        {
            ["type"] = "BPE",
            ["vocab"] = VocabularyJson.Write(_tokens.Length, VocabularyToken),
            ["merges"] = new JsonArray([.. _merges.Select(m => (JsonNode?)m)]),
        };
        yield return ("tokenizer.json", TokenizerJsonWriter.Write(model, null, null, null, null, added_tokens_decoder));
    }

    protected override void WriteSettings(JsonObject settings) => settings[nameof(add_prefix_space)] = add_prefix_space;

    void Merge(List<(string Text, int Start, int End)> parts)
    {
        foreach (var merge in _merges)
            for (var i = 0; i + 1 < parts.Count; i++)
                if (parts[i].Text + " " + parts[i + 1].Text == merge)
                {
                    parts[i] = (parts[i].Text + parts[i + 1].Text, parts[i].Start, parts[i + 1].End);
                    parts.RemoveAt(i + 1);
                }
    }

    /// <summary>Writes a folder with a vocabulary in its own files.</summary>
    public static string Write(TemporaryFolder folder, string config = """{"tokenizer_class": "PairTokenizer", "model_max_length": 8}""")
    {
        foreach (var (name, text) in new[] { ("vocab.json", Vocabulary), ("merges.txt", Merges), ("tokenizer_config.json", config) })
            File.WriteAllText(Path.Combine(folder.Path, name), text);
        return folder.Path;
    }
}
