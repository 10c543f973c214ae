namespace Keras.Transformers;

/// <summary>
/// A piece of text after normalisation, with the place in the original that each UTF-16 unit came from. While units map one to one
/// (all ordinary text) no places are stored.
/// </summary>
sealed class NormalizedText
{
    char[] _chars = new char[256];
    int[] _origins = [];
    int _shift;

    /// <summary>The number of UTF-16 units.</summary>
    public int Length { get; set; }

    /// <summary>Whether unit i came from unit i of the piece.</summary>
    public bool IsIdentity { get; private set; }

    /// <summary>The units, with room for more behind <see cref="Length"/>.</summary>
    public char[] Buffer => _chars;

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>Marks gathered while a cluster is put in canonical order.</summary>
    public List<ClusterPart> Cluster { get; } = [];

    /// <summary>Begins a piece that starts at <paramref name="shift"/> in the original text.</summary>
    public void Reset(int shift, int capacity)
    {
        (_shift, Length, IsIdentity) = (shift, 0, true);
        EnsureCapacity(capacity);
    }

    public void EnsureCapacity(int capacity)
    {
        if (_chars.Length >= capacity) return;
        Array.Resize(ref _chars, Math.Max(capacity, _chars.Length * 2));
        if (!IsIdentity) Array.Resize(ref _origins, _chars.Length);
    }

    /// <summary>From here on units have origins of their own.</summary>
    public void LeaveIdentity()
    {
        if (!IsIdentity) return;
        IsIdentity = false;
        if (_origins.Length < _chars.Length) _origins = new int[_chars.Length];
        for (var i = 0; i < Length; i++) _origins[i] = i << 1;
    }

    /// <summary>Adds one unit that came from <paramref name="length"/> (1 or 2) units at <paramref name="start"/> of the piece; room must be there.</summary>
    public void Append(char unit, int start, int length)
    {
        _chars[Length] = unit;
        _origins[Length++] = (start << 1) | (length - 1);
    }

    /// <summary>Adds a code point; room must be there.</summary>
    public void AppendCodePoint(int codePoint, int start, int length)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint, start, length);
            return;
        }
        Append((char)(0xD800 + ((codePoint - 0x10000) >> 10)), start, length);
        Append((char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF)), start, length);
    }

    /// <summary>Where the original of unit <paramref name="index"/> begins in the original text.</summary>
    public int Start(int index) => _shift + (IsIdentity ? index : _origins[index] >> 1);

    /// <summary>Where the original of unit <paramref name="index"/> ends in the original text.</summary>
    public int End(int index) => _shift + (IsIdentity ? index + 1 : (_origins[index] >> 1) + 1 + (_origins[index] & 1));

    /// <summary>
    /// Takes this text, which was made of <paramref name="source"/> from unit <paramref name="from"/> on, back to the original text.
    /// </summary>
    public void Compose(NormalizedText source, int from)
    {
        LeaveIdentity();
        for (var i = 0; i < Length; i++)
        {
            var unit = from + (_origins[i] >> 1);
            var start = source.Start(unit);
            _origins[i] = (start << 1) | (source.End(unit + (_origins[i] & 1)) - start - 1);
        }
        _shift = 0;
    }
}

/// <summary>One code point of a cluster: with its combining class, and whether it was inserted by a decomposition.</summary>
readonly record struct ClusterPart(int CodePoint, byte Class, bool Inserted, int Start, int Length);
