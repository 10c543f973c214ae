using System.Runtime.CompilerServices;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>A table as a tensor: a constant in a traced graph, otherwise one tensor per engine.</summary>
sealed class TableConstant(HostTensor values)
{
    readonly ConditionalWeakTable<IEngine, EagerTensor> _tensors = [];

    public TableConstant(int[] values) : this(values, values.Length) { }

    public TableConstant(int[] values, Shape shape) : this(HostTensor.Of<int>(values, shape)) { }

    public Tensor Value => Graph.Current is null ? _tensors.GetValue(Engine.Current, _ => (EagerTensor)Tf.Constant(values)) : Tf.Constant(values);
}
