using Keras.Transformers;

namespace Keras.Fuzz;

/// <summary>Targets for the readers of a model folder's small files: configuration and tokenizer.</summary>
static class FolderTargets
{
    const string Text = "Héllo, [MASK] <ent>worlds 日本 un##able [SEP] 2.5\u0301";

    /// <summary>The files that any tokenizer may have besides its vocabulary.</summary>
    static readonly string[] Settings = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"];

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("config", "config.json", ReadConfig, typeof(ConfigException)),
        .. ModelFamilies.Own.SelectMany(TargetsOf),
    ];

    /// <summary>Targets for every vocabulary file of a family's tokenizer, the settings, and the configuration that selects the tokenizer.</summary>
    static FuzzTarget[] TargetsOf(ModelFamily family)
    {
        if (family.Tokenizer is not { } kind) return [];
        (string Name, string Text)[] vocabulary = [.. family.SampleVocabulary.Select(v => (v.Key, v.Value))];
        string NameOf(string file) => $"{family.ModelType}_{Path.GetFileNameWithoutExtension(file)}";
        return
        [
            .. kind.vocab_files_names.Values.Concat(Settings).Select(file => new FuzzTarget(NameOf(file), file, path => ReadTokenizer(kind, path))
            {
                // If tokenizer.json is broken, nothing else may be read instead.
                Beside = file == kind.vocab_files_names.GetValueOrDefault("tokenizer_file") ? [] : [.. vocabulary.Where(v => v.Name != file)],
            }),
            new(NameOf("config.json"), "config.json", ReadAuto) { Beside = vocabulary },
        ];
    }

    static void ReadConfig(string path) => AutoConfig.from_pretrained(Path.GetDirectoryName(path)!).to_json_string();

    static void ReadAuto(string path) => AutoTokenizer.from_pretrained(Path.GetDirectoryName(path)!);

    /// <summary>Reads with both classes; the result must work, unless it lacks a token that a text needs.</summary>
    static void ReadTokenizer(TokenizerKind kind, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        foreach (var fast in new[] { true, false })
        {
            var tokenizer = kind.Read(new TokenizerFiles(folder), fast, new TokenizerOverrides());
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
