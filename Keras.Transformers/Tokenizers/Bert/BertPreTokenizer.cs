namespace Keras.Transformers;

/// <summary>Cuts normalised text at white space and around every punctuation character.</summary>
static class BertPreTokenizer
{
    public enum Kind : byte
    {
        Word,
        Space,
        Punctuation,
        Surrogate,
    }

    static readonly Kind[] Kinds = MakeKinds();

    /// <summary>The next word in [<paramref name="start"/>, <paramref name="stop"/>), or false at the end.</summary>
    public static bool Next(ReadOnlySpan<char> text, ref int start, int stop, out int end)
    {
        var kinds = Kinds;
        while (start < stop && kinds[text[start]] == Kind.Space) start++;
        end = start;
        while (end < stop)
        {
            var length = 1;
            var kind = kinds[text[end]];
            if (kind == Kind.Surrogate) kind = KindOfPair(text[..stop], end, out length);
            if (kind != Kind.Word)
            {
                if (kind == Kind.Punctuation && end == start) end += length;
                break;
            }
            end += length;
        }
        return end > start;
    }

    static Kind KindOfPair(ReadOnlySpan<char> text, int i, out int length)
    {
        length = 1;
        if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return Kind.Word;
        length = 2;
        return UnicodeFacts.Punctuation.Contains(char.ConvertToUtf32(text[i], text[i + 1])) ? Kind.Punctuation : Kind.Word;
    }

    static Kind[] MakeKinds()
    {
        var kinds = new Kind[0x10000];
        Mark(kinds, UnicodeFacts.Space, Kind.Space);
        Mark(kinds, UnicodeFacts.Punctuation, Kind.Punctuation);
        kinds.AsSpan(0xD800, 0x800).Fill(Kind.Surrogate);
        return kinds;
    }

    static void Mark(Kind[] kinds, CodePointSet set, Kind kind)
    {
        for (var i = 0; i < set.RangeCount; i++)
            if (set.Range(i) is var (start, end) && start < kinds.Length) kinds.AsSpan(start..(end + 1)).Fill(kind);
    }
}
