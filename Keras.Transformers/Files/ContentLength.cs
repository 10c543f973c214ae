namespace Keras.Transformers;

/// <summary>The length of a file's content; for a link, as in the hub's cache, <see cref="FileInfo.Length"/> would be that of the link itself.</summary>
static class ContentLength
{
    /// <summary>Whether the file has content: to <see cref="File.Exists"/> a dangling link is a file.</summary>
    public static bool Exists(string path) => new FileInfo(path) is { Exists: true } file && (file.LinkTarget is null || (Target(path) is { } target && File.Exists(target)));

    /// <summary>The file that a link finally leads to, or the path itself if it is not a link; null for links in a circle.</summary>
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
