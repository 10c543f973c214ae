using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>SavedModels are programs. What one would do to files, the network or other code is found before it runs, and refused, but for reads inside its own folder (variables, assets).</summary>
/// <remarks>Looked at is what a loader runs: the signatures, the initialisation, and the nodes that restore variables; not those that would save them. A name of a file counts as known where it is
/// a constant, an asset, or the checkpoint that the loader names.</remarks>
sealed class SavedModelFiles
{
    const string InitSignature = "__saved_model_init_op";

    /// <summary>Ops that read a file, and the input that names it; patterns count as names.</summary>
    static readonly Dictionary<string, int> Reads = new()
    {
        ["ReadFile"] = 0, ["RestoreV2"] = 0, ["Restore"] = 0, ["RestoreSlice"] = 0, ["InitializeTableFromTextFile"] = 1, ["InitializeTableFromTextFileV2"] = 1, ["TextLineDataset"] = 0,
        ["TFRecordDataset"] = 0, ["TFRecordDatasetV2"] = 0, ["FixedLengthRecordDataset"] = 0, ["FixedLengthRecordDatasetV2"] = 0, ["CSVDataset"] = 0, ["CSVDatasetV2"] = 0,
    };

    /// <summary>Ops that write files, list folders, read what others name, speak to other machines or run other code.</summary>
    static readonly HashSet<string> Outside =
    [
        .. ("WriteFile MatchingFiles Save SaveV2 SaveSlices MergeV2Checkpoints DistributedSave DTensorRestoreV2 FileSystemSetConfiguration LoadAndRemapMatrix GenerateVocabRemapping DumpTensor " +
            "PyFunc PyFuncStateless EagerPyFunc XlaCustomCall XlaCustomCallV2 ImportEvent CreateSummaryFileWriter CreateSummaryDbWriter CalibrationStatisticsSaver " +
            "LMDBReader TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2 WholeFileReader WholeFileReaderV2 " +
            "CacheDataset CacheDatasetV2 SaveDataset SaveDatasetV2 LoadDataset SnapshotDataset SnapshotDatasetV2 SnapshotDatasetReader SnapshotNestedDatasetReader SnapshotChunkDataset " +
            "ListSnapshotChunksDataset DatasetToTFRecord MatchingFilesDataset LMDBDataset SqlDataset ExperimentalCSVDataset ExperimentalDatasetToTFRecord ExperimentalLMDBDataset " +
            "ExperimentalMatchingFilesDataset ExperimentalSqlDataset DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2 " +
            "RpcCall RpcClient RpcServer RpcServerRegister RpcServerStart DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary DebugNumericSummaryV2").Split(' '),
    ];

    readonly string _folder;
    readonly ModelFolder _files;
    readonly Dictionary<string, FunctionDef> _functions;
    readonly Queue<(FunctionDef Function, string[]?[] Arguments)> _pending = new();
    readonly HashSet<string> _seen = [];

    SavedModelFiles(string folder, MetaGraphDef meta)
    {
        (_folder, _files) = (folder, new(folder));
        _functions = (meta.GraphDef.Library?.Function ?? []).GroupBy(f => f.Signature.Name).ToDictionary(f => f.Key, f => f.First());
    }

    /// <summary>Checks a model before it is loaded.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="meta">The graph that is loaded.</param>
    /// <exception cref="UnsupportedException">It would use files outside of its folder, the network or other code.</exception>
    public static void Check(string folder, MetaGraphDef meta)
    {
        var check = new SavedModelFiles(folder, meta);
        check._files.RequireCheckpoint(Path.Combine(folder, SavedModelWriter.VariablesPrefix), "the model's variables");
        var nodes = new Scope(meta.GraphDef.Node.GroupBy(n => n.Name).ToDictionary(n => n.Key, n => n.First()));
        foreach (var (name, signature) in meta.SignatureDef)
            if (name != InitSignature) check.Walk(nodes with { Known = [] }, signature.Outputs.Values.Select(o => o.Name), $"signature '{name}'");
        var assets = meta.AssetFileDef.GroupBy(a => a.TensorInfo?.Name ?? "").ToDictionary(a => NodeOf(a.Key), a => (string[]?)[Path.Combine(folder, "assets", a.First().Filename)]);
        if (meta.SignatureDef.TryGetValue(InitSignature, out var init)) check.Walk(nodes with { Known = assets }, init.Outputs.Values.Select(o => o.Name), "the initialisation");
        if (meta.SaverDef is { RestoreOpName.Length: > 0 } saver)
            check.Walk(nodes with { Known = new() { [NodeOf(saver.FilenameTensorName)] = [Path.Combine(folder, SavedModelWriter.VariablesPrefix)] } }, [saver.RestoreOpName], "the restoring of variables");
    }

    /// <summary>The nodes of a graph or a function, and the texts that its arguments, or nodes that a loader replaces, are known to be.</summary>
    sealed record Scope(Dictionary<string, NodeDef> Nodes)
    {
        public Dictionary<string, string[]?> Known { get; init; } = [];
    }

    static string NodeOf(string tensor)
    {
        var name = tensor.TrimStart('^');
        return name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? name[..end] : name;
    }

    /// <summary>Everything that some tensors need, and all that is called by it.</summary>
    void Walk(Scope graph, IEnumerable<string> targets, string where)
    {
        var (pending, seen) = (new Stack<string>(targets.Select(NodeOf)), new HashSet<string>());
        while (pending.TryPop(out var name))
        {
            if (!seen.Add(name) || !graph.Nodes.TryGetValue(name, out var node)) continue;
            Look(graph, node, where);
            if (graph.Known.ContainsKey(name)) continue;
            foreach (var input in node.Input) pending.Push(NodeOf(input));
        }
        while (_pending.TryDequeue(out var call))
        {
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
        var isCall = _functions.TryGetValue(node.Op, out var called);
        if (!isCall && node.Op is "PartitionedCall" or "StatefulPartitionedCall" && node.Attr.TryGetValue("f", out var f)) isCall = _functions.TryGetValue(f.Func?.Name ?? "", out called);
        if (isCall) Call(called!, [.. node.Input.Where(i => !i.StartsWith('^')).Select(i => Texts(scope, i))]);
        else
            foreach (var value in node.Attr.Values)
                foreach (var function in value.List?.Func ?? [value.Func ?? new()])
                    if (_functions.TryGetValue(function.Name, out var nested)) Call(nested, []);
        if (isCall) return;
        var place = $"{node.Op} '{node.Name}', {where} of {_folder}";
        if (Outside.Contains(node.Op) || (node.Op is "PrintV2" && node.Attr.TryGetValue("output_stream", out var stream) && stream.S.ToStringUtf8().Contains("://", StringComparison.Ordinal)))
            throw ModelFolder.Refuse(place, "no ops on files, the network or other code", node.Op);
        if (!Reads.TryGetValue(node.Op, out var input)) return;
        var names = input < node.Input.Count ? Texts(scope, node.Input[input]) : null;
        if (names is null) throw ModelFolder.Refuse(place, "the name of a file in the model's folder, known before it runs", "a name that is computed");
        foreach (var name in names)
        {
            if (node.Op.StartsWith("Restore", StringComparison.Ordinal)) _files.RequireCheckpoint(name, place);
            else _files.Require(name, place);
        }
    }

    void Call(FunctionDef function, string[]?[] arguments)
    {
        var key = $"{function.Signature.Name}({string.Join(';', arguments.Select(a => a is null ? "" : string.Join(',', a)))})";
        if (_seen.Add(key)) _pending.Enqueue((function, arguments));
    }

    /// <summary>All texts that variables are set to (TensorFlow keeps the path of an asset in one); null where one is computed, or set in a function.</summary>
    string[]? Assigned(Scope scope)
    {
        static bool SetsText(NodeDef node) => node.Op == "AssignVariableOp" && node.Attr.TryGetValue("dtype", out var dtype) && dtype.Type == DataType.DtString;
        if (_functions.Values.Any(f => f.NodeDef.Any(SetsText))) return null;
        var all = new List<string>();
        foreach (var node in scope.Nodes.Values.Where(SetsText))
        {
            if (node.Input.Count < 2 || scope.Nodes.GetValueOrDefault(NodeOf(node.Input[1]))?.Op == "ReadVariableOp" || Texts(scope, node.Input[1]) is not { } texts) return null;
            all.AddRange(texts);
        }
        return all.Count > 0 ? [.. all] : null;
    }

    /// <summary>The texts that a tensor is known to be; null where it is computed.</summary>
    string[]? Texts(Scope scope, string tensor)
    {
        for (var seen = new HashSet<string>(); seen.Add(tensor);)
        {
            var name = NodeOf(tensor);
            if (scope.Known.TryGetValue(name, out var known)) return known;
            if (!scope.Nodes.TryGetValue(name, out var node)) return null;
            if (node.Op == "Const" && node.Attr.TryGetValue("value", out var value) && value.Tensor is { } constant)
                return TensorProtos.FromProto(constant, $"node '{node.Name}'").Strings is { } strings ? [.. strings.Select(System.Text.Encoding.UTF8.GetString)] : null;
            if (node.Op == "ReadVariableOp") return Assigned(scope);
            if (node.Op != "Identity" || node.Input.Count == 0) return null;
            tensor = node.Input[0];
        }
        return null;
    }
}
