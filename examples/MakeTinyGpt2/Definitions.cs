using Keras.Transformers;
using static Keras.Transformers.Datasets;

namespace Keras.Examples;

/// <summary>Definitions of nouns, with texts such as "animal: large moth of temperate forests".</summary>
sealed record Definitions((string Category, string Text)[] Items)
{
    /// <summary>Reads a CSV file with the columns text and label, beside which labels.txt names the classes, such as noun.animal.</summary>
    public static Definitions Read(string path)
    {
        string[] categories = [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "labels.txt")).Select(l => l[(l.IndexOf('.', StringComparison.Ordinal) + 1)..])];
        var rows = load_dataset("csv", split: "train", data_files: path, keep_in_memory: true);
        return new([.. ((string[])rows["text"]).Zip((int[])rows["label"], (text, label) => (categories[label], text))]);
    }

    /// <summary>The prompt for a category.</summary>
    public static string Prompt(string category) => $"{category}:";

    /// <summary>The texts, without the end token after each.</summary>
    public IEnumerable<string> Texts => Items.Select(i => $"{Prompt(i.Category)} {i.Text}");

    /// <summary>The bytes of the definitions, with the space before and the end after each.</summary>
    public long Bytes => Items.Sum(i => i.Text.Length + 2L);

    /// <summary>The definitions with at most this many tokens.</summary>
    public Definitions Within(int length, PreTrainedTokenizerBase tokenizer) => new([.. Items.Zip(Rows(tokenizer)).Where(r => r.Second.Ids.Length <= length).Select(r => r.First)]);

    /// <summary>Each definition as a row: the previous text's end, the category, the definition, its end.</summary>
    public IEnumerable<(int[] Ids, int First)> Rows(PreTrainedTokenizerBase tokenizer)
    {
        var end = tokenizer.eos_token_id!.Value;
        foreach (var (category, text) in Items)
        {
            int[] prompt = [end, .. tokenizer.encode(Prompt(category))];
            yield return ([.. prompt, .. tokenizer.encode($" {text}"), end], prompt.Length);
        }
    }
}
