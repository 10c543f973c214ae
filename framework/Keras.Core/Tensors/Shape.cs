using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>The dimensions of a tensor, outermost first. A dimension, or their number, may be unknown until run time.</summary>
/// <remarks>Unknown dimensions are <c>null</c> when written and enumerated (<c>[null, 128]</c>, Keras' None) and -1 in <see cref="this[int]"/>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IEquatable<Shape>, IEnumerable<long?>
{
    readonly long[]? _dims;

    /// <summary>A shape of any rank.</summary>
    public static readonly Shape Unknown = new((long[]?)null, 0);

    /// <summary>The shape of one number.</summary>
    public static readonly Shape Scalar = new([], 0);

    // Dimensions below -1 are symbols (Graphs.Symbol): unknown, but equal to each other where the symbol is the same.

    Shape(long[]? dims, int _) => _dims = dims;

    /// <summary>A shape of these dimensions; -1 for an unknown one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below -1.</exception>
    public Shape(params ReadOnlySpan<long> dims)
    {
        foreach (var d in dims)
            if (d < -1) throw new ArgumentOutOfRangeException(nameof(dims), $"A dimension is out of range. Expected: at least 0, or -1 where unknown. Received: {d}.");
        _dims = dims.ToArray();
    }

    /// <summary>A shape of these dimensions; null or -1 for an unknown one.</summary>
    public static Shape Create(ReadOnlySpan<long?> dims)
    {
        var values = new long[dims.Length];
        for (var i = 0; i < dims.Length; i++) values[i] = dims[i] ?? -1;
        return new Shape(values);
    }

    internal static Shape OfRank(int rank)
    {
        var dims = new long[rank];
        Array.Fill(dims, -1);
        return new Shape(dims, 0);
    }

    /// <summary>Whether the number of dimensions is known.</summary>
    public bool HasRank => _dims is not null;

    /// <summary>The number of dimensions.</summary>
    /// <exception cref="InvalidOperationException">The rank is unknown.</exception>
    public int Rank => Dims.Length;

    /// <summary>Whether every dimension is known.</summary>
    public bool IsFullyKnown => _dims is not null && Array.TrueForAll(_dims, d => d >= 0);

    /// <summary>The number of elements, or -1 where a dimension is unknown.</summary>
    public long ElementCount
    {
        get
        {
            if (!IsFullyKnown) return -1;
            long n = 1;
            foreach (var d in _dims!) n = checked(n * d);
            return n;
        }
    }

    long[] Dims => _dims ?? throw new InvalidOperationException("The rank of this shape is unknown.");

    /// <summary>The dimensions as a new array; -1 for an unknown one.</summary>
    public long[] ToArray() => Array.ConvertAll(Dims, Visible);

    /// <summary>One dimension; negative axes count from the end; -1 where unknown.</summary>
    public long this[int axis] => Visible(Dims[axis < 0 ? axis + Dims.Length : axis]);

    /// <summary>One dimension, by C#'s index: <c>^1</c> is the last.</summary>
    public long this[Index axis] => Visible(Dims[axis]);

    static long Visible(long dim) => Math.Max(dim, -1);

    /// <summary>The dimensions with their symbols.</summary>
    internal ReadOnlySpan<long> Symbolic => Dims;

    /// <summary>A shape of dimensions that may be symbols.</summary>
    internal static Shape OfSymbolic(params long[] dims) => new(dims, 0);

    /// <summary>The dimensions of a range of axes.</summary>
    public Shape this[Range axes] => new(Dims[axes], 0);

    /// <summary>This shape followed by another.</summary>
    public Shape Concat(Shape other) => HasRank && other.HasRank ? new([.. Dims, .. other.Dims], 0) : Unknown;

    /// <summary>This shape with one dimension replaced.</summary>
    public Shape With(int axis, long dim)
    {
        var dims = (long[])Dims.Clone();
        dims[axis < 0 ? axis + dims.Length : axis] = dim;
        return new(dims, 0);
    }

    /// <summary>Whether a tensor could have both shapes.</summary>
    public bool IsCompatibleWith(Shape other)
    {
        if (_dims is null || other._dims is null) return true;
        if (_dims.Length != other._dims.Length) return false;
        for (var i = 0; i < _dims.Length; i++)
            if (_dims[i] != other._dims[i] && _dims[i] >= 0 && other._dims[i] >= 0) return false;
        return true;
    }

    /// <summary>The most specific shape that both allow.</summary>
    /// <exception cref="ShapeMismatchException">No tensor can have both shapes.</exception>
    public Shape MergeWith(Shape other)
    {
        if (!IsCompatibleWith(other)) throw new ShapeMismatchException("The two shapes do not fit each other", expected: ToString(), received: other.ToString());
        if (_dims is null) return other;
        if (other._dims is null) return this;
        return new([.. _dims.Zip(other._dims, (a, b) => a >= 0 ? a : b >= 0 ? b : Math.Min(a, b))], 0);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) =>
        other is not null && (_dims is null ? other._dims is null : other._dims is not null && _dims.AsSpan().SequenceEqual(other._dims));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_dims?.Length ?? -1);
        foreach (var d in _dims ?? []) hash.Add(d);
        return hash.ToHashCode();
    }

    /// <summary>Written as Python does: (2, None, 768), and "unknown" for an unknown rank.</summary>
    public override string ToString() => _dims switch
    {
        null => "unknown",
        [var only] => $"({Text(only)},)",
        _ => $"({string.Join(", ", _dims.Select(Text))})",
    };

    static string Text(long dim) => dim < 0 ? "None" : dim.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public IEnumerator<long?> GetEnumerator() => Dims.Select(d => d < 0 ? (long?)null : d).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A shape of these dimensions.</summary>
    public static implicit operator Shape(long[] dims) => new(dims.AsSpan());

    /// <summary>A shape of these dimensions.</summary>
    public static implicit operator Shape(int[] dims) => new(Array.ConvertAll(dims, d => (long)d).AsSpan());

    /// <summary>The shape of a vector.</summary>
    public static implicit operator Shape(int dim) => new([dim]);

    /// <summary>The shape of a matrix.</summary>
    public static implicit operator Shape((int, int) dims) => new([dims.Item1, dims.Item2]);

    /// <summary>A shape of three dimensions.</summary>
    public static implicit operator Shape((int, int, int) dims) => new([dims.Item1, dims.Item2, dims.Item3]);

    /// <summary>A shape of four dimensions.</summary>
    public static implicit operator Shape((int, int, int, int) dims) => new([dims.Item1, dims.Item2, dims.Item3, dims.Item4]);

    /// <summary>Whether two shapes are the same.</summary>
    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);
}
