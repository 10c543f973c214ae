using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>Conversions to .NET's types, and from literals: <c>Tensor t = [1f, 2f]</c>, <c>foreach (var row in t)</c>, <c>(float)loss</c>, <c>t.numpy()</c>.</summary>
[CollectionBuilder(typeof(Tensor), nameof(Create))]
public abstract partial class Tensor : IEnumerable<Tensor>
{
    /// <summary>The items stacked along a new first axis: what <c>Tensor t = [1f, 2f]</c> makes. Integers among floats become floats.</summary>
    /// <exception cref="ShapeMismatchException">The items differ in shape.</exception>
    /// <exception cref="DTypeMismatchException">The items otherwise differ in dtype.</exception>
    public static Tensor Create(ReadOnlySpan<Tensor> items)
    {
        if (items.IsEmpty) return Tf.Zeros(new Shape(0), DType.Float32);
        Tensor[] all = [.. items];
        if (all.Select(t => t.dtype).Where(d => !d.IsInteger).Distinct().ToArray() is [{ IsFloating: true } floating]) all = Array.ConvertAll(all, t => Tf.Cast(t, floating));
        if (Array.Find(all, t => t.dtype != all[0].dtype) is { } other)
            throw new DTypeMismatchException("The items of a tensor differ in dtype", null, all[0].dtype.Name, other.dtype.Name, "Cast them first (ops.cast).");
        if (Array.Find(all, t => !t.shape.IsCompatibleWith(all[0].shape)) is { } ragged)
            throw new ShapeMismatchException("The items of a tensor differ in shape", null, all[0].shape.ToString(), ragged.shape.ToString(), "Pad them to one length.");
        return Tf.Stack(all, 0);
    }

    /// <summary>The tensor's items along its first axis.</summary>
    /// <exception cref="ShapeMismatchException">The tensor is a scalar, or its first dimension is not known.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (!shape.HasRank || shape.Rank == 0 || shape[0] < 0)
            throw new ShapeMismatchException("The tensor cannot be enumerated: its first axis is unknown, or it has none", null, "a known first dimension", shape.ToString());
        return Items((int)shape[0]);
    }

    IEnumerator<Tensor> Items(int count)
    {
        for (var i = 0; i < count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The elements as an array of the tensor's rank and element type: <c>float[,]</c> for (B, C), a scalar's as an array of rank 1, bfloat16 as <see cref="BFloat16"/>.</summary>
    /// <exception cref="InvalidOperationException">The tensor is symbolic: it has no value yet.</exception>
    /// <exception cref="UnsupportedException">The elements are complex or quantised.</exception>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Arrays of numbers need no code of their own; tests publish a program that makes them.")]
    public Array numpy()
    {
        var eager = RequireEager();
        dtype.RequirePlain("numpy");
        if (dtype.ClrType is not { } type) throw new UnsupportedException("The dtype has no .NET type", "numpy", received: dtype.Name, remedy: "Take ops.real and ops.imag.");
        int[] dims = shape.Rank == 0 ? [1] : [.. shape.Select(d => checked((int)d!.Value))];
        var array = Array.CreateInstance(type, dims);
        if (dtype == DType.String)
        {
            var at = new int[dims.Length];
            foreach (var text in ToArray<string>())
            {
                array.SetValue(text, at);
                for (var axis = dims.Length - 1; axis >= 0 && ++at[axis] == dims[axis]; axis--) at[axis] = 0;
            }
            return array;
        }
        eager.ReadInto(array);
        return array;
    }

    /// <summary>The elements of a tensor of rank 2.</summary>
    /// <exception cref="ShapeMismatchException">The tensor is of another rank.</exception>
    /// <exception cref="DTypeMismatchException">The elements are not of the .NET type <typeparamref name="T"/>.</exception>
    public T[,] ToArray2D<T>() => numpy() is T[,] array ? array : throw AnotherArray<T>(2);

    /// <summary>The elements of a tensor of rank 3.</summary>
    /// <exception cref="ShapeMismatchException">The tensor is of another rank.</exception>
    /// <exception cref="DTypeMismatchException">The elements are not of the .NET type <typeparamref name="T"/>.</exception>
    public T[,,] ToArray3D<T>() => numpy() is T[,,] array ? array : throw AnotherArray<T>(3);

    KerasException AnotherArray<T>(int rank) => shape.Rank != rank
        ? new ShapeMismatchException("The tensor cannot be read as an array of another rank", null, $"shape {shape}", $"rank {rank}", "Use numpy(), which gives an array of its rank, or ops.reshape.")
        : new DTypeMismatchException("The tensor cannot be read as another element type", null, dtype.Name, typeof(T).Name, "Read it as its own type, or cast it first (ops.cast).");

    /// <summary>A copy as a .NET tensor.</summary>
    /// <exception cref="DTypeMismatchException">The elements are not of the .NET type <typeparamref name="T"/>.</exception>
    public System.Numerics.Tensors.Tensor<T> ToTensor<T>() =>
        System.Numerics.Tensors.Tensor.Create(ToArray<T>(), [.. shape.Select(d => checked((nint)d!.Value))]);

    /// <summary>The only element as a number.</summary>
    /// <exception cref="ShapeMismatchException">The tensor does not have exactly one element; likewise for the casts below.</exception>
    public static explicit operator double(Tensor tensor) => Only(tensor).ToDouble()[0];

    /// <summary>The only element as a number, rounded.</summary>
    public static explicit operator float(Tensor tensor) => (float)(double)tensor;

    /// <summary>The only element as an integer; a float loses its fraction.</summary>
    /// <exception cref="OverflowException">The element does not fit.</exception>
    public static explicit operator long(Tensor tensor) => Only(tensor) is var host && host.DType.IsFloating ? checked((long)host.ToDouble()[0]) : host.ToInt64()[0];

    /// <summary>The only element as an integer; a float loses its fraction.</summary>
    /// <exception cref="OverflowException">The element does not fit.</exception>
    public static explicit operator int(Tensor tensor) => checked((int)(long)tensor);

    /// <summary>Whether the only element is not 0.</summary>
    public static explicit operator bool(Tensor tensor) => (double)tensor != 0;

    /// <summary>The only string.</summary>
    public static explicit operator string(Tensor tensor) => (tensor ?? throw new ArgumentNullException(nameof(tensor))).ToScalar<string>();

    static HostTensor Only(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.dtype.RequirePlain(null);
        if (!tensor.dtype.IsNumeric || tensor.dtype.IsComplex) throw new DTypeMismatchException("The tensor cannot be read as a number", null, "a real numeric dtype", tensor.dtype.Name);
        var host = tensor.RequireEager().ToHost();
        return host.Shape.ElementCount == 1 ? host : throw new ShapeMismatchException("The tensor cannot be read as a scalar", null, "one element", $"shape {tensor.shape}");
    }
}
