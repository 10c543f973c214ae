using System.Collections.Concurrent;
using Keras.Engines;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Runs the signatures of a SavedModel on any engine: the graph is read back, variables are restored from its checkpoint, tables are filled once.</summary>
sealed class SavedModelRunner : ISavedModelRunner
{
    const string InitSignature = "__saved_model_init_op";

    readonly string _folder;
    readonly IEngine _engine;
    readonly MetaGraphDef _meta;
    readonly Dictionary<string, SignatureDescription> _signatures;
    readonly Dictionary<string, EagerTensor> _resources = [];
    readonly Dictionary<string, string> _assets;
    readonly ConcurrentDictionary<string, Lazy<Compiled>> _compiled = new();

    sealed record Compiled(FunctionGraph Function, ICompiledFunction Program);

    SavedModelRunner(string folder, IEngine engine, SavedModelReader reader)
    {
        (_folder, _engine, _meta) = (folder, engine, reader.Meta);
        _signatures = reader.Signatures.ToDictionary(s => s.Name);
        _assets = _meta.AssetFileDef.Where(a => a.TensorInfo is not null).ToDictionary(a => a.TensorInfo.Name.Split(':')[0], a => Path.Combine(folder, "assets", a.Filename));
        using var use = Engine.Use(engine);
        if (reader.Variables.Count > 0) Restore();
        if (_meta.SignatureDef.TryGetValue(InitSignature, out var init)) RunOnce(init.Outputs.Values.Select(o => o.Name));
    }

    /// <inheritdoc/>
    public IEnumerable<string> Signatures => _signatures.Keys;

    /// <summary>Loads a SavedModel for an engine.</summary>
    /// <param name="folder">The folder that holds saved_model.pb.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="allowFileOps">Whether the model may use files outside its folder (<see cref="SavedModelFiles"/>).</param>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="EngineException">There is no model in the folder.</exception>
    /// <exception cref="UnsupportedException">The model has an unknown op, or would use files outside its folder.</exception>
    public static SavedModelRunner Load(string folder, IEngine engine, bool allowFileOps = false)
    {
        try
        {
            using var reader = SavedModelReader.Open(folder, check: allowFileOps ? null : meta => SavedModelFiles.Check(folder, meta));
            return Load(folder, engine, reader);
        }
        catch (IOException e)
        {
            throw new EngineException("There is no SavedModel that could be read", folder, received: e.Message, inner: e);
        }
    }

    /// <summary>Loads a SavedModel from an open reader, which has checked its access to files.</summary>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The model has an unknown op.</exception>
    public static SavedModelRunner Load(string folder, IEngine engine, SavedModelReader reader) => new(folder, engine, reader);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, DType> InputDTypes(string signature) => Callable(signature).Inputs.ToDictionary(i => i.Name, i => i.DType);

    /// <inheritdoc/>
    public void Prepare(string signature)
    {
        Callable(signature);
        using var use = Engine.Use(_engine);
        using var suspended = Graph.Suspend();
        _ = CompiledOf(signature);
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">There is no such signature, an input is missing, unknown or unsuitable, or an op failed.</exception>
    /// <exception cref="UnsupportedException">The signature takes or gives quantised numbers.</exception>
    public IReadOnlyDictionary<string, HostTensor> Run(string signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        var description = Callable(signature);
        string[] names = [.. description.Inputs.Select(i => i.Name)];
        var unknown = inputs.Keys.Except(names).Concat(names.Except(inputs.Keys)).ToArray();
        if (unknown.Length > 0)
            throw new EngineException($"The inputs do not fit the signature '{signature}'", string.Join(", ", unknown), string.Join(", ", names), string.Join(", ", inputs.Keys));
        using var use = Engine.Use(_engine);
        using var suspended = Graph.Suspend();
        var compiled = CompiledOf(signature);
        EagerTensor[] arguments = [.. description.Inputs.Select(i => Fitting(i, inputs[i.Name])), .. compiled.Function.CapturedSources.Cast<EagerTensor>()];
        var results = new ITensorHandle[description.Outputs.Count];
        compiled.Program.Run(Array.ConvertAll(arguments, a => a.Handle), results);
        foreach (var argument in arguments[..names.Length]) argument.Dispose();
        return description.Outputs.Zip(results, (o, r) => (o.Name, Value: Taken(r))).ToDictionary(o => o.Name, o => o.Value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var compiled in _compiled.Values.Where(c => c.IsValueCreated)) compiled.Value.Program.Dispose();
        foreach (var resource in _resources.Values) resource.Dispose();
    }

    Compiled CompiledOf(string signature) => _compiled.GetOrAdd(signature, s => new(() => Compile(Signature(s)))).Value;

    HostTensor Taken(ITensorHandle handle)
    {
        using var tensor = new EagerTensor(handle, _engine);
        return tensor.ToHost();
    }

    static EagerTensor Fitting(SignatureTensor input, HostTensor value)
    {
        if (value.DType != input.DType || !value.Shape.IsCompatibleWith(input.Shape))
            throw new EngineException("An input does not fit a signature", input.Name, $"{input.DType} {input.Shape}", $"{value.DType} {value.Shape}");
        return Tf.Constant(value).RequireEager();
    }

    SignatureDescription Signature(string name) => _signatures.TryGetValue(name, out var signature)
        ? signature
        : throw new EngineException("A SavedModel has no such signature", null, string.Join(", ", _signatures.Keys), name);

    SignatureDescription Callable(string name)
    {
        var signature = Signature(name);
        PlainSignature.Require(signature);
        return signature;
    }

    Compiled Compile(SignatureDescription signature)
    {
        var function = FunctionGraph.Trace(signature.Name, signature.Inputs.Select(i => (i.DType, i.Shape, i.Name)), parameters =>
        {
            var given = Named(signature.Inputs.Select((input, i) => (input.Tensor, parameters[i])));
            return Reader.Read(_meta.GraphDef.Node, given, signature.Outputs.Select(o => o.Tensor));
        });
        RequireOutputs(signature, function);
        return new(function, _engine.Compile(Lowering.Lower(function, _engine.RunsNatively), new CompileOptions(Jit: false)));
    }

    /// <summary>Fails if the graph's outputs differ from the signature, since callers read results with the signature's dtypes.</summary>
    static void RequireOutputs(SignatureDescription signature, FunctionGraph function)
    {
        for (var i = 0; i < signature.Outputs.Count; i++)
        {
            var (output, dtype) = (signature.Outputs[i], i < function.Outputs.Count ? function.Outputs[i].dtype : null);
            if (dtype != output.DType)
                throw new FileFormatException("A signature has an output that its graph does not have so", $"signature '{signature.Name}', output '{output.Name}'", output.DType.Name, dtype?.Name ?? "none",
                    "The file is damaged; export the model again.");
        }
    }

    /// <summary>Restores the variables with the model's own nodes, as TensorFlow's loader does, since variables and checkpoint may use different names.</summary>
    void Restore()
    {
        var saver = _meta.SaverDef is { RestoreOpName.Length: > 0 } given ? given
            : throw new FileFormatException("The model has a checkpoint, but no node that restores it", _folder, remedy: "The file is damaged; export the model again.");
        RunOnce([saver.RestoreOpName], (saver.FilenameTensorName, HostTensor.From(Path.Combine(_folder, SavedModelWriter.VariablesPrefix))));
    }

    /// <summary>Runs nodes that fill variables and tables.</summary>
    void RunOnce(IEnumerable<string> targets, params ReadOnlySpan<(string Tensor, HostTensor Value)> given)
    {
        var values = given.ToArray();
        var function = FunctionGraph.Trace("init", [], _ => Reader.Read(_meta.GraphDef.Node, Named(values.Select(g => (g.Tensor, Tf.Constant(g.Value)))), targets));
        using var program = _engine.Compile(Lowering.Lower(function, _engine.RunsNatively), new CompileOptions(Jit: false));
        var results = new ITensorHandle[function.Outputs.Count];
        program.Run([.. function.CapturedSources.Select(s => s.RequireEager().Handle)], results);
        foreach (var result in results) result.Dispose();
    }

    GraphReader Reader => new((_meta.GraphDef.Library?.Function ?? []).ToDictionary(f => f.Signature.Name), Replacement);

    /// <summary>Maps names to tensors; "x:0" is also called "x".</summary>
    static Dictionary<string, Tensor> Named(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var named = tensors.ToDictionary(t => t.Name, t => t.Value);
        foreach (var (name, value) in named.ToArray())
            if (name.EndsWith(":0", StringComparison.Ordinal)) named[name[..^2]] = value;
        return named;
    }

    /// <summary>Replaces variables and tables with the runner's own, and a constant that names an asset with the asset's path.</summary>
    Tensor? Replacement(NodeDef node)
    {
        if (node.Op is "VarHandleOp" or "HashTableV2" or "MutableHashTableV2" or "MutableDenseHashTableV2") return Resource(node);
        return node.Op is "Const" or "Placeholder" && _assets.TryGetValue(node.Name, out var path) ? Tf.Constant(HostTensor.From(path)) : null;
    }

    EagerTensor Resource(NodeDef node)
    {
        var name = node.Attr.TryGetValue("shared_name", out var shared) && !shared.S.IsEmpty ? shared.S.ToStringUtf8() : node.Name;
        lock (_resources)
        {
            if (_resources.TryGetValue(name, out var known)) return known;
            using var suspended = Graph.Suspend();
            return _resources[name] = node.Op == "VarHandleOp" ? Variable(node) : Table(node);
        }
    }

    EagerTensor Variable(NodeDef node)
    {
        var (dtype, shape) = (ShapeProtos.DTypeOf(node.Attr["dtype"].Type, node.Name), ShapeProtos.FromProto(node.Attr["shape"].Shape));
        return new(_engine.CreateVariable(dtype, shape), _engine) { HandleData = (dtype, shape) };
    }

    EagerTensor Table(NodeDef node)
    {
        if (node.Attr.TryGetValue("value_shape", out var given) && ShapeProtos.FromProto(given.Shape ?? new()) is { HasRank: true, Rank: > 0 } shape)
            throw new UnsupportedException("Tables hold single values here", $"node '{node.Name}' ({node.Op})", "values as scalars", shape.ToString());
        var values = ShapeProtos.DTypeOf(node.Attr["value_dtype"].Type, node.Name);
        if (node.Op == "MutableDenseHashTableV2") return Tf.DenseHashTable(MarkOf(node, 0), MarkOf(node, 1), values).RequireEager();
        var keys = ShapeProtos.DTypeOf(node.Attr["key_dtype"].Type, node.Name);
        return (node.Op == "HashTableV2" ? Tf.HashTable(keys, values) : Tf.MutableHashTable(keys, values)).RequireEager();
    }

    /// <summary>A key by which a dense table marks places: a constant of the graph or function that the table's node is in.</summary>
    Tensor MarkOf(NodeDef node, int input)
    {
        var where = $"node '{node.Name}' ({node.Op})";
        if (input >= node.Input.Count) throw new FileFormatException("A dense table lacks its empty or deleted key", where, "two inputs", $"{node.Input.Count}", "The file is damaged; export the model again.");
        var name = node.Input[input].Split(':')[0];
        var nodes = (_meta.GraphDef.Library?.Function ?? []).Select(f => f.NodeDef).FirstOrDefault(nodes => nodes.Any(n => ReferenceEquals(n, node))) ?? _meta.GraphDef.Node;
        return nodes.FirstOrDefault(n => n.Name == name) is { Op: "Const" } constant && constant.Attr.TryGetValue("value", out var value) && value.Tensor is { } tensor
            ? Tf.Constant(TensorProtos.FromProto(tensor, $"node '{name}'"))
            : throw new UnsupportedException("The empty and deleted keys of a dense table are not known before it runs", where, "constants", $"'{node.Input[input]}'", "Run it on TensorFlow: KERAS_BACKEND=tensorflow.");
    }
}
