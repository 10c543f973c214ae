namespace Keras.Graphs;

/// <summary>TensorFlow's op vocabulary: one definition and one short method per op, grouped by theme. The methods trace, or run at once.</summary>
static partial class Tf
{
    /// <summary>Makes one op and adds it to the table.</summary>
    static OpDefinition Define(string signature, ShapeFunction shapes, GradientFunction? gradient = null, ValueFunction? value = null,
        bool differentiable = true, StateAccess state = StateAccess.None, Func<OpCall, Tensor[]>? decomposition = null, bool checksFirst = false)
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse(signature);
        attributes = Array.ConvertAll(attributes, a => AllowedTypes.Of(name, a.Name) is { } allowed ? a with { Allowed = allowed } : a);
        var op = new OpDefinition
        {
            Name = name, Inputs = inputs, Outputs = outputs, Attributes = attributes, Shapes = InputShapes.Checked(name, inputs, shapes), Gradient = gradient, Value = value,
            IsDifferentiable = differentiable, State = state, Decomposition = decomposition, ChecksFirst = checksFirst,
        };
        OpTable.Add(op);
        return op;
    }

    static Tensor Run(OpDefinition op, params ReadOnlySpan<Tensor> inputs) => Dispatch.Run(op, inputs);

    /// <summary>The elements of an integer tensor if already known: eager, a constant, or a computed shape.</summary>
    static long[]? Known(Tensor tensor) => tensor switch
    {
        EagerTensor eager => eager.ToHost().ToInt64(),
        SymbolicTensor { Node: { Op.Name: "Const" } constant } => new OpCall(constant.Op, constant.Attributes, []).Get<HostTensor>("value").ToInt64(),
        SymbolicTensor { Value: { IsFullyKnown: true } value } => value.Known(),
        _ => null,
    };

    /// <summary>The axes that an input of a call names, counted from the start; null where unknown before run time.</summary>
    static int[]? KnownAxes(OpCall call, int input, int rank) => Known(call.Inputs[input])?.Select(a => (int)(a < 0 ? a + rank : a)).ToArray();

    /// <summary>The one axis that an input of a call names.</summary>
    /// <exception cref="UnsupportedException">The axis is computed at run time.</exception>
    static int KnownAxis(OpCall call, int input, int rank) => KnownAxes(call, input, rank) is [var axis]
        ? axis
        : throw new UnsupportedException("The gradient of an operation cannot be traced: an axis is unknown before run time", NameScope.Path(call.Op.Name),
            "a constant axis", call.Inputs[input].ToString());

    static Tensor Run(OpDefinition op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Dispatch.Run(op, inputs, Attributes.Of(attributes));

    static Tensor[] RunAll(OpDefinition op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) =>
        Dispatch.RunAll(op, inputs, Attributes.Of(attributes));

    static (Tensor, Tensor) Pair(Tensor[] outputs) => (outputs[0], outputs[1]);

    static (Tensor, Tensor, Tensor) Triple(Tensor[] outputs) => (outputs[0], outputs[1], outputs[2]);
}
