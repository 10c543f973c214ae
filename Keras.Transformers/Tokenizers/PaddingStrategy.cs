namespace Keras.Transformers;

/// <summary>How rows are padded. Converts from <c>bool</c> (true: "longest") and from "longest", "max_length", "do_not_pad".</summary>
public readonly struct PaddingStrategy : IEquatable<PaddingStrategy>
{
    internal enum Kind : byte
    {
        None,
        DoNotPad,
        Longest,
        MaxLength,
    }

    /// <summary>Pads to the longest row of the batch.</summary>
    public static readonly PaddingStrategy LONGEST = new(Kind.Longest);

    /// <summary>Pads to max_length, or to the maximum length that the model takes.</summary>
    public static readonly PaddingStrategy MAX_LENGTH = new(Kind.MaxLength);

    /// <summary>Does not pad.</summary>
    public static readonly PaddingStrategy DO_NOT_PAD = new(Kind.DoNotPad);

    readonly Kind _kind;

    PaddingStrategy(Kind kind) => _kind = kind;

    /// <summary>Whether this is plain <c>false</c>: only then does max_length alone enable truncation.</summary>
    internal bool IsFalse => _kind == Kind.None;

    internal bool Pads => _kind >= Kind.Longest;

    /// <summary>true pads to the longest row, false does not pad.</summary>
    public static implicit operator PaddingStrategy(bool padding) => padding ? LONGEST : default;

    /// <summary>The strategy of this name.</summary>
    /// <exception cref="ArgumentException">There is no strategy of this name.</exception>
    public static implicit operator PaddingStrategy(string padding) => padding switch
    {
        "longest" => LONGEST,
        "max_length" => MAX_LENGTH,
        "do_not_pad" => DO_NOT_PAD,
        _ => throw new ArgumentException($"Unknown padding strategy. Expected: true, false, 'longest', 'max_length' or 'do_not_pad'. Received: '{padding}'."),
    };

    /// <summary>Whether both are the same strategy.</summary>
    public static bool operator ==(PaddingStrategy left, PaddingStrategy right) => left.Equals(right);

    /// <summary>Whether the strategies differ.</summary>
    public static bool operator !=(PaddingStrategy left, PaddingStrategy right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(PaddingStrategy other) => Max(_kind, Kind.DoNotPad) == Max(other._kind, Kind.DoNotPad);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PaddingStrategy other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Max(_kind, Kind.DoNotPad);

    /// <summary>The name as Hugging Face spells it.</summary>
    public override string ToString() => _kind switch { Kind.Longest => "longest", Kind.MaxLength => "max_length", _ => "do_not_pad" };

    static Kind Max(Kind a, Kind b) => a > b ? a : b;
}
