namespace Keras.Transformers;

/// <summary>A piece of normalised text, with the original position of each UTF-16 unit. While units map one to one (all ordinary text), no positions are stored.</summary>
public sealed class NormalizedText
{
    char[] _chars = new char[256];
    int[] _starts = [], _ends = [];
    int _shift;

    internal NormalizedText() { }

    /// <summary>The number of UTF-16 units.</summary>
    public int Length { get; internal set; }

    /// <summary>Whether unit i came from unit i of the piece.</summary>
    internal bool IsIdentity { get; private set; }

    /// <summary>The units, with space for more after <see cref="Length"/>.</summary>
    internal char[] Buffer => _chars;

    /// <summary>The units.</summary>
    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>The parts of a cluster that is being put in canonical order.</summary>
    internal List<ClusterPart> Cluster { get; } = [];

    /// <summary>Begins a piece that starts at <paramref name="shift"/> in the original text.</summary>
    internal void Reset(int shift, int capacity)
    {
        (_shift, Length, IsIdentity) = (shift, 0, true);
        EnsureCapacity(capacity + WordTable.Longest);
    }

    /// <summary>Takes a piece of the original text as it is.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="shift">Its start in the original text.</param>
    public void Copy(ReadOnlySpan<char> piece, int shift)
    {
        Reset(shift, piece.Length);
        piece.CopyTo(_chars);
        Length = piece.Length;
    }

    internal void EnsureCapacity(int capacity)
    {
        if (_chars.Length < capacity) Array.Resize(ref _chars, Math.Max(capacity, _chars.Length * 2));
        if (IsIdentity || _starts.Length >= _chars.Length) return;
        Array.Resize(ref _starts, _chars.Length);
        Array.Resize(ref _ends, _chars.Length);
    }

    /// <summary>Starts to store the position of each unit in the original text.</summary>
    internal void LeaveIdentity()
    {
        if (!IsIdentity) return;
        IsIdentity = false;
        EnsureCapacity(_chars.Length);
        for (var i = 0; i < Length; i++) (_starts[i], _ends[i]) = (_shift + i, _shift + i + 1);
    }

    /// <summary>Adds one unit that came from <paramref name="length"/> units at <paramref name="start"/> of the piece; there must be space.</summary>
    internal void Append(char unit, int start, int length)
    {
        _chars[Length] = unit;
        _starts[Length] = _shift + start;
        _ends[Length++] = _shift + start + length;
    }

    /// <summary>Adds a code point; there must be space for two units.</summary>
    internal void AppendCodePoint(int codePoint, int start, int length)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint, start, length);
            return;
        }
        Append((char)(0xD800 + ((codePoint - 0x10000) >> 10)), start, length);
        Append((char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF)), start, length);
    }

    /// <summary>The start of unit <paramref name="index"/> in the original text.</summary>
    public int Start(int index) => IsIdentity ? _shift + index : _starts[index];

    /// <summary>The end of unit <paramref name="index"/> in the original text.</summary>
    public int End(int index) => IsIdentity ? _shift + index + 1 : _ends[index];

    /// <summary>Composes this text's positions with those of <paramref name="source"/>, from which it was made, so that they refer to the original text.</summary>
    internal void Compose(NormalizedText source)
    {
        LeaveIdentity();
        for (var i = 0; i < Length; i++) (_starts[i], _ends[i]) = (source.Start(_starts[i]), source.End(_ends[i] - 1));
    }
}

/// <summary>One code point of a cluster: with its combining class, whether a decomposition inserted it, and what it came from.</summary>
readonly record struct ClusterPart(int CodePoint, byte Class, bool Inserted, int Start, int Length);
