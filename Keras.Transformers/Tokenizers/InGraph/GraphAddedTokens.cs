using System.Text.RegularExpressions;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Finds added tokens in raw texts and replaces each by a private-use character while the text is split.</summary>
sealed class GraphAddedTokens
{
    /// <summary>The first private character and their number; those already in a text become <see cref="OtherPrivate"/>, which is treated alike.</summary>
    const int FirstPrivate = 0xF0000, Most = 256, OtherPrivate = 0xE000;

    /// <summary>In exact texts, the escape before a private character of the text, and the character that follows if it is the escape itself.</summary>
    const int Escape = FirstPrivate + Most, Escaped = Escape + 1;

    static readonly string PrivateClass = $"[\\x{{{FirstPrivate:X}}}-\\x{{{FirstPrivate + Most - 1:X}}}]";

    readonly (string Pattern, string Private)[] _tokens;
    readonly TableConstant _ids;

    /// <param name="tokens">The tokens by id.</param>
    /// <param name="unknown">The id of private characters that represent no token.</param>
    /// <param name="normalizes">Whether the tokenizer normalises texts, so that a token to be found after normalisation may not appear in the raw text.</param>
    /// <exception cref="UnsupportedException">Tokens depend on their context, or there are too many.</exception>
    public GraphAddedTokens(IEnumerable<KeyValuePair<int, AddedToken>> tokens, int unknown, bool normalizes)
    {
        var added = tokens.Where(t => t.Value.content.Length > 0).OrderByDescending(t => t.Value.content.Length).ToList();
        if (added.Find(t => t.Value is { lstrip: true } or { rstrip: true } or { single_word: true } || (normalizes && t.Value.normalized)) is { Value: not null } minding)
            throw new UnsupportedException("The tokenizer in the graph cannot find an added token, because it searches the text as it is", $"added token '{minding.Value}'",
                "lstrip, rstrip, single_word and normalized false", "another setting", "Add the token with normalized: false and without stripping.");
        if (added.Count > Most) throw new UnsupportedException("There are too many added tokens", null, $"up to {Most}", $"{added.Count}", "Put them into the vocabulary.");
        _tokens = [.. added.Select((t, i) => (Regex.Escape(t.Value.content).Replace("]", @"\]", StringComparison.Ordinal), char.ConvertFromUtf32(FirstPrivate + i)))];
        _ids = new([.. added.Select(t => t.Key), unknown]);
    }

    /// <summary>The added tokens of a tokenizer, at this moment; later changes are not seen.</summary>
    public static IEnumerable<KeyValuePair<int, AddedToken>> Of(PreTrainedTokenizerBase tokenizer) => tokenizer.split_special_tokens ? [] : tokenizer.added_tokens_decoder;

    /// <summary>The private characters that represent added tokens.</summary>
    public static Range Private => FirstPrivate..(FirstPrivate + Most);

    /// <summary>Replaces added tokens by private characters.</summary>
    /// <param name="text">(B), string.</param>
    public Tensor Mark(Tensor text)
    {
        return Replaced(Tf.RegexReplace(text, PrivateClass, char.ConvertFromUtf32(OtherPrivate)));
    }

    /// <summary>Marks tokens so that every character of the text is kept: <see cref="Resolve"/> distinguishes them.</summary>
    public Tensor MarkExactly(Tensor text)
    {
        if (_tokens.Length == 0) return text;
        var escape = char.ConvertFromUtf32(Escape);
        text = Tf.RegexReplace(text, escape, escape + char.ConvertFromUtf32(Escaped));
        return Replaced(Tf.RegexReplace(text, PrivateClass, escape + @"\0"));
    }

    /// <summary>The characters of exactly marked texts, with the ids of added tokens, or -1 for other characters.</summary>
    /// <param name="points">(N), int32.</param>
    /// <param name="rows">The text of each, (N), int32.</param>
    public (Tensor Points, Tensor Rows, Tensor Added) Resolve(Tensor points, Tensor rows)
    {
        if (_tokens.Length == 0) return (points, rows, Tf.Fill(Tf.ShapeOf(points), Tf.Int32Scalar(None)));
        var escapes = GraphVectors.Are(points, Escape);
        var escaped = GraphVectors.Before(escapes, false);
        var isToken = GraphVectors.All(Tf.LogicalNot(escaped), Tf.GreaterEqual(points, Tf.Int32Scalar(FirstPrivate)), Tf.Less(points, Tf.Int32Scalar(Escape)));
        var added = Tf.SelectV2(isToken, IdsOf(points), Tf.Int32Scalar(None));
        points = Tf.SelectV2(Tf.LogicalAnd(escaped, GraphVectors.Are(points, Escaped)), Tf.Int32Scalar(Escape), points);
        var kept = GraphVectors.Places(Tf.LogicalNot(escapes));
        return (Tf.Gather(points, kept, 0), Tf.Gather(rows, kept, 0), Tf.Gather(added, kept, 0));
    }

    const int None = -1;

    Tensor Replaced(Tensor text)
    {
        foreach (var (pattern, placeholder) in _tokens) text = Tf.RegexReplace(text, pattern, placeholder);
        return text;
    }

    /// <summary>The ids of the tokens that characters represent.</summary>
    /// <param name="codePoints">(M), int32; the results for ordinary ones are meaningless.</param>
    public Tensor IdsOf(Tensor codePoints) =>
        Tf.Gather(_ids.Value, Tf.ClipByValue(codePoints - Tf.Int32Scalar(FirstPrivate), Tf.Int32Scalar(0), Tf.Int32Scalar(_tokens.Length)), 0);
}
