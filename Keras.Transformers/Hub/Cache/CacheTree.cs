using System.IO.Enumeration;

namespace Keras.Transformers;

/// <summary>Walks folders of the cache without following links to folders, which may lead anywhere or be circular.</summary>
static class CacheTree
{
    /// <summary>The paths of all files, and of links to files, below a folder; none if there is no such folder.</summary>
    public static IEnumerable<string> Files(string folder) => !Directory.Exists(folder) ? [] : new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
    {
        ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
    };

    /// <summary>The relative paths of a folder's files, with "/".</summary>
    public static IEnumerable<string> Names(string folder) => Files(folder).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'));

    /// <summary>Whether a path is a link, wherever it leads.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
