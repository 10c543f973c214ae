using System.Text;

namespace Keras.Transformers;

/// <summary>
/// The letters that stand for bytes in a byte-level vocabulary: printable Latin-1 characters for themselves, the other bytes in ascending order for
/// the characters from U+0100 on.
/// </summary>
static class ByteAlphabet
{
    const int Bytes = 256, FirstOther = 0x100;

    static readonly char[] Letters = MakeLetters();
    static readonly short[] Values = MakeValues();

    /// <summary>The letter of a space.</summary>
    public const char Space = '\u0120';

    /// <summary>The letter of a byte.</summary>
    public static char LetterOf(byte value) => Letters[value];

    /// <summary>Appends a token's bytes: those of its letters, or, if a character is not such a letter, its text.</summary>
    public static void AppendBytes(string token, List<byte> bytes)
    {
        var before = bytes.Count;
        foreach (var letter in token)
        {
            if (letter < Values.Length && Values[letter] is >= 0 and var value)
            {
                bytes.Add((byte)value);
                continue;
            }
            bytes.RemoveRange(before, bytes.Count - before);
            bytes.AddRange(Encoding.UTF8.GetBytes(token));
            return;
        }
    }

    static char[] MakeLetters()
    {
        var letters = new char[Bytes];
        var other = FirstOther;
        for (var b = 0; b < Bytes; b++) letters[b] = (char)(b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? b : other++);
        return letters;
    }

    static short[] MakeValues()
    {
        var values = new short[Letters.Max() + 1];
        Array.Fill(values, (short)-1);
        for (var b = 0; b < Bytes; b++) values[Letters[b]] = (short)b;
        return values;
    }
}
