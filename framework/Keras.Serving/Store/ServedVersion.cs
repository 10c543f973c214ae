using System.Diagnostics;
using Keras.Backend;
using Keras.Engines;
using Keras.SavedModels;
using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>A loaded version, unloaded when the store has released it and its last request is answered.</summary>
sealed class ServedVersion
{
    readonly ISavedModelRunner _runner;
    readonly RunQueue _queue;
    readonly TaskCompletionSource _unloaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _uses = 1;

    ServedVersion(ServedModel model, ISavedModelRunner runner, StoreSettings settings)
    {
        (Model, _runner) = (model, runner);
        _queue = new(settings.Scheduler, settings.Batching, settings.MaxWaiting, Run, settings.Metrics?.BatchesOf(model.Name));
    }

    /// <summary>The model's description.</summary>
    public ServedModel Model { get; }

    /// <summary>Completes when the model's memory is freed.</summary>
    public Task Unloaded => _unloaded.Task;

    /// <summary>Loads a version, compiles it, and runs its warm-up requests.</summary>
    /// <exception cref="KerasException">The folder holds no complete model, the engine cannot run it, or a warm-up request failed.</exception>
    public static ServedVersion Load(string name, long version, string folder, StoreSettings settings)
    {
        using var reader = Open(folder);
        var model = new ServedModel(name, version, reader.Signatures.ToDictionary(s => s.Name), reader.Signatures.ToDictionary(s => s.Name, s => reader.Meta.SignatureDef[s.Name]));
        var runner = EngineSelection.LoadSavedModel(folder, reader);
        try
        {
            Prepare(model, runner, settings.Logger);
            var watch = Stopwatch.StartNew();
            var requests = WarmUp.Run(model, runner, folder);
            if (requests > 0)
            {
                settings.Metrics?.Warmed(name, watch.Elapsed);
                settings.Logger.LogInformation("{Model} version {Version}: {Requests} warm-up requests in {Milliseconds} ms", name, version, requests, watch.ElapsedMilliseconds);
            }
            return new(model, runner, settings);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <summary>Reads the graph once for all its users.</summary>
    static SavedModelReader Open(string folder)
    {
        try
        {
            return SavedModelReader.Open(folder, check: meta =>
            {
                VersionFolders.RequireWhole(folder, meta);
                SavedModelFiles.Check(folder, meta);
            });
        }
        catch (IOException e)
        {
            throw new FileFormatException("The folder holds no SavedModel that could be read (yet)", folder, SavedModelWriter.ModelFile, e.Message.TrimEnd('.'), "If the folder is still being written, it is loaded when that is done.", e);
        }
    }

    /// <summary>Finds the signatures that the engine cannot run; a model without any that run is not served.</summary>
    static void Prepare(ServedModel model, ISavedModelRunner runner, ILogger logger)
    {
        var failures = new List<Exception>();
        foreach (var signature in model.Signatures.Keys)
        {
            try
            {
                runner.Prepare(signature);
            }
            catch (KerasException e)
            {
                logger.LogWarning("{Model} version {Version}: signature {Signature} cannot run here: {Reason}", model.Name, model.Version, signature, e.Message);
                failures.Add(e);
            }
        }
        if (failures.Count > 0 && failures.Count == model.Signatures.Count) throw failures[0];
    }

    /// <summary>Holds the version until <see cref="Release"/>; false if it is unloaded.</summary>
    public bool TryUse()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 0; uses = Volatile.Read(ref _uses))
            if (Interlocked.CompareExchange(ref _uses, uses + 1, uses) == uses) return true;
        return false;
    }

    /// <summary>Releases the version; the store calls it once more when no further requests will come.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) != 0) return;
        try
        {
            _runner.Dispose();
        }
        finally
        {
            _unloaded.SetResult();
        }
    }

    /// <summary>Runs a signature while holding the version, since callers, who held it, may have gone before their batch runs.</summary>
    IReadOnlyDictionary<string, HostTensor> Run(string signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        if (!TryUse()) throw new ServingException(TFServingStatus.Unavailable, $"The model '{Model.Name}' does not serve version {Model.Version} any more.");
        try
        {
            return _runner.Run(signature, inputs);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Runs a signature.</summary>
    public async Task<PredictAnswer> PredictAsync(string? signatureName, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation)
    {
        var signature = SignatureCalls.Find(Model, signatureName);
        SignatureCalls.RequireInputs(signature, inputs);
        SignatureCalls.RequireOutputs(signature, outputs);
        try
        {
            var results = await _queue.RunAsync(signature, inputs, cancellation).ConfigureAwait(false);
            return new(Model, signature.Name, outputs is null ? results : outputs.Distinct().ToDictionary(o => o, o => results[o]));
        }
        catch (Exception e) when (e is not (ServingException or OperationCanceledException))
        {
            throw SignatureCalls.Failure(Model, signature, e);
        }
    }
}

/// <summary>The settings with which versions are loaded.</summary>
sealed record StoreSettings(RunScheduler Scheduler, ILogger Logger)
{
    /// <summary>How calls are batched; null for each alone.</summary>
    public BatchingParameters? Batching { get; init; }

    /// <summary>How many calls of a version may wait without batching.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>The metrics; null for none.</summary>
    public ServingMetrics? Metrics { get; init; }

    /// <summary>How often folders are checked; zero for only once.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time until a failed version with unchanged files is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of such retries.</summary>
    public int MaxRetries { get; init; } = 5;
}
