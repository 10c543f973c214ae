using System.Globalization;
using Keras.Files;

namespace Keras.Export;

/// <summary>A folder of model versions, as TensorFlow Serving watches it: a subfolder for each version, named by its number.</summary>
/// <remarks><c>new ModelVersions("models/review").Publish(path => model.export(path, tokenizer))</c>. An unfinished version has a hidden name, which servers ignore, and is moved into place by one rename.</remarks>
public sealed class ModelVersions
{
    const string Unfinished = ".publishing-";
    const string Removed = ".removed-";
    const string ModelFile = "saved_model.pb";

    static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    readonly string _folder;

    /// <summary>The versions in a folder, which need not exist.</summary>
    /// <param name="base_path">The folder.</param>
    /// <exception cref="ArgumentException">It is a SavedModel itself, or a file.</exception>
    public ModelVersions(string base_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(base_path);
        _folder = Path.GetFullPath(base_path);
        if (File.Exists(_folder)) throw new ArgumentException($"A folder of versions was expected. Received: the file '{_folder}'.", nameof(base_path));
        if (File.Exists(Path.Combine(_folder, ModelFile))) throw new ArgumentException($"'{_folder}' is one SavedModel, not a folder of versions. Give the folder above it, or move it into a subfolder 1.", nameof(base_path));
    }

    /// <summary>The version numbers, the lowest first; other names in the folder do not count.</summary>
    public IReadOnlyList<long> Versions => [.. Numbered().Select(v => v.Number).Order()];

    /// <summary>The highest version number; null if there is none.</summary>
    public long? Latest => Versions is [.., var last] ? last : null;

    /// <summary>The folder of a version, whether it is there or not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public string PathOf(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return Numbered().FirstOrDefault(v => v.Number == version).Path ?? Path.Combine(_folder, version.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Publishes a new version, as a whole or not at all.</summary>
    /// <param name="export">Writes the SavedModel into the folder that it is given.</param>
    /// <param name="version">Its number; one that is there is replaced whole, which servers that hold it do not notice. Default the highest plus 1, of an empty folder 1.</param>
    /// <param name="keep_versions">The number of highest versions to keep; older ones are removed once the new one exists. Default all.</param>
    /// <returns>The version's folder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or no version would stay.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="export"/> wrote no SavedModel; nothing was published.</exception>
    /// <exception cref="IOException">The disk cannot be written; the versions are as they were.</exception>
    public string Publish(Action<string> export, long? version = null, int? keep_versions = null)
    {
        ArgumentNullException.ThrowIfNull(export);
        if (version is { } number) ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(version));
        if (keep_versions is { } kept) ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1, nameof(keep_versions));
        Directory.CreateDirectory(_folder);
        RemoveAbandoned();
        var unfinished = Path.Combine(_folder, $"{Unfinished}{Guid.NewGuid():N}");
        try
        {
            export(unfinished);
            if (!File.Exists(Path.Combine(unfinished, ModelFile))) throw new InvalidOperationException($"The export wrote no {ModelFile} into the folder that it was given, so there is nothing to publish.");
            var published = version is { } given ? Replace(unfinished, PathOf(given)) : MoveToNext(unfinished);
            if (keep_versions is { } count) RemoveOldest(count, published);
            return published;
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    IEnumerable<(long Number, string Path)> Numbered() => Directory.Exists(_folder) ? In(_folder) : [];

    /// <summary>The version folders in a folder; of two names for one number ("1", "01"), the shorter counts.</summary>
    /// <exception cref="IOException">The folder is not there, or cannot be read.</exception>
    internal static IEnumerable<(long Number, string Path)> In(string folder) => Directory.EnumerateDirectories(folder)
        .Select(path => (IsNumber: long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number), Number: number, Path: path))
        .Where(v => v.IsNumber).OrderBy(v => v.Path.Length).DistinctBy(v => v.Number).Select(v => (v.Number, v.Path));

    static string Replace(string unfinished, string target)
    {
        if (!Directory.Exists(target)) Directory.Move(unfinished, target);
        else AtomicFolder.Write(target, folder =>
        {
            Directory.Delete(folder);
            Directory.Move(unfinished, folder);
        });
        return target;
    }

    /// <summary>Publishes under the next number, or the one after if another process took that meanwhile.</summary>
    string MoveToNext(string unfinished)
    {
        for (var next = (Latest ?? 0) + 1; ; next++)
        {
            var target = Path.Combine(_folder, next.ToString(CultureInfo.InvariantCulture));
            try
            {
                Directory.Move(unfinished, target);
                return target;
            }
            catch (IOException) when (Directory.Exists(target) && Directory.Exists(unfinished))
            {
                // Taken by another process meanwhile.
            }
        }
    }

    /// <summary>Removes the oldest versions, by a rename first, so that no server reads half of one.</summary>
    void RemoveOldest(int kept, string published)
    {
        foreach (var (_, path) in Numbered().OrderByDescending(v => v.Number).Skip(kept).Where(v => v.Path != published).ToArray())
            UnlessHeld(() =>
            {
                var removed = Path.Combine(_folder, $"{Removed}{Guid.NewGuid():N}");
                Directory.Move(path, removed);
                Directory.Delete(removed, recursive: true);
            });
    }

    /// <summary>Removes an old version; if it is in use, a later publication removes it.</summary>
    static void UnlessHeld(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is open elsewhere, or another process was faster.
        }
    }

    /// <summary>Removes what interrupted publications left behind.</summary>
    void RemoveAbandoned()
    {
        foreach (var folder in new DirectoryInfo(_folder).EnumerateDirectories(".*").Where(f => f.Name.TrimStart('.').StartsWith(Unfinished[1..], StringComparison.Ordinal) || f.Name.StartsWith(Removed, StringComparison.Ordinal)).ToArray())
            if (folder.Exists && DateTime.UtcNow - folder.LastWriteTimeUtc > Abandoned) UnlessGone(() => folder.Delete(recursive: true));
    }

    static void UnlessGone(Action remove)
    {
        try
        {
            remove();
        }
        catch (DirectoryNotFoundException)
        {
            // Another process was faster.
        }
    }
}
