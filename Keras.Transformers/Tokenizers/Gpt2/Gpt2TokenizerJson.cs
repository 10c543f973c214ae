using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The GPT-2-specific parts of a tokenizer.json.</summary>
/// <param name="Model">The vocabulary.</param>
/// <param name="AddsPrefixSpace">Whether text gets a leading space.</param>
/// <param name="Processor">Where special tokens go, and how to treat offsets.</param>
sealed record Gpt2TokenizerJson(BytePairModel Model, bool AddsPrefixSpace, PostProcessor Processor)
{
    const string ByteLevel = "ByteLevel";

    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">The file describes another kind of tokenizer.</exception>
    public static Gpt2TokenizerJson Read(TokenizerJson json)
    {
        json.Part("normalizer", (null, _ => true));
        json.Part("decoder", (ByteLevel, _ => true));
        return new(json.Model("BPE", m => BytePairFiles.ReadModel(m, json.FileLength)), json.Part("pre_tokenizer", (ByteLevel, ReadPreTokenizer)),
            json.PostProcessor(ByteLevel, "TemplateProcessing", "RobertaProcessing", null));
    }

    public static JsonObject WritePreTokenizer(bool addPrefixSpace) => Write(addPrefixSpace, true);

    public static JsonObject WriteDecoder() => Write(true, true);

    public static JsonObject WriteProcessor(PostProcessor processor, Func<int, string> tokenOf) =>
        PostProcessor.Write(processor.Template, tokenOf) ?? Write(processor.AddsPrefixSpace, processor.TrimsOffsets);

    static bool ReadPreTokenizer(JsonPlace part) => part["use_regex"].FlagOrNull() ?? true
        ? part["add_prefix_space"].FlagOrNull() ?? true
        : throw new UnsupportedException("The tokenizer cuts text in another way than GPT-2", part["use_regex"].Where, "true", "false",
            "Use the tokenizer class that the model was published with.");

    static JsonObject Write(bool addPrefixSpace, bool trimOffsets) => new()
    {
        ["type"] = ByteLevel,
        ["add_prefix_space"] = addPrefixSpace,
        ["trim_offsets"] = trimOffsets,
        ["use_regex"] = true,
    };
}
