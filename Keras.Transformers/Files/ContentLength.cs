namespace Keras.Transformers;

/// <summary>The length of a file's content; <see cref="FileInfo.Length"/> of a link, as the hub's cache has them, is that of the link itself.</summary>
static class ContentLength
{
    public static long Of(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.GetLength(handle);
    }
}
