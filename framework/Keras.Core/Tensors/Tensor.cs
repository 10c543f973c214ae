using System.Runtime.InteropServices;
using System.Text;
using Keras.Engines;
using Keras.Graphs;

namespace Keras;

/// <summary>An array of numbers, bools or strings with any number of dimensions: either a value (eager), or a result in a graph being traced (symbolic).</summary>
/// <remarks>The same operations take both. Arrays and numbers convert implicitly.</remarks>
public abstract partial class Tensor
{
    private protected Tensor() { }

    /// <summary>The element type.</summary>
    public abstract DType dtype { get; }

    /// <summary>The dimensions; only a symbolic tensor has unknown ones.</summary>
    public abstract Shape shape { get; }

    /// <summary>The number of dimensions.</summary>
    public int ndim => shape.Rank;

    /// <summary>A part of the tensor, by a key for each axis: <c>x[.., 0]</c>, <c>x[1..^1]</c>, <c>x[SliceKey.Ellipsis, SliceKey.NewAxis]</c>.</summary>
    public Tensor this[params ReadOnlySpan<SliceKey> keys] => SliceKey.Apply(this, keys);

    /// <summary>The elements in row-major order.</summary>
    /// <exception cref="DTypeMismatchException">The elements are not of the .NET type <typeparamref name="T"/>.</exception>
    /// <exception cref="UnsupportedException">The elements are quantised numbers.</exception>
    /// <exception cref="InvalidOperationException">The tensor is symbolic: it has no value yet.</exception>
    public T[] ToArray<T>()
    {
        var eager = RequireEager();
        dtype.RequirePlain(null);
        if (typeof(T) == typeof(string)) return (T[])(object)Array.ConvertAll(eager.ReadStrings(), Encoding.UTF8.GetString);
        if (typeof(T) == typeof(byte[])) return (T[])(object)eager.ReadStrings();
        if (DType.Of<T>() != dtype) throw new DTypeMismatchException("The tensor cannot be read as another element type", null, dtype.Name, typeof(T).Name, "Read it as its own type, or cast it first (ops.cast).");
        return eager.ReadArray<T>();
    }

    /// <summary>The only element.</summary>
    /// <exception cref="ShapeMismatchException">The tensor does not have exactly one element.</exception>
    public T ToScalar<T>() => shape.ElementCount == 1
        ? ToArray<T>()[0]
        : throw new ShapeMismatchException("The tensor cannot be read as a scalar", null, "one element", $"shape {shape}");

    /// <summary>For a resource, the dtype and shape of what it refers to; null where unknown.</summary>
    internal (DType DType, Shape Shape)? HandleData { get; set; }

    /// <summary>Keras' mask of this tensor: which steps are data (true) and which padding; null for none.</summary>
    internal Tensor? KerasMask { get; set; }

    internal EagerTensor RequireEager() => this as EagerTensor
        ?? throw new InvalidOperationException($"A symbolic tensor has no value: {this}. It is computed when the traced function runs; return it from the function, or run eagerly (run_eagerly: true).");

    /// <summary>Makes an eager tensor from a number, a bool, a string or an array of these.</summary>
    internal static Tensor Of(object value, DType? dtype = null) => value switch
    {
        Tensor tensor => dtype is null || tensor.dtype == dtype ? tensor : Tf.Cast(tensor, dtype),
        Variable variable => Of(variable.value, dtype),
        IConvertible and not string and not char when dtype is not null and not { IsNumeric: false } =>
            Tf.Constant(HostTensor.Scalar(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture), dtype)),
        _ => Of(Tf.Constant(HostTensor.From(value)), dtype),
    };

    /// <summary>A float32 scalar.</summary>
    public static implicit operator Tensor(float value) => Of(value);

    /// <summary>A float64 scalar.</summary>
    public static implicit operator Tensor(double value) => Of(value);

    /// <summary>An int32 scalar.</summary>
    public static implicit operator Tensor(int value) => Of(value);

    /// <summary>An int64 scalar.</summary>
    public static implicit operator Tensor(long value) => Of(value);

    /// <summary>A bool scalar.</summary>
    public static implicit operator Tensor(bool value) => Of(value);

    /// <summary>A string scalar.</summary>
    public static implicit operator Tensor(string value) => Of(value);

    /// <summary>A tensor made from an array of any rank.</summary>
    public static implicit operator Tensor(Array values) => Of(values);
}

/// <summary>A tensor that has a value, held by the engine.</summary>
sealed class EagerTensor : Tensor, IDisposable
{
    public EagerTensor(ITensorHandle handle, IEngine engine) => (Handle, Engine) = (handle, engine);

    public ITensorHandle Handle { get; }

    public IEngine Engine { get; }

    /// <summary>The variable whose resource this is; null for other tensors.</summary>
    public Variable? Variable { get; init; }

    /// <summary>The table whose resource this is; null for other tensors.</summary>
    public LookupTable? Table { get; set; }

    public override DType dtype => Handle.DType;

    public override Shape shape => Handle.Shape;

    public T[] ReadArray<T>()
    {
        var values = new T[checked((int)shape.ElementCount)];
        ReadInto(values);
        return values;
    }

    /// <summary>Copies the elements into an array of the same type and size, of any rank.</summary>
    public void ReadInto(Array values)
    {
        if (values.Length > 0) Engine.CopyToHost(Handle, MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(values), values.Length * dtype.Size));
    }

    public byte[] ReadBytes()
    {
        var bytes = new byte[checked((int)shape.ElementCount * dtype.Size)];
        if (bytes.Length > 0) Engine.CopyToHost(Handle, bytes);
        return bytes;
    }

    public byte[][] ReadStrings() => dtype == DType.String
        ? Engine.StringsToHost(Handle)
        : throw new DTypeMismatchException("The tensor cannot be read as strings", null, "string", dtype.Name);

    public HostTensor ToHost() => dtype == DType.String ? HostTensor.OfStrings(shape, ReadStrings()) : HostTensor.OfBytes(dtype, shape, ReadBytes());

    public void Dispose() => Handle.Dispose();

    public override string ToString() => TensorText.Describe(this);
}

/// <summary>An output of a node.</summary>
sealed class SymbolicTensor(Node node, int index, DType dtype, Shape shape) : Tensor
{
    PartialValue? _value;
    bool _valueKnown;

    public Node Node => node;

    public int Index => index;

    public override DType dtype { get; } = dtype;

    public override Shape shape { get; } = shape;

    /// <summary>For a Keras tensor, the layer call that made it, or the value it stands for; null where a plain op made it.</summary>
    public object? History { get; set; }

    /// <summary>What is known about the value before run time; null if nothing.</summary>
    public PartialValue? Value
    {
        get
        {
            if (_valueKnown) return _value;
            _valueKnown = true;
            if ((dtype.IsInteger || dtype == DType.Bool) && shape is { HasRank: true, Rank: <= 1 } && node.Op.Value is { } rule)
                _value = rule(new ShapeContext(node.Op, node.Attributes, node.Inputs));
            return _value;
        }
        set => (_value, _valueKnown) = (value, true);
    }

    public override string ToString() => $"<symbolic {dtype} {shape} of {node.Name}:{index}>";
}
