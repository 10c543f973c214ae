using Keras.Backend;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Runs a SavedModel as a layer, by one of its signatures: on TensorFlow through its own loader, on Torch by reading the graph back.</summary>
/// <remarks>Source: keras/src/export/tfsm_layer.py. It runs only outside of compiled functions, since a loaded graph cannot be traced again.</remarks>
public sealed class TFSMLayer : Layer, IDisposable
{
    readonly ISavedModelRunner _model;

    /// <summary>Loads a SavedModel to run it as a layer.</summary>
    /// <param name="filepath">The folder that holds saved_model.pb.</param>
    /// <param name="call_endpoint">The signature; default "serving_default".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="allow_file_ops">Whether the model may use files outside of its own folder, the network and other code; default false: SavedModels are programs, so such ops are rejected.</param>
    /// <exception cref="EngineException">The folder holds no SavedModel that can be loaded.</exception>
    /// <exception cref="UnsupportedException">It would use files outside of its folder; or on the Torch engine: the graph has an op that is not known there.</exception>
    /// <exception cref="ArgumentException">It has no such signature.</exception>
    public TFSMLayer(string filepath, string call_endpoint = "serving_default", string? name = null, bool allow_file_ops = false) : base(name)
    {
        (this.filepath, this.call_endpoint) = (filepath, call_endpoint);
        _model = EngineSelection.LoadSavedModel(filepath, allow_file_ops);
        if (!_model.Signatures.Contains(call_endpoint))
            throw new ArgumentException($"The SavedModel in {filepath} has no signature '{call_endpoint}'. Signatures: {Known.List(_model.Signatures)}.", nameof(call_endpoint));
        built = true;
    }

    /// <summary>The folder of the SavedModel.</summary>
    public string filepath { get; }

    /// <summary>The name of the signature that the layer runs.</summary>
    public string call_endpoint { get; }

    /// <summary>Runs the signature on a dictionary of inputs by name; a single input may be given as a tensor.</summary>
    /// <returns>The outputs by name.</returns>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (Graph.Current is not null)
            throw new UnsupportedException("A SavedModel cannot become part of a compiled function", $"layer '{name}'", remedy: "Apply the layer eagerly, or compile the model around it with run_eagerly: true.");
        var wanted = _model.InputDTypes(call_endpoint);
        var named = inputs.IsDictionary ? inputs : new Tensors([KeyValuePair.Create(wanted.Keys.First(), inputs)]);
        var values = named.Named().ToDictionary(i => i.Key, i => HostOf(i.Value.Single, wanted.GetValueOrDefault(i.Key)));
        return new(_model.Run(call_endpoint, values).OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => KeyValuePair.Create(o.Key, new Tensors(Tf.Constant(o.Value)))));
    }

    static HostTensor HostOf(Tensor tensor, DType? dtype) => (dtype is null ? tensor : Tf.Cast(tensor, dtype)).RequireEager().ToHost();

    /// <summary>Unloads the model.</summary>
    public void Dispose() => _model.Dispose();
}
