using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Engines.TensorFlow;

/// <summary>A SavedModel loaded and run by TensorFlow's own loader, as TensorFlow Serving does: the judge of what is exported.</summary>
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
    /// <param name="allowFileOps">Whether the model may use files outside of its folder (<see cref="SavedModelFiles"/>).</param>
    /// <exception cref="EngineException">TensorFlow could not load it.</exception>
    /// <exception cref="UnsupportedException">The model would use files outside of its folder, or has a form that cannot be checked for that.</exception>
    public static SavedModelSession Load(string folder, string tag = "serve", bool allowFileOps = false)
    {
        if (!allowFileOps) RequireOneForm(folder);
        // What is not there is told by TensorFlow.
        if (allowFileOps || !File.Exists(Path.Combine(folder, SavedModelWriter.ModelFile))) return Load(folder, tag, (MetaGraphDef?)null);
        var meta = SavedModelReader.ReadMeta(folder, tag);
        SavedModelFiles.Check(folder, meta);
        return Load(folder, tag, meta);
    }

    /// <summary>Loads a SavedModel that a reader has open, which has checked what it does.</summary>
    /// <exception cref="EngineException">TensorFlow could not load it.</exception>
    /// <exception cref="UnsupportedException">It has a form that cannot be checked.</exception>
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

    /// <summary>TensorFlow's loader takes other forms of the file too, which nobody would have looked at.</summary>
    static void RequireOneForm(string folder)
    {
        foreach (var other in (string[])["saved_model.pbtxt", "saved_model.cpb"])
            if (File.Exists(Path.Combine(folder, other))) throw ModelFolder.Refuse(Path.Combine(folder, other), $"a model in {SavedModelWriter.ModelFile} alone, whose ops are checked", other);
    }

    /// <summary>The inputs of a signature, by name.</summary>
    /// <exception cref="EngineException">There is no such signature.</exception>
    public IReadOnlyDictionary<string, TensorInfo> InputsOf(string signature) => Signature(signature).Inputs;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, DType> InputDTypes(string signature) => Callable(signature).Inputs.ToDictionary(i => i.Key, i => DType.FromNumber((int)i.Value.Dtype));

    /// <inheritdoc/>
    public void Prepare(string signature) => Callable(signature);

    /// <summary>Runs a signature with inputs by name.</summary>
    /// <param name="signature">Its name, such as "serving_default".</param>
    /// <param name="inputs">A value for each of its inputs, by name.</param>
    /// <returns>The value of each of its outputs, by name.</returns>
    /// <exception cref="EngineException">There is no such signature, an input is missing, unknown or unfit, or an op failed.</exception>
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
