using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>A sparse tensor among the inputs of a call: indices, values, dense shape.</summary>
sealed unsafe class SparseInput
{
    readonly KernelCall _call;

    public SparseInput(KernelCall c, int indices, int values, int shape)
    {
        (_call, Places, Dims, Values) = (c, c.Longs(indices), c.Longs(shape), values);
        if (Array.Exists(Dims, d => d < 0)) throw c.Fail("dimensions from 0", string.Join(", ", Dims));
        Count = (int)c.ShapeOf(values).ElementCount;
        if (c.ShapeOf(indices).Rank != 2 || c.ShapeOf(indices)[0] != Count || c.ShapeOf(indices)[1] != Rank) throw c.Fail($"places of shape ({Count}, {Rank})", c.ShapeOf(indices).ToString());
    }

    /// <summary>The indices of all values, row-major.</summary>
    public long[] Places { get; }

    public long[] Dims { get; }

    public int Rank => Dims.Length;

    public int Count { get; }

    /// <summary>The input that holds the values.</summary>
    public int Values { get; }

    public long At(int value, int axis) => Places[((long)value * Rank) + axis];

    public ReadOnlySpan<long> Place(int value) => Places.AsSpan(value * Rank, Rank);

    /// <summary>Fails if an index lies outside the dense shape.</summary>
    public SparseInput Inside()
    {
        for (var i = 0; i < Count; i++)
            for (var axis = 0; axis < Rank; axis++)
                if (At(i, axis) < 0 || At(i, axis) >= Dims[axis]) throw _call.Fail($"places from 0 to {Dims[axis] - 1} on axis {axis}", $"{At(i, axis)} at place {i}", "A place lies outside of a sparse tensor");
        return this;
    }

    /// <summary>Fails if indices are not in row-major order or occur twice.</summary>
    public SparseInput Rising()
    {
        for (var i = 1; i < Count; i++)
            if (Place(i - 1).SequenceCompareTo(Place(i)) >= 0) throw _call.Fail("places in order, each once", $"place {i}", "Places are out of order or repeated");
        return this;
    }

    /// <summary>The flat row-major index of a value over some axes.</summary>
    public long Flat(int value, ReadOnlySpan<int> axes)
    {
        var flat = 0L;
        foreach (var axis in axes) flat = checked((flat * Dims[axis]) + At(value, axis));
        return flat;
    }

    /// <summary>The values sorted stably by their row-major indices.</summary>
    public int[] Sorted()
    {
        var order = new int[Count];
        for (var i = 0; i < Count; i++) order[i] = i;
        Array.Sort(order, (a, b) => Place(a).SequenceCompareTo(Place(b)) is not 0 and var difference ? difference : a.CompareTo(b));
        return order;
    }

    /// <summary>The values as 64-bit floats or 64-bit integers.</summary>
    public T[] Numbers<T>() where T : INumber<T> => Numbers<T>(_call, Values);

    /// <summary>The elements of an input as 64-bit floats or 64-bit integers.</summary>
    public static T[] Numbers<T>(KernelCall c, int input) where T : INumber<T>
    {
        var tensor = c.Tensor(input);
        if (typeof(T) == typeof(long)) return (T[])(object)c.Longs(input);
        var numbers = new T[tensor.Count];
        for (var i = 0L; i < numbers.Length; i++) numbers[i] = T.CreateChecked(Torch.Numbers.Read(tensor, i));
        return numbers;
    }

    /// <summary>Writes numbers as an output of its dtype.</summary>
    public static void Write<T>(KernelCall c, int output, ReadOnlySpan<T> numbers, Shape shape) where T : INumber<T>
    {
        var result = c.Result(output, shape);
        for (var i = 0; i < numbers.Length; i++) Write(result, i, numbers[i]);
    }

    internal static void Write<T>(TorchTensor result, long at, T number) where T : INumber<T>
    {
        var data = result.Data;
        var dtype = result.DType;
        if (dtype == DType.Float32) ((float*)data)[at] = float.CreateTruncating(number);
        else if (dtype == DType.Float64) ((double*)data)[at] = double.CreateTruncating(number);
        else if (dtype == DType.Float16) ((Half*)data)[at] = Half.CreateTruncating(number);
        else if (dtype == DType.BFloat16) ((BFloat16*)data)[at] = (BFloat16)float.CreateTruncating(number);
        else if (dtype.Size == 8) ((long*)data)[at] = long.CreateTruncating(number);
        else if (dtype.Size == 4) ((int*)data)[at] = int.CreateTruncating(number);
        else if (dtype.Size == 2) ((short*)data)[at] = short.CreateTruncating(number);
        else data[at] = byte.CreateTruncating(number);
    }

    /// <summary>Runs a kernel's form for floats or its form for integers.</summary>
    public static void ByKind(KernelCall c, DType dtype, Action<KernelCall> floats, Action<KernelCall> integers)
    {
        if (dtype.IsFloating) floats(c);
        else if (dtype.IsInteger) integers(c);
        else throw c.NotFor(dtype);
    }

    /// <summary>Copies elements of one input, of any dtype, to an output.</summary>
    public static void Take(KernelCall c, int output, int input, ReadOnlySpan<int> order) => Take(c, output, [.. order.ToArray().Select(i => (input, i))]);

    /// <summary>Copies elements of several inputs, of any dtype, to an output.</summary>
    public static void Take(KernelCall c, int output, IReadOnlyList<(int Input, int Element)> order)
    {
        var shape = new Shape(order.Count);
        if (c.DTypes[output] == DType.String)
        {
            c.Result(output, [.. order.Select(o => c.Strings(o.Input).Values[o.Element])], shape);
            return;
        }
        var result = c.Result(output, shape);
        var size = result.DType.Size;
        for (var i = 0; i < order.Count; i++) Buffer.MemoryCopy(c.Tensor(order[i].Input).Data + ((long)order[i].Element * size), result.Data + ((long)i * size), size, size);
    }

    /// <summary>Writes indices as an output.</summary>
    public static void WritePlaces(KernelCall c, int output, List<long> places, int rank, int count) => Structure.WriteIntegers(c.Result(output, new Shape(count, rank)), [.. places]);
}
