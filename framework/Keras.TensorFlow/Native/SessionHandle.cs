namespace Keras.Engines.TensorFlow;

/// <summary>A TF_Session with the graph that it runs.</summary>
sealed unsafe class SessionHandle : NativeHandle
{
    readonly GraphHandle _graph;

    SessionHandle(TF_Session* session, GraphHandle graph) : base(HandleKind.Session, session, graph) => _graph = graph;

    TF_Session* Pointer => (TF_Session*)handle;

    /// <summary>Loads a SavedModel; its MetaGraphDef goes into <paramref name="metaGraph"/>.</summary>
    public static SessionHandle Load(string folder, string tag, NativeBuffer? metaGraph)
    {
        using var call = NativeCalls.Enter();
        var status = NativeStatus.Current;
        using var graph = new GraphHandle(CApi.TF_NewGraph());
        var options = CApi.TF_NewSessionOptions();
        try
        {
            var (path, tagText) = (new NativeText(folder), new NativeText(tag));
            var tags = tagText.Pointer;
            var session = CApi.TF_LoadSessionFromSavedModel(options, null, path.Pointer, &tags, 1, graph.Pointer, metaGraph is null ? null : metaGraph.Pointer, status.Pointer);
            GC.KeepAlive((path, tagText));
            status.ThrowIfError(folder);
            return new(session, graph);
        }
        finally
        {
            CApi.TF_DeleteSessionOptions(options);
        }
    }

    /// <summary>Feeds tensors by name ("node:0") and fetches others.</summary>
    public HostTensor[] Run(string where, (string Name, HostTensor Value)[] inputs, string[] outputs)
    {
        using var call = NativeCalls.Enter();
        var added = false;
        DangerousAddRef(ref added);
        NativeTensor[] tensors = [.. inputs.Select(i => NativeTensor.Of(i.Value))];
        try
        {
            var feeds = inputs.Select(i => _graph.Find(i.Name)).ToArray();
            var fetches = outputs.Select(_graph.Find).ToArray();
            var values = stackalloc TF_Tensor*[inputs.Length + 1];
            var results = stackalloc TF_Tensor*[outputs.Length + 1];
            for (var i = 0; i < inputs.Length; i++) values[i] = tensors[i].Pointer;
            var status = NativeStatus.Current;
            fixed (TF_Output* feed = feeds)
            fixed (TF_Output* fetch = fetches)
                CApi.TF_SessionRun(Pointer, null, feed, values, feeds.Length, fetch, results, fetches.Length, null, 0, null, status.Pointer);
            status.ThrowIfError(where);
            var fetched = new HostTensor[outputs.Length];
            for (var i = 0; i < fetched.Length; i++)
                using (var result = new NativeTensor(results[i])) fetched[i] = result.ToHost();
            return fetched;
        }
        finally
        {
            foreach (var tensor in tensors) tensor.Dispose();
            DangerousRelease();
        }
    }

    /// <inheritdoc/>
    protected override void Delete()
    {
        var status = NativeStatus.Current;
        CApi.TF_CloseSession(Pointer, status.Pointer);
        CApi.TF_DeleteSession(Pointer, status.Pointer);
        if (status.Code != StatusCode.Ok) status.Take();
    }
}
