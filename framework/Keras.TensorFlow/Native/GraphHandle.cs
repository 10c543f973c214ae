namespace Keras.Engines.TensorFlow;

/// <summary>A TF_Graph.</summary>
sealed unsafe class GraphHandle : NativeHandle
{
    /// <summary>Takes over a graph that the C API returned.</summary>
    public GraphHandle(TF_Graph* graph) : base(HandleKind.Graph, graph) { }

    /// <summary>The pointer for the C API.</summary>
    public TF_Graph* Pointer => (TF_Graph*)handle;

    /// <summary>Finds the output named by a tensor's name, such as "node:0".</summary>
    /// <exception cref="EngineException">The graph has no such node.</exception>
    public TF_Output Find(string tensor)
    {
        var colon = tensor.LastIndexOf(':');
        var (node, index) = colon < 0 ? (tensor, 0) : (tensor[..colon], int.Parse(tensor[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        var name = new NativeText(node);
        var operation = CApi.TF_GraphOperationByName(Pointer, name.Pointer);
        GC.KeepAlive(name);
        if (operation is null || index >= CApi.TF_OperationNumOutputs(operation))
            throw new EngineException("A signature names a tensor that the graph does not have", tensor);
        return new TF_Output { Operation = operation, Index = index };
    }

    /// <inheritdoc/>
    protected override void Delete() => CApi.TF_DeleteGraph(Pointer);
}
