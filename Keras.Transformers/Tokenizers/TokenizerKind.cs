namespace Keras.Transformers;

/// <summary>The declaration of a tokenizer class: its names, files and defaults. A model family holds one; <see cref="AutoTokenizer.register"/> takes others.</summary>
/// <param name="Classes">The class names that tokenizer_config.json may have; the first is what saving writes.</param>
/// <param name="Read">Reads a folder's tokenizer: of the fast class (true) or the slow one, with settings that the caller gave instead of the files'.</param>
public sealed record TokenizerKind(IReadOnlyList<string> Classes, Func<TokenizerFiles, bool, TokenizerOverrides, PreTrainedTokenizerBase> Read)
{
    /// <summary>The vocabulary's files by kind: vocab_file, merges_file and so on; tokenizer_file for tokenizer.json, which suffices alone.</summary>
    public required IReadOnlyDictionary<string, string> vocab_files_names { get; init; }

    /// <summary>The columns that the model takes unless tokenizer_config.json says otherwise; the first holds the ids. Default: input_ids, attention_mask.</summary>
    public IReadOnlyList<string> model_input_names { get; init; } = ["input_ids", "attention_mask"];

    /// <summary>The special tokens by role (unk_token, pad_token, ...) unless the files say otherwise. Default: none.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    internal bool ReadsTokenizerJson => vocab_files_names.Values.Contains(TokenizerFiles.Tokenizer);

    /// <summary>The files that together form a vocabulary if there is no tokenizer.json.</summary>
    internal IEnumerable<string> OwnFiles => vocab_files_names.Values.Where(n => n != TokenizerFiles.Tokenizer);
}

/// <summary>Settings that override those in the files; null leaves a setting as it is there.</summary>
/// <param name="PaddingSide">"right" or "left".</param>
/// <param name="TruncationSide">"right" or "left".</param>
/// <param name="ModelMaxLength">The maximum number of tokens that the model takes.</param>
public sealed record TokenizerOverrides(string? PaddingSide = null, string? TruncationSide = null, int? ModelMaxLength = null)
{
    /// <summary>The special tokens by role.</summary>
    public Dictionary<string, string> SpecialTokens { get; } = [];

    /// <summary>Gives a role a token, unless it is null.</summary>
    /// <returns>This object.</returns>
    public TokenizerOverrides With(string role, string? token)
    {
        if (token is not null) SpecialTokens[role] = token;
        return this;
    }
}
