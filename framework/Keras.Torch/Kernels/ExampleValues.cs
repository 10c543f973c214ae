using System.Runtime.InteropServices;
using Keras.Checkpoints;

namespace Keras.Engines.Torch;

/// <summary>Collects the values of a tf.train.Example feature, record after record.</summary>
abstract class ExampleValues
{
    public static ExampleValues Of(DType dtype) => dtype == DType.String ? new Strings() : dtype == DType.Float32 ? new Numbers<float>(dtype, TfExampleWire.AddFloats) : new Numbers<long>(dtype, TfExampleWire.AddIntegers);

    public abstract long Count { get; }

    /// <summary>Adds the values of one record's list.</summary>
    public abstract void Read(ReadOnlyMemory<byte> list);

    /// <summary>Adds the elements of a tensor.</summary>
    public abstract void Append(TorchValue tensor);

    /// <summary>All values as a tensor.</summary>
    public abstract TorchValue Flat(Shape shape);

    /// <summary>The values with each record's padded to one length.</summary>
    public abstract TorchValue Padded(Shape shape, List<long> ends, long width, TorchValue padding);

    static T[] Spread<T>(Span<T> values, Shape shape, List<long> ends, long width, T padding)
    {
        var all = new T[shape.ElementCount];
        Array.Fill(all, padding);
        var start = 0;
        for (var row = 0; row < ends.Count; row++)
        {
            values[start..(int)ends[row]].CopyTo(all.AsSpan((int)(row * width)));
            start = (int)ends[row];
        }
        return all;
    }

    sealed class Strings : ExampleValues
    {
        readonly List<byte[]> _values = [];
        readonly List<ReadOnlyMemory<byte>> _parts = [];

        public override long Count => _values.Count;

        public override void Read(ReadOnlyMemory<byte> list)
        {
            _parts.Clear();
            TfExampleWire.AddBytes(list, _parts);
            foreach (var part in _parts) _values.Add(part.ToArray());
        }

        public override void Append(TorchValue tensor) => _values.AddRange(((TorchStrings)tensor).Values);

        public override TorchValue Flat(Shape shape) => new TorchStrings([.. _values], shape);

        public override TorchValue Padded(Shape shape, List<long> ends, long width, TorchValue padding) =>
            new TorchStrings(Spread(CollectionsMarshal.AsSpan(_values), shape, ends, width, ((TorchStrings)padding).Values[0]), shape);
    }

    sealed class Numbers<T>(DType dtype, Action<ReadOnlyMemory<byte>, List<T>> read) : ExampleValues where T : unmanaged
    {
        readonly List<T> _values = [];

        public override long Count => _values.Count;

        public override void Read(ReadOnlyMemory<byte> list) => read(list, _values);

        public override void Append(TorchValue tensor) => _values.AddRange(((TorchTensor)tensor).As<T>());

        public override TorchValue Flat(Shape shape) => Tensor(CollectionsMarshal.AsSpan(_values), shape);

        public override TorchValue Padded(Shape shape, List<long> ends, long width, TorchValue padding) =>
            Tensor(Spread(CollectionsMarshal.AsSpan(_values), shape, ends, width, ((TorchTensor)padding).As<T>()[0]), shape);

        TorchTensor Tensor(Span<T> values, Shape shape)
        {
            var tensor = TorchTensor.Allocate(dtype, shape);
            values.CopyTo(tensor.As<T>());
            return tensor;
        }
    }
}
