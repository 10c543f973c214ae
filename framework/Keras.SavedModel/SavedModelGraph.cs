using System.Globalization;
using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Builds the graph of a SavedModel in TensorFlow's flat (v1) form: signatures, variables with save and restore nodes, tables with an init op.</summary>
sealed class SavedModelGraph
{
    /// <summary>Protobuf messages end at 2 GiB; this leaves room for everything that is not a constant.</summary>
    const long MaxConstantBytes = 1_900_000_000;

    /// <summary>What loaders call: signature, node and key of the init op. It is none of the user's signatures.</summary>
    public const string InitSignature = "__saved_model_init_op";
    const string PredictMethod = "tensorflow/serving/predict";
    const string WrittenByVersion = "2.21.0";

    readonly GraphDefWriter _graph = new();
    readonly MetaGraphDef _meta = new();
    readonly Dictionary<Tensor, string> _captured = new(ReferenceEqualityComparer.Instance);
    readonly List<string> _initializers = [];
    readonly Dictionary<string, string> _assets = [];
    long _constantBytes;

    SavedModelGraph() { }

    /// <summary>The proto, and the files that go into the folder assets, by their names there.</summary>
    public static (SavedModel Model, IReadOnlyDictionary<string, string> Assets) Build(SavedModelContents contents)
    {
        var graph = new SavedModelGraph();
        var variables = contents.Variables.Select(graph.AddVariable).ToList();
        foreach (var table in contents.Tables) graph.AddTable(table);
        foreach (var (key, signature) in contents.Signatures) graph.AddSignature(key, signature);
        if (variables.Count > 0) graph.AddSaver(contents.Variables, variables);
        graph.AddInit();
        graph._meta.MetaInfoDef = new() { TensorflowVersion = WrittenByVersion, StrippedDefaultAttrs = true, Tags = { SavedModelWriter.Tag } };
        graph._meta.GraphDef = graph._graph.Finish();
        return (new SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { graph._meta } }, graph._assets);
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

    /// <summary>A constant file name, which loaders replace by the asset's path.</summary>
    string AddAsset(string table, string path)
    {
        var file = Path.GetFileName(path);
        for (var i = 1; _assets.TryGetValue(file, out var taken) && taken != path; i++)
            file = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}_{i}{Path.GetExtension(path)}");
        _assets[file] = path;
        var tensor = AddConstant($"{table}/asset", HostTensor.From(file)) + ":0";
        _meta.AssetFileDef.Add(new AssetFileDef { TensorInfo = new TensorInfo { Name = tensor }, Filename = file });
        return tensor;
    }

    void AddSignature(string key, SavedModelSignature signature)
    {
        var function = Lowering.Lower(signature.Function, _ => false);
        var sources = signature.Function.CapturedSources.ToList();
        var parameters = function.Inputs.Count - sources.Count;
        CheckNames(key, "inputs", signature.InputNames, parameters);
        CheckNames(key, "outputs", signature.OutputNames, function.Outputs.Count);
        var proto = new SignatureDef { MethodName = PredictMethod };
        var inputs = new List<string>(function.Inputs.Count);
        for (var i = 0; i < parameters; i++)
        {
            var (tensor, name) = (function.Inputs[i], signature.InputNames[i]);
            inputs.Add(_graph.Add("Placeholder", $"{key}_{name}", [], ("dtype", Attr.Of(tensor.dtype)), ("shape", Attr.Of(tensor.shape))) + ":0");
            proto.Inputs.Add(name, Info(inputs[i], tensor));
        }
        foreach (var source in sources) inputs.Add(Captured(source, key));

        var (outputs, effects) = _graph.Add(function, key, inputs);
        for (var i = 0; i < outputs.Count; i++)
        {
            var (tensor, name) = (function.Outputs[i], signature.OutputNames[i]);
            // The identity gives the output its name, and waits for what must happen although no output needs it.
            var output = _graph.Add("Identity", $"{key}/outputs/{name}", [outputs[i], .. effects.Select(e => "^" + e)], ("T", Attr.Of(tensor.dtype)));
            proto.Outputs.Add(name, Info(output + ":0", tensor));
        }
        _meta.SignatureDef.Add(key, proto);
    }

    static void CheckNames(string signature, string what, IReadOnlyList<string> names, int count)
    {
        if (names.Count != count || names.Distinct().Count() != count)
            throw new ArgumentException($"The signature '{signature}' has {count} {what}; each needs a name of its own. Received: {string.Join(", ", names)}.");
    }

    string Captured(Tensor source, string signature)
    {
        if (_captured.TryGetValue(source, out var tensor)) return tensor;
        if (source is not EagerTensor { dtype: var dtype } value || dtype == DType.Resource || dtype == DType.Variant)
            throw new UnsupportedException("A signature uses a resource that is not among the variables and tables of the model", signature, null, source.ToString(),
                "Give every variable and table that the function uses.");
        return _captured[source] = AddConstant($"constants/{_captured.Count}", value.ToHost()) + ":0";
    }

    string AddConstant(string name, HostTensor value)
    {
        _constantBytes += value.Data.LongLength;
        if (_constantBytes > MaxConstantBytes)
            throw new UnsupportedException("The constants of the model do not fit into one file", name,
                $"at most {MaxConstantBytes} bytes", $"{_constantBytes} bytes", "Hold large values in variables.");
        return _graph.Add("Const", name, [], ("value", new AttrValue { Tensor = TensorProtos.ToProto(value) }), ("dtype", Attr.Of(value.DType)));
    }

    void AddSaver(IReadOnlyList<SavedModelVariable> variables, List<string> handles)
    {
        var file = _graph.Add("PlaceholderWithDefault", "save/Const", [AddConstant("save/filename", HostTensor.From("model"))],
            ("dtype", Attr.Of(DType.String)), ("shape", Attr.Of(Shape.Scalar)));
        var names = AddConstant("save/names", HostTensor.From(variables.Select(v => v.Name).ToArray()));
        var slices = AddConstant("save/slices", HostTensor.From(variables.Select(_ => "").ToArray()));
        var dtypes = Attr.Of([.. variables.Select(v => v.DType)]);

        var reads = handles.Select((h, i) =>
            _graph.Add("ReadVariableOp", $"{h}/Read/ReadVariableOp", [h], ("dtype", Attr.Of(variables[i].DType)))).ToList();
        var save = _graph.Add("SaveV2", "save/SaveV2", [file, names, slices, .. reads], ("dtypes", dtypes));
        var saved = _graph.Add("Identity", "save/control_dependency", [file, "^" + save], ("T", Attr.Of(DType.String)));
        var restore = _graph.Add("RestoreV2", "save/RestoreV2", [file, names, slices], ("dtypes", dtypes));
        var assigns = handles.Select((h, i) =>
            _graph.Add("AssignVariableOp", "save/AssignVariableOp", [h, $"{restore}:{i}"], ("dtype", Attr.Of(variables[i].DType)))).ToList();
        _meta.SaverDef = new SaverDef
        {
            FilenameTensorName = file + ":0",
            SaveTensorName = saved + ":0",
            RestoreOpName = _graph.Add("NoOp", "save/restore_all", assigns.Select(a => "^" + a)),
            Version = SaverDef.Types.CheckpointFormatVersion.V2,
        };

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

    /// <summary>Attribute values of the nodes that are not from a function.</summary>
    static class Attr
    {
        public static AttrValue Of(DType value) => new() { Type = ShapeProtos.ToProto(value) };
        public static AttrValue Of(Shape value) => new() { Shape = ShapeProtos.ToProto(value) };
        public static AttrValue Of(string value) => new() { S = ByteString.CopyFromUtf8(value) };
        public static AttrValue Of(long value) => new() { I = value };
        public static AttrValue Of(bool value) => new() { B = value };
        public static AttrValue Of(DType[] value) => new() { List = new() { Type = { value.Select(ShapeProtos.ToProto) } } };
    }
}
