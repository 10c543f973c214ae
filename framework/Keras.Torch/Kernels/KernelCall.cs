using System.Runtime.InteropServices;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Computes the outputs of one call of an op.</summary>
delegate void Kernel(KernelCall call);

/// <summary>One call of an op: its inputs, attributes and output shapes, and its outputs.</summary>
sealed class KernelCall
{
    public OpDefinition Op { get; private set; } = null!;

    /// <summary>The op, or the node in a compiled function, for messages.</summary>
    public string Where { get; private set; } = "";

    public Attributes Attributes { get; private set; } = Attributes.None;

    public TorchValue[] Inputs { get; private set; } = [];

    public DType[] DTypes { get; private set; } = [];

    /// <summary>The inferred shapes of the outputs; not fully known if they depend on values that inference does not read.</summary>
    public Shape[] Shapes { get; private set; } = [];

    public TorchValue?[] Outputs { get; private set; } = [];

    /// <summary>A bit mask of inputs whose memory an output may reuse.</summary>
    public int Dying { get; private set; }

    public KernelCall Set(OpDefinition op, string where, Attributes attributes, TorchValue[] inputs, DType[] dtypes, Shape[] shapes, TorchValue?[] outputs, int dying = 0)
    {
        (Op, Where, Attributes, Inputs, DTypes, Shapes, Outputs, Dying) = (op, where, attributes, inputs, dtypes, shapes, outputs, dying);
        return this;
    }

    /// <summary>The numeric input at this index.</summary>
    public TorchTensor Tensor(int input) => (TorchTensor)Inputs[input];

    /// <summary>The string input at this index.</summary>
    public TorchStrings Strings(int input) => (TorchStrings)Inputs[input];

    /// <summary>The dtype of an input.</summary>
    public DType DTypeOf(int input) => Inputs[input].DType;

    public Shape ShapeOf(int input) => Inputs[input].Shape;

    /// <summary>Allocates an output of the inferred dtype and shape.</summary>
    public TorchTensor Result(int output = 0) => Result(output, Shapes[output]);

    /// <summary>Allocates an output of the inferred dtype and the given shape.</summary>
    public TorchTensor Result(int output, Shape shape)
    {
        var tensor = TorchTensor.Allocate(DTypes[output], shape);
        Outputs[output] = tensor;
        return tensor;
    }

    /// <summary>Makes an output in the memory of an input last used here, if one fits, or else a new one. The kernel must read each element before it writes it.</summary>
    public TorchTensor ResultInPlaceOf(params ReadOnlySpan<int> inputs)
    {
        foreach (var input in inputs)
        {
            if ((Dying >> input & 1) == 0 || Inputs[input] is not TorchTensor tensor || tensor.DType.Size != DTypes[0].Size || tensor.Count != Shapes[0].ElementCount) continue;
            if (tensor.TakeOver(DTypes[0], Shapes[0]) is not { } taken) continue;
            Outputs[0] = taken;
            return taken;
        }
        return Result();
    }

    /// <summary>Passes an input on as an output with the same memory.</summary>
    public void Pass(int input, int output = 0) => Outputs[output] = Inputs[input].Share(Shapes[output].IsFullyKnown ? Shapes[output] : Inputs[input].Shape);

    /// <summary>Sets a string output.</summary>
    public void Result(int output, byte[][] values, Shape shape) => Outputs[output] = new TorchStrings(values, shape);

    /// <summary>The value of an explicit attribute, or the definition's default.</summary>
    public T Get<T>(string name)
    {
        if (Attributes.TryGet(name, out var given)) return (T)given;
        foreach (var attribute in Op.Attributes)
            if (attribute.Name == name && attribute.Default is T value) return value;
        throw new EngineException("An op was called without an attribute that it needs", Where, name);
    }

    public bool Flag(string name) => Get<bool>(name);

    public int Int(string name) => checked((int)Get<long>(name));

    /// <summary>The elements of an integer input.</summary>
    public long[] Longs(int input)
    {
        var tensor = Tensor(input);
        return tensor.DType == DType.Int32 ? Array.ConvertAll(tensor.As<int>().ToArray(), v => (long)v)
            : tensor.DType == DType.Int64 ? tensor.As<long>().ToArray()
            : HostTensor.OfBytes(tensor.DType, tensor.Shape, MemoryMarshal.AsBytes(tensor.As<byte>()).ToArray()).ToInt64();
    }

    /// <summary>The only element of an integer input.</summary>
    public long Long(int input)
    {
        var tensor = Tensor(input);
        return tensor.DType == DType.Int32 ? tensor.As<int>()[0] : tensor.DType == DType.Int64 ? tensor.As<long>()[0] : Longs(input)[0];
    }

    /// <summary>The only element of a real input.</summary>
    public double Number(int input) => Tensor(input) is { Count: > 0 } tensor ? Numbers.Read(tensor, 0) : throw Fail("one number", "none");

    /// <summary>The axis that an input names, counted from the start.</summary>
    public int Axis(int input, int rank) => Axis(Long(input), rank);

    /// <summary>Normalises an axis; negative ones count from the end.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw Fail($"an axis from {-rank} to {rank - 1}", $"{axis}");

    public EngineException Fail(string expected, string received, string what = "An operation failed") => new(what, Where, expected, received) { IsOfInput = true };

    public UnsupportedException NotFor(DType dtype) => new("This engine has no kernel of an operation for this dtype", Where, received: dtype.Name,
        remedy: "Cast the inputs, or run on TensorFlow (KERAS_BACKEND=tensorflow).");
}

/// <summary>Reads and writes single elements of any real dtype.</summary>
static unsafe class Numbers
{
    public static double Read(TorchTensor tensor, long index)
    {
        var data = tensor.Data;
        var dtype = tensor.DType;
        if (dtype == DType.Float32) return ((float*)data)[index];
        if (dtype == DType.Float64) return ((double*)data)[index];
        if (dtype == DType.Int32) return ((int*)data)[index];
        if (dtype == DType.Int64) return ((long*)data)[index];
        if (dtype == DType.Bool || dtype == DType.UInt8) return data[index];
        if (dtype == DType.Float16) return (double)((Half*)data)[index];
        if (dtype == DType.BFloat16) return (float)((BFloat16*)data)[index];
        if (dtype == DType.Int8) return ((sbyte*)data)[index];
        if (dtype == DType.Int16) return ((short*)data)[index];
        if (dtype == DType.UInt16) return ((ushort*)data)[index];
        if (dtype == DType.UInt32) return ((uint*)data)[index];
        if (dtype == DType.UInt64) return ((ulong*)data)[index];
        throw new DTypeMismatchException("Elements that are not real numbers are read as numbers", null, "a real dtype", dtype.Name);
    }
}
