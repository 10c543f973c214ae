namespace Keras.Graphs;

/// <summary>What is known before run time about a small integer tensor (rank 0 or 1).</summary>
/// <param name="Elements">Each element, or null where it is unknown; an unknown element that is an unknown dimension is in <paramref name="Symbols"/>.</param>
/// <param name="Symbols">For each element the dimension symbol (see <see cref="Symbol"/>) that it equals, or 0.</param>
/// <param name="IsScalar">Whether the rank is 0.</param>
sealed record PartialValue(long?[] Elements, long[] Symbols, bool IsScalar)
{
    public bool IsFullyKnown => Array.TrueForAll(Elements, e => e is not null);

    /// <summary>The elements as dimensions of a shape: known, a symbol, or unknown.</summary>
    public long[] AsDimensions() => [.. Elements.Select((e, i) => e ?? (Symbols[i] < 0 ? Symbols[i] : -1))];

    /// <summary>All elements; call it only where all are known.</summary>
    public long[] Known() => Array.ConvertAll(Elements, e => e!.Value);

    /// <summary>An element and its symbol; a single element is broadcast to every index.</summary>
    public (long? Element, long Symbol) At(int index)
    {
        if (Elements.Length == 1) index = 0;
        return (Elements[index], Symbols[index]);
    }

    /// <summary>Some of the elements, by position.</summary>
    public PartialValue Pick(IEnumerable<int> positions, bool isScalar = false)
    {
        int[] picked = [.. positions];
        return new([.. picked.Select(i => Elements[i])], [.. picked.Select(i => Symbols[i])], isScalar);
    }

    /// <summary>A vector of which only the length is known.</summary>
    public static PartialValue Unknown(int length) => new(new long?[length], new long[length], false);

    public static PartialValue OfDimensions(ReadOnlySpan<long> dims)
    {
        var (elements, symbols) = (new long?[dims.Length], new long[dims.Length]);
        for (var i = 0; i < dims.Length; i++) (elements[i], symbols[i]) = dims[i] >= 0 ? ((long?)dims[i], 0L) : ((long?)null, dims[i]);
        return new(elements, symbols, false);
    }

    public static PartialValue Scalar(long? value, long symbol = 0) => new([value], [symbol], true);

    public static PartialValue Of(HostTensor host) => new([.. host.ToInt64().Select(v => (long?)v)], new long[host.Shape.ElementCount], host.Shape.Rank == 0);
}

/// <summary>Names of unknown dimensions: numbers below -1. Dimensions with the same symbol are equal at run time; -1 is unknown and unnamed.</summary>
static class Symbol
{
    static long _last = -1;

    public static long New() => Interlocked.Decrement(ref _last);

    /// <summary>Whether two dimensions are certainly equal.</summary>
    public static bool AreEqual(long a, long b) => a == b && a != -1;
}
