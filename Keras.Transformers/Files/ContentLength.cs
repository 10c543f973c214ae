namespace Keras.Transformers;

/// <summary>The length of a file's content; for a link, as in the hub's cache, <see cref="FileInfo.Length"/> would be that of the link itself.</summary>
static class ContentLength
{
    /// <summary>Whether the file has content; <see cref="File.Exists"/> is also true for a dangling link.</summary>
    public static bool Exists(string path) => new FileInfo(path) is { Exists: true } file && (file.LinkTarget is null || (Target(path) is { } target && File.Exists(target)));

    /// <summary>The final target of a link, or the path itself if it is not a link; null for circular links.</summary>
    public static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static long Of(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.GetLength(handle);
    }
}
