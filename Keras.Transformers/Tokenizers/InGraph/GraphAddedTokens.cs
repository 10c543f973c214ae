using System.Text.RegularExpressions;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Finds added tokens in texts as they are: a private character stands for each while the text is cut.</summary>
sealed class GraphAddedTokens
{
    /// <summary>Where the private characters begin; such ones in a text become <see cref="OtherPrivate"/>, which counts alike.</summary>
    const int FirstPrivate = 0xF0000, Most = 256, OtherPrivate = 0xE000;

    readonly (string Pattern, string Private)[] _tokens;
    readonly TableConstant _ids;

    /// <param name="tokenizer">The tokenizer that has them; later changes of it are not seen.</param>
    /// <param name="unknown">The id of private characters that stand for none.</param>
    /// <exception cref="UnsupportedException">The tokenizer has added tokens that mind their surroundings, or too many.</exception>
    public GraphAddedTokens(PreTrainedTokenizerBase tokenizer, int unknown)
    {
        var added = tokenizer.split_special_tokens ? [] : tokenizer.added_tokens_decoder.Where(t => t.Value.content.Length > 0).OrderByDescending(t => t.Value.content.Length).ToList();
        if (added.Find(t => t.Value is { lstrip: true } or { rstrip: true } or { single_word: true } or { normalized: true }) is { Value: not null } minding)
            throw new UnsupportedException("The tokenizer in the graph finds added tokens in the text as it is", $"added token '{minding.Value}'",
                "lstrip, rstrip, single_word and normalized false", "another setting", "Add the token with normalized: false and without stripping.");
        if (added.Count > Most) throw new UnsupportedException("There are too many added tokens", null, $"up to {Most}", $"{added.Count}", "Put them into the vocabulary.");
        _tokens = [.. added.Select((t, i) => (Regex.Escape(t.Value.content).Replace("]", @"\]", StringComparison.Ordinal), char.ConvertFromUtf32(FirstPrivate + i)))];
        _ids = new([.. added.Select(t => t.Key), unknown]);
    }

    /// <summary>The private characters.</summary>
    public static Range Private => FirstPrivate..(FirstPrivate + Most);

    /// <summary>Puts private characters in the place of added tokens.</summary>
    /// <param name="text">(B), string.</param>
    public Tensor Mark(Tensor text)
    {
        text = Tf.RegexReplace(text, $"[\\x{{{FirstPrivate:X}}}-\\x{{{FirstPrivate + Most - 1:X}}}]", char.ConvertFromUtf32(OtherPrivate));
        foreach (var (pattern, placeholder) in _tokens) text = Tf.RegexReplace(text, pattern, placeholder);
        return text;
    }

    /// <summary>The ids of the tokens that characters stand for.</summary>
    /// <param name="codePoints">(M), int32; what ordinary ones give has no meaning.</param>
    public Tensor IdsOf(Tensor codePoints) =>
        Tf.Gather(_ids.Value, Tf.ClipByValue(codePoints - Tf.Int32Scalar(FirstPrivate), Tf.Int32Scalar(0), Tf.Int32Scalar(_tokens.Length)), 0);
}
