using System.Globalization;

namespace Keras.Engines.Torch;

/// <summary>Formats floats like C's printf, which TensorFlow uses.</summary>
static class PrintedNumbers
{
    /// <summary>Formats a number as fixed (%f), scientific (%e), or the shorter of both without trailing zeros (%g).</summary>
    public static string Of(double value, char form, int digits) => !double.IsFinite(value) ? NotFinite(value) : form switch
    {
        'f' => value.ToString($"F{digits}", CultureInfo.InvariantCulture),
        'e' => Scientific(value, digits),
        _ => General(value, Math.Max(digits, 1)),
    };

    /// <summary>Formats like TensorFlow's StrCat: with 6 digits (15 for a double) if they round-trip, otherwise 9 (17).</summary>
    public static string Shortest(float value) => General(value, 6) is var text && float.TryParse(text, CultureInfo.InvariantCulture, out var back) && back == value ? text : Of(value, 'g', 9);

    /// <inheritdoc cref="Shortest(float)"/>
    public static string Shortest(double value) => General(value, 15) is var text && double.TryParse(text, CultureInfo.InvariantCulture, out var back) && back == value ? text : Of(value, 'g', 17);

    static string NotFinite(double value) => double.IsNaN(value) ? double.IsNegative(value) ? "-nan" : "nan" : value > 0 ? "inf" : "-inf";

    static string Scientific(double value, int digits)
    {
        var text = value.ToString($"E{digits}", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        return $"{text[..at]}e{text[at + 1]}{int.Parse(text[(at + 2)..], CultureInfo.InvariantCulture):00}";
    }

    static string General(double value, int digits)
    {
        if (!double.IsFinite(value)) return NotFinite(value);
        var text = Scientific(value, digits - 1);
        var at = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture);
        return exponent < -4 || exponent >= digits ? WithoutZeros(text[..at]) + text[at..] : WithoutZeros(value.ToString($"F{digits - 1 - exponent}", CultureInfo.InvariantCulture));
    }

    static string WithoutZeros(string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;
}
