using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>A loaded version of a model.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Signatures">Its signatures by name.</param>
/// <param name="SignatureDefs">The same as stored in the file, for metadata.</param>
sealed record ServedModel(string Name, long Version, IReadOnlyDictionary<string, SignatureDescription> Signatures, IReadOnlyDictionary<string, SignatureDef> SignatureDefs);

/// <summary>The states of a version, with TensorFlow Serving's numbers.</summary>
enum VersionState
{
    Unknown = 0,
    Start = 10,
    Loading = 20,
    Available = 30,
    Unloading = 40,
    End = 50,
}

/// <summary>A version's state, and the reason if it failed.</summary>
sealed record VersionStatus(long Version, VersionState State, TFServingStatus? Error = null, string Message = "");

/// <summary>The outputs of a call, and the version that computed them.</summary>
sealed record PredictAnswer(ServedModel Model, string Signature, IReadOnlyDictionary<string, HostTensor> Outputs);

/// <summary>A version held until this is disposed: it answers even if it is unloaded meanwhile.</summary>
interface IModelLease : IDisposable
{
    /// <summary>The model's description.</summary>
    ServedModel Model { get; }

    /// <inheritdoc cref="IModelServer.PredictAsync"/>
    Task<PredictAnswer> PredictAsync(string? signature, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation);
}

/// <summary>The models, their versions and predictions, for REST and gRPC. Thread-safe.</summary>
interface IModelServer
{
    /// <summary>Finds the version that a request is for.</summary>
    /// <exception cref="ServingException">NotFound: no such model, version or label; Unavailable: none is loaded yet.</exception>
    ServedModel Find(ModelSpec spec);

    /// <summary>Holds the version that a request is for.</summary>
    /// <exception cref="ServingException">As for <see cref="Find"/>.</exception>
    IModelLease Lease(ModelSpec spec);

    /// <summary>Runs a signature; several callers' requests may run as one batch.</summary>
    /// <param name="spec">The model and signature.</param>
    /// <param name="inputs">A value for each input by name, of its dtype and shape.</param>
    /// <param name="outputs">The outputs wanted; null for all.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="ServingException">InvalidArgument: inputs or outputs do not fit; NotFound; Unavailable: too many calls wait; Internal: the model failed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    Task<PredictAnswer> PredictAsync(ModelSpec spec, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation);

    /// <summary>The versions of a model with their states, newest first.</summary>
    /// <exception cref="ServingException">NotFound: no such model, version or label.</exception>
    IReadOnlyList<VersionStatus> Status(string name, long? version = null, string? label = null);

    /// <summary>Whether all models to be served are known and loaded.</summary>
    bool IsReady => true;

    /// <summary>The configurations of the served models.</summary>
    IReadOnlyList<ModelConfig> Configs { get; }

    /// <summary>Changes the served models: new ones are loaded before the call returns, those no longer listed are unloaded.</summary>
    /// <exception cref="ServingException">InvalidArgument: a name or folder is invalid, and nothing has changed. Unknown: models did not become available, each with its reason; the list is in force, and they are tried again.</exception>
    Task ReloadAsync(IReadOnlyList<ModelConfig> configs, CancellationToken cancellation);
}
