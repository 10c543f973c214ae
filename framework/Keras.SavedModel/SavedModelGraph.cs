using System.Globalization;
using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Builds a SavedModel's graph in TensorFlow's flat (v1) form (signatures, variables with save and restore nodes, tables with an init op), and
/// the object (TF2) form; both call the same functions and share one checkpoint.</summary>
sealed class SavedModelGraph
{
    /// <summary>The most bytes of constants: protobuf messages are limited to 2 GiB, and other parts need room too.</summary>
    const long MaxConstantBytes = 1_900_000_000;

    /// <summary>The name of the init op's signature, node and key, which loaders call; it is not one of the user's signatures.</summary>
    public const string InitSignature = "__saved_model_init_op";
    const string WrittenByVersion = "2.21.0";

    readonly GraphDefWriter _graph = new();
    readonly MetaGraphDef _meta = new();
    readonly Dictionary<Tensor, string> _captured = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<FunctionGraph, (ExportedFunction Function, string Name)> _functions = new(ReferenceEqualityComparer.Instance);
    readonly List<string> _initializers = [];
    readonly Dictionary<string, string> _assets = [];
    readonly SavedObjects _objects;
    readonly ConstantFolding? _folding;
    long _constantBytes;

    SavedModelGraph(SavedModelContents contents)
    {
        _folding = contents.Folding;
        _objects = new(contents.Variables, contents.VariableLists ?? new Dictionary<string, IReadOnlyList<SavedModelVariable>>
        {
            ["variables"] = contents.Variables,
            ["trainable_variables"] = [.. contents.Variables.Where(v => v.Trainable)],
            ["non_trainable_variables"] = [.. contents.Variables.Where(v => !v.Trainable)],
        });
    }

    /// <summary>Builds the proto, the files for the assets folder by their names there, and the objects that the checkpoint lists.</summary>
    public static (SavedModel Model, IReadOnlyDictionary<string, string> Assets, byte[] CheckpointObjects) Build(SavedModelContents contents)
    {
        var graph = new SavedModelGraph(contents);
        var variables = contents.Variables.Select(graph.AddVariable).ToList();
        foreach (var table in contents.Tables) graph.AddTable(table);
        foreach (var name in contents.Assets.Keys) graph.AddAssetFile($"assets/{name}", name);
        foreach (var (key, signature) in contents.Signatures) graph.AddSignature(key, signature, contents.HasObjects);
        var objects = graph._objects.Checkpoint;
        if (contents.HasCheckpoint) graph.AddSaver(contents.Variables, variables, objects);
        graph.AddInit();
        graph._meta.MetaInfoDef = new() { TensorflowVersion = WrittenByVersion, StrippedDefaultAttrs = true, Tags = { SavedModelWriter.Tag } };
        graph._meta.GraphDef = graph._graph.Finish();
        if (contents.HasObjects) graph._meta.ObjectGraphDef = graph._objects.Graph;
        return (new SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { graph._meta } }, graph._assets, objects);
    }

    string AddVariable(SavedModelVariable variable)
    {
        var name = _graph.Add("VarHandleOp", variable.Name, [],
            ("dtype", Attr.Of(variable.DType)), ("shape", Attr.Of(variable.Shape)), ("shared_name", Attr.Of(variable.Name)));
        _captured.Add(variable.Handle, name + ":0");
        return name;
    }

    void AddTable(SavedModelTable table)
    {
        (string, AttrValue)[] dtypes = [("key_dtype", Attr.Of(table.KeyDType)), ("value_dtype", Attr.Of(table.ValueDType))];
        var name = _graph.Add("HashTableV2", table.Name, [], [.. dtypes, ("shared_name", Attr.Of(table.Name)), ("use_node_name_sharing", Attr.Of(true))]);
        _captured.Add(table.Handle, name + ":0");
        _initializers.Add(table.Source switch
        {
            TableEntries entries => _graph.Add("InitializeTableV2", $"{name}/init",
                [name, AddConstant($"{name}/keys", entries.Keys), AddConstant($"{name}/values", entries.Values)],
                ("Tkey", Attr.Of(table.KeyDType)), ("Tval", Attr.Of(table.ValueDType))),
            TableFile file => _graph.Add("InitializeTableFromTextFileV2", $"{name}/init", [name, AddAsset(name, file.Path)],
                ("key_index", Attr.Of(file.KeyIndex)), ("value_index", Attr.Of(file.ValueIndex)), ("delimiter", Attr.Of(file.Delimiter))),
            var other => throw new UnsupportedException("A table cannot be filled from this source", table.Name, null, other.GetType().Name),
        });
    }

    /// <summary>Adds a constant file name, which loaders replace with the asset's path.</summary>
    string AddAsset(string table, string path)
    {
        var file = Path.GetFileName(path);
        for (var i = 1; _assets.TryGetValue(file, out var taken) && taken != path; i++)
            file = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}_{i}{Path.GetExtension(path)}");
        _assets[file] = path;
        return AddAssetFile($"{table}/asset", file);
    }

    string AddAssetFile(string node, string file)
    {
        var tensor = AddConstant(node, HostTensor.From(file)) + ":0";
        _meta.AssetFileDef.Add(new AssetFileDef { TensorInfo = new TensorInfo { Name = tensor }, Filename = file });
        return tensor;
    }

    void AddSignature(string key, SavedModelSignature signature, bool hasObjects)
    {
        var (exported, function) = Exported(key, signature.Function);
        CheckNames(key, "inputs", signature.InputNames, exported.Parameters);
        CheckNames(key, "outputs", signature.OutputNames, exported.Function.Outputs.Count);
        string[] captured = [.. exported.Captured.Select(c => Captured(c, key))];
        var (called, inputs, outputs) = exported.Sorted(signature.InputNames, signature.OutputNames);
        var name = _graph.AddFunction(called, $"signature_{key}");
        AddFlat(key, signature.MethodName, called, name, inputs, outputs, captured);
        if (!hasObjects) return;
        _objects.AddSignature(key, name, inputs, outputs, exported.Captured);
        if (signature.Form is { } form)
            _objects.AddEndpoint(key, function, form, signature.InputNames.Zip(exported.Function.Inputs), signature.OutputNames.Zip(exported.Function.Outputs), exported.Captured);
    }

    (ExportedFunction Function, string Name) Exported(string key, FunctionGraph traced)
    {
        if (_functions.TryGetValue(traced, out var known)) return known;
        var exported = ExportedFunction.Of(traced, key, _folding);
        CountConstants(key, exported.ConstantBytes);
        return _functions[traced] = (exported, _graph.AddFunction(exported.Function, key));
    }

    /// <summary>Adds the signature in the flat graph: placeholders, one call, and identities that name the outputs.</summary>
    void AddFlat(string key, string method, FunctionGraph called, string function, IReadOnlyList<(string Name, SymbolicTensor Tensor)> inputs,
        IReadOnlyList<(string Name, SymbolicTensor Tensor)> outputs, string[] captured)
    {
        var proto = new SignatureDef { MethodName = method };
        foreach (var (name, tensor) in inputs)
            proto.Inputs.Add(name, Info(_graph.Add("Placeholder", $"{key}_{name}", [], ("dtype", Attr.Of(tensor.dtype)), ("shape", Attr.Of(tensor.shape))) + ":0", tensor));
        var call = _graph.Add(called.IsStateful ? "StatefulPartitionedCall" : "PartitionedCall", $"{key}/call", [.. inputs.Select(i => proto.Inputs[i.Name].Name), .. captured],
            ("f", Attr.OfFunction(function)), ("Tin", Attr.Of([.. called.Inputs.Select(i => i.dtype)])), ("Tout", Attr.Of([.. outputs.Select(o => o.Tensor.dtype)])));
        for (var i = 0; i < outputs.Count; i++)
        {
            var (name, tensor) = outputs[i];
            proto.Outputs.Add(name, Info(_graph.Add("Identity", $"{key}/outputs/{name}", [$"{call}:{i}"], ("T", Attr.Of(tensor.dtype))) + ":0", tensor));
        }
        _meta.SignatureDef.Add(key, proto);
    }

    static void CheckNames(string signature, string what, IReadOnlyList<string> names, int count)
    {
        if (names.Count != count || names.Distinct().Count() != count)
            throw new ArgumentException($"The signature '{signature}' has {count} {what}; each needs a name of its own. Received: {Known.List(names)}.");
    }

    /// <summary>The node for a tensor that functions capture; a large value becomes a constant on first use.</summary>
    string Captured(Tensor source, string signature)
    {
        if (_captured.TryGetValue(source, out var known)) return known;
        if (source.dtype == DType.Resource) throw NotListed(source, signature);
        var node = AddConstant($"constants/{_captured.Count}", source.RequireEager().ToHost());
        _objects.AddConstant(source, node);
        return _captured[source] = node + ":0";
    }

    static UnsupportedException NotListed(Tensor source, string signature) =>
         new("A signature uses a resource that is not among the variables and tables of the model", signature, null, source.ToString(),
            "Give every variable and table that the function uses.");

    string AddConstant(string name, HostTensor value)
    {
        CountConstants(name, value.Data.LongLength);
        return _graph.Add("Const", name, [], ("value", new AttrValue { Tensor = TensorProtos.ToProto(value) }), ("dtype", Attr.Of(value.DType)));
    }

    void CountConstants(string where, long bytes)
    {
        _constantBytes += bytes;
        if (_constantBytes > MaxConstantBytes)
            throw new UnsupportedException("The constants of the model do not fit into one file", where,
                $"at most {MaxConstantBytes} bytes", $"{_constantBytes} bytes", "Hold large values in variables.");
    }

    void AddSaver(IReadOnlyList<SavedModelVariable> variables, List<string> handles, byte[] objects)
    {
        var file = _graph.Add("PlaceholderWithDefault", "save/Const", [AddConstant("save/filename", HostTensor.From("model"))],
            ("dtype", Attr.Of(DType.String)), ("shape", Attr.Of(Shape.Scalar)));
        DType[] dtypes = [.. variables.Select(v => v.DType)];
        string[] keys = [.. variables.Select(SavedObjects.KeyOf)];
        var reads = handles.Select((h, i) => _graph.Add("ReadVariableOp", $"{h}/Read/ReadVariableOp", [h], ("dtype", Attr.Of(dtypes[i])))).ToList();
        var (names, slices) = AddNames("save", [.. keys, SavedObjects.CheckpointKey]);
        var save = _graph.Add("SaveV2", "save/SaveV2", [file, names, slices, .. reads, AddConstant("save/objects", HostTensor.OfStrings(Shape.Scalar, [objects]))],
            ("dtypes", Attr.Of([.. dtypes, DType.String])));
        var saved = _graph.Add("Identity", "save/control_dependency", [file, "^" + save], ("T", Attr.Of(DType.String)));
        string[] assigns = [];
        if (variables.Count > 0)
        {
            (names, slices) = AddNames("save/restore", keys);
            var restore = _graph.Add("RestoreV2", "save/RestoreV2", [file, names, slices], ("dtypes", Attr.Of(dtypes)));
            assigns = [.. handles.Select((h, i) => _graph.Add("AssignVariableOp", "save/AssignVariableOp", [h, $"{restore}:{i}"], ("dtype", Attr.Of(dtypes[i]))))];
            AddCollections(variables, handles, reads, assigns, restore);
        }
        _meta.SaverDef = new SaverDef
        {
            FilenameTensorName = file + ":0",
            SaveTensorName = saved + ":0",
            RestoreOpName = _graph.Add("NoOp", "save/restore_all", assigns.Select(a => "^" + a)),
            Version = SaverDef.Types.CheckpointFormatVersion.V2,
        };
    }

    (string Names, string Slices) AddNames(string path, string[] keys) =>
        (AddConstant($"{path}/names", HostTensor.From(keys)), AddConstant($"{path}/slices", HostTensor.From(Array.ConvertAll(keys, _ => ""))));

    /// <summary>Adds the lists of variables in TensorFlow 1's form.</summary>
    void AddCollections(IReadOnlyList<SavedModelVariable> variables, List<string> handles, List<string> reads, string[] assigns, string restore)
    {
        for (var i = 0; i < handles.Count; i++)
        {
            var definition = new VariableDef
            {
                VariableName = handles[i] + ":0",
                InitializerName = assigns[i],
                InitialValueName = $"{restore}:{i}",
                SnapshotName = reads[i] + ":0",
                IsResource = true,
                Trainable = variables[i].Trainable,
            }.ToByteString();
            AddToCollection("variables", definition);
            if (variables[i].Trainable) AddToCollection("trainable_variables", definition);
        }
    }

    void AddToCollection(string name, ByteString item)
    {
        if (!_meta.CollectionDef.TryGetValue(name, out var collection)) _meta.CollectionDef[name] = collection = new CollectionDef { BytesList = new() };
        collection.BytesList.Value.Add(item);
    }

    void AddInit()
    {
        var init = _graph.Add("NoOp", "init", _initializers.Select(i => "^" + i));
        var info = new TensorInfo { Name = init, TensorShape = ShapeProtos.ToProto(Shape.Unknown) };
        _meta.SignatureDef.Add(InitSignature, new SignatureDef { Outputs = { [InitSignature] = info } });
    }

    static TensorInfo Info(string name, SymbolicTensor tensor) =>
        new() { Name = name, Dtype = ShapeProtos.ToProto(tensor.dtype), TensorShape = ShapeProtos.ToProto(tensor.shape) };

    /// <summary>Makes attribute values for nodes that do not come from a function.</summary>
    static class Attr
    {
        public static AttrValue Of(DType value) => new() { Type = ShapeProtos.ToProto(value) };
        public static AttrValue Of(Shape value) => new() { Shape = ShapeProtos.ToProto(value) };
        public static AttrValue Of(string value) => new() { S = ByteString.CopyFromUtf8(value) };
        public static AttrValue Of(long value) => new() { I = value };
        public static AttrValue Of(bool value) => new() { B = value };
        public static AttrValue OfFunction(string name) => new() { Func = new() { Name = name } };
        public static AttrValue Of(DType[] value) => new() { List = new() { Type = { value.Select(ShapeProtos.ToProto) } } };
    }
}
