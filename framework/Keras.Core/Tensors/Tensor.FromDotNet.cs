using System.Runtime.InteropServices;
using Keras.Graphs;

namespace Keras;

/// <summary>Conversions from .NET's lists, memory and tensors; the elements are copied. (Arrays of any rank convert too; for spans use <c>ops.convert_to_tensor</c>.)</summary>
public abstract partial class Tensor
{
    static Tensor Vector<T>(ReadOnlySpan<T> values) where T : unmanaged => Tf.Constant(HostTensor.Vector(values));

    static Tensor OfDotNet<T>(System.Numerics.Tensors.Tensor<T> values) where T : unmanaged
    {
        var elements = new T[checked((int)values.FlattenedLength)];
        values.FlattenTo(elements);
        return Tf.Constant(HostTensor.Vector<T>(elements).Reshaped(new Shape([.. values.Lengths.ToArray().Select(l => (long)l)])));
    }

    /// <summary>Byte strings, such as files' contents, (N), for layers and SavedModels that decode files themselves.</summary>
    /// <param name="strings">The bytes of each string.</param>
    /// <exception cref="ArgumentNullException">One of them is null.</exception>
    public static Tensor OfBytes(params byte[][] strings)
    {
        ArgumentNullException.ThrowIfNull(strings);
        foreach (var bytes in strings) ArgumentNullException.ThrowIfNull(bytes, nameof(strings));
        return Tf.Constant(HostTensor.OfStrings(strings.Length, [.. strings]));
    }

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensor(List<float> values) => Vector<float>(CollectionsMarshal.AsSpan(values));

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensor(List<double> values) => Vector<double>(CollectionsMarshal.AsSpan(values));

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensor(List<int> values) => Vector<int>(CollectionsMarshal.AsSpan(values));

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensor(List<long> values) => Vector<long>(CollectionsMarshal.AsSpan(values));

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensor(List<bool> values) => Of(values.ToArray());

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensor(List<string> values) => Of(values.ToArray());

    /// <summary>A matrix from a list of rows of equal length.</summary>
    public static implicit operator Tensor(List<float[]> values) => Of(values.ToArray());

    /// <summary>A matrix from a list of rows of equal length.</summary>
    public static implicit operator Tensor(List<int[]> values) => Of(values.ToArray());

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(ReadOnlyMemory<float> values) => Vector(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(ReadOnlyMemory<double> values) => Vector(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(ReadOnlyMemory<int> values) => Vector(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(ReadOnlyMemory<long> values) => Vector(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(Memory<float> values) => Vector<float>(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(Memory<double> values) => Vector<double>(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(Memory<int> values) => Vector<int>(values.Span);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensor(Memory<long> values) => Vector<long>(values.Span);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensor(System.Numerics.Tensors.Tensor<float> values) => OfDotNet(values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensor(System.Numerics.Tensors.Tensor<double> values) => OfDotNet(values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensor(System.Numerics.Tensors.Tensor<int> values) => OfDotNet(values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensor(System.Numerics.Tensors.Tensor<long> values) => OfDotNet(values);
}

public partial class Tensors
{
    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensors(List<float> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensors(List<double> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensors(List<int> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensors(List<long> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensors(List<bool> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a list.</summary>
    public static implicit operator Tensors(List<string> values) => new((Tensor)values);

    /// <summary>A matrix from a list of rows of equal length.</summary>
    public static implicit operator Tensors(List<float[]> values) => new((Tensor)values);

    /// <summary>A matrix from a list of rows of equal length.</summary>
    public static implicit operator Tensors(List<int[]> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(ReadOnlyMemory<float> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(ReadOnlyMemory<double> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(ReadOnlyMemory<int> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(ReadOnlyMemory<long> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(Memory<float> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(Memory<double> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(Memory<int> values) => new((Tensor)values);

    /// <summary>A vector (N) that copies the values of a block of memory.</summary>
    public static implicit operator Tensors(Memory<long> values) => new((Tensor)values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensors(System.Numerics.Tensors.Tensor<float> values) => new((Tensor)values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensors(System.Numerics.Tensors.Tensor<double> values) => new((Tensor)values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensors(System.Numerics.Tensors.Tensor<int> values) => new((Tensor)values);

    /// <summary>A copy of a .NET tensor.</summary>
    public static implicit operator Tensors(System.Numerics.Tensors.Tensor<long> values) => new((Tensor)values);
}
