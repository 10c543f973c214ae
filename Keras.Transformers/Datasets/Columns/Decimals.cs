using System.Globalization;

namespace Keras.Transformers;

/// <summary>Decimals: integers of 128 bits with a fixed number of digits after the decimal point.</summary>
static class Decimals
{
    public const int Width = 16, MostDigits = 38;

    /// <summary>.NET's decimal has a mantissa of 96 bits and at most 28 digits after the decimal point.</summary>
    const int MostScale = 28;
    static readonly Int128 MostMantissa = (Int128)((UInt128.One << 96) - 1);

    /// <summary>Finds the type by a name such as "decimal128(10, 2)", where the second number is optional; null if it is not a decimal's.</summary>
    public static ElementType? Find(string name)
    {
        var inner = name.EndsWith(')') ? name["decimal128(".Length..^1].Split(',') : [];
        if (inner.Length is 0 or > 2 || !int.TryParse(inner[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision) || precision is < 1 or > MostDigits) return null;
        var scale = 0;
        return inner.Length == 2 && (!int.TryParse(inner[1].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out scale) || scale is < -MostDigits or > MostDigits) ? null : Of(precision, scale);
    }

    static ElementType Of(int precision, int scale) => new($"decimal128({precision}, {scale})", ElementKind.Decimal, Width) { Digits = (precision, scale) };

    /// <summary>The smallest type that holds a number.</summary>
    public static ElementType Of(decimal value)
    {
        var (digits, scale) = Parts(value);
        return Of(Math.Max(Math.Max(Count(digits), scale), 1), scale);
    }

    /// <summary>The type that holds values of both.</summary>
    public static ElementType Join(ElementType a, ElementType b)
    {
        var scale = Math.Max(a.Digits.Scale, b.Digits.Scale);
        return Of(Math.Min(Math.Max(a.Digits.Precision - a.Digits.Scale, b.Digits.Precision - b.Digits.Scale) + scale, MostDigits), scale);
    }

    /// <exception cref="ValueRangeException">.NET's decimal does not hold the number.</exception>
    /// <exception cref="FileFormatException">.NET's decimal does not hold the number, and it comes from a file.</exception>
    public static decimal Read(ElementType type, Int128 digits, string? where)
    {
        var scale = type.Digits.Scale;
        try
        {
            for (; scale < 0; scale++) digits = checked(digits * 10);
            for (; (scale > MostScale || Int128.Abs(digits) > MostMantissa) && scale > 0 && digits % 10 == 0; scale--) digits /= 10;
            if (scale <= MostScale && Int128.Abs(digits) <= MostMantissa) return Made(digits, scale);
        }
        catch (OverflowException)
        {
            // Too large, as below.
        }
        const string what = "A decimal has more digits than .NET's", range = "numbers of up to 28 digits";
        var received = $"{digits} with {scale} digits after the decimal point";
        throw where is null ? new ValueRangeException(what, type.Name, range, received) : new FileFormatException(what, where, range, received, "Cast the column with the program that made the file, to fewer digits or to float64.");
    }

    static decimal Made(Int128 digits, int scale)
    {
        var magnitude = (UInt128)Int128.Abs(digits);
        return new((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), Int128.IsNegative(digits), (byte)scale);
    }

    /// <summary>The digits of a number, without rounding.</summary>
    /// <exception cref="ValueRangeException">The type has too few digits before or after the decimal point.</exception>
    public static Int128 Write(ElementType type, decimal value, string where)
    {
        var (digits, scale) = Parts(value);
        var (precision, target) = type.Digits;
        for (; scale > target && digits % 10 == 0; scale--) digits /= 10;
        for (; scale < target && Count(digits) <= MostDigits - 1; scale++) digits *= 10;
        if (digits == 0 || scale == target && Count(digits) <= precision) return digits;
        throw new ValueRangeException("A number does not fit", where, $"at most {precision} digits, {target} of them after the decimal point", value.ToString(CultureInfo.InvariantCulture), "Round it, or give the column a wider type.");
    }

    static (Int128 Digits, int Scale) Parts(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = (Int128)(((UInt128)(uint)bits[2] << 64) | ((UInt128)(uint)bits[1] << 32) | (uint)bits[0]);
        return (bits[3] < 0 ? -digits : digits, value.Scale);
    }

    static int Count(Int128 digits)
    {
        var count = 0;
        for (; digits != 0; digits /= 10) count++;
        return count;
    }

    /// <summary>Parses a number such as 1.50 or 1e2, if .NET's decimal holds it exactly.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        // Shorter texts have no digits to lose.
        && (text.Length <= MostScale && !text.ContainsAny('e', 'E') || DigitsOf(text) == DigitsOf(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The digits without leading and trailing zeros.</summary>
    static string DigitsOf(ReadOnlySpan<char> text) => string.Concat(text[..(text.IndexOfAny('e', 'E') is >= 0 and var end ? end : text.Length)].ToString().Where(char.IsAsciiDigit)).Trim('0');

    /// <summary>Converts a number to a decimal; null if the object is not a number or too large.</summary>
    public static decimal? Number(object value)
    {
        try
        {
            return value switch
            {
                decimal number => number,
                double or float or int or long or short or sbyte or byte or ushort or uint or ulong => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
                Half half => (decimal)(double)half,
                _ => null,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
