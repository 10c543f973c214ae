namespace Keras.Transformers;

/// <summary>When beam search stops: true, as soon as there are as many finished texts as beams; false, when a heuristic expects no better ones; "never", when none can be better.</summary>
public readonly struct EarlyStoppingRule : IEquatable<EarlyStoppingRule>
{
    readonly object? _value;

    EarlyStoppingRule(object value) => _value = value;

    /// <summary>The rule as true or false; null for "never" or another text.</summary>
    public bool? Flag => _value is string ? null : _value is true;

    /// <summary>The rule as text; null for true and false. Only "never" is valid.</summary>
    public string? Text => _value as string;

    /// <summary>Whether the search continues until no better text is possible.</summary>
    public bool IsNever => Text == "never";

    /// <summary>The rule true or false.</summary>
    public static implicit operator EarlyStoppingRule(bool flag) => new(flag);

    /// <summary>Converts the text "never" to that rule.</summary>
    public static implicit operator EarlyStoppingRule(string text) => new(text ?? throw new ArgumentNullException(nameof(text)));

    /// <inheritdoc/>
    public bool Equals(EarlyStoppingRule other) => Flag == other.Flag && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EarlyStoppingRule other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Flag, Text);

    /// <summary>Whether both are the same rule.</summary>
    public static bool operator ==(EarlyStoppingRule a, EarlyStoppingRule b) => a.Equals(b);

    /// <summary>Whether two rules differ.</summary>
    public static bool operator !=(EarlyStoppingRule a, EarlyStoppingRule b) => !a.Equals(b);

    /// <summary>The rule as it is written.</summary>
    public override string ToString() => Known.Say(Text ?? (object?)Flag);
}
