using System.Collections;
using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>One dimension: a number, or, if it is only known when a traced function runs, an int32 scalar.</summary>
public readonly struct Dim : IEquatable<Dim>
{
    readonly long _value;
    readonly Tensor? _tensor;

    Dim(long value) => _value = value;

    Dim(Tensor tensor) => _tensor = tensor;

    /// <summary>The number; null if not yet known.</summary>
    public long? Known => _tensor is null ? _value : null;

    /// <summary>An int32 scalar.</summary>
    public Tensor ToTensor() => _tensor ?? Tf.Int32Scalar(checked((int)_value));

    /// <summary>The size of a tensor along an axis.</summary>
    internal static Dim Of(Tensor tensor, int axis) => tensor.shape[axis] is >= 0 and var known ? new(known) : new(Tf.DimOf(tensor, axis));

    /// <summary>Clips a position to 0 .. last.</summary>
    internal static Dim Within(Dim place, Dim last) => place.Known is { } x && last.Known is { } y ? new(Math.Max(0, Math.Min(x, y))) : new(Tf.Maximum(Tf.Minimum(place, last), Tf.Int32Scalar(0)));

    static Dim Compute(Dim a, Dim b, Func<long, long, long> numbers, Func<Tensor, Tensor, Tensor> tensors) =>
        a.Known is { } x && b.Known is { } y ? new(numbers(x, y)) : new(tensors(a.ToTensor(), b.ToTensor()));

    /// <summary>Sum.</summary>
    public static Dim operator +(Dim a, Dim b) => Compute(a, b, (x, y) => x + y, Tf.AddV2);

    /// <summary>Difference.</summary>
    public static Dim operator -(Dim a, Dim b) => Compute(a, b, (x, y) => x - y, Tf.Sub);

    /// <summary>Product.</summary>
    public static Dim operator *(Dim a, Dim b) => Compute(a, b, (x, y) => x * y, Tf.Mul);

    /// <summary>The integer quotient.</summary>
    public static Dim operator /(Dim a, Dim b) => Compute(a, b, (x, y) => x / y, Tf.FloorDiv);

    /// <summary>A number.</summary>
    public static implicit operator Dim(int value) => new(value);

    /// <summary>A number.</summary>
    public static implicit operator Dim(long value) => new(value);

    /// <summary>An integer scalar.</summary>
    public static implicit operator Dim(Tensor value) => value is EagerTensor eager ? new(eager.ToHost().ToInt64()[0])
        : new(Tf.Cast(value ?? throw new ArgumentNullException(nameof(value)), DType.Int32));

    /// <summary>An integer scalar.</summary>
    public static implicit operator Dim(Tensors value) => value?.Single!;

    /// <summary>An int32 scalar.</summary>
    public static implicit operator Tensor(Dim value) => value.ToTensor();

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">It is only known when the traced function runs.</exception>
    public static explicit operator int(Dim value) => checked((int)(value.Known
        ?? throw new InvalidOperationException($"A dimension is not known while tracing: {value._tensor}. Use it as a tensor.")));

    /// <inheritdoc/>
    public bool Equals(Dim other) => _value == other._value && ReferenceEquals(_tensor, other._tensor);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dim other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, _tensor);

    /// <summary>Whether both are the same number, or the same scalar.</summary>
    public static bool operator ==(Dim a, Dim b) => a.Equals(b);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Dim a, Dim b) => !a.Equals(b);

    /// <inheritdoc/>
    public override string ToString() => _tensor is null ? _value.ToString(System.Globalization.CultureInfo.InvariantCulture) : "None";
}

/// <summary>A shape as an argument or result of operations; its dimensions may be scalars of a traced function: <c>[ops.shape(x)[0], -1, 64]</c>.</summary>
[CollectionBuilder(typeof(Dims), nameof(Create))]
public sealed class Dims : IReadOnlyList<Dim>
{
    readonly Dim[] _dims;

    Dims(Dim[] dims) => _dims = dims;

    /// <summary>A shape of these dimensions.</summary>
    public static Dims Create(ReadOnlySpan<Dim> dims) => new(dims.ToArray());

    /// <summary>The number of dimensions.</summary>
    public int Count => _dims.Length;

    /// <summary>One dimension; negative positions count from the end.</summary>
    public Dim this[int index] => _dims[index < 0 ? index + _dims.Length : index];

    /// <summary>One dimension, by C#'s index: <c>^1</c> is the last.</summary>
    public Dim this[Index index] => _dims[index];

    /// <summary>The dimensions of a range of axes.</summary>
    public Dims this[Range range] => new(_dims[range]);

    /// <summary>The dimensions of a tensor.</summary>
    /// <exception cref="InvalidOperationException">Its rank is unknown.</exception>
    internal static Dims Of(Tensor tensor)
    {
        var dims = new Dim[tensor.ndim];
        for (var i = 0; i < dims.Length; i++) dims[i] = Dim.Of(tensor, i);
        return new(dims);
    }

    /// <summary>Whether every dimension is a number.</summary>
    public bool IsFullyKnown => Array.TrueForAll(_dims, d => d.Known is not null);

    /// <summary>The dimensions as an int32 vector.</summary>
    public Tensor ToTensor() => IsFullyKnown ? Tf.Int32([.. _dims.Select(d => checked((int)d.Known!.Value))]) : Tf.Stack([.. _dims.Select(d => d.ToTensor())], 0);

    /// <summary>Returns this shape if no number is below a minimum: -1 if one may be open, otherwise 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below the minimum.</exception>
    internal Dims AtLeast(int least, string name) => Array.Exists(_dims, d => d.Known < least)
        ? throw new ArgumentOutOfRangeException(name, ToString(), $"A size is out of range. Expected: sizes of at least {least}.") : this;

    /// <summary>The dimensions as a constant int32 vector: -1 for those not yet known.</summary>
    internal Tensor ToShapeTensor() => Tf.Int32([.. _dims.Select(d => checked((int)(d.Known ?? -1)))]);

    /// <summary>This shape followed by more dimensions.</summary>
    public Dims Concat(Dims other) => new([.. _dims, .. other?._dims ?? []]);

    /// <inheritdoc/>
    public IEnumerator<Dim> GetEnumerator() => ((IEnumerable<Dim>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Written as Python does.</summary>
    public override string ToString() => _dims.Length == 1 ? $"({_dims[0]},)" : $"({string.Join(", ", _dims)})";

    /// <summary>A vector's shape.</summary>
    public static implicit operator Dims(int dim) => new([dim]);

    /// <summary>A vector's shape.</summary>
    public static implicit operator Dims(Dim dim) => new([dim]);

    /// <summary>A shape of these dimensions.</summary>
    public static implicit operator Dims(int[] dims) => new(Array.ConvertAll(dims, d => (Dim)d));

    /// <summary>A shape of these dimensions.</summary>
    public static implicit operator Dims(Dim[] dims) => new([.. dims]);

    /// <summary>A shape; its unknown dimensions become -1.</summary>
    public static implicit operator Dims(Shape shape) => new(Array.ConvertAll(shape?.ToArray() ?? throw new ArgumentNullException(nameof(shape)), d => (Dim)d));

    /// <summary>An integer vector.</summary>
    public static implicit operator Dims(Tensor shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape is EagerTensor eager) return new(Array.ConvertAll(eager.ToHost().ToInt64(), d => (Dim)d));
        var count = checked((int)shape.shape[0]);
        return count < 0
            ? throw new ShapeMismatchException("The number of dimensions of a shape is unknown", null, "an integer vector of known length", shape.shape.ToString())
            : new(Array.ConvertAll(Tf.Unstack(Tf.Cast(shape, DType.Int32), 0, count), d => (Dim)d));
    }

    /// <summary>A shape of two dimensions.</summary>
    public static implicit operator Dims((Dim, Dim) dims) => new([dims.Item1, dims.Item2]);

    /// <summary>A shape of three dimensions.</summary>
    public static implicit operator Dims((Dim, Dim, Dim) dims) => new([dims.Item1, dims.Item2, dims.Item3]);

    /// <summary>A shape of four dimensions.</summary>
    public static implicit operator Dims((Dim, Dim, Dim, Dim) dims) => new([dims.Item1, dims.Item2, dims.Item3, dims.Item4]);

    /// <summary>A shape of five dimensions.</summary>
    public static implicit operator Dims((Dim, Dim, Dim, Dim, Dim) dims) => new([dims.Item1, dims.Item2, dims.Item3, dims.Item4, dims.Item5]);
}
