namespace Keras.Transformers;

/// <summary>The length of a file's content; <see cref="FileInfo.Length"/> of a link, as the hub's cache has them, is that of the link itself.</summary>
static class ContentLength
{
    /// <summary>Whether there is a content: to <see cref="File.Exists"/> a link that leads nowhere is a file.</summary>
    public static bool Exists(string path) => new FileInfo(path) is { Exists: true } file && (file.LinkTarget is null || (Target(path) is { } target && File.Exists(target)));

    /// <summary>Where a link leads at last, the path itself where it is none; null where it leads in circles.</summary>
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
