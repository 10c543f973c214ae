using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Gives full compilation the same limits on every engine: like XLA, it rejects ops whose sizes depend on data.</summary>
/// <remarks>Strings and tables never get here: <see cref="HostParts"/> leaves them outside.</remarks>
static class StaticShapes
{
    static readonly HashSet<string> DataDependent =
    [
        "Where", "Unique", "UniqueV2", "UniqueWithCountsV2", "RaggedTensorToTensor", "RaggedRange",
        "ResourceApplyAdamWithAmsgrad", "SegmentSum", "SegmentMean", "SegmentMax", "SegmentMin", "SegmentProd",
        "SparseSegmentSum", "SparseSegmentMean", "SparseSegmentSqrtN", "DynamicPartition", "NonMaxSuppressionV3",
    ];

    /// <summary>Returns the function, or throws if it has such ops.</summary>
    /// <exception cref="EngineException">The function has such ops; the message names them.</exception>
    public static FunctionGraph Require(FunctionGraph function)
    {
        var refused = Nodes(function).Where(n => DataDependent.Contains(n.Op.Name)).ToArray();
        return refused.Length == 0 ? function : throw new EngineException($"jit_compile cannot compile {string.Join(", ", refused.Select(n => $"{n.Op.Name} '{n.Name}'"))}", function.Name,
            received: "sizes that depend on data", remedy: "Compile with jit_compile: false, or keep these ops out of the compiled function.");
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
