using System.Runtime.InteropServices;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>A number for every code point, stored in pages, where equal pages are shared.</summary>
sealed class CodePointTable
{
    /// <summary>One more than the greatest code point.</summary>
    public const int Limit = 0x110000;

    const int PageSize = 128;

    readonly TableConstant _starts, _pages;

    /// <param name="values">One for each code point.</param>
    public CodePointTable(int[] values)
    {
        var starts = new int[Limit / PageSize];
        var pages = new List<int>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var page = 0; page < starts.Length; page++)
        {
            var content = values.AsSpan(page * PageSize, PageSize);
            var key = new string(MemoryMarshal.Cast<int, char>(content));
            if (!known.TryGetValue(key, out starts[page]))
            {
                known.Add(key, starts[page] = pages.Count);
                pages.AddRange(content);
            }
        }
        (_starts, _pages) = (new(starts), new([.. pages]));
    }

    /// <summary>The numbers of code points, int32 of any shape.</summary>
    public Tensor Lookup(Tensor codePoints)
    {
        var size = Tf.Int32Scalar(PageSize);
        return Tf.Gather(_pages.Value, Tf.Gather(_starts.Value, Tf.FloorDiv(codePoints, size), 0) + Tf.FloorMod(codePoints, size), 0);
    }
}
