using System.Text;

namespace Keras.Transformers.Tests;

/// <summary>A tokenizer folder that is small enough to read in a test.</summary>
static class TinyBert
{
    public static readonly string[] Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world", "##s", "a", "b", "c", "d", ",", ".", "naive", "[", "]", "mask"];

    public static string Write(TemporaryFolder folder, string? config = """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 16}""")
    {
        File.WriteAllText(Path.Combine(folder.Path, "vocab.txt"), string.Join('\n', Vocabulary) + "\n", Encoding.UTF8);
        if (config is not null) File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), config);
        return folder.Path;
    }

    public static BertTokenizerFast Load()
    {
        using var folder = new TemporaryFolder();
        return BertTokenizerFast.from_pretrained(Write(folder));
    }
}
