using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Makes a tokenizer with a subset of another's WordPiece vocabulary.</summary>
static class Vocabulary
{
    static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Writes the smaller tokenizer into a folder, replacing an existing one.</summary>
    public static BertTokenizerFast Make(PreTrainedTokenizerBase tokenizer, string[] texts, int count, int maxLength, string folder)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Frequent(tokenizer, texts, count));
        var smaller = BertTokenizerFast.from_pretrained(folder);
        smaller.model_max_length = maxLength;
        smaller.save_pretrained(folder);
        return smaller;
    }

    /// <summary>The special tokens, every single character, the pieces that occur at least twice in the texts, and the first other words of the vocabulary until
    /// there are enough, in the vocabulary's own order. BERT's is ordered by frequency.</summary>
    static IEnumerable<string> Frequent(PreTrainedTokenizerBase tokenizer, string[] texts, int count)
    {
        var occurring = tokenizer.Apply(texts)["input_ids"].ToRows().SelectMany(row => row).CountBy(id => id).Where(c => c.Value >= 2).Select(c => c.Key).ToHashSet();
        var pieces = tokenizer.get_vocab().OrderBy(v => v.Value).Where(v => !Special.Contains(v.Key)).ToList();
        bool IsNeeded(KeyValuePair<string, int> piece) => occurring.Contains(piece.Value) || IsSingleCharacter(piece.Key);
        var others = pieces.Where(p => !IsNeeded(p) && p.Key.All(char.IsAsciiLetterLower)).Take(count - Special.Length - pieces.Count(IsNeeded)).Select(p => p.Value).ToHashSet();
        return Special.Concat(pieces.Where(p => IsNeeded(p) || others.Contains(p.Value)).Select(p => p.Key));
    }

    static bool IsSingleCharacter(string piece) => piece.Replace("##", "", StringComparison.Ordinal) is [<= '\x7f'];
}
