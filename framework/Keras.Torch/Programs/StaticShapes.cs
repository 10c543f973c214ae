using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Keeps full compilation to its promise on every engine: XLA compiles no op whose sizes depend on data, and no strings or tables.</summary>
static class StaticShapes
{
    static readonly HashSet<string> DataDependent =
    [
        "Where", "Unique", "UniqueV2", "UniqueWithCountsV2", "RaggedTensorToTensor", "RaggedRange", "ReadFile", "DecodeImage", "EncodePng", "Print", "PrintV2",
        "ResourceApplyAdamWithAmsgrad", "SegmentSum", "SegmentMean", "SegmentMax", "SegmentMin", "SegmentProd",
        "SparseSegmentSum", "SparseSegmentMean", "SparseSegmentSqrtN", "DynamicPartition", "NonMaxSuppressionV3",
        "TensorListResize", "TensorListScatter", "TensorListScatterV2", "TensorListScatterIntoExistingList", "TensorListConcatLists",
    ];

    /// <summary>Refuses a function with such ops.</summary>
    /// <exception cref="EngineException">It has some; the message names them.</exception>
    public static void Require(FunctionGraph function)
    {
        var refused = Nodes(function).Where(n => DataDependent.Contains(n.Op.Name) || Array.Exists(n.Outputs, o => o.dtype == DType.String) || Array.Exists(n.Inputs, i => i.dtype == DType.String)
            || n.Op.Name.Contains("Table", StringComparison.Ordinal)).ToArray();
        if (refused.Length > 0)
            throw new EngineException($"jit_compile cannot compile {string.Join(", ", refused.Select(n => $"{n.Op.Name} '{n.Name}'"))}", function.Name,
                received: "sizes that depend on data, strings or tables",
                remedy: "Compile with jit_compile: false, or keep these ops out of the compiled function.");
    }

    static IEnumerable<Node> Nodes(FunctionGraph function)
    {
        foreach (var node in function.LiveNodes())
        {
            yield return node;
            foreach (var inner in node.Attributes.Functions.SelectMany(Nodes)) yield return inner;
        }
    }
}
