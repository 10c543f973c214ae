using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Engines.TensorFlow;

/// <summary>A SavedModel loaded and run by TensorFlow's own loader, as TensorFlow Serving does; exports are tested with it.</summary>
sealed class SavedModelSession : ISavedModelRunner
{
    readonly SessionHandle _session;
    readonly IReadOnlyDictionary<string, SignatureDef> _signatures;

    SavedModelSession(SessionHandle session, MetaGraphDef metaGraph) => (_session, _signatures) = (session, metaGraph.SignatureDef);

    /// <summary>The names of the signatures.</summary>
    public IEnumerable<string> Signatures => _signatures.Keys.Where(s => s != SavedModelGraph.InitSignature);

    /// <summary>Loads a SavedModel from its folder.</summary>
    /// <param name="folder">The folder that holds saved_model.pb.</param>
    /// <param name="tag">The tag of the meta graph.</param>
    /// <param name="allowFileOps">Whether the model may use files outside its folder (<see cref="SavedModelFiles"/>).</param>
    /// <exception cref="EngineException">TensorFlow could not load it.</exception>
    /// <exception cref="UnsupportedException">The model would use files outside its folder, or has a form that cannot be checked for that.</exception>
    public static SavedModelSession Load(string folder, string tag = "serve", bool allowFileOps = false)
    {
        if (!allowFileOps) RequireOneForm(folder);
        // TensorFlow reports a missing file.
        if (allowFileOps || !File.Exists(Path.Combine(folder, SavedModelWriter.ModelFile))) return Load(folder, tag, (MetaGraphDef?)null);
        var meta = SavedModelReader.ReadMeta(folder, tag);
        SavedModelFiles.Check(folder, meta);
        return Load(folder, tag, meta);
    }

    /// <summary>Loads a SavedModel that a reader has opened and checked.</summary>
    /// <exception cref="EngineException">TensorFlow could not load it.</exception>
    /// <exception cref="UnsupportedException">The model has a form that cannot be checked.</exception>
    public static SavedModelSession Load(string folder, SavedModelReader reader)
    {
        RequireOneForm(folder);
        return Load(folder, SavedModelWriter.Tag, reader.Meta);
    }

    static SavedModelSession Load(string folder, string tag, MetaGraphDef? meta)
    {
        TensorFlowLibrary.EnsureLoaded();
        using var native = meta is null ? new NativeBuffer() : null;
        var session = SessionHandle.Load(folder, tag, native);
        return new(session, meta ?? MetaGraphDef.Parser.ParseFrom(native!.Span));
    }

    /// <summary>Rejects a folder that also has other forms of the file: TensorFlow's loader may take one that was never checked.</summary>
    static void RequireOneForm(string folder)
    {
        foreach (var other in (string[])["saved_model.pbtxt", "saved_model.cpb"])
            if (File.Exists(Path.Combine(folder, other))) throw ModelFolder.Refuse(Path.Combine(folder, other), $"a model in {SavedModelWriter.ModelFile} alone, whose ops are checked", other);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, DType> InputDTypes(string signature) => Callable(signature).Inputs.ToDictionary(i => i.Key, i => DType.FromNumber((int)i.Value.Dtype));

    /// <inheritdoc/>
    public void Prepare(string signature) => Callable(signature);

    /// <summary>Runs a signature with inputs by name.</summary>
    /// <param name="signature">Its name, such as "serving_default".</param>
    /// <param name="inputs">A value for each of its inputs, by name.</param>
    /// <returns>The value of each of its outputs, by name.</returns>
    /// <exception cref="EngineException">There is no such signature, an input is missing, unknown or unsuitable, or an op failed.</exception>
    /// <exception cref="UnsupportedException">The signature takes or gives quantised numbers.</exception>
    public IReadOnlyDictionary<string, HostTensor> Run(string signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        var definition = Callable(signature);
        var unknown = inputs.Keys.Except(definition.Inputs.Keys).Concat(definition.Inputs.Keys.Except(inputs.Keys)).ToArray();
        if (unknown.Length > 0)
            throw new EngineException($"The inputs do not fit the signature '{signature}'", string.Join(", ", unknown),
                string.Join(", ", definition.Inputs.Keys), string.Join(", ", inputs.Keys));
        var names = definition.Outputs.Keys.ToArray();
        var results = _session.Run(signature,
            [.. inputs.Select(i => (definition.Inputs[i.Key].Name, i.Value))],
            [.. names.Select(n => definition.Outputs[n].Name)]);
        return names.Zip(results).ToDictionary(p => p.First, p => p.Second);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    SignatureDef Callable(string name)
    {
        var signature = Signature(name);
        PlainSignature.Require(name, signature);
        return signature;
    }

    SignatureDef Signature(string name) => _signatures.TryGetValue(name, out var signature)
        ? signature
        : throw new EngineException("A SavedModel has no such signature", null, string.Join(", ", _signatures.Keys), name);
}
