using System.IO.Enumeration;

namespace Keras.Transformers;

/// <summary>Goes through folders of the cache. Links to folders are not followed: they may lead anywhere, or in circles.</summary>
static class CacheTree
{
    /// <summary>The paths of all files, and of links to files, below a folder; none where there is no such folder.</summary>
    public static IEnumerable<string> Files(string folder) => !Directory.Exists(folder) ? [] : new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
    {
        ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
    };

    /// <summary>The files of a folder by their paths in it, with "/".</summary>
    public static IEnumerable<string> Names(string folder) => Files(folder).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'));

    /// <summary>Whether a path is a link, wherever it leads.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
