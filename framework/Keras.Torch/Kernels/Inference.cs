using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Runs an op's own shape function on values, so that wrong inputs are reported as everywhere else, and kernels know their output shapes.</summary>
static class Inference
{
    /// <summary>The most elements of an integer tensor whose values shape functions can read.</summary>
    const int MaxKnownElements = 256;

    /// <summary>Infers the dtypes and shapes of a call's outputs.</summary>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="DTypeMismatchException">The dtypes do not fit.</exception>
    public static (DType[] DTypes, Shape[] Shapes) Outputs(OpDefinition op, Attributes attributes, ReadOnlySpan<TorchValue> inputs)
    {
        var stands = Stands(inputs);
        return (op.OutputDTypes(op.Resolve(attributes, stands)), op.Shapes(new ShapeContext(op, attributes, stands)));
    }

    /// <summary>Infers only the shapes, for a call with known dtypes.</summary>
    public static Shape[] Shapes(OpDefinition op, Attributes attributes, ReadOnlySpan<TorchValue> inputs) =>
        op.Shapes(new ShapeContext(op, attributes, Stands(inputs)));

    static Tensor[] Stands(ReadOnlySpan<TorchValue> inputs)
    {
        var stands = new Tensor[inputs.Length];
        for (var i = 0; i < stands.Length; i++) stands[i] = Stand(inputs[i]);
        return stands;
    }

    static SymbolicTensor Stand(TorchValue value)
    {
        var symbolic = new SymbolicTensor(Nowhere, 0, value.DType, value.Shape) { Value = null };
        if (value is TorchVariable variable) symbolic.HandleData = variable.Content;
        else if (value is TorchTensor { Count: <= MaxKnownElements } tensor && (tensor.DType.IsInteger || tensor.DType == DType.Bool)) symbolic.Value = Known(tensor);
        return symbolic;
    }

    static PartialValue Known(TorchTensor tensor)
    {
        var elements = new long?[tensor.Count];
        if (tensor.DType == DType.Int32)
        {
            var values = tensor.As<int>();
            for (var i = 0; i < elements.Length; i++) elements[i] = values[i];
        }
        else
        {
            for (var i = 0; i < elements.Length; i++) elements[i] = (long)Numbers.Read(tensor, i);
        }
        return new(elements, new long[elements.Length], tensor.Shape.Rank == 0);
    }

    static readonly Node Nowhere = new Graph(null).AddPlaceholder(DType.Float32, Shape.Unknown, "value").Node;
}
