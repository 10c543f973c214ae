namespace Keras.Transformers;

/// <summary>A token added to a tokenizer's own vocabulary, found in the text before anything else is split.</summary>
public sealed record AddedToken
{
    /// <summary>Creates an added token.</summary>
    /// <param name="content">The text of the token.</param>
    /// <param name="single_word">Whether it is only found if no letter, digit or underscore touches it. Default false.</param>
    /// <param name="lstrip">Whether it takes the white space before it. Default false.</param>
    /// <param name="rstrip">Whether it takes the white space after it. Default false.</param>
    /// <param name="normalized">Whether it is searched for in normalised text (lower-cased and so on). Default: unless it is special.</param>
    /// <param name="special">Whether decoding can skip it. Default false.</param>
    public AddedToken(string content, bool single_word = false, bool lstrip = false, bool rstrip = false, bool? normalized = null, bool special = false)
    {
        ArgumentNullException.ThrowIfNull(content);
        (this.content, this.single_word, this.lstrip, this.rstrip, this.special) = (content, single_word, lstrip, rstrip, special);
        this.normalized = normalized ?? !special;
        AsksNormalized = normalized;
    }

    /// <summary>The text of the token.</summary>
    public string content { get; }

    /// <summary>Whether the token is found only as a whole word, with no letter, digit or underscore next to it.</summary>
    public bool single_word { get; }

    /// <summary>Whether the token includes the white space before it.</summary>
    public bool lstrip { get; }

    /// <summary>Whether the token includes the white space after it.</summary>
    public bool rstrip { get; }

    /// <summary>Whether the token is searched for in normalised text.</summary>
    public bool normalized { get; }

    /// <summary>Whether decoding can leave the token out.</summary>
    public bool special { get; }

    /// <summary>Whether normalisation was requested when the token was made; null if unspecified.</summary>
    bool? AsksNormalized { get; }

    /// <summary>The same token as a special one: not normalised unless requested.</summary>
    internal AddedToken AsSpecial() => special ? this : new(content, single_word, lstrip, rstrip, AsksNormalized, special: true);

    /// <summary>A token with this text that is not special.</summary>
    public static implicit operator AddedToken(string content) => new(content);

    /// <inheritdoc/>
    public bool Equals(AddedToken? other) => other is not null && content == other.content && single_word == other.single_word && lstrip == other.lstrip
        && rstrip == other.rstrip && normalized == other.normalized && special == other.special;

    /// <inheritdoc/>
    public override int GetHashCode() => content.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text of the token.</summary>
    public override string ToString() => content;
}
