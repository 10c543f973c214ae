namespace Keras.Graphs;

/// <summary>TensorFlow's op vocabulary: one definition and one short method per op, by themes. The methods trace, or run at once.</summary>
static partial class Tf
{
    /// <summary>Makes one op and adds it to the table.</summary>
    static OpDefinition Define(string signature, ShapeFunction shapes, GradientFunction? gradient = null, ValueFunction? value = null,
        bool differentiable = true, StateAccess state = StateAccess.None, Func<OpCall, Tensor[]>? decomposition = null)
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse(signature);
        var op = new OpDefinition
        {
            Name = name, Inputs = inputs, Outputs = outputs, Attributes = attributes, Shapes = shapes, Gradient = gradient, Value = value,
            IsDifferentiable = differentiable, State = state, Decomposition = decomposition,
        };
        OpTable.Add(op);
        return op;
    }

    static Tensor Run(OpDefinition op, params ReadOnlySpan<Tensor> inputs) => Dispatch.Run(op, inputs);

    static Tensor Run(OpDefinition op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Dispatch.Run(op, inputs, Attributes.Of(attributes));

    static Tensor[] RunAll(OpDefinition op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Dispatch.RunAll(op, inputs, Attributes.Of(attributes));
}
