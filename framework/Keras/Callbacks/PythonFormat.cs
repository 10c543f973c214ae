using System.Globalization;
using System.Text.RegularExpressions;

namespace Keras.Callbacks;

/// <summary>Formats numbers by name with Python's format strings: <c>"{epoch:02d}-{val_loss:.2f}"</c>.</summary>
/// <remarks>Source: the format specification mini-language of Python's library reference.</remarks>
static partial class PythonFormat
{
    [GeneratedRegex(@"^(?<name>\w+)(:(?<fill>.(?=[<>=^]))?(?<align>[<>=^])?(?<sign>[-+ ])?(?<zero>0)?(?<width>\d{1,3})?(?<comma>,)?(\.(?<precision>\d{1,2}))?(?<type>[dnfFeEgG%])?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    [GeneratedRegex(@"\{\{|\}\}|\{([^{}]*)\}|[{}]", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    /// <summary>Puts numbers into a text.</summary>
    /// <param name="format">The text; doubled braces stand for single ones.</param>
    /// <param name="values">The numbers, int or double, by name.</param>
    /// <exception cref="FormatException">A brace is left over, a name has no value, or its format is not one for numbers.</exception>
    public static string Format(string format, IReadOnlyDictionary<string, object> values) => Parts().Replace(format, part => part.Value switch
    {
        "{{" => "{",
        "}}" => "}",
        "{" or "}" => throw new FormatException($"Single '{part.Value}' at {part.Index}."),
        _ => FormatField(part.Groups[1].Value, values),
    });

    static string FormatField(string field, IReadOnlyDictionary<string, object> values)
    {
        var match = Field().Match(field);
        if (!match.Success) throw new FormatException($"'{{{field}}}' is not a name with the format of a number.");
        var name = match.Groups["name"].Value;
        if (!values.TryGetValue(name, out var value)) throw new FormatException($"There is no value '{name}'. Known: {Known.List(values.Keys)}.");
        return Padded(value, match);
    }

    static string Padded(object value, Match match)
    {
        string Part(string group, string otherwise) => match.Groups[group].Success ? match.Groups[group].Value : otherwise;
        var text = Digits(value, Part("type", ""), match.Groups["precision"].Success ? int.Parse(Part("precision", ""), CultureInfo.InvariantCulture) : null, match.Groups["comma"].Success);
        var sign = text.StartsWith('-') ? "-" : Part("sign", "-") switch { "+" => "+", " " => " ", _ => "" };
        var digits = text.TrimStart('-');
        var zero = match.Groups["zero"].Success;
        var fill = Part("fill", zero ? "0" : " ")[0];
        var room = Math.Max(0, int.Parse(Part("width", "0"), CultureInfo.InvariantCulture) - sign.Length - digits.Length);
        return Part("align", zero ? "=" : ">") switch
        {
            "<" => sign + digits + new string(fill, room),
            "^" => new string(fill, room / 2) + sign + digits + new string(fill, room - (room / 2)),
            "=" => sign + new string(fill, room) + digits,
            _ => new string(fill, room) + sign + digits,
        };
    }

    static string Digits(object value, string type, int? precision, bool comma)
    {
        if (value is int whole && type is "" or "d" or "n" && precision is null)
            return whole.ToString(comma ? "N0" : "D", CultureInfo.InvariantCulture);
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number)) return PythonFloat.Text(number);
        return type switch
        {
            "" when precision is null => PythonFloat.Text(number),
            "" or "g" or "G" or "n" => General(number, Math.Max(precision ?? 6, 1), upper: type == "G"),
            "f" or "F" => number.ToString($"{(comma ? "N" : "F")}{precision ?? 6}", CultureInfo.InvariantCulture),
            "%" => (number * 100).ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture) + "%",
            "e" or "E" => Exponent(number, precision ?? 6, type == "E"),
            _ => throw new FormatException($"'{type}' cannot format {PythonFloat.Text(number)}: it is for whole numbers."),
        };
    }

    static string Exponent(double number, int precision, bool upper) => number.ToString($"{(precision == 0 ? "0" : "0." + new string('0', precision))}{(upper ? 'E' : 'e')}+00", CultureInfo.InvariantCulture);

    /// <summary>Formats with this many significant digits, without trailing zeros, and with an exponent if the number is very large or small.</summary>
    static string General(double number, int precision, bool upper)
    {
        var scientific = Exponent(number, precision - 1, upper);
        var at = scientific.IndexOf(upper ? 'E' : 'e', StringComparison.Ordinal);
        var exponent = int.Parse(scientific[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        static string Trim(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;
        return exponent < -4 || exponent >= precision ? Trim(scientific[..at]) + scientific[at..] : Trim(number.ToString($"F{precision - 1 - exponent}", CultureInfo.InvariantCulture));
    }
}
