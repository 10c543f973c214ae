using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>Ranges of numeric arguments: each gives the number back, or throws an error that names the caller's argument. Not-a-number is in no range.</summary>
static class Require
{
    /// <exception cref="ArgumentOutOfRangeException">Infinite or not a number.</exception>
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw Outside(value, "a finite number", name);

    /// <exception cref="ArgumentOutOfRangeException">Infinite, not a number, or below.</exception>
    public static double AtLeast(double least, double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) && value >= least ? value : throw Outside(value, $"a finite number of at least {least}", name);

    /// <exception cref="ArgumentOutOfRangeException">Infinite, not a number, 0 or below.</exception>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) && value > 0 ? value : throw Outside(value, "a finite number above 0", name);

    /// <summary>A bound, or none; 0 and an infinite one bound nothing, as in Keras.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number, or below 0.</exception>
    public static double? Limit(double? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is not { } given || given >= 0 ? value : throw Outside(given, "a number of at least 0, or null", name);

    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1].</exception>
    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw Outside(value, "a number in [0, 1]", name);

    /// <summary>How much of something stays: with 1 it would never change.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public static double Decay(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and < 1 ? value : throw Outside(value, "a number in [0, 1)", name);

    /// <exception cref="ArgumentOutOfRangeException">Not in (0, 1].</exception>
    public static double Part(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is > 0 and <= 1 ? value : throw Outside(value, "a number in (0, 1]", name);

    /// <exception cref="ArgumentOutOfRangeException">Below.</exception>
    public static int Count(int least, int value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least ? value : throw Outside(value, $"a whole number of at least {least}", name);

    static ArgumentOutOfRangeException Outside(object value, string expected, string? name) => new(name, value, $"The value is out of range. Expected: {expected}.");
}
