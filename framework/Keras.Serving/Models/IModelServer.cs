using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>A loaded version of a model.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Signatures">What can be called, by name.</param>
/// <param name="SignatureDefs">The same as the file holds them, for metadata.</param>
sealed record ServedModel(string Name, long Version, IReadOnlyDictionary<string, SignatureDescription> Signatures, IReadOnlyDictionary<string, SignatureDef> SignatureDefs);

/// <summary>What became of a version, with TensorFlow Serving's numbers.</summary>
enum VersionState
{
    Unknown = 0,
    Start = 10,
    Loading = 20,
    Available = 30,
    Unloading = 40,
    End = 50,
}

/// <summary>A version's state; where it failed, why.</summary>
sealed record VersionStatus(long Version, VersionState State, TFServingStatus? Error = null, string Message = "");

/// <summary>The outputs of a call, and the version that computed them.</summary>
sealed record PredictAnswer(ServedModel Model, string Signature, IReadOnlyDictionary<string, HostTensor> Outputs);

/// <summary>A version that is held until this is disposed: it answers whatever is loaded or unloaded meanwhile.</summary>
interface IModelLease : IDisposable
{
    /// <summary>What it can do.</summary>
    ServedModel Model { get; }

    /// <inheritdoc cref="IModelServer.PredictAsync"/>
    Task<PredictAnswer> PredictAsync(string? signature, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation);
}

/// <summary>What REST and gRPC ask: models, their versions, and their answers. Safe for threads.</summary>
interface IModelServer
{
    /// <summary>The version that a request is for.</summary>
    /// <exception cref="ServingException">NotFound: no such model, version, label; Unavailable: none is loaded yet.</exception>
    ServedModel Find(ModelSpec spec);

    /// <summary>Holds the version that a request is for.</summary>
    /// <exception cref="ServingException">As of <see cref="Find"/>.</exception>
    IModelLease Lease(ModelSpec spec);

    /// <summary>Runs a signature; calls of several callers may run as one batch.</summary>
    /// <param name="spec">The model and signature.</param>
    /// <param name="inputs">A value for each input by name, of its dtype and shape.</param>
    /// <param name="outputs">The outputs wanted; null for all.</param>
    /// <param name="cancellation">Takes the call back.</param>
    /// <exception cref="ServingException">InvalidArgument: inputs or outputs do not fit; NotFound; Unavailable: too many calls wait; Internal: the model failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<PredictAnswer> PredictAsync(ModelSpec spec, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation);

    /// <summary>The versions of a model with their states, the newest first.</summary>
    /// <exception cref="ServingException">NotFound.</exception>
    IReadOnlyList<VersionStatus> Status(string name, long? version = null, string? label = null);

    /// <summary>Whether the models that are to be served are known and loaded.</summary>
    bool IsReady => true;

    /// <summary>The models that are served.</summary>
    IReadOnlyList<ModelConfig> Configs { get; }

    /// <summary>Serves these models from now on: new ones are loaded before the call returns, those that are not listed any more are unloaded.</summary>
    /// <exception cref="ServingException">InvalidArgument: a name or folder is bad; then nothing has changed. Unknown: models did not become available, each with its reason; the list is in force, and they are tried again.</exception>
    Task ReloadAsync(IReadOnlyList<ModelConfig> configs, CancellationToken cancellation);
}
