using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>One axis or several; negative ones count from the end.</summary>
[CollectionBuilder(typeof(Axes), nameof(Create))]
public sealed class Axes : IReadOnlyList<int>
{
    readonly int[] _axes;

    Axes(int[] axes) => _axes = axes;

    /// <summary>These axes.</summary>
    public static Axes Create(ReadOnlySpan<int> axes) => new(axes.ToArray());

    /// <inheritdoc/>
    public int Count => _axes.Length;

    /// <inheritdoc/>
    public int this[int index] => _axes[index];

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_axes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Counts axes from the start; all of a tensor's axes if none are given.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis, or one is named twice.</exception>
    internal static int[] Of(Axes? axes, int rank, string where)
    {
        if (axes is null) return [.. Enumerable.Range(0, rank)];
        var found = Array.ConvertAll(axes._axes, a => Normalize(a, rank, where));
        if (found.Distinct().Count() != found.Length) throw new ShapeMismatchException("An axis is given twice", where, "different axes", axes.ToString());
        return found;
    }

    /// <summary>Counts an axis from the start.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    internal static int Normalize(int axis, int rank, string where) => axis >= -rank && axis < rank ? axis < 0 ? axis + rank : axis
        : throw new ShapeMismatchException("The axis does not exist", where, rank == 0 ? "no axis: the tensor is a scalar" : $"an axis from {-rank} to {rank - 1}",
            axis.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(", ", _axes)})";

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new([axis]);

    /// <summary>These axes.</summary>
    public static implicit operator Axes(int[] axes) => new([.. axes]);

    /// <summary>Two axes.</summary>
    public static implicit operator Axes((int, int) axes) => new([axes.Item1, axes.Item2]);

    /// <summary>Three axes.</summary>
    public static implicit operator Axes((int, int, int) axes) => new([axes.Item1, axes.Item2, axes.Item3]);

    /// <summary>Four axes.</summary>
    public static implicit operator Axes((int, int, int, int) axes) => new([axes.Item1, axes.Item2, axes.Item3, axes.Item4]);

    /// <summary>Five axes.</summary>
    public static implicit operator Axes((int, int, int, int, int) axes) => new([axes.Item1, axes.Item2, axes.Item3, axes.Item4, axes.Item5]);
}
