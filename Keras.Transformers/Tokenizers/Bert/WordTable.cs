using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Transformers;

/// <summary>A table of whole words of at most 16 units below 256, by their bytes: one 16-byte comparison finds a word.</summary>
sealed class WordTable
{
    /// <summary>The maximum length of its words.</summary>
    public const int Longest = 16;

    const int NoToken = -1;

    readonly WholeWord[] _entries;
    readonly int _shift, _longest;

    struct WholeWord
    {
        /// <summary>The word, padded with zeros; all zeros if free.</summary>
        public ulong Lower, Upper;
        public int Token;

        public readonly bool Is(UInt128 word) => Lower == (ulong)word && Upper == (ulong)(word >> 64);
    }

    /// <summary>Masks: 16 bytes read from 16 - n on are n times 255, then zeros.</summary>
    static ReadOnlySpan<byte> Masks => [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <param name="tokens">The entries of a vocabulary by id; null where an id is unused.</param>
    /// <param name="continuing">The prefix of entries that are not whole words; may be empty.</param>
    /// <param name="longest">Longer words are left out.</param>
    public WordTable(string?[] tokens, string continuing, int longest)
    {
        _longest = longest;
        _entries = new WholeWord[BitOperations.RoundUpToPowerOf2((uint)(2 + (4L * tokens.Count(IsWhole) / 3)))];
        _shift = 64 - BitOperations.Log2((uint)_entries.Length);
        Span<char> units = stackalloc char[Longest];
        for (var id = 0; id < tokens.Length; id++)
        {
            if (!IsWhole(tokens[id])) continue;
            var token = tokens[id]!;
            units.Clear();
            token.CopyTo(units);
            if (TryKey(units, token.Length, out var key)) At(key) = new() { Lower = (ulong)key, Upper = (ulong)(key >> 64), Token = id };
        }

        bool IsWhole(string? token) => token is { Length: > 0 } && token.Length <= longest && !(continuing.Length > 0 && token.StartsWith(continuing, StringComparison.Ordinal));
    }

    /// <summary>Finds the id of a word; -1 if it is not in the table.</summary>
    /// <param name="units">A text.</param>
    /// <param name="start">Where the word begins.</param>
    /// <param name="length">The length of the word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<char> units, int start, int length)
    {
        if (length == 0 || length > _longest || start + Longest > units.Length || !TryKey(units.Slice(start, Longest), length, out var key)) return NoToken;
        ref var entry = ref At(key);
        return entry.Is(key) ? entry.Token : NoToken;
    }

    /// <summary>Packs the first units as bytes; false if one does not fit a byte, or is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryKey(ReadOnlySpan<char> units, int length, out UInt128 key)
    {
        ref var first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(units));
        var narrow = Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref first), Vector128.LoadUnsafe(ref first, 8));
        var mask = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(Longest - length));
        // A saturated unit could match another word.
        var isByte = Vector128.LessThan(narrow, Vector128<byte>.AllBitsSet) & ~Vector128.Equals(narrow, Vector128<byte>.Zero);
        var bytes = (narrow & mask).AsUInt64();
        key = new(bytes[1], bytes[0]);
        return (isByte & mask) == mask;
    }

    /// <summary>The entry of a word, or the free slot for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref WholeWord At(UInt128 key)
    {
        var (upper, lower) = ((ulong)(key >> 64), (ulong)key);
        var place = (uint)(((lower * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(upper * 0xC2B2AE3D27D4EB4F, 31)) * 0x9E3779B97F4A7C15 >> _shift);
        var mask = (uint)_entries.Length - 1;
        while (true)
        {
            ref var entry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), place);
            if (entry.Is(key) || entry.Is(UInt128.Zero)) return ref entry;
            place = (place + 1) & mask;
        }
    }
}
