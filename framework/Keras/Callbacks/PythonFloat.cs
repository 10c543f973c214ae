using System.Globalization;

namespace Keras.Callbacks;

/// <summary>Numbers as Python's repr and % formats print them.</summary>
static class PythonFloat
{
    /// <summary>An integer.</summary>
    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back as the same number: 0.1, 1.0, 1e-05, nan.</summary>
    public static string Text(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var magnitude = Math.Abs(value);
        if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16)) return Exponential(value.ToString("E16", CultureInfo.InvariantCulture), value);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal)) text = value.ToString("F0", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>Four decimals, or an exponent where that would show nothing: as the progress bar prints metrics.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value)) return Text(value);
        if (Math.Abs(value) > 1e-3) return value.ToString("F4", CultureInfo.InvariantCulture);
        var text = value.ToString("0.0000e+00", CultureInfo.InvariantCulture);
        return text;
    }

    static string Exponential(string _, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (!text.Contains('E', StringComparison.Ordinal)) text = value.ToString("0.################E+00", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[..at]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
    }
}
