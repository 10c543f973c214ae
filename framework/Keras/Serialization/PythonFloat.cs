using System.Globalization;

namespace Keras.Callbacks;

/// <summary>Formats numbers as Python's repr and % operator do.</summary>
static class PythonFloat
{
    /// <summary>Formats an integer.</summary>
    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back as the same number: 0.1, 1.0, 1e-05, nan.</summary>
    public static string Text(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return double.IsNegative(value) ? "-0.0" : "0.0";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(value) is >= 1e-4 and < 1e16)
        {
            var plain = shortest.Contains('E', StringComparison.Ordinal) ? value.ToString("F0", CultureInfo.InvariantCulture) : shortest;
            return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
        }
        if (!shortest.Contains('E', StringComparison.Ordinal)) shortest = value.ToString("0.################E+00", CultureInfo.InvariantCulture);
        var at = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{shortest[..at]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
    }

    /// <summary>Formats with four decimals, or with an exponent if those would be zeros, as the progress bar does.</summary>
    public static string Short(double value) => !double.IsFinite(value) ? Text(value)
        : value.ToString(Math.Abs(value) > 1e-3 ? "F4" : "0.0000e+00", CultureInfo.InvariantCulture);
}
