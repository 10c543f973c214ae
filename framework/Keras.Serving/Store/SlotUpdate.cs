using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>Updates a model to its folder and policy: loads first, then unloads, so that there is always a version to answer.</summary>
static class SlotUpdate
{
    /// <summary>How many unloaded versions are kept for their status.</summary>
    const int Remembered = 16;

    /// <summary>Checks the folder once.</summary>
    /// <param name="slot">The model.</param>
    /// <param name="settings">The settings for loading.</param>
    /// <param name="publish">Receives each new state.</param>
    /// <returns>The last state.</returns>
    public static ModelSlot Run(ModelSlot slot, StoreSettings settings, Action<ModelSlot> publish)
    {
        IReadOnlyList<(long Version, string Folder)> present;
        try
        {
            present = VersionFolders.List(slot.Config.BasePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is temporarily away must not unload the served versions.
            settings.Logger.LogWarning("The folder of the model {Model} cannot be read: {Reason}", slot.Config.Name, e.Message);
            return slot;
        }
        var wanted = new HashSet<long>();
        foreach (var (version, folder) in VersionFolders.Chosen(slot.Config.Policy, present))
        {
            // Of the newest N, those that do not load are replaced by older ones.
            if (wanted.Count == slot.Config.Policy.Latest) break;
            if (IsDue(slot, version, folder, settings))
            {
                slot = Publish(With(slot, version, new(new(version, VersionState.Loading), null) { Failures = slot.Versions.GetValueOrDefault(version)?.Failures ?? 0 }), publish);
                slot = Publish(With(slot, version, Load(slot, version, folder, settings)), publish);
            }
            if (slot.Config.Policy.Latest is null || slot.Versions[version].Loaded is not null) wanted.Add(version);
        }
        return Unload(slot, wanted, settings, publish, isGone: present.Count == 0);
    }

    /// <summary>Releases all versions of a model that is no longer served.</summary>
    public static void Release(ModelSlot slot, StoreSettings settings)
    {
        foreach (var (version, entry) in slot.Available)
        {
            entry.Loaded!.Release();
            settings.Metrics?.Unloaded(slot.Config.Name, version);
        }
    }

    /// <summary>Whether to load a version now: it is new, its files have changed since it failed, or a retry is due.</summary>
    static bool IsDue(ModelSlot slot, long version, string folder, StoreSettings settings)
    {
        if (!slot.Versions.TryGetValue(version, out var entry)) return true;
        if (entry.Loaded is not null) return false;
        if (entry.Status.Error is null) return true;
        if (VersionFolders.Stamp(folder) != entry.Stamp) return true;
        return entry.Failures <= settings.MaxRetries && DateTime.UtcNow - entry.FailedAt >= settings.RetryAfter;
    }

    static VersionEntry Load(ModelSlot slot, long version, string folder, StoreSettings settings)
    {
        // Taken before reading, so that later changes cause another load.
        var stamp = VersionFolders.Stamp(folder);
        var before = slot.Versions.GetValueOrDefault(version);
        try
        {
            var loaded = ServedVersion.Load(slot.Config.Name, version, folder, settings);
            settings.Logger.LogInformation("{Model} version {Version} is loaded from {Folder}", slot.Config.Name, version, folder);
            settings.Metrics?.Loaded(slot.Config.Name, version);
            return new(new(version, VersionState.Available), loaded);
        }
        catch (Exception e)
        {
            settings.Logger.LogWarning("{Model} version {Version} could not be loaded: {Reason}", slot.Config.Name, version, e.Message);
            settings.Metrics?.LoadFailed(slot.Config.Name);
            var error = e is FileFormatException ? TFServingStatus.NotFound : e is UnsupportedException ? TFServingStatus.Unimplemented : (e as ServingException)?.Status ?? TFServingStatus.Internal;
            return new(new(version, VersionState.End, error, e.Message)) { Stamp = stamp, Failures = (before?.Failures ?? 0) + 1, FailedAt = DateTime.UtcNow };
        }
    }

    static ModelSlot Unload(ModelSlot slot, HashSet<long> wanted, StoreSettings settings, Action<ModelSlot> publish, bool isGone)
    {
        // If wanted versions do not load, the newest of the others stay instead.
        var missing = slot.Config.Policy.Latest - wanted.Count ?? wanted.Count(v => slot.Versions.GetValueOrDefault(v)?.Loaded is null);
        var extra = slot.Available.Reverse().Select(v => v.Key).Where(v => !wanted.Contains(v)).Skip(isGone ? 0 : missing).ToArray();
        foreach (var version in extra)
        {
            var entry = slot.Versions[version];
            slot = Publish(With(slot, version, new(new(version, VersionState.End)) { Unloaded = entry.Loaded!.Unloaded }), publish);
            entry.Loaded.Release();
            settings.Metrics?.Unloaded(slot.Config.Name, version);
            settings.Logger.LogInformation("{Model} version {Version} is not served any more", slot.Config.Name, version);
        }
        var forgotten = slot.Versions.Reverse().Where(v => v.Value.Loaded is null && !wanted.Contains(v.Key)).Select(v => v.Key).Skip(Remembered).ToArray();
        return forgotten.Length == 0 ? slot : Publish(slot with { Versions = slot.Versions.RemoveRange(forgotten) }, publish);
    }

    static ModelSlot With(ModelSlot slot, long version, VersionEntry entry) => slot with { Versions = slot.Versions.SetItem(version, entry) };

    static ModelSlot Publish(ModelSlot slot, Action<ModelSlot> publish)
    {
        publish(slot);
        return slot;
    }
}
