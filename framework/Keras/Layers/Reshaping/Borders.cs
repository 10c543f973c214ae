namespace Keras.Layers;

/// <summary>How much to add to or cut from each spatial axis: one number for all sides, one per axis (both sides), or a pair (before, after) per axis.</summary>
public sealed class Borders
{
    readonly int[][] _given;

    Borders(int[][] given) => _given = given;

    /// <summary>The pair (before, after) of each axis.</summary>
    /// <exception cref="ArgumentException">There are more or fewer axes, or a number is negative.</exception>
    internal int[][] PerAxis(int rank, string name)
    {
        // For a single axis, a list of two numbers is its pair.
        var pairs = rank == 1 && _given is [[var before], [var after]] ? [[before, after]]
            : Array.ConvertAll(_given is [[_]] ? [.. Enumerable.Repeat(_given[0], rank)] : _given, b => b.Length == 1 ? [b[0], b[0]] : b);
        return pairs.Length == rank && Array.TrueForAll(pairs, p => p.Length == 2 && p[0] >= 0 && p[1] >= 0) ? pairs
            : throw new ArgumentException($"The numbers do not fit the axes. Expected: one number, {rank}, or {rank} pairs (before, after), none negative. Received: {this}.", name);
    }

    /// <summary>The same on every side.</summary>
    public static implicit operator Borders(int all) => new([[all]]);

    /// <summary>Of two axes, one number each; of a single axis, before and after.</summary>
    public static implicit operator Borders((int, int) axes) => new([[axes.Item1], [axes.Item2]]);

    /// <summary>One number for each of three axes.</summary>
    public static implicit operator Borders((int, int, int) axes) => new([[axes.Item1], [axes.Item2], [axes.Item3]]);

    /// <summary>Before and after on each of two axes.</summary>
    public static implicit operator Borders(((int, int), (int, int)) axes) => new([[axes.Item1.Item1, axes.Item1.Item2], [axes.Item2.Item1, axes.Item2.Item2]]);

    /// <summary>Before and after on each of three axes.</summary>
    public static implicit operator Borders(((int, int), (int, int), (int, int)) axes) =>
        new([[axes.Item1.Item1, axes.Item1.Item2], [axes.Item2.Item1, axes.Item2.Item2], [axes.Item3.Item1, axes.Item3.Item2]]);

    /// <summary>One number for each axis.</summary>
    public static implicit operator Borders(int[] axes) => new(Array.ConvertAll(axes ?? throw new ArgumentNullException(nameof(axes)), a => new[] { a }));

    /// <summary>Before and after on each axis.</summary>
    public static implicit operator Borders(int[][] axes) => new(axes ?? throw new ArgumentNullException(nameof(axes)));

    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(", ", _given.Select(g => g.Length == 1 ? $"{g[0]}" : $"({string.Join(", ", g)})"))})";
}
