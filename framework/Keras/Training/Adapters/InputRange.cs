namespace Keras;

/// <summary>The range of integers that an input may hold.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Ignored">One value outside that is allowed too, as the label -100 that losses leave out; default none.</param>
public readonly record struct InputRange(long Min, long Max, long? Ignored = null)
{
    internal bool Contains(long value) => (value >= Min && value <= Max) || value == Ignored;

    /// <inheritdoc/>
    public override string ToString() => $"{Min} to {Max}{(Ignored is { } ignored ? $", or {ignored}" : "")}";
}
