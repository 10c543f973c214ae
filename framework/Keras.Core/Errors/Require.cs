using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>Checks ranges of numeric arguments: each method returns the number, or throws an error that names the caller's argument. NaN is in no range.</summary>
static class Require
{
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw Outside(value, "a finite number", name);

    /// <exception cref="ArgumentOutOfRangeException">The value is infinite, NaN or too small.</exception>
    public static double AtLeast(double least, double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) && value >= least ? value : throw Outside(value, $"a finite number of at least {least}", name);

    /// <exception cref="ArgumentOutOfRangeException">The value is infinite, NaN, 0 or negative.</exception>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) && value > 0 ? value : throw Outside(value, "a finite number above 0", name);

    /// <summary>A limit or null; 0 and infinity mean no limit, as in Keras.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or negative.</exception>
    public static double? Limit(double? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is not { } given || given >= 0 ? value : throw Outside(given, "a number of at least 0, or null", name);

    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw Outside(value, "a number in [0, 1]", name);

    /// <summary>A decay rate: with 1 nothing would ever change.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public static double Decay(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and < 1 ? value : throw Outside(value, "a number in [0, 1)", name);

    /// <exception cref="ArgumentOutOfRangeException">The value is not in (0, 1].</exception>
    public static double Part(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is > 0 and <= 1 ? value : throw Outside(value, "a number in (0, 1]", name);

    /// <exception cref="ArgumentOutOfRangeException">The value is too small.</exception>
    public static int Count(int least, int value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least ? value : throw Outside(value, $"a whole number of at least {least}", name);

    static ArgumentOutOfRangeException Outside(object value, string expected, string? name) => new(name, value, $"The value is out of range. Expected: {expected}.");
}
