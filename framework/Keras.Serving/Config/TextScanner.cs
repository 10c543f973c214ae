using System.Text;

namespace Keras.Serving;

/// <summary>The kinds of tokens in protobuf's text format.</summary>
enum TextKind
{
    End,
    Word,
    Number,
    Text,
    Symbol,
}

/// <summary>A token and its position; a string literal's value is in <paramref name="Bytes"/>.</summary>
readonly record struct TextToken(TextKind Kind, string Text, byte[]? Bytes, int Line, int Column);

/// <summary>Splits protobuf's text format into tokens: words, numbers, literals and symbols, without comments and whitespace.</summary>
sealed class TextScanner
{
    readonly string _text;
    readonly string _source;
    int _at;
    int _line = 1;
    int _lineStart;

    public TextScanner(string text, string source)
    {
        (_text, _source) = (text, source);
        Next();
    }

    /// <summary>The next token.</summary>
    public TextToken Current { get; private set; }

    /// <summary>Takes the next token.</summary>
    public TextToken Next()
    {
        var taken = Current;
        SkipBlanks();
        Current = Scan();
        return taken;
    }

    /// <summary>Takes a symbol if it is the next token.</summary>
    public bool Take(char symbol)
    {
        if (Current.Kind != TextKind.Symbol || Current.Text[0] != symbol) return false;
        Next();
        return true;
    }

    /// <summary>Makes an error at a token.</summary>
    public FileFormatException Error(TextToken at, string what, string expected, string? received = null) =>
        new(what, $"{_source}, line {at.Line}, column {at.Column}", expected, received ?? (at.Kind == TextKind.End ? "the end of the text" : $"'{Short(at.Text)}'"), "Mend the text there.");

    static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}...";

    void SkipBlanks()
    {
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '#')
            {
                while (_at < _text.Length && _text[_at] != '\n') _at++;
                if (_at == _text.Length) return;
                c = '\n';
            }
            if (c == '\n') (_line, _lineStart) = (_line + 1, _at + 1);
            else if (!char.IsWhiteSpace(c) && c != '\uFEFF') return;
        }
    }

    TextToken Scan()
    {
        var start = _at;
        if (_at == _text.Length) return Token(TextKind.End, start);
        var c = _text[_at];
        if (c is '"' or '\'') return Literal(c);
        if (char.IsAsciiDigit(c) || c == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])) return Run(TextKind.Number, IsOfNumber);
        if (IsOfWord(c)) return Run(TextKind.Word, IsOfWord);
        _at++;
        return Token(TextKind.Symbol, start);
    }

    TextToken Run(TextKind kind, Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < _text.Length && (belongs(_text[_at]) || kind == TextKind.Number && _text[_at] is '+' or '-' && _text[_at - 1] is 'e' or 'E')) _at++;
        return Token(kind, start);
    }

    static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    static bool IsOfNumber(char c) => char.IsAsciiLetterOrDigit(c) || c == '.';

    TextToken Token(TextKind kind, int start) => new(kind, _text[start.._at], null, _line, start - _lineStart + 1);

    TextToken Literal(char quote)
    {
        var start = _at++;
        var bytes = new List<byte>();
        while (true)
        {
            if (_at == _text.Length || _text[_at] == '\n') throw Error(Token(TextKind.Text, start), "A text is not closed", $"{quote} on the same line");
            if (_text[_at] == quote) break;
            if (_text[_at] == '\\') Escape(bytes);
            else
            {
                var runStart = _at;
                while (_at < _text.Length && _text[_at] != quote && _text[_at] is not ('\\' or '\n')) _at++;
                bytes.AddRange(Encoding.UTF8.GetBytes(_text[runStart.._at]));
            }
        }
        _at++;
        return Token(TextKind.Text, start) with { Bytes = [.. bytes] };
    }

    /// <summary>Reads one of C's escapes: a letter, up to three octal digits, \x with up to two hexadecimal ones, \u with four or \U with eight.</summary>
    void Escape(List<byte> bytes)
    {
        var start = _at++;
        var c = _at < _text.Length ? _text[_at++] : '\0';
        switch (c)
        {
            case 'x' or 'X' when Digits(16, 2) is { } hex: bytes.Add((byte)hex); return;
            case 'u' when Digits(16, 4, exactly: true) is { } code && Rune.IsValid(code): AddRune(bytes, code); return;
            case 'U' when Digits(16, 8, exactly: true) is { } code && Rune.IsValid(code): AddRune(bytes, code); return;
            case >= '0' and <= '7':
                _at--;
                if (Digits(8, 3) is not ({ } octal and <= 255)) break;
                bytes.Add((byte)octal);
                return;
            default:
                if (SimpleEscapes.IndexOf(c, StringComparison.Ordinal) is >= 0 and var i)
                {
                    bytes.Add((byte)SimpleValues[i]);
                    return;
                }
                break;
        }
        throw Error(Token(TextKind.Text, start), "An escape is unknown", "\\n \\t \\r \\a \\b \\f \\v \\\\ \\' \\\" \\? \\ooo \\xhh \\uhhhh \\Uhhhhhhhh");
    }

    const string SimpleEscapes = "ntrabfv\\'\"?";
    const string SimpleValues = "\n\t\r\a\b\f\v\\'\"?";

    static void AddRune(List<byte> bytes, int code) => bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(code).ToString()));

    int? Digits(int radix, int most, bool exactly = false)
    {
        var (value, count) = (0L, 0);
        for (; count < most && _at < _text.Length && char.IsAsciiHexDigit(_text[_at]); count++, _at++)
        {
            var digit = Convert.ToInt32(_text[_at].ToString(), 16);
            if (digit >= radix) break;
            value = (value * radix) + digit;
        }
        return count == 0 || exactly && count < most || value > int.MaxValue ? null : (int)value;
    }
}
