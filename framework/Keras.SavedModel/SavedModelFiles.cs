using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>Checks a SavedModel, which is a program, before it runs: access to files, the network or other code is rejected, except reads in its own folder (variables, assets).</summary>
/// <remarks>The check covers what a loader runs: the signatures, the initialisation, and the nodes that restore variables, not those that save them. A file name counts as known if it is
/// a constant, an asset, or the checkpoint that the loader names.</remarks>
sealed class SavedModelFiles
{
    const string InitSignature = "__saved_model_init_op";

    /// <summary>Ops that read a file, with the index of the input that names it; patterns count as names.</summary>
    static readonly Dictionary<string, int> Reads = new()
    {
        ["ReadFile"] = 0, ["RestoreV2"] = 0, ["Restore"] = 0, ["RestoreSlice"] = 0, ["InitializeTableFromTextFile"] = 1, ["InitializeTableFromTextFileV2"] = 1, ["TextLineDataset"] = 0,
        ["TFRecordDataset"] = 0, ["TFRecordDatasetV2"] = 0, ["FixedLengthRecordDataset"] = 0, ["FixedLengthRecordDatasetV2"] = 0, ["CSVDataset"] = 0, ["CSVDatasetV2"] = 0,
    };

    /// <summary>Ops that write files, list folders, read files named elsewhere, contact other machines or run other code.</summary>
    static readonly HashSet<string> Outside =
    [
        .. ("WriteFile MatchingFiles Save SaveV2 SaveSlices MergeV2Checkpoints DistributedSave DTensorRestoreV2 FileSystemSetConfiguration LoadAndRemapMatrix GenerateVocabRemapping DumpTensor " +
            "PyFunc PyFuncStateless EagerPyFunc XlaCustomCall XlaCustomCallV2 ImportEvent CreateSummaryFileWriter CreateSummaryDbWriter CalibrationStatisticsSaver " +
            "LMDBReader TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2 WholeFileReader WholeFileReaderV2 " +
            "CacheDataset CacheDatasetV2 SaveDataset SaveDatasetV2 LoadDataset SnapshotDataset SnapshotDatasetV2 SnapshotDatasetReader SnapshotNestedDatasetReader SnapshotChunkDataset " +
            "ListSnapshotChunksDataset DatasetToTFRecord MatchingFilesDataset LMDBDataset SqlDataset ExperimentalCSVDataset ExperimentalDatasetToTFRecord ExperimentalLMDBDataset " +
            "ExperimentalMatchingFilesDataset ExperimentalSqlDataset DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2 " +
            "ImmutableConst RecordInput Skipgram InitializeTRTResource SerializeTRTResource RpcCall RpcClient RpcServer RpcServerRegister RpcServerStart DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary DebugNumericSummaryV2").Split(' '),
    ];

    /// <summary>Ops that read a file only if an attribute says so, with the attribute's harmless values.</summary>
    static readonly Dictionary<string, (string Attribute, string[] Others)> ReadsByAttribute = new()
    {
        ["FixedUnigramCandidateSampler"] = ("vocab_file", [""]), ["DecodeProtoV2"] = ("descriptor_source", ["", "local://", "bytes://"]), ["EncodeProto"] = ("descriptor_source", ["", "local://", "bytes://"]),
    };

    /// <summary>Call ops, which a loader resolves before functions of the same name.</summary>
    static readonly string[] Calls = ["PartitionedCall", "StatefulPartitionedCall"];

    /// <summary>The attribute that tells TensorFlow's optimizer which functions are interchangeable.</summary>
    const string Implements = "api_implements";

    readonly string _folder;
    readonly ModelFolder _files;
    readonly Dictionary<string, FunctionDef> _functions;
    readonly ILookup<string, FunctionDef> _implementations;
    readonly ILookup<string, string> _gradients;
    readonly Queue<(FunctionDef Function, string[]?[] Arguments)> _pending = new();
    readonly HashSet<string> _seen = [];

    SavedModelFiles(string folder, MetaGraphDef meta)
    {
        (_folder, _files) = (folder, new(folder));
        _functions = (meta.GraphDef.Library?.Function ?? []).GroupBy(f => f.Signature.Name).ToDictionary(f => f.Key, f => f.First());
        _implementations = _functions.Values.Where(f => f.Attr.ContainsKey(Implements)).ToLookup(f => f.Attr[Implements].S.ToStringUtf8());
        _gradients = (meta.GraphDef.Library?.Gradient ?? []).ToLookup(g => g.FunctionName, g => g.GradientFunc);
    }

    /// <summary>Checks a model before it is loaded.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="meta">The graph that is loaded.</param>
    /// <exception cref="UnsupportedException">The model would use files outside its folder, the network or other code.</exception>
    public static void Check(string folder, MetaGraphDef meta)
    {
        var check = new SavedModelFiles(folder, meta);
        check._files.RequireCheckpoint(Path.Combine(folder, SavedModelWriter.VariablesPrefix), "the model's variables");
        foreach (var name in check._functions.Keys)
            if (Reads.ContainsKey(name) || Outside.Contains(name) || ReadsByAttribute.ContainsKey(name) || Calls.Contains(name)) throw ModelFolder.Refuse($"function '{name}' of {folder}", "functions that are not called as an op", name);
        var nodes = new Scope(meta.GraphDef.Node.GroupBy(n => n.Name).ToDictionary(n => n.Key, n => n.First()));
        foreach (var (name, signature) in meta.SignatureDef)
            if (name != InitSignature) check.Walk(nodes with { Known = Both(signature.Inputs.Values.Select(i => (i.Name, (string[]?)null))) }, signature.Outputs.Values.Select(o => o.Name), $"signature '{name}'");
        var assets = Both(meta.AssetFileDef.Where(a => a.TensorInfo is not null).Select(a => (a.TensorInfo.Name, (string[]?)[Path.Combine(folder, "assets", a.Filename)])));
        if (meta.SignatureDef.TryGetValue(InitSignature, out var init)) check.Walk(nodes with { Known = assets }, init.Outputs.Values.Select(o => o.Name), "the initialisation");
        // Old models have their initialisation in a collection.
        foreach (var name in (string[])["saved_model_main_op", "legacy_init_op"])
            if (meta.CollectionDef.TryGetValue(name, out var old) && old.NodeList is { } started) check.Walk(nodes with { Known = assets }, started.Value, name);
        if (meta.SaverDef is { RestoreOpName.Length: > 0 } saver)
            check.Walk(nodes with { Known = Both([(saver.FilenameTensorName, [Path.Combine(folder, SavedModelWriter.VariablesPrefix)])]) }, [saver.RestoreOpName], "the restoring of variables");
        // Also checks assets that nothing above names; a loader may use their paths elsewhere.
        foreach (var asset in meta.AssetFileDef) check._files.Require(Path.Combine(folder, "assets", asset.Filename), "an asset");
    }

    /// <summary>The nodes of a graph or a function, and the known texts of its arguments and of nodes that a loader replaces.</summary>
    sealed record Scope(Dictionary<string, NodeDef> Nodes)
    {
        public Dictionary<string, string[]?> Known { get; init; } = [];
    }

    /// <summary>Known texts by tensor name, since a node's first output has two names.</summary>
    static Dictionary<string, string[]?> Both(IEnumerable<(string Tensor, string[]? Texts)> known)
    {
        var all = new Dictionary<string, string[]?>();
        foreach (var (tensor, texts) in known)
        {
            all.TryAdd(tensor, texts);
            all.TryAdd(tensor.EndsWith(":0", StringComparison.Ordinal) ? tensor[..^2] : $"{tensor}:0", texts);
        }
        return all;
    }

    /// <summary>A node's inputs without control inputs.</summary>
    static string[] Data(NodeDef node) => [.. node.Input.Where(i => !i.StartsWith('^'))];

    static string NodeOf(string tensor)
    {
        var name = tensor.TrimStart('^');
        return name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? name[..end] : name;
    }

    /// <summary>Visits everything that some tensors need, including called functions.</summary>
    void Walk(Scope graph, IEnumerable<string> targets, string where)
    {
        var (pending, seen) = (new Stack<string>(targets.Select(NodeOf)), new HashSet<string>());
        while (pending.TryPop(out var name))
        {
            if (!seen.Add(name) || !graph.Nodes.TryGetValue(name, out var node)) continue;
            Look(graph, node, where);
            foreach (var input in node.Input) pending.Push(NodeOf(input));
        }
        while (_pending.TryDequeue(out var call))
        {
            foreach (var other in InPlaceOf(call.Function)) Call(other, []);
            var body = new Scope(call.Function.NodeDef.GroupBy(n => n.Name).ToDictionary(n => n.Key, n => n.First()))
            {
                Known = call.Function.Signature.InputArg.Select((a, i) => (a.Name, Texts: i < call.Arguments.Length ? call.Arguments[i] : null)).Where(a => a.Texts is not null)
                    .GroupBy(a => a.Name).ToDictionary(a => a.Key, a => a.First().Texts),
            };
            foreach (var node in body.Nodes.Values) Look(body, node, $"{where}, function '{call.Function.Signature.Name}'");
        }
        _seen.Clear();
    }

    void Look(Scope scope, NodeDef node, string where)
    {
        var called = _functions.GetValueOrDefault(node.Op);
        var isNamed = called is null && Calls.Contains(node.Op) && node.Attr.TryGetValue("f", out var f) && _functions.TryGetValue(f.Func?.Name ?? "", out called);
        if (called is not null) Call(called, [.. Data(node).Select(input => Texts(scope, input))]);
        foreach (var (name, value) in node.Attr)
            if (!(isNamed && name == "f")) CallNested(value);
        var place = $"{node.Op} '{node.Name}', {where} of {_folder}";
        if (Outside.Contains(node.Op) || (node.Op is "PrintV2" && node.Attr.TryGetValue("output_stream", out var stream) && stream.S.ToStringUtf8().Contains("://", StringComparison.Ordinal)))
            throw ModelFolder.Refuse(place, "no ops on files, the network or other code", node.Op);
        if (ReadsByAttribute.TryGetValue(node.Op, out var by) && node.Attr.TryGetValue(by.Attribute, out var source) && !by.Others.Any(o => o.Length == 0 ? source.S.IsEmpty : source.S.ToStringUtf8().StartsWith(o, StringComparison.Ordinal)))
            throw ModelFolder.Refuse(place, $"no file in {by.Attribute}", source.S.ToStringUtf8());
        if (!Reads.TryGetValue(node.Op, out var at)) return;
        var names = Data(node) is var data && at < data.Length ? Texts(scope, data[at]) : null;
        if (names is null) throw ModelFolder.Refuse(place, "the name of a file in the model's folder, known before it runs", "a name that is computed");
        foreach (var name in names)
        {
            if (node.Op.StartsWith("Restore", StringComparison.Ordinal)) _files.RequireCheckpoint(name, place);
            else _files.Require(name, place);
        }
    }

    /// <summary>Queues the functions in an attribute: branches, bodies, and functions passed on to a called one.</summary>
    void CallNested(AttrValue value)
    {
        foreach (var function in value.List?.Func ?? [value.Func ?? new()])
        {
            if (_functions.TryGetValue(function.Name, out var nested)) Call(nested, []);
            foreach (var inner in function.Attr.Values) CallNested(inner);
        }
    }

    void Call(FunctionDef function, string[]?[] arguments)
    {
        var key = $"{function.Signature.Name}({string.Join(';', arguments.Select(a => a is null ? "" : string.Join(',', a)))})";
        if (!_seen.Add(key)) return;
        _pending.Enqueue((function, arguments));
    }

    /// <summary>Functions that may run in place of a called one: those with the same interface, its gradient, and those its attributes name.</summary>
    IEnumerable<FunctionDef> InPlaceOf(FunctionDef function)
    {
        var named = function.Attr.Values.SelectMany(a => (string[])[a.S.ToStringUtf8(), a.Func?.Name ?? "", .. a.List?.Func.Select(f => f.Name) ?? []]).Concat(_gradients[function.Signature.Name]);
        var others = named.Select(name => _functions.GetValueOrDefault(name)).OfType<FunctionDef>();
        return function.Attr.TryGetValue(Implements, out var api) ? others.Concat(_implementations[api.S.ToStringUtf8()]) : others;
    }

    /// <summary>All texts assigned to variables (TensorFlow keeps an asset's path in one); null if one is computed, or assigned in a function.</summary>
    string[]? Assigned(Scope scope)
    {
        static bool IsOfText(NodeDef node) => !node.Attr.TryGetValue("dtype", out var dtype) || dtype.Type == DataType.DtString;
        static bool SetsText(NodeDef node) => node.Op == "AssignVariableOp" && IsOfText(node);
        static bool ChangesText(NodeDef node) => (node.Op.StartsWith("ResourceScatter", StringComparison.Ordinal) || node.Op == "ResourceStridedSliceAssign") && IsOfText(node);
        if (_functions.Values.SelectMany(f => f.NodeDef).Any(n => SetsText(n) || ChangesText(n)) || scope.Nodes.Values.Any(ChangesText)) return null;
        var all = new List<string>();
        foreach (var node in scope.Nodes.Values.Where(SetsText))
        {
            if (Data(node) is not [_, var value, ..] || Texts(scope, value, isAssigned: true) is not { } texts) return null;
            all.AddRange(texts);
        }
        return all.Count > 0 ? [.. all] : null;
    }

    /// <summary>The possible texts of a tensor; null where it is computed.</summary>
    string[]? Texts(Scope scope, string tensor, bool isAssigned = false)
    {
        for (var seen = new HashSet<string>(); seen.Add(tensor);)
        {
            var name = NodeOf(tensor);
            if (scope.Known.TryGetValue(tensor, out var known)) return known;
            if (!scope.Nodes.TryGetValue(name, out var node)) return null;
            if (node.Op == "Const" && node.Attr.TryGetValue("value", out var value) && value.Tensor is { } constant)
                return TensorProtos.FromProto(constant, $"node '{node.Name}'").Strings is { } strings ? [.. strings.Select(System.Text.Encoding.UTF8.GetString)] : null;
            // A variable assigned from a variable would recurse forever.
            if (node.Op == "ReadVariableOp") return isAssigned ? null : Assigned(scope);
            if (node.Op != "Identity" || Data(node) is not [var next, ..]) return null;
            tensor = next;
        }
        return null;
    }
}
