namespace Keras.Transformers;

/// <summary>GPT-2's tokenizer under the name of Hugging Face's slow class, with the results of <see cref="GPT2TokenizerFast"/>. Hugging Face's slow class differs only with
/// add_prefix_space, where it adds the space even to a text that begins with one. Like that class, this one writes no tokenizer.json.</summary>
public sealed class GPT2Tokenizer : GPT2TokenizerFast
{
    internal GPT2Tokenizer(TokenizerFiles files, TokenizerOverrides overrides, bool? addPrefixSpace, bool? addBosToken) : base(files, overrides, addPrefixSpace, addBosToken) { }

    /// <inheritdoc cref="GPT2TokenizerFast.from_pretrained"/>
    public static new GPT2Tokenizer from_pretrained(
        string pretrained_model_name_or_path, string? unk_token = null, string? bos_token = null, string? eos_token = null, string? pad_token = null,
        bool? add_prefix_space = null, bool? add_bos_token = null, string? padding_side = null, string? truncation_side = null, int? model_max_length = null,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new(TokenizerFiles.Of(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), [.. Declaration.vocab_files_names.Values]), Given(unk_token, bos_token, eos_token, pad_token, padding_side, truncation_side, model_max_length),
            add_prefix_space, add_bos_token);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Text)> VocabularyFiles() =>
        base.VocabularyFiles().Where(f => f.Name != vocab_files_names["tokenizer_file"]);
}
