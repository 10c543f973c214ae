namespace Keras.Transformers;

/// <summary>Parses numbers in CSV files as pandas does, so that values equal those of <c>load_dataset("csv")</c> to the last bit.</summary>
/// <remarks>pandas keeps 17 digits, including leading zeros, as an integer in floating point and scales it by one power of ten.</remarks>
static class PandasNumber
{
    const int MostDigits = 17;
    static readonly double[] Powers = [.. Enumerable.Range(0, 309).Select(n => double.Parse($"1e{n}", System.Globalization.CultureInfo.InvariantCulture))];

    public static bool TryInteger(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text.Trim(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out value);

    public static bool TryFloat(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim();
        value = 0;
        if (text.IsEmpty) return false;
        var negative = text[0] == '-';
        var rest = text[0] is '-' or '+' ? text[1..] : text;
        if (rest is "inf" or "Inf" or "INF" or "infinity" or "Infinity")
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        var (at, digits, exponent) = (0, 0, 0);
        void Digit(char c, ref double number, bool isFraction)
        {
            if (digits < MostDigits)
            {
                number = (number * 10) + (c - '0');
                digits++;
                if (isFraction) exponent--;
            }
            else if (!isFraction) exponent++;
        }
        while (at < rest.Length && char.IsAsciiDigit(rest[at])) Digit(rest[at++], ref value, isFraction: false);
        if (at < rest.Length && rest[at] == '.')
            for (at++; at < rest.Length && char.IsAsciiDigit(rest[at]);) Digit(rest[at++], ref value, isFraction: true);
        if (digits == 0) return false;
        if (at < rest.Length && rest[at] is 'e' or 'E')
        {
            if (!int.TryParse(rest[(at + 1)..], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var power)) return false;
            exponent += Math.Clamp(power, -100_000, 100_000);
            at = rest.Length;
        }
        if (at != rest.Length) return false;
        value = exponent switch
        {
            > 308 => value == 0 ? 0 : double.PositiveInfinity,
            > 0 => value * Powers[exponent],
            < -616 => 0,
            < -308 => value / Powers[-308 - exponent] / Powers[308],
            _ => value / Powers[-exponent],
        };
        if (negative) value = -value;
        return true;
    }
}
