using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Keras.Serving;

/// <summary>Writes JSON like TensorFlow Serving: NaN and infinities as bare words, floats with a decimal point or an exponent.</summary>
sealed class JsonText
{
    const int LongestNumber = 40;

    static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    readonly ArrayBufferWriter<byte> _text = new(256);

    /// <summary>The text written so far.</summary>
    public ReadOnlyMemory<byte> Text => _text.WrittenMemory;

    /// <summary>Writes characters unchanged.</summary>
    public JsonText Raw(ReadOnlySpan<byte> text)
    {
        _text.Write(text);
        return this;
    }

    public void Whole<T>(T value) where T : IUtf8SpanFormattable
    {
        value.TryFormat(_text.GetSpan(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        _text.Advance(written);
    }

    public void Float(float value)
    {
        if (!float.IsFinite(value)) NotFinite(value);
        else Float<float>(value);
    }

    public void Float(double value)
    {
        if (!double.IsFinite(value)) NotFinite(value);
        else Float<double>(value);
    }

    void NotFinite(double value) => _text.Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);

    void Float<T>(T value) where T : IUtf8SpanFormattable
    {
        var span = _text.GetSpan(LongestNumber);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        if (span[..written].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(span[written..]);
            written += 2;
        }
        _text.Advance(written);
    }

    /// <summary>Writes a string.</summary>
    public JsonText String(string text) => String(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a string, or as {"b64": ...} if the bytes are not UTF-8.</summary>
    public JsonText String(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) return Bytes(utf8);
        _text.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            var target = _text.GetSpan(Math.Max(64, utf8.Length));
            Encoder.EncodeUtf8(utf8, target, out var read, out var written);
            _text.Advance(written);
            utf8 = utf8[read..];
        }
        _text.Write("\""u8);
        return this;
    }

    /// <summary>Writes bytes as {"b64": ...}.</summary>
    public JsonText Bytes(ReadOnlySpan<byte> bytes)
    {
        _text.Write("{\"b64\":\""u8);
        Base64.EncodeToUtf8(bytes, _text.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        _text.Advance(written);
        _text.Write("\"}"u8);
        return this;
    }
}
