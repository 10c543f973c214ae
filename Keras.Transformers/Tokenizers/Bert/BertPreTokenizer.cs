using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Transformers;

/// <summary>Cuts normalised text at white space and around every punctuation character.</summary>
sealed class BertPreTokenizer
{
    enum Kind : byte
    {
        Word,
        Space,
        Punctuation,
        Surrogate,
    }

    static readonly Lazy<BertPreTokenizer> LazyFast = new(() => new(UnicodeEdition.Fast)), LazySlow = new(() => new(UnicodeEdition.Slow));

    readonly UnicodeEdition _unicode;
    readonly Kind[] _kinds = new Kind[0x10000];

    BertPreTokenizer(UnicodeEdition unicode)
    {
        _unicode = unicode;
        Mark(unicode.Space, Kind.Space);
        Mark(unicode.Punctuation, Kind.Punctuation);
        _kinds.AsSpan(0xD800, 0x800).Fill(Kind.Surrogate);
    }

    /// <summary>The pre-tokenizer of the fast tokenizer.</summary>
    public static BertPreTokenizer Fast => LazyFast.Value;

    /// <summary>The pre-tokenizer of the slow tokenizer.</summary>
    public static BertPreTokenizer Slow => LazySlow.Value;

    /// <summary>The next word in [<paramref name="start"/>, <paramref name="stop"/>), or false at the end.</summary>
    public bool Next(ReadOnlySpan<char> text, ref int start, int stop, out int end)
    {
        var kinds = _kinds;
        while (start < stop && kinds[text[start]] == Kind.Space) start++;
        end = start + LettersAndDigits(text[start..stop]);
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

    /// <summary>The number of ASCII letters and digits at the start of the first 16 units, in one step; 0 if there are fewer units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int LettersAndDigits(ReadOnlySpan<char> text)
    {
        if (text.Length < Vector256<ushort>.Count) return 0;
        var units = Vector256.LoadUnsafe(ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text)));
        var letters = Vector256.LessThanOrEqual((units | Vector256.Create((ushort)0x20)) - Vector256.Create((ushort)'a'), Vector256.Create((ushort)('z' - 'a')));
        var digits = Vector256.LessThanOrEqual(units - Vector256.Create((ushort)'0'), Vector256.Create((ushort)('9' - '0')));
        return BitOperations.TrailingZeroCount(~(letters | digits).ExtractMostSignificantBits() | 1u << Vector256<ushort>.Count);
    }

    /// <summary>The next run without white space in [<paramref name="start"/>, <paramref name="stop"/>), or false at the end.</summary>
    public bool NextBetweenSpaces(ReadOnlySpan<char> text, ref int start, int stop, out int end)
    {
        while (start < stop && _kinds[text[start]] == Kind.Space) start++;
        end = start;
        while (end < stop && _kinds[text[end]] != Kind.Space) end++;
        return end > start;
    }

    Kind KindOfPair(ReadOnlySpan<char> text, int i, out int length) =>
        _unicode.Punctuation.Contains(Clusters.CodePointAt(text, i, out length)) ? Kind.Punctuation : Kind.Word;

    void Mark(CodePointSet set, Kind kind)
    {
        for (var i = 0; i < set.RangeCount; i++)
            if (set.Range(i) is var (start, end) && start < _kinds.Length) _kinds.AsSpan(start..(end + 1)).Fill(kind);
    }
}
