using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Part of a WordPiece vocabulary.</summary>
static class Vocabulary
{
    /// <summary>The special tokens, every single character, and the pieces that occur often enough in the texts, in the vocabulary's own order.</summary>
    public static IEnumerable<string> Frequent(PreTrainedTokenizerBase tokenizer, string[] texts, int atLeast)
    {
        var counts = new Dictionary<string, int>();
        foreach (var row in tokenizer.Apply(texts)["input_ids"].ToRows())
            foreach (var piece in tokenizer.convert_ids_to_tokens(row).OfType<string>())
                counts[piece] = counts.GetValueOrDefault(piece) + 1;
        string[] special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        var pieces = tokenizer.get_vocab().OrderBy(v => v.Value).Select(v => v.Key).Except(special);
        return special.Concat(pieces.Where(p => counts.GetValueOrDefault(p) >= atLeast || IsSingleCharacter(p)));
    }

    static bool IsSingleCharacter(string piece) => piece.Replace("##", "", StringComparison.Ordinal) is [<= '\x7f'];
}
