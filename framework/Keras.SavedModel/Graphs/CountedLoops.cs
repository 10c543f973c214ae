namespace Keras.Graphs;

/// <summary>Rewrites loops to the form that TensorFlow's Python can differentiate: the first two variables are the iteration count and its limit.</summary>
static class CountedLoops
{
    /// <summary>Rewrites all loops of a function, including nested ones.</summary>
    public static FunctionGraph Of(FunctionGraph function) =>
        Lowering.Rewrite(function, op => op == Tf.WhileOp || op == Tf.StatelessWhileOp ? Counted : null);

    static Tensor[] Counted(OpCall call)
    {
        var condition = Extended(Of(call.Get<FunctionGraph>("cond")), (_, outputs) => outputs);
        var body = Extended(Of(call.Get<FunctionGraph>("body")), (counters, outputs) => [counters[0] + Tf.Int32Scalar(1), counters[1], .. outputs]);
        // A limit of -1 means none, also for the lists in which the gradient keeps intermediate values.
        Tensor[] inputs = [Tf.Int32Scalar(0), Tf.Int32Scalar(-1), .. call.Inputs];
        Shape[] shapes = [.. inputs.Zip(body.Outputs, (before, after) => ShapeRules.Common(before.shape, after.shape))];
        var attributes = Attributes.Of(("cond", condition), ("body", body), ("output_shapes", shapes));
        return Graph.Current!.Add(call.Op, attributes, inputs).Outputs[2..];
    }

    /// <summary>A copy with two counters before its parameters.</summary>
    static FunctionGraph Extended(FunctionGraph function, Func<Tensor[], IEnumerable<Tensor>, IEnumerable<Tensor>> outputs)
    {
        var copy = new GraphCopy([]);
        Tensor[] counters = [copy.Graph.AddParameter(DType.Int32, Shape.Scalar, "round"), copy.Graph.AddParameter(DType.Int32, Shape.Scalar, "limit")];
        foreach (var input in function.Inputs) copy.Map[input] = copy.AddParameterLike(input, input.Node.Name);
        foreach (var node in function.LiveNodes()) copy.Add(node);
        using (NameScope.Root())
        using (copy.Graph.Enter())
        {
            var results = outputs(counters, function.Outputs.Select(o => (Tensor)copy.Map[o]));
            return new(function.Name, copy.Graph, [.. results.Select(copy.Graph.Capture)]);
        }
    }
}
