using Google.Protobuf;
using Keras.Checkpoints;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.SavedModels;

/// <summary>An input or output of a signature.</summary>
/// <param name="Name">The name that callers use.</param>
/// <param name="Tensor">The tensor in the graph, "node:0".</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The shape; dimensions may be unknown.</param>
sealed record SignatureTensor(string Name, string Tensor, DType DType, Shape Shape);

/// <summary>A signature: a function that can be called by name.</summary>
sealed record SignatureDescription(string Name, string MethodName, IReadOnlyList<SignatureTensor> Inputs, IReadOnlyList<SignatureTensor> Outputs);

/// <summary>Reads the signatures, variables and ops of a SavedModel, ours or TensorFlow's (v1 or object form), without running it.</summary>
sealed class SavedModelReader : IDisposable
{
    const string InitSignaturePrefix = "__saved_model_";
    const string Remedy = "The file is damaged; export the model again.";

    readonly string _folder;
    readonly TensorBundleReader? _bundle;

    SavedModelReader(string folder, MetaGraphDef meta, TensorBundleReader? bundle)
    {
        (_folder, Meta, _bundle) = (folder, meta, bundle);
        Signatures = [.. meta.SignatureDef.Where(s => !s.Key.StartsWith(InitSignaturePrefix, StringComparison.Ordinal))
            .Select(s => new SignatureDescription(s.Key, s.Value.MethodName, Tensors(s.Key, s.Value.Inputs), Tensors(s.Key, s.Value.Outputs)))
            .OrderBy(s => s.Name, StringComparer.Ordinal)];
        OpNames = OpsOf(meta.GraphDef, meta.GraphDef.Library?.Function ?? []);
        Variables = bundle is null ? [] : [.. NamedEntries(bundle).OrderBy(v => v.Name, StringComparer.Ordinal)];
    }

    /// <summary>The graph with its signatures, as the file holds it.</summary>
    public MetaGraphDef Meta { get; }

    /// <summary>The signatures, sorted by name, without the model's own initialisation.</summary>
    public IReadOnlyList<SignatureDescription> Signatures { get; }

    /// <summary>The variables, sorted by name: the checkpoint's keys, or in the object form the variables' full names.</summary>
    public IReadOnlyList<(string Name, BundleEntry Entry)> Variables { get; }

    /// <summary>The ops that the graph and its functions use, sorted, without calls of its own functions.</summary>
    public IReadOnlyList<string> OpNames { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="folder">The folder that holds saved_model.pb.</param>
    /// <param name="tag">The tag of the graph to read; default "serve".</param>
    /// <exception cref="FileNotFoundException">The folder holds no saved_model.pb.</exception>
    /// <param name="check">Checks the graph before any other file is opened; null for no check.</param>
    /// <exception cref="FileFormatException">A file is damaged, or no graph has the tag.</exception>
    public static SavedModelReader Open(string folder, string tag = SavedModelWriter.Tag, Action<MetaGraphDef>? check = null)
    {
        var meta = ReadMeta(folder, tag);
        check?.Invoke(meta);
        var prefix = Path.Combine(folder, SavedModelWriter.VariablesPrefix);
        var bundle = File.Exists(TensorBundle.IndexFile(prefix)) ? TensorBundleReader.Open(prefix) : null;
        try
        {
            return new(folder, meta, bundle);
        }
        catch
        {
            bundle?.Dispose();
            throw;
        }
    }

    /// <summary>Reads the graph whose only tag this is, or otherwise one that has it among others.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no saved_model.pb.</exception>
    /// <exception cref="FileFormatException">The file is damaged, or no graph has the tag.</exception>
    public static MetaGraphDef ReadMeta(string folder, string tag)
    {
        var file = Path.Combine(folder, SavedModelWriter.ModelFile);
        var model = Parse(file);
        // TensorFlow takes the graph whose only tag this is.
        var meta = model.MetaGraphs.FirstOrDefault(m => m.MetaInfoDef is { Tags.Count: > 0 } info && info.Tags.All(t => t == tag)) ?? model.MetaGraphs.FirstOrDefault(m => m.MetaInfoDef?.Tags.Contains(tag) == true)
            ?? throw new FileFormatException("No graph of the model has the tag", file, $"'{tag}'", TagsOf(model), "Give one of the tags that the model has.");
        if (meta.GraphDef is null || meta.GraphDef.Library?.Function.Any(f => f.Signature is null) == true)
            throw new FileFormatException("The model holds no graph, or functions without a signature", file, remedy: Remedy);
        return meta;
    }

    /// <summary>Reads a variable's value.</summary>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="FileFormatException">The checkpoint is damaged.</exception>
    public AlignedMemory ReadVariable(string name)
    {
        foreach (var (known, entry) in Variables)
            if (known == name) return _bundle!.Read(entry);
        throw new KeyNotFoundException($"The model in '{_folder}' has no variable '{name}'. It has: {Known.List(Variables.Select(v => v.Name))}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _bundle?.Dispose();

    static string TagsOf(SavedModel model) => string.Join("; ", model.MetaGraphs.Select(m => string.Join(", ", m.MetaInfoDef?.Tags ?? [])));

    static SavedModel Parse(string file)
    {
        using var stream = File.OpenRead(file);
        try
        {
            return SavedModel.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FileFormatException("The file is no SavedModel", file, null, null, Remedy, e);
        }
    }

    static IReadOnlyList<string> OpsOf(GraphDef graph, IEnumerable<FunctionDef> functions)
    {
        var own = functions.Select(f => f.Signature.Name).ToHashSet();
        var ops = graph.Node.Concat(functions.SelectMany(f => f.NodeDef)).Select(n => n.Op);
        return [.. ops.Where(o => !own.Contains(o)).Distinct().Order(StringComparer.Ordinal)];
    }

    IReadOnlyList<SignatureTensor> Tensors(string signature, IEnumerable<KeyValuePair<string, TensorInfo>> infos) => [.. infos.Select(info =>
    {
        var where = $"signature '{signature}', tensor '{info.Key}' of {Path.Combine(_folder, SavedModelWriter.ModelFile)}";
        if (info.Value.EncodingCase != TensorInfo.EncodingOneofCase.Name)
            throw new UnsupportedException("A signature has a tensor that is not dense", where, "a dense tensor", info.Value.EncodingCase.ToString(),
                "Export the model with dense inputs and outputs.");
        var shape = ShapeProtos.FromProto(info.Value.TensorShape ?? new());
        return new SignatureTensor(info.Key, info.Value.Name, ShapeProtos.DTypeOf(info.Value.Dtype, where, isStored: false), shape);
    }).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The variables by name: in the object form the checkpoint's keys are object paths, and its object graph names the variables.</summary>
    static IEnumerable<(string Name, BundleEntry Entry)> NamedEntries(TensorBundleReader bundle)
    {
        if (!bundle.TryGet(SavedObjects.CheckpointKey, out var graph)) return bundle.Entries.Select(e => (e.Name, e));
        var names = ParseObjectGraph(bundle, graph).Nodes.SelectMany(n => n.Attributes).Where(a => a.FullName.Length > 0)
            .DistinctBy(a => a.CheckpointKey).ToDictionary(a => a.CheckpointKey, a => a.FullName);
        return bundle.Entries.Where(e => e != graph).Select(e => (names.GetValueOrDefault(e.Name, e.Name), e));
    }

    static TrackableObjectGraph ParseObjectGraph(TensorBundleReader bundle, BundleEntry entry)
    {
        try
        {
            return TrackableObjectGraph.Parser.ParseFrom(bundle.ReadStrings(entry).FirstOrDefault() ?? []);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FileFormatException("The checkpoint's object graph is damaged", SavedObjects.CheckpointKey, null, null, Remedy, e);
        }
    }
}
