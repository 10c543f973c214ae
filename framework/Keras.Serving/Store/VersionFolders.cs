using Keras.Checkpoints;
using Keras.Export;
using Keras.SavedModelProtos;
using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>The folders of a model's versions.</summary>
static class VersionFolders
{
    /// <summary>Lists the versions in a base folder, newest first; of two names for one number the shorter counts.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<(long Version, string Folder)> List(string basePath) => [.. ModelVersions.In(basePath).OrderByDescending(v => v.Number)];

    /// <summary>The versions that a policy allows, newest first.</summary>
    public static IReadOnlyList<(long Version, string Folder)> Chosen(VersionPolicy policy, IReadOnlyList<(long Version, string Folder)> versions) =>
        policy.Specific is { } specific ? [.. versions.Where(v => specific.Contains(v.Version))] : versions;

    /// <summary>A stamp of the sizes and times of all files; while it stays the same, loading again is useless.</summary>
    public static string Stamp(string folder)
    {
        try
        {
            var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal);
            return string.Join('\n', files.Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Rejects an incompletely written folder, which would load but lack variables.</summary>
    /// <exception cref="FileFormatException">A file is missing or damaged.</exception>
    public static void RequireWhole(string folder, MetaGraphDef meta)
    {
        var file = Path.Combine(folder, SavedModelWriter.ModelFile);
        if (meta.SaverDef is not { RestoreOpName.Length: > 0 }) return;
        var index = TensorBundle.IndexFile(Path.Combine(folder, SavedModelWriter.VariablesPrefix));
        if (!File.Exists(index)) throw new FileFormatException("The model restores variables, but the folder holds none (yet)", file, index, "no such file", "If the folder is still being written, it is loaded when that is done.");
    }
}
