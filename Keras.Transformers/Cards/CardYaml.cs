using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Keras.Transformers;

/// <summary>Reads and writes a card's metadata as YAML: null, flags, numbers, texts, lists and dictionaries by name.</summary>
/// <remarks>A text is only written without quotes if no reader can take it for anything else, so it cannot break out of its field. Anchors are rejected: a few lines of them can expand to gigabytes.</remarks>
static partial class CardYaml
{
    const int Deepest = 32, Longest = 1 << 20;

    static readonly string[] Reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];

    /// <summary>The YAML between two lines of "---" at a card's beginning, null if there is none, and what follows it.</summary>
    public static (string? Head, string Body) Split(string content)
    {
        var text = content.TrimStart('\ufeff');
        return FrontMatter().Match(text) is { Success: true } match ? (match.Groups[1].Value, text[match.Length..]) : (null, content);
    }

    /// <exception cref="FileFormatException">The text is not YAML, or not a dictionary by name.</exception>
    public static OrderedDictionary<string, object?> Read(string text, string where)
    {
        if (text.Length > Longest) throw Wrong($"{text.Length} characters", where, null);
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _)) return [];
            parser.Consume<DocumentStart>();
            var value = Value(parser, where, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.TryConsume<StreamEnd>(out _)) throw Wrong("more than one document", where, null);
            return value as OrderedDictionary<string, object?> ?? (value is null ? [] : throw Wrong("a list or a single value", where, null));
        }
        catch (Exception e) when (IsOfReader(e))
        {
            throw Wrong($"{LineOf(e)}{e.Message}", where, e);
        }
    }

    /// <summary>Whether an error comes from the YAML reader: on text that is not YAML it fails in more ways than with its own exception.</summary>
    public static bool IsOfReader(Exception e) => e is YamlException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or FormatException;

    static string LineOf(Exception e) => e is YamlException yaml ? $"line {yaml.Start.Line}: " : "";

    static object? Value(Parser parser, string where, int depth)
    {
        if (depth > Deepest) throw Wrong($"more than {Deepest} levels", where, null);
        if (parser.TryConsume<Scalar>(out var scalar)) return scalar.Style == ScalarStyle.Plain ? Plain(scalar.Value) : scalar.Value;
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<object?>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(parser, where, depth + 1));
            return items;
        }
        if (!parser.TryConsume<MappingStart>(out _)) throw Wrong("an anchor", where, null);
        var members = new OrderedDictionary<string, object?>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw Wrong("a key that is not a text", where, null);
            if (!members.TryAdd(key.Value, Value(parser, where, depth + 1))) throw Wrong($"the key \"{key.Value}\" twice", where, null);
        }
        return members;
    }

    static object? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        ".inf" or "+.inf" => double.PositiveInfinity,
        "-.inf" => double.NegativeInfinity,
        _ when Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when Fraction().IsMatch(text) => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    public static string Write(IReadOnlyDictionary<string, object?> members)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, skipAnchorName: true, indentSequences: false, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, members);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    static void Emit(Emitter emitter, object? value)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> members:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (name, member) in members)
                {
                    Text(emitter, name);
                    Emit(emitter, member);
                }
                emitter.Emit(new MappingEnd());
                break;
            case string text: Text(emitter, text); break;
            case System.Collections.IEnumerable items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in items) Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            default: emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, Number(value), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false)); break;
        }
    }

    static string Number(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double.NaN => ".nan",
        double.PositiveInfinity => ".inf",
        double.NegativeInfinity => "-.inf",
        double number => Float(number),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new UnsupportedException("A value has no place in a card's metadata", null, "a flag, a number, a text, a list or a dictionary", value.GetType().Name),
    };

    /// <summary>Writes a float with a decimal point: YAML 1.1, which the hub reads, takes 1e-05 for a text, but 1.0e-05 for a number.</summary>
    static string Float(double number)
    {
        var text = Keras.Callbacks.PythonFloat.Text(number);
        return text.Contains('.', StringComparison.Ordinal) ? text : text.Replace("e", ".0e", StringComparison.Ordinal);
    }

    static void Text(Emitter emitter, string text)
    {
        var plain = Harmless().IsMatch(text) && !Reserved.Contains(text.ToLowerInvariant());
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, plain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, isPlainImplicit: plain, isQuotedImplicit: !plain));
    }

    static FileFormatException Wrong(string received, string where, Exception? inner) =>
        new("A card's metadata is malformed", where, "YAML: one dictionary by name, between two lines of ---", received, null, inner);

    [GeneratedRegex(@"\A---[ \t]*\r?\n(.*?)^---[ \t]*(\r?\n|\z)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FrontMatter();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+(-][A-Za-z0-9_./+()-]*)*\z")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
