using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Words between spaces are tokens, one in each line of words.txt.</summary>
sealed class TinyTestTokenizer : PreTrainedTokenizerBase
{
    const string File = "words.txt";

    public static readonly TokenizerKind Declaration = new(["TinyTestTokenizer"], (files, _, overrides) => new TinyTestTokenizer(files, overrides))
    {
        vocab_files_names = new Dictionary<string, string> { ["vocab_file"] = File },
        SpecialTokens = new Dictionary<string, string> { ["unk_token"] = "<unk>", ["pad_token"] = "<pad>" },
    };

    public static readonly IReadOnlyDictionary<string, string> Sample = new Dictionary<string, string> { [File] = "<pad>\n<unk>\nsome\nfew\nwords\n" };

    readonly string[] _words;
    readonly Dictionary<string, int> _ids;

    TinyTestTokenizer(TokenizerFiles files, TokenizerOverrides overrides) : base(Declaration, files)
    {
        _words = files.ReadLines(File);
        _ids = _words.Index().ToDictionary(w => w.Item, w => w.Index);
        ReadSettings(files, overrides);
    }

    public override int vocab_size => _words.Length;

    public override bool? ContinuesWord(string token) => false;

    public override string convert_tokens_to_string(IEnumerable<string> tokens) => string.Join(' ', tokens);

    protected override int VocabularyIdLimit => _words.Length;

    protected override string? VocabularyToken(int id) => id < _words.Length ? _words[id] : null;

    protected override int? VocabularyId(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    protected override void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch)
    {
        for (var at = start; at < stop; at++)
        {
            var from = at;
            while (at < stop && text.Chars[at] != ' ') at++;
            if (at == from) continue;
            scratch.Tokens.Add(TokenToId(new string(text.Chars[from..at])) ?? unk_token_id!.Value, text.Start(from), text.End(at - 1));
            scratch.Tokens.NextWord();
        }
    }

    protected override IEnumerable<(string Name, string Text)> VocabularyFiles() => [(File, string.Concat(_words.Select(w => w + "\n")))];

    protected override void WriteSettings(JsonObject settings) { }
}
