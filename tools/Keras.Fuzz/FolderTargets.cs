using Keras.Transformers;

namespace Keras.Fuzz;

/// <summary>The readers of a model folder's small files: the configuration and the tokenizer's.</summary>
static class FolderTargets
{
    const string Text = "Héllo, [MASK] <ent>worlds 日本 un##able [SEP] 2.5\u0301";

    static readonly (string, string) Vocabulary = ("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nworld\n##s\n,\n.\nun\n##able\n2\n5\n");

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("config", "config.json", ReadConfig, typeof(ConfigException)),
        new("vocab", "vocab.txt", ReadTokenizer),
        new("tokenizer", "tokenizer.json", ReadTokenizer),
        new("tokenizer_config", "tokenizer_config.json", ReadTokenizer) { Beside = [Vocabulary] },
        new("special_tokens_map", "special_tokens_map.json", ReadTokenizer) { Beside = [Vocabulary] },
        new("added_tokens", "added_tokens.json", ReadTokenizer) { Beside = [Vocabulary] },
        new("auto_config", "config.json", ReadAuto) { Beside = [Vocabulary] },
    ];

    static void ReadConfig(string path) => AutoConfig.from_pretrained(Path.GetDirectoryName(path)!).to_json_string();

    static void ReadAuto(string path) => AutoTokenizer.from_pretrained(Path.GetDirectoryName(path)!);

    /// <summary>Both classes; what was read has to work, unless it lacks a token that a text needs.</summary>
    static void ReadTokenizer(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        foreach (var tokenizer in new PreTrainedTokenizerBase[] { BertTokenizerFast.from_pretrained(folder), BertTokenizer.from_pretrained(folder) })
        {
            try
            {
                tokenizer.decode(tokenizer.encode(Text, Text, truncation: true, max_length: 32));
            }
            catch (TokenizationException)
            {
                // A vocabulary without an unknown token, or a template with more special tokens than a row holds.
            }
        }
    }
}
