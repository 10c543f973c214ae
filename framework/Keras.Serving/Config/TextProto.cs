using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Keras.Serving;

/// <summary>Parses protobuf's text format, used by TensorFlow Serving's config files, into any message.</summary>
/// <remarks>Google.Protobuf for .NET has no such parser. Supported: comments, ':' or none before a message, both kinds of brackets, lists, separators ',' and ';', both quotes, adjacent strings. Not supported:
/// extensions and expanded Any messages, which these files do not have.</remarks>
sealed class TextProto
{
    /// <summary>The maximum length of a config file.</summary>
    const int LongestText = 16 << 20;

    const int DeepestMessage = 64;

    readonly TextScanner _scanner;
    int _depth;

    TextProto(TextScanner scanner) => _scanner = scanner;

    /// <summary>Parses a text into a message.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The source of the text, such as a file's path, for errors.</param>
    /// <exception cref="FileFormatException">The text is not such a message; the error gives line and column.</exception>
    public static T Parse<T>(string text, string source) where T : IMessage<T>, new()
    {
        if (text.Length > LongestText) throw new FileFormatException("A config is too long", source, $"at most {LongestText} characters", $"{text.Length}", "Split it.");
        var message = new T();
        new TextProto(new TextScanner(text, source)).ReadFields(message, null);
        return message;
    }

    /// <summary>Reads fields up to a closing bracket, or to the end of the text.</summary>
    void ReadFields(IMessage message, char? close)
    {
        var seen = new Dictionary<string, TextToken>();
        while (close is null ? _scanner.Current.Kind != TextKind.End : !_scanner.Take(close.Value))
        {
            var name = _scanner.Next();
            if (name.Kind != TextKind.Word) throw _scanner.Error(name, "A field's name is missing", close is null ? "a name" : $"a name or {close}");
            var field = message.Descriptor.FindFieldByName(name.Text) ?? throw Unknown(name, message.Descriptor);
            if (!field.IsRepeated)
            {
                var group = field.ContainingOneof?.Name ?? field.Name;
                if (!seen.TryAdd(group, name))
                    throw _scanner.Error(name, group == field.Name ? "A field stands twice" : $"Only one field of {group} may be set", $"{seen[group].Text} of line {seen[group].Line} alone");
            }
            ReadField(message, field);
            if (!_scanner.Take(',')) _scanner.Take(';');
        }
    }

    FileFormatException Unknown(TextToken name, MessageDescriptor descriptor) =>
        _scanner.Error(name, $"{descriptor.Name} has no such field", $"one of {string.Join(", ", descriptor.Fields.InDeclarationOrder().Select(f => f.Name))}");

    void ReadField(IMessage message, FieldDescriptor field)
    {
        var hasColon = _scanner.Take(':');
        var isMessage = field.FieldType is FieldType.Message or FieldType.Group;
        if (!hasColon && !isMessage) throw _scanner.Error(_scanner.Current, $"{field.Name} takes a value", "':'");
        if (!field.IsRepeated)
        {
            field.Accessor.SetValue(message, ReadValue(field));
            return;
        }
        if (!_scanner.Take('['))
        {
            Add(message, field);
            return;
        }
        if (_scanner.Take(']')) return;
        do Add(message, field);
        while (_scanner.Take(','));
        if (!_scanner.Take(']')) throw _scanner.Error(_scanner.Current, "A list is not closed", "',' or ']'");
    }

    void Add(IMessage message, FieldDescriptor field)
    {
        if (!field.IsMap)
        {
            ((IList)field.Accessor.GetValue(message)).Add(ReadValue(field));
            return;
        }
        var (key, value) = ReadEntry(field.MessageType);
        ((IDictionary)field.Accessor.GetValue(message))[key] = value;
    }

    /// <summary>Reads a map entry: { key: "stable" value: 1 }.</summary>
    (object Key, object Value) ReadEntry(MessageDescriptor entry)
    {
        var values = new Dictionary<string, object>();
        var open = _scanner.Current;
        var close = Open(entry.Name);
        while (!_scanner.Take(close))
        {
            var name = _scanner.Next();
            if (name.Kind != TextKind.Word) throw _scanner.Error(name, "A field's name is missing", "key or value");
            var field = entry.FindFieldByName(name.Text) ?? throw Unknown(name, entry);
            if (!_scanner.Take(':') && field.FieldType != FieldType.Message) throw _scanner.Error(_scanner.Current, $"{field.Name} takes a value", "':'");
            values[field.Name] = ReadValue(field);
            if (!_scanner.Take(',')) _scanner.Take(';');
        }
        _depth--;
        return values.TryGetValue("key", out var key) && values.TryGetValue("value", out var value) ? (key, value) : throw _scanner.Error(open, "An entry is not complete", "key and value");
    }

    object ReadValue(FieldDescriptor field)
    {
        if (field.FieldType is FieldType.Message or FieldType.Group) return ReadMessage(field.MessageType);
        var token = _scanner.Current;
        switch (field.FieldType)
        {
            case FieldType.String: return Utf8(ReadText(field), token);
            case FieldType.Bytes: return ByteString.CopyFrom(ReadText(field));
            case FieldType.Bool: return ReadBool();
            case FieldType.Enum: return ReadEnum(field.EnumType);
            case FieldType.Float: return (float)ReadFloat();
            case FieldType.Double: return ReadFloat();
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32: return (int)ReadInteger(int.MinValue, int.MaxValue);
            case FieldType.UInt32 or FieldType.Fixed32: return (uint)ReadInteger(0, uint.MaxValue);
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64: return (long)ReadInteger(long.MinValue, long.MaxValue);
            default: return (ulong)ReadInteger(0, ulong.MaxValue);
        }
    }

    /// <summary>Reads a message; a wrapper (<c>{ value: 32 }</c>) gives the value itself, as in .NET.</summary>
    object ReadMessage(MessageDescriptor descriptor)
    {
        var close = Open(descriptor.Name);
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        ReadFields(message, close);
        _depth--;
        return descriptor.File.Name == "google/protobuf/wrappers.proto" ? descriptor.FindFieldByNumber(1).Accessor.GetValue(message) : message;
    }

    char Open(string name)
    {
        if (++_depth > DeepestMessage) throw _scanner.Error(_scanner.Current, "Messages are nested too deeply", $"at most {DeepestMessage}");
        if (_scanner.Take('{')) return '}';
        return _scanner.Take('<') ? '>' : throw _scanner.Error(_scanner.Current, $"A {name} is missing", "'{'");
    }

    byte[] ReadText(FieldDescriptor field)
    {
        if (_scanner.Current.Kind != TextKind.Text) throw _scanner.Error(_scanner.Current, $"{field.Name} takes a text", "a text in quotes");
        var bytes = _scanner.Next().Bytes!;
        while (_scanner.Current.Kind == TextKind.Text) bytes = [.. bytes, .. _scanner.Next().Bytes!];
        return bytes;
    }

    string Utf8(byte[] bytes, TextToken token) => System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw _scanner.Error(token, "A text is no UTF-8", "UTF-8");

    bool ReadBool()
    {
        var token = _scanner.Next();
        return token.Text switch
        {
            "true" or "True" or "t" or "1" => true,
            "false" or "False" or "f" or "0" => false,
            _ => throw _scanner.Error(token, "A truth value is missing", "true or false"),
        };
    }

    object ReadEnum(EnumDescriptor descriptor)
    {
        if (_scanner.Current.Kind != TextKind.Word) return (int)ReadInteger(int.MinValue, int.MaxValue);
        var token = _scanner.Next();
        return descriptor.FindValueByName(token.Text)?.Number ?? throw _scanner.Error(token, $"{descriptor.Name} has no such value", $"one of {string.Join(", ", descriptor.Values.Select(v => v.Name))}");
    }

    double ReadFloat()
    {
        var isNegative = _scanner.Take('-');
        var token = _scanner.Next();
        var text = token.Text.ToLowerInvariant();
        double value;
        if (token.Kind == TextKind.Word && text is "inf" or "infinity") value = double.PositiveInfinity;
        else if (token.Kind == TextKind.Word && text == "nan") value = double.NaN;
        else if (token.Kind != TextKind.Number || !double.TryParse(text.EndsWith('f') ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            throw _scanner.Error(token, "A number is missing", "a number");
        return isNegative ? -value : value;
    }

    /// <summary>Reads an integer: decimal, 0x hexadecimal or 0 octal.</summary>
    Int128 ReadInteger(Int128 least, Int128 most)
    {
        var isNegative = _scanner.Take('-');
        var token = _scanner.Next();
        if (token.Kind != TextKind.Number || Magnitude(token.Text) is not { } magnitude) throw _scanner.Error(token, "A whole number is missing", "a whole number");
        var value = isNegative ? -magnitude : magnitude;
        return value >= least && value <= most ? value : throw _scanner.Error(token, "A number is out of range", $"from {least} to {most}", value.ToString(CultureInfo.InvariantCulture));
    }

    static Int128? Magnitude(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        if (text.Length > 1 && text[0] == '0')
        {
            Int128 octal = 0;
            foreach (var c in text)
            {
                if (c is < '0' or > '7' || octal > ulong.MaxValue) return null;
                octal = (octal * 8) + (c - '0');
            }
            return octal;
        }
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
