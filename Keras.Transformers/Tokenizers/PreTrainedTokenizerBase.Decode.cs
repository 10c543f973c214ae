using static Keras.Api;

namespace Keras.Transformers;

public abstract partial class PreTrainedTokenizerBase
{
    static readonly (string Found, string Instead)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>Turns token ids into text. Ids that no token has are left out.</summary>
    /// <param name="token_ids">Token ids.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    /// <param name="clean_up_tokenization_spaces">Whether spaces before punctuation are removed. Default: the property.</param>
    /// <exception cref="ValueRangeException">An id is negative.</exception>
    public string decode(IEnumerable<int> token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null)
    {
        ArgumentNullException.ThrowIfNull(token_ids);
        var added = _added;
        var text = convert_tokens_to_string(token_ids.Select(convert_ids_to_tokens).OfType<string>().Where(t => !skip_special_tokens || !added.IsSpecial(t)));
        return clean_up_tokenization_spaces ?? this.clean_up_tokenization_spaces ? clean_up_tokenization(text) : text;
    }

    /// <summary>Turns one token id into text.</summary>
    /// <inheritdoc cref="decode(IEnumerable{int}, bool, bool?)"/>
    public string decode(int token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null) =>
        decode([token_ids], skip_special_tokens, clean_up_tokenization_spaces);

    /// <summary>Turns a row of token ids, as <c>generate</c> returns them, into text.</summary>
    /// <param name="token_ids">Token ids, integers (T) or ().</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    /// <param name="clean_up_tokenization_spaces">Whether spaces before punctuation are removed. Default: the property.</param>
    /// <exception cref="ValueRangeException">An id is negative.</exception>
    /// <exception cref="DTypeMismatchException">The ids are not integers.</exception>
    /// <exception cref="ShapeMismatchException">There is more than one row.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(-1)]
    public string decode(Tensor token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null)
    {
        ArgumentNullException.ThrowIfNull(token_ids);
        if (token_ids.shape is { HasRank: true, Rank: > 1 })
            throw new ShapeMismatchException("decode was given more than one row of ids", nameof(token_ids), "(T)", token_ids.shape.ToString(), "Give a row, such as sequences[0], or call batch_decode.");
        return decode(Ids(token_ids, nameof(token_ids)), skip_special_tokens, clean_up_tokenization_spaces);
    }

    static int[] Ids(Tensor ids, string name) => !ids.dtype.IsInteger ? throw new DTypeMismatchException("The token ids are not integers", name, "int32 or int64", ids.dtype.Name)
        : [.. ops.cast(ids, "int64").ToArray<long>().Select(id => (int)Math.Clamp(id, -1, int.MaxValue))];

    /// <summary>Turns rows of token ids into texts.</summary>
    /// <param name="sequences">Rows of token ids.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    /// <param name="clean_up_tokenization_spaces">Whether spaces before punctuation are removed. Default: the property.</param>
    /// <exception cref="ValueRangeException">An id is negative.</exception>
    public string[] batch_decode(IEnumerable<IEnumerable<int>> sequences, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return [.. sequences.Select(s => decode(s, skip_special_tokens, clean_up_tokenization_spaces))];
    }

    /// <summary>Turns rows of token ids, as <c>generate</c> returns them, into texts.</summary>
    /// <param name="sequences">Token ids, integers (B, T); the output of <c>generate</c> converts to its sequences.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    /// <param name="clean_up_tokenization_spaces">Whether spaces before punctuation are removed. Default: the property.</param>
    /// <exception cref="ValueRangeException">An id is negative.</exception>
    /// <exception cref="DTypeMismatchException">The ids are not integers.</exception>
    /// <exception cref="ShapeMismatchException">The ids do not have two axes.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(-1)]
    public string[] batch_decode(Tensor sequences, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.shape is not { HasRank: true, Rank: 2 })
            throw new ShapeMismatchException("batch_decode was not given rows of ids", nameof(sequences), "(B, T)", sequences.shape.ToString(), "Call decode for one row.");
        var width = (int)sequences.shape[1];
        var ids = Ids(sequences, nameof(sequences));
        return [.. Enumerable.Range(0, (int)sequences.shape[0]).Select(r => decode(ids.AsSpan(r * width, width).ToArray(), skip_special_tokens, clean_up_tokenization_spaces))];
    }

    /// <summary>Joins tokens into text.</summary>
    public abstract string convert_tokens_to_string(IEnumerable<string> tokens);

    /// <summary>Starts to turn tokens into text one at a time: the function takes the next token, or null at the end, and returns the text that no later token can change. By
    /// default it calls <see cref="convert_tokens_to_string"/> on all tokens so far, which suits tokenizers whose tokens never change the text before them.</summary>
    protected internal virtual Func<string?, string> BeginDecoding()
    {
        var tokens = new List<string>();
        var shown = 0;
        return token =>
        {
            if (token is null) return "";
            tokens.Add(token);
            var text = convert_tokens_to_string(tokens);
            var more = text[Math.Min(shown, text.Length)..];
            shown = text.Length;
            return more;
        };
    }

    /// <summary>Whether decoding drops a token when special tokens are skipped.</summary>
    internal bool IsSkipped(string token) => _added.IsSpecial(token);

    /// <summary>Removes the spaces before punctuation and before 's, 'm, 've, 're and n't.</summary>
    public static string clean_up_tokenization(string out_string)
    {
        ArgumentNullException.ThrowIfNull(out_string);
        foreach (var (found, instead) in CleanUps) out_string = out_string.Replace(found, instead, StringComparison.Ordinal);
        return out_string;
    }

    /// <summary>The number of special tokens that encoding adds to a row.</summary>
    /// <param name="pair">Whether the row holds a pair. Default false.</param>
    public int num_special_tokens_to_add(bool pair = false) => Template.AddedTokens(pair);

    /// <summary>Makes a row with special tokens from one or two sequences of ids.</summary>
    /// <param name="token_ids_0">The first sequence, without special tokens.</param>
    /// <param name="token_ids_1">The second sequence, without special tokens.</param>
    public virtual int[] build_inputs_with_special_tokens(IEnumerable<int> token_ids_0, IEnumerable<int>? token_ids_1 = null)
    {
        ArgumentNullException.ThrowIfNull(token_ids_0);
        return [.. RowOf(token_ids_0, token_ids_1).SelectMany(p => p.Ids)];
    }

    /// <summary>The token types of a row with special tokens, made from one or two sequences of ids.</summary>
    /// <param name="token_ids_0">The first sequence, without special tokens.</param>
    /// <param name="token_ids_1">The second sequence, without special tokens.</param>
    public virtual int[] create_token_type_ids_from_sequences(IEnumerable<int> token_ids_0, IEnumerable<int>? token_ids_1 = null)
    {
        ArgumentNullException.ThrowIfNull(token_ids_0);
        return [.. RowOf(token_ids_0, token_ids_1).SelectMany(p => p.Ids.Select(_ => p.Piece.TypeId))];
    }

    /// <summary>1 for special tokens, 0 for others.</summary>
    /// <param name="token_ids_0">A finished row, or the first sequence without special tokens.</param>
    /// <param name="token_ids_1">The second sequence without special tokens.</param>
    /// <param name="already_has_special_tokens">Whether <paramref name="token_ids_0"/> is a finished row. Default false.</param>
    /// <exception cref="ArgumentException">A second sequence is given with a finished row.</exception>
    public int[] get_special_tokens_mask(IEnumerable<int> token_ids_0, IEnumerable<int>? token_ids_1 = null, bool already_has_special_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(token_ids_0);
        if (already_has_special_tokens)
        {
            if (token_ids_1 is not null)
                throw new ArgumentException("A finished row already holds both sequences: pass no second one.", nameof(token_ids_1));
            var special = all_special_ids.ToHashSet();
            return [.. token_ids_0.Select(id => special.Contains(id) ? 1 : 0)];
        }
        return [.. RowOf(token_ids_0, token_ids_1).SelectMany(p => p.Ids.Select(_ => p.Piece.Sequence < 0 ? 1 : 0))];
    }

    IEnumerable<(TemplatePiece Piece, IEnumerable<int> Ids)> RowOf(IEnumerable<int> first, IEnumerable<int>? second) =>
        (second is null ? Template.Single : Template.Pair).Select(p => (p, p.Sequence switch { 0 => first, 1 => second!, _ => p.Ids }));
}
