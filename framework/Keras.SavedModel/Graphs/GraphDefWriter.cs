using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Writes functions into one flat GraphDef: their inputs are tensors of the graph already, their nodes are copied under a prefix.</summary>
sealed class GraphDefWriter
{
    readonly NameTable _names = new();
    readonly FunctionDefWriter _library;

    public GraphDefWriter() => _library = new FunctionDefWriter(lowersControlFlow: true, f => _functionNames.Add(f.Name));

    readonly NameTable _functionNames = new();

    public GraphDef Graph { get; } = new();
}
