using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>The served models: watches their folders, and loads new versions before it unloads old ones.</summary>
sealed class ModelStore(StoreSettings settings) : IModelServer, IAsyncDisposable
{
    readonly SemaphoreSlim _changing = new(1);
    readonly CancellationTokenSource _closing = new();
    volatile FrozenDictionary<string, ModelSlot> _slots = FrozenDictionary<string, ModelSlot>.Empty;
    Task _polling = Task.CompletedTask;
    volatile bool _isBegun;
    volatile ServedVersion[]? _leaving;
    int _isDisposed;

    /// <inheritdoc/>
    public IReadOnlyList<ModelConfig> Configs => [.. _slots.Values.Select(s => s.Config).OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>Whether each model has a loaded version.</summary>
    public bool IsReady => _isBegun && _slots.Values.All(s => s.Available.Any());

    /// <summary>The loaded versions of all models.</summary>
    public IEnumerable<ServedModel> Loaded => _slots.Values.SelectMany(s => s.Available.Select(v => v.Value.Loaded!.Model)).OrderBy(m => m.Name, StringComparer.Ordinal).ThenByDescending(m => m.Version);

    /// <inheritdoc/>
    public ServedModel Find(ModelSpec spec) => Slot(spec.Name).Find(spec).Model;

    /// <summary>Holds the version that a request is for, so that it answers even if it is unloaded meanwhile.</summary>
    /// <exception cref="ServingException">NotFound or Unavailable, as for <see cref="Find"/>.</exception>
    public VersionLease Lease(ModelSpec spec)
    {
        while (true)
        {
            // A version unloaded between the two steps is no longer in the list.
            var version = Slot(spec.Name).Find(spec);
            if (version.TryUse()) return new(version);
        }
    }

    IModelLease IModelServer.Lease(ModelSpec spec) => Lease(spec);

    /// <inheritdoc/>
    public async Task<PredictAnswer> PredictAsync(ModelSpec spec, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation)
    {
        using var lease = Lease(spec);
        return await lease.PredictAsync(spec.Signature, inputs, outputs, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<VersionStatus> Status(string name, long? version = null, string? label = null)
    {
        var slot = Slot(name);
        if (version is null && !string.IsNullOrEmpty(label)) version = slot.LabelledVersion(label);
        if (version is null) return [.. slot.Versions.Values.Select(v => v.Now).Reverse()];
        return slot.Versions.TryGetValue(version.Value, out var entry) ? [entry.Now]
            : throw new ServingException(TFServingStatus.NotFound, $"The model '{name}' has no version {version}. Versions: {Known.List(slot.Versions.Keys)}.");
    }

    /// <inheritdoc/>
    public async Task ReloadAsync(IReadOnlyList<ModelConfig> configs, CancellationToken cancellation)
    {
        var failures = await ApplyAsync(configs, cancellation).ConfigureAwait(false);
        // TensorFlow Serving's wording, which clients look for.
        if (failures.Count > 0)
            throw new ServingException(TFServingStatus.Unknown, $"{failures.Count} servable(s) did not become available: {{{string.Join(", ", failures)}}}. The list is in force; what was served before goes on where the list has it.");
    }

    /// <summary>Changes the served models. Those that do not load are tried again, as after every poll.</summary>
    /// <returns>The models that did not become available, and why.</returns>
    /// <exception cref="ServingException">InvalidArgument: a name or folder is invalid, and nothing has changed.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(IReadOnlyList<ModelConfig> configs, CancellationToken cancellation)
    {
        ModelConfigs.Require(configs);
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var before = _slots;
            // A model with a changed folder is a new model, which replaces the old one when it is loaded.
            var moved = await Task.WhenAll(configs.Where(c => before.TryGetValue(c.Name, out var old) && !SamePath(old.Config, c)).Select(c => Task.Run(() => SlotUpdate.Run(Empty(c), settings, _ => { }), CancellationToken.None))).ConfigureAwait(false);
            var slots = configs.ToDictionary(c => c.Name, c => before.TryGetValue(c.Name, out var old) ? old with { Config = c } : Empty(c));
            foreach (var slot in moved)
            {
                var old = before[slot.Config.Name];
                // A loaded model is not replaced by one that does not load.
                slots[slot.Config.Name] = slot.Available.Any() || !old.Available.Any() ? slot : old;
            }
            _slots = slots.ToFrozenDictionary();
            _isBegun = true;
            foreach (var old in before.Values)
                if (!slots.TryGetValue(old.Config.Name, out var now) || !SamePath(old.Config, now.Config)) SlotUpdate.Release(old, settings);
            await UpdateAsync().ConfigureAwait(false);
            var updated = _slots;
            return [.. configs.SelectMany(c => SamePath(c, updated[c.Name].Config) ? updated[c.Name].Missing : moved.First(m => m.Config.Name == c.Name).Missing)];
        }
        finally
        {
            _changing.Release();
        }
    }

    static ModelSlot Empty(ModelConfig config) => new(config, ImmutableSortedDictionary<long, VersionEntry>.Empty);

    static bool SamePath(ModelConfig a, ModelConfig b) => Path.GetFullPath(a.BasePath) == Path.GetFullPath(b.BasePath);

    /// <summary>Starts polling the folders.</summary>
    public void Watch()
    {
        if (settings.Poll > TimeSpan.Zero) _polling = Task.Run(WatchAsync);
    }

    async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(settings.Poll);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false)) await PollAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host shuts down.
        }
    }

    /// <summary>Checks the folders, loads new versions and unloads unwanted ones.</summary>
    public async Task PollAsync(CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await UpdateAsync().ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    Task UpdateAsync() => Task.WhenAll(_slots.Values.Select(slot => Task.Run(() =>
    {
        try
        {
            SlotUpdate.Run(slot, settings, Publish);
        }
        catch (Exception e)
        {
            settings.Logger.LogError(e, "The folder of the model {Model} could not be looked at", slot.Config.Name);
        }
    })));

    void Publish(ModelSlot slot)
    {
        lock (_closing) _slots = _slots.Select(s => s.Key == slot.Config.Name ? KeyValuePair.Create(s.Key, slot) : s).ToFrozenDictionary();
    }

    ModelSlot Slot(string name) => _slots.TryGetValue(name ?? "", out var slot) ? slot
        : throw new ServingException(TFServingStatus.NotFound, string.IsNullOrEmpty(name) ? "The request names no model." : $"There is no model '{Shown(name)}'. Models: {Known.List(_slots.Keys.Order(StringComparer.Ordinal).Take(20))}.");

    static string Shown(string name) => name.Length > 128 ? name[..128] + "..." : name;

    /// <summary>The versions that disposal still waits for.</summary>
    public IEnumerable<string> Busy => _leaving is { } leaving ? leaving.Where(v => !v.Unloaded.IsCompleted).Select(v => $"{v.Model.Name} version {v.Model.Version}") : ["a model that is being loaded"];

    /// <summary>Unloads all models, after answering running requests.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        var slots = _slots;
        _slots = FrozenDictionary<string, ModelSlot>.Empty;
        var loaded = slots.Values.SelectMany(s => s.Available.Select(v => v.Value.Loaded!)).ToArray();
        _leaving = loaded;
        foreach (var version in loaded) version.Release();
        await Task.WhenAll(loaded.Select(v => v.Unloaded)).ConfigureAwait(false);
    }
}

/// <summary>A version held for a request.</summary>
sealed class VersionLease(ServedVersion version) : IModelLease
{
    int _isReleased;

    /// <summary>The model's description.</summary>
    public ServedModel Model => version.Model;

    /// <inheritdoc cref="IModelServer.PredictAsync"/>
    public Task<PredictAnswer> PredictAsync(string? signature, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyCollection<string>? outputs, CancellationToken cancellation) =>
        version.PredictAsync(signature, inputs, outputs, cancellation);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0) version.Release();
    }
}
