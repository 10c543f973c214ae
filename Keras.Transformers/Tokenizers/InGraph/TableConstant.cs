using System.Runtime.CompilerServices;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>A table of numbers as a tensor: a constant in a graph that is traced, one tensor per engine otherwise.</summary>
sealed class TableConstant(int[] values, Shape shape)
{
    readonly ConditionalWeakTable<IEngine, EagerTensor> _tensors = [];

    public TableConstant(int[] values) : this(values, values.Length) { }

    public Tensor Value => Graph.Current is null ? _tensors.GetValue(Engine.Current, _ => (EagerTensor)Make()) : Make();

    Tensor Make() => Tf.Constant(HostTensor.Of<int>(values, shape));
}
