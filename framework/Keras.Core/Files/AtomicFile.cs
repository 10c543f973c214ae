using System.Text;

namespace Keras.Files;

/// <summary>Replaces a file as a whole or not at all: writes it under a temporary name in the same folder, flushes it to the disk, renames it.</summary>
/// <remarks>
/// After any failure the old file is intact and the temporary is gone; after a kill the temporary is ignored, and removed by the next write.
/// See <see cref="AtomicFileSet"/> for several files and <see cref="AtomicFolder"/> for a whole folder.
/// </remarks>
static class AtomicFile
{
    /// <summary>Replaces a file with what <paramref name="write"/> puts into the stream.</summary>
    /// <param name="path">The file; missing folders are made.</param>
    /// <param name="write">Writes the content; may seek, and may close the stream.</param>
    /// <param name="expectedLength">Bytes to reserve, so that a full disk is noticed at once; 0 if unknown.</param>
    /// <exception cref="IOException">The disk is full or cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write, long expectedLength = 0)
    {
        using var set = new AtomicFileSet();
        set.Write(path, write, expectedLength);
        set.Commit();
    }

    /// <summary>Replaces a file with these bytes.</summary>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span), bytes.Length);

    /// <summary>Replaces a file with this text in UTF-8 without a byte order mark.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
}
