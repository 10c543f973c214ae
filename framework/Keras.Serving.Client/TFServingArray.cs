using System.Collections;

namespace Keras.Serving;

/// <summary>An output's values in row-major order, with a shape.</summary>
/// <typeparam name="T">The type of an element; string and byte[] for outputs of strings.</typeparam>
public sealed class TFServingArray<T> : IReadOnlyList<T>
{
    readonly T[] _values;

    internal TFServingArray(T[] values, Shape shape) => (_values, Shape) = (values, shape);

    /// <summary>The dimensions, which are all known.</summary>
    public Shape Shape { get; }

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <summary>A value by its position in row-major order.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such position.</exception>
    public T this[int index] => _values[index];

    /// <summary>A value by its position on each axis.</summary>
    /// <exception cref="ArgumentException">The number of positions differs from the number of axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A position lies outside its axis.</exception>
    public T this[int first, int second, params ReadOnlySpan<int> more] => _values[Offset([first, second, .. more])];

    /// <summary>All values in a new array.</summary>
    public T[] ToArray() => [.. _values];

    /// <summary>All values in a new array with as many dimensions as the shape: <c>(float[,])logits.ToMultidimensional()</c>; a scalar is an array of one.</summary>
    public Array ToMultidimensional()
    {
        if (Shape.Rank < 2) return ToArray();
        var array = Array.CreateInstance(typeof(T), Shape.ToArray());
        var position = new int[Shape.Rank];
        foreach (var value in _values)
        {
            array.SetValue(value, position);
            for (var axis = position.Length - 1; axis >= 0 && ++position[axis] == Shape[axis]; axis--) position[axis] = 0;
        }
        return array;
    }

    /// <summary>The values of one row: those at one position on the first axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public TFServingArray<T> Row(int index)
    {
        if (Shape.Rank == 0 || index < 0 || index >= Shape[0]) throw new ArgumentOutOfRangeException(nameof(index), $"There is no row {index} in the shape {Shape}.");
        var inner = Shape[1..];
        var size = (int)inner.ElementCount;
        return new(_values.AsSpan(index * size, size).ToArray(), inner);
    }

    int Offset(ReadOnlySpan<int> position)
    {
        if (position.Length != Shape.Rank) throw new ArgumentException($"The shape {Shape} has {Shape.Rank} axes. Received: {position.Length} positions.");
        var offset = 0;
        for (var axis = 0; axis < position.Length; axis++)
        {
            if (position[axis] < 0 || position[axis] >= Shape[axis]) throw new ArgumentOutOfRangeException(nameof(position), $"Position {position[axis]} lies outside axis {axis} of the shape {Shape}.");
            offset = (offset * (int)Shape[axis]) + position[axis];
        }
        return offset;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
