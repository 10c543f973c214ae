using Keras.SavedModelProtos;

namespace Keras.Serving;

public sealed partial class TFServingClient
{
    /// <summary>Runs a signature.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="inputs">A value for each input by name: a number, bool or string, an array of any rank, jagged or not, a byte[][] for byte strings. Its dtype is the element's, int32 for int.</param>
    /// <param name="signature">The signature; null for "serving_default".</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="label">The version's label, such as "stable"; not together with a version.</param>
    /// <param name="outputs">The outputs wanted; null for all.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The outputs by name.</returns>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached.</exception>
    /// <exception cref="ArgumentException">No tensor can be made from an input, or version and label are both given.</exception>
    /// <exception cref="ShapeMismatchException">The rows of a jagged array differ.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<TFServingPrediction> PredictAsync(string model, IReadOnlyDictionary<string, object> inputs, string? signature = null, long? version = null, string? label = null,
        IEnumerable<string>? outputs = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var target = Target(model, version, label, signature);
        var tensors = inputs.ToDictionary(i => i.Key, i => TensorOf(i.Key, i.Value));
        string[] wanted = [.. outputs ?? []];
        return RunAsync(model, true, time => _transport.PredictAsync(target, tensors, wanted, time), deadline, cancellation);
    }

    /// <summary>Classifies examples with a signature of the method <c>tensorflow/serving/classify</c>.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="examples">The features of each example by name: string, byte[], floats or integers, single or as an array.</param>
    /// <param name="context">Features that all examples share; null for none.</param>
    /// <param name="signature">The signature; null for "serving_default".</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="label">The version's label; not together with a version.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The classes of each example with their scores.</returns>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached.</exception>
    /// <exception cref="ArgumentException">A feature has an unsupported type, or version and label are both given.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<IReadOnlyList<IReadOnlyList<TFServingClass>>> ClassifyAsync(string model, IEnumerable<IReadOnlyDictionary<string, object>> examples, IReadOnlyDictionary<string, object>? context = null,
        string? signature = null, long? version = null, string? label = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        var (target, rows, shared) = (Target(model, version, label, signature), Rows(examples), Context(context));
        return RunAsync(model, true, time => _transport.ClassifyAsync(target, rows, shared, time), deadline, cancellation);
    }

    /// <summary>Computes a number for each example with a signature of the method <c>tensorflow/serving/regress</c>.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="examples">The features of each example by name: string, byte[], floats or integers, single or as an array.</param>
    /// <param name="context">Features that all examples share; null for none.</param>
    /// <param name="signature">The signature; null for "serving_default".</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="label">The version's label; not together with a version.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>A number for each example.</returns>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached.</exception>
    /// <exception cref="ArgumentException">A feature has an unsupported type, or version and label are both given.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<IReadOnlyList<float>> RegressAsync(string model, IEnumerable<IReadOnlyDictionary<string, object>> examples, IReadOnlyDictionary<string, object>? context = null,
        string? signature = null, long? version = null, string? label = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        var (target, rows, shared) = (Target(model, version, label, signature), Rows(examples), Context(context));
        return RunAsync(model, true, time => _transport.RegressAsync(target, rows, shared, time), deadline, cancellation);
    }

    /// <summary>Classifies and regresses the same examples with several signatures of one model; gRPC only.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="tasks">The tasks, each with a different signature.</param>
    /// <param name="examples">The features of each example by name.</param>
    /// <param name="context">Features that all examples share; null for none.</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="label">The version's label; not together with a version.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>A result for each task, in their order.</returns>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached.</exception>
    /// <exception cref="UnsupportedException">The client uses REST.</exception>
    /// <exception cref="ArgumentException">A feature has an unsupported type, or version and label are both given.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<IReadOnlyList<TFServingResult>> MultiInferenceAsync(string model, IEnumerable<TFServingTask> tasks, IEnumerable<IReadOnlyDictionary<string, object>> examples,
        IReadOnlyDictionary<string, object>? context = null, long? version = null, string? label = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var (target, rows, shared) = (Target(model, version, label, null), Rows(examples), Context(context));
        TFServingTask[] all = [.. tasks];
        if (Array.Exists(all, t => t is null)) throw new ArgumentException("A task is null.", nameof(tasks));
        return RunAsync(model, true, time => _transport.MultiInferenceAsync(target, all, rows, shared, time), deadline, cancellation);
    }

    /// <summary>Gets the signatures of a model.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="label">The version's label; not together with a version.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached.</exception>
    /// <exception cref="ArgumentException">Version and label are both given.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<TFServingMetadata> GetModelMetadataAsync(string model, long? version = null, string? label = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        var target = Target(model, version, label, null);
        return RunAsync(model, true, time => _transport.MetadataAsync(target, time), deadline, cancellation);
    }

    /// <summary>Gets the states of a model's versions, newest first.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">Only this version; null for all.</param>
    /// <param name="label">The version's label; not together with a version.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached.</exception>
    /// <exception cref="ArgumentException">Version and label are both given.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<IReadOnlyList<TFServingVersion>> GetModelStatusAsync(string model, long? version = null, string? label = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        var target = Target(model, version, label, null);
        return RunAsync(model, true, time => _transport.StatusAsync(target, time), deadline, cancellation);
    }

    /// <summary>Changes the models that the server serves; others are unloaded. gRPC only; never retried.</summary>
    /// <param name="models">All models to serve.</param>
    /// <param name="deadline">How long the call may take; null for the client's deadline. New models must load within it.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="TFServingException">The server rejected the call, failed, or could not be reached; Unknown: a model did not become available, and the message says which and why.</exception>
    /// <exception cref="UnsupportedException">The client uses REST.</exception>
    /// <exception cref="ArgumentException">A model has a negative number of versions.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task ReloadConfigAsync(IEnumerable<TFServingModel> models, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        TFServingModel[] all = [.. models];
        if (Array.Exists(all, m => m is null || m.Latest < 0)) throw new ArgumentException("A model is null or has a negative number of versions.", nameof(models));
        return RunAsync("", false, async time =>
        {
            await _transport.ReloadAsync(all, time).ConfigureAwait(false);
            return true;
        }, deadline, cancellation);
    }

    static ServingTarget Target(string model, long? version, string? label, string? signature)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        if (version is < 0) throw new ArgumentOutOfRangeException(nameof(version), $"A version must be at least 0. Received: {version}.");
        if (version is not null && label is not null) throw new ArgumentException($"A version and a label cannot both be given. Received: {version} and '{label}'.", nameof(label));
        return new(model, version, string.IsNullOrEmpty(label) ? null : label, string.IsNullOrEmpty(signature) ? null : signature);
    }

    static HostTensor TensorOf(string name, object value)
    {
        try
        {
            return HostTensor.From(value ?? throw new ArgumentException("No tensor can be made of null."));
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The input '{name}': {e.Message}", "inputs", e);
        }
    }

    static Example[] Rows(IEnumerable<IReadOnlyDictionary<string, object>> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return [.. examples.Select(e => Examples.Of(e ?? throw new ArgumentException("An example is null.", nameof(examples)), nameof(examples)))];
    }

    static Example? Context(IReadOnlyDictionary<string, object>? context) => context is null ? null : Examples.Of(context, nameof(context));
}
