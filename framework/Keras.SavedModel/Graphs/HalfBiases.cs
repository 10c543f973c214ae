namespace Keras.Graphs;

/// <summary>Keeps TensorFlow from joining products of float16 with the bias that follows them.</summary>
/// <remarks>
/// On processors that compute with float16, TensorFlow's optimizer makes one op of both (<c>_FusedMatMul</c>), which is hundreds of times slower
/// than the two (2.21.0: 32 rows by 768 x 3072 take 1,550 ms instead of 2). With another dimension between the two it leaves them alone.
/// </remarks>
static class HalfBiases
{
    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Table = new() { ["BiasAdd"] = (x, bias) => Tf.BiasAdd(x, bias), ["AddV2"] = Tf.AddV2 };

    /// <summary>Keeps the biases of a function apart, including those of nested ones.</summary>
    public static FunctionGraph Apply(FunctionGraph function) => Holds(function) ? Lowering.Rewrite(function, op => Table.ContainsKey(op.Name) ? Apart : null) : function;

    static bool Holds(FunctionGraph function) => function.Graph.Nodes.Any(n => (Table.ContainsKey(n.Op.Name) && IsJoined(n.Inputs)) || n.Attributes.Functions.Any(f => !f.IsFinal && Holds(f)));

    /// <summary>Whether a product of float16 gets a bias; what has more dimensions than a product is none.</summary>
    static bool IsJoined(Tensor[] inputs) => inputs.Any(IsProduct) && inputs.All(i => i.shape is { HasRank: true, Rank: <= 2 });

    static bool IsProduct(Tensor tensor) => tensor is SymbolicTensor { Node.Op.Name: "MatMul" } && tensor.dtype == DType.Float16;

    static Tensor[] Apart(OpCall call)
    {
        if (!IsJoined(call.Inputs)) return Dispatch.RunAll(call.Op, call.Inputs, call.Attributes);
        Tensor[] inputs = [.. call.Inputs.Select(i => IsProduct(i) ? Tf.ExpandDims(i, 0) : i)];
        return [Tf.Squeeze(Table[call.Op.Name](inputs[0], inputs[1]), 0)];
    }
}
