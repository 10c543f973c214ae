using System.Text;
using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>Writes SavedModels with endpoints of your own: functions that TensorFlow, TensorFlow Serving, Keras' TFSMLayer and this library run without the
/// code that made them.</summary>
/// <remarks>Variables that endpoints use are written to the file in any case; those of tracked layers are listed in it as <c>variables</c>,
/// <c>trainable_variables</c> and <c>non_trainable_variables</c>. Source: keras/src/export/saved_model.py.</remarks>
public sealed class ExportArchive
{
    const string VariablesName = "variables";
    const string TrainableName = "trainable_variables";
    const string NonTrainableName = "non_trainable_variables";

    static readonly HashSet<string> Reserved = [VariablesName, TrainableName, NonTrainableName, SavedObjects.SignatureMap];

    readonly ExportOptions _options;
    readonly StoredWeights _stored;
    readonly List<Layer> _tracked = [];
    readonly Dictionary<string, SavedModelSignature> _endpoints = [];
    readonly Dictionary<string, IReadOnlyList<Variable>> _collections = [];
    readonly Dictionary<string, byte[]> _assets = [];
    bool _hasDefault;

    /// <summary>Makes an empty archive.</summary>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    public ExportArchive(ExportOptions? options = null)
    {
        _options = options ?? new();
        _stored = new(_options, () => _tracked);
    }

    /// <summary>The variables of all tracked layers and models.</summary>
    public IReadOnlyList<Variable> variables => Tracked(l => l.variables);

    /// <summary>The tracked variables that are trained.</summary>
    public IReadOnlyList<Variable> trainable_variables => Tracked(l => l.trainable_variables);

    /// <summary>The tracked variables that are not trained.</summary>
    public IReadOnlyList<Variable> non_trainable_variables => Tracked(l => l.non_trainable_variables);

    IReadOnlyList<Variable> Tracked(Func<Layer, IReadOnlyList<Variable>> variablesOf) => [.. _tracked.SelectMany(variablesOf).Distinct()];

    /// <summary>Tracks a layer or model: the file lists its variables.</summary>
    /// <param name="resource">The layer or model.</param>
    /// <exception cref="InvalidOperationException">It has no weights yet.</exception>
    public void track(Layer resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (!resource.built) throw new InvalidOperationException($"The layer '{resource.name}' has no weights yet. Apply it to data, or build it, before it is tracked.");
        if (!_tracked.Contains(resource)) _tracked.Add(resource);
    }

    /// <summary>Adds an endpoint that applies a layer or model, as for inference.</summary>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="fn">The layer or model; it has its weights.</param>
    /// <param name="input_signature">The inputs: an <see cref="InputSpec"/>, a tensor of <c>keras.Input</c>, a list or a dictionary of these; default what
    /// the model's inputs, or its first call, say, with a free batch.</param>
    /// <param name="jit_compile">Whether XLA must compile it when called; default the caller's choice.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The layer has no weights, or its inputs are not known.</exception>
    /// <exception cref="UnsupportedException">It returns a nested structure.</exception>
    public void add_endpoint(string name, Layer fn, Tensors? input_signature = null, bool? jit_compile = null)
    {
        ArgumentNullException.ThrowIfNull(fn);
        CheckFree(name);
        Add(name, InputSignatures.Of(fn, input_signature), inputs => fn.Apply(inputs, training: false), jit_compile);
    }

    /// <summary>Adds an endpoint that runs a function.</summary>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="fn">Maps the inputs, in the structure of the signature, to a tensor, a list or a dictionary of tensors. It may read and change variables.</param>
    /// <param name="input_signature">The inputs: an <see cref="InputSpec"/>, a tensor of <c>keras.Input</c>, a list or a dictionary of these. A list of
    /// one item stands for that item.</param>
    /// <param name="jit_compile">Whether XLA must compile it when called; default the caller's choice.</param>
    /// <exception cref="ArgumentException">The name is taken, or the signature is empty.</exception>
    /// <exception cref="UnsupportedException">It returns a nested structure.</exception>
    public void add_endpoint(string name, Func<Tensors, Tensors> fn, Tensors input_signature, bool? jit_compile = null)
    {
        ArgumentNullException.ThrowIfNull(fn);
        ArgumentNullException.ThrowIfNull(input_signature);
        CheckFree(name);
        Add(name, InputSignatures.Argument(input_signature), fn, jit_compile);
    }

    /// <summary>Adds an endpoint for each of some signatures, and their assets. serving_default is then only an endpoint if they define it.</summary>
    /// <param name="signatures">The signatures.</param>
    /// <exception cref="ArgumentException">There are none, or a name is taken.</exception>
    /// <exception cref="UnsupportedException">One returns a nested structure, or what its kind of request does not hold.</exception>
    public void add_endpoints(ExportSignatures signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (!signatures.Any()) throw new ArgumentException("There is nothing to export. Expected: at least one signature. Received: none.", nameof(signatures));
        foreach (var (name, signature) in signatures)
        {
            CheckFree(name);
            Add(name, InputSignatures.Argument(signature.InputSignature), signature.Function, null, signature.MethodName);
        }
        foreach (var (name, content) in signatures.Assets)
            if (!_assets.TryAdd(name, content)) throw new ArgumentException($"Two assets are called '{name}'.", nameof(signatures));
        _hasDefault = true;
    }

    void Add(string name, Tensors input, Func<Tensors, Tensors> function, bool? jitCompile, string method = SavedModelSignature.PredictMethod)
    {
        using var stored = _stored.Enter();
        var traced = Endpoint.Trace(name, input, function, jitCompile) with { MethodName = method };
        ExportSignatures.Check(name, traced);
        _endpoints.Add(name, traced);
    }

    /// <summary>Tracks a layer or model and adds an endpoint that applies it.</summary>
    /// <inheritdoc cref="add_endpoint(string, Layer, Tensors, bool?)"/>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="resource">The layer or model.</param>
    /// <param name="input_signature">The inputs; default the model's own.</param>
    /// <param name="jit_compile">Whether XLA must compile it when called; default the caller's choice.</param>
    public void track_and_add_endpoint(string name, Layer resource, Tensors? input_signature = null, bool? jit_compile = null)
    {
        track(resource);
        add_endpoint(name, resource, input_signature, jit_compile);
    }

    /// <summary>Adds a named list of variables, for Python's loaded object.</summary>
    /// <param name="name">The name.</param>
    /// <param name="variables">The variables, such as an optimizer's. Variables that are not tracked weights, and that no endpoint reads, are written unchanged, whatever the options say.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void add_variable_collection(string name, IEnumerable<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        CheckFree(name);
        _collections.Add(name, [.. variables.Distinct()]);
    }

    /// <summary>Writes the SavedModel. The first endpoint is the signature <c>serving_default</c> too, unless one has that name.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="verbose">Whether the endpoints are printed; default true.</param>
    /// <exception cref="InvalidOperationException">There are no endpoints.</exception>
    /// <exception cref="ArgumentException">A warm-up request is for no signature, or lacks an input.</exception>
    /// <exception cref="ShapeMismatchException">A warm-up request is of another shape.</exception>
    /// <exception cref="DTypeMismatchException">A warm-up request is of another dtype.</exception>
    /// <exception cref="ValueRangeException">A warm-up request is not finite, or a weight is not, or too large for the form that the options ask for.</exception>
    /// <exception cref="UnsupportedException">An endpoint uses what cannot be in a file; nothing was written.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    /// <remarks>Keras' <c>options</c> are for TensorFlow's own writer and absent here.</remarks>
    public void write_out(string filepath, bool verbose = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        if (_endpoints.Count == 0) throw new InvalidOperationException("The archive has no endpoints. Call add_endpoint before write_out.");
        var signatures = new Dictionary<string, SavedModelSignature>(_endpoints);
        if (!_hasDefault) signatures.TryAdd(SavedModelContents.DefaultSignature, _endpoints.First().Value with { Form = null });
        var warmup = WarmupFile.Records(_options.Warmup, signatures);
        var saved = SavedVariables();
        // Weights that no endpoint reads get their stored form only here.
        _stored.Refresh();
        IReadOnlyList<SavedModelVariable> Listed(IEnumerable<Variable> list) => [.. list.SelectMany(_stored.PartsOf).Select(v => saved[v])];
        var lists = _collections.ToDictionary(c => c.Key, c => Listed(c.Value));
        (lists[VariablesName], lists[TrainableName], lists[NonTrainableName]) = (Listed(variables), Listed(trainable_variables), Listed(non_trainable_variables));
        using var tables = ExportedTables.Of(_endpoints.Values.Select(e => e.Function));
        SavedModelWriter.Write(filepath, new()
        {
            Signatures = signatures, Variables = [.. saved.Values], VariableLists = lists, Tables = tables.Tables, IsFrozen = _options.Frozen, Folding = _stored.Folding, Assets = _assets,
            ExtraFiles = warmup.Length == 0 ? new() : new Dictionary<string, Action<Stream>> { [WarmupFile.Path] = stream => WarmupFile.Write(stream, warmup) },
        });
        if (verbose) Console.Out.WriteLine(Description(filepath));
    }

    /// <summary>Every variable that is tracked, collected or used by an endpoint, under a unique name.</summary>
    Dictionary<Variable, SavedModelVariable> SavedVariables()
    {
        var tracked = _tracked.SelectMany(l => LayerPaths.Of(l).Select(p => (Path: $"{l.name}/{p.Path}", p.Variable)));
        var others = _collections.Values.SelectMany(c => c).Concat(_endpoints.SelectMany(e => Captured(e.Key, e.Value.Function)));
        var (saved, taken) = (new Dictionary<Variable, SavedModelVariable>(), new HashSet<string>());
        var all = tracked.Concat(others.Select(_stored.OriginalOf).Select(v => (Path: v.path, Variable: v))).DistinctBy(v => v.Variable);
        foreach (var (path, variable) in all.SelectMany(v => _stored.PartsOf(v.Variable).Select((part, i) => (i == 0 ? v.Path : $"{v.Path}_{part.name.Split('_')[^1]}", part))))
        {
            var name = path;
            for (var i = 1; !taken.Add(name); i++) name = $"{path}_{i}";
            saved.Add(variable, SavedModelVariable.Of(variable, name));
        }
        return saved;
    }

    static IEnumerable<Variable> Captured(string endpoint, FunctionGraph function) => function.CapturedSources.Where(t => t.dtype == DType.Resource && (t as EagerTensor)?.Table is null).Select(resource =>
        (resource as EagerTensor)?.Variable ?? throw new UnsupportedException("An endpoint uses a resource that cannot be exported", $"endpoint '{endpoint}'", "variables, and tables of lookup layers",
            resource.ToString(), "Look up with keras.layers.StringLookup or IntegerLookup."));

    void CheckFree(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Reserved.Contains(name) || name.StartsWith('_'))
            throw new ArgumentException($"The name '{name}' is reserved in SavedModels. Give another; no name may begin with '_', and {string.Join(", ", Reserved)} are taken.", nameof(name));
        if (_endpoints.ContainsKey(name)) throw new ArgumentException($"The endpoint name '{name}' is taken already. Give another name.", nameof(name));
        if (_collections.ContainsKey(name)) throw new ArgumentException($"The name '{name}' is that of a variable collection already. Give another name.", nameof(name));
    }

    string Description(string filepath)
    {
        var text = new StringBuilder($"The model was exported to '{filepath}'. Its endpoints:");
        foreach (var (name, endpoint) in _endpoints)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n\n* {name}");
            foreach (var (input, tensor) in endpoint.InputNames.Zip(endpoint.Function.Inputs)) Append("takes", input, tensor);
            foreach (var (output, tensor) in endpoint.OutputNames.Zip(endpoint.Function.Outputs)) Append("returns", output, tensor);
        }
        return text.ToString();

        void Append(string what, string name, Tensor tensor) => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n    {what} {name}: {tensor.dtype.Name} {tensor.shape}");
    }
}
