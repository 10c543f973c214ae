namespace Keras.Transformers;

/// <summary>What to truncate if a row would exceed max_length. Converts from <c>bool</c> (true: "longest_first") and from "longest_first", "only_first", "only_second", "do_not_truncate".</summary>
public readonly struct TruncationStrategy : IEquatable<TruncationStrategy>
{
    internal enum Kind : byte
    {
        DoNotTruncate,
        LongestFirst,
        OnlyFirst,
        OnlySecond,
    }

    /// <summary>Does not truncate.</summary>
    public static readonly TruncationStrategy DO_NOT_TRUNCATE;

    /// <summary>The longer sequence is cut until both have equal lengths, then both are.</summary>
    public static readonly TruncationStrategy LONGEST_FIRST = new(Kind.LongestFirst);

    /// <summary>The first sequence is cut.</summary>
    public static readonly TruncationStrategy ONLY_FIRST = new(Kind.OnlyFirst);

    /// <summary>The second sequence is cut.</summary>
    public static readonly TruncationStrategy ONLY_SECOND = new(Kind.OnlySecond);

    readonly Kind _kind;

    TruncationStrategy(Kind kind) => _kind = kind;

    internal bool Truncates => _kind != Kind.DoNotTruncate;

    /// <summary>true cuts the longest sequence first, false cuts nothing.</summary>
    public static implicit operator TruncationStrategy(bool truncation) => truncation ? LONGEST_FIRST : DO_NOT_TRUNCATE;

    /// <summary>The strategy of this name.</summary>
    /// <exception cref="ArgumentException">There is no strategy of this name.</exception>
    public static implicit operator TruncationStrategy(string truncation) => truncation switch
    {
        "longest_first" => LONGEST_FIRST,
        "only_first" => ONLY_FIRST,
        "only_second" => ONLY_SECOND,
        "do_not_truncate" => DO_NOT_TRUNCATE,
        _ => throw new ArgumentException(
            "Unknown truncation strategy. Expected: true, false, 'longest_first', 'only_first', 'only_second' or 'do_not_truncate'. " +
            $"Received: '{truncation}'."),
    };

    /// <summary>Whether both are the same strategy.</summary>
    public static bool operator ==(TruncationStrategy left, TruncationStrategy right) => left.Equals(right);

    /// <summary>Whether the strategies differ.</summary>
    public static bool operator !=(TruncationStrategy left, TruncationStrategy right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TruncationStrategy other) => _kind == other._kind;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TruncationStrategy other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_kind;

    /// <summary>The name as Hugging Face spells it.</summary>
    public override string ToString() => _kind switch
    {
        Kind.LongestFirst => "longest_first",
        Kind.OnlyFirst => "only_first",
        Kind.OnlySecond => "only_second",
        _ => "do_not_truncate",
    };
}
