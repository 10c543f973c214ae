using System.Globalization;

namespace Keras.Transformers;

/// <summary>A set of code points as sorted ranges.</summary>
sealed class CodePointSet
{
    /// <summary>The empty set.</summary>
    public static readonly CodePointSet Empty = new([], []);

    readonly int[] _starts;
    readonly int[] _ends;

    CodePointSet(int[] starts, int[] ends) => (_starts, _ends) = (starts, ends);

    public int RangeCount => _starts.Length;

    public (int Start, int End) Range(int index) => (_starts[index], _ends[index]);

    public bool Contains(int codePoint)
    {
        var i = Array.BinarySearch(_starts, codePoint);
        if (i < 0) i = ~i - 1;
        return i >= 0 && codePoint <= _ends[i];
    }

    /// <summary>Reads "0-8 B-C AD", hexadecimal and ascending.</summary>
    public static CodePointSet Parse(ReadOnlySpan<char> ranges)
    {
        var starts = new List<int>();
        var ends = new List<int>();
        foreach (var part in ranges.Split(' '))
        {
            var range = ranges[part];
            var dash = range.IndexOf('-');
            var start = Hex(dash < 0 ? range : range[..dash]);
            starts.Add(start);
            ends.Add(dash < 0 ? start : Hex(range[(dash + 1)..]));
        }
        return new([.. starts], [.. ends]);
    }

    internal static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
