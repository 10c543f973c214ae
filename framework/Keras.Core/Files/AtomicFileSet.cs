using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Keras.Files;

/// <summary>Writes several files under temporary names and renames them together; until then the old ones are untouched.</summary>
/// <remarks>
/// Files are renamed in the order of writing, so write last the one that makes the others visible (an index of shards).
/// A symbolic link at a target is replaced by a file; its own target is left alone; an existing file's Unix permissions are kept.
/// </remarks>
sealed class AtomicFileSet : IDisposable
{
    readonly List<PendingFile> _pending = [];
    readonly List<string> _deletions = [];

    sealed record PendingFile(string Target, string Temporary, SafeFileHandle Guard);

    /// <summary>Writes one file under a temporary name and flushes it to the disk.</summary>
    /// <param name="path">Where it will be after <see cref="Commit"/>; missing folders are made.</param>
    /// <param name="write">Writes the content; may seek, and may close the stream.</param>
    /// <param name="expectedLength">Bytes to reserve, so that a full disk is noticed at once; 0 if unknown.</param>
    /// <exception cref="IOException">The disk is full or cannot be written; the old file is as it was.</exception>
    public void Write(string path, Action<Stream> write, long expectedLength = 0)
    {
        var target = Path.GetFullPath(path);
        if (Directory.Exists(target)) throw new IOException($"A folder is in the way of the file '{target}'.");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        TemporaryName.CleanUp(target);

        var (temporary, guard) = TemporaryName.Create(target, expectedLength: expectedLength);
        _pending.Add(new(target, temporary, guard));
        using (var stream = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, TemporaryName.GuardShare))
            write(stream);
        if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(guard, File.GetUnixFileMode(target));
        RandomAccess.FlushToDisk(guard);
    }

    /// <summary>Writes this text as one file in UTF-8 without a byte order mark, as <see cref="Write"/> does.</summary>
    public void WriteAllText(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(path, stream => stream.Write(bytes), bytes.Length);
    }

    /// <summary>Marks a file for removal at the end of <see cref="Commit"/>, if it exists.</summary>
    public void Delete(string path) => _deletions.Add(Path.GetFullPath(path));

    /// <summary>Renames every file into its place.</summary>
    public void Commit()
    {
        var folders = new HashSet<string>();
        while (_pending is [var file, ..])
        {
            File.Move(file.Temporary, file.Target, overwrite: true);
            file.Guard.Dispose();
            _pending.RemoveAt(0);
            folders.Add(Path.GetDirectoryName(file.Target)!);
        }
        foreach (var path in _deletions) File.Delete(path);
        foreach (var folder in folders) FileSystemCalls.FlushFolder(folder);
    }

    /// <summary>Removes the files that were not committed.</summary>
    public void Dispose()
    {
        foreach (var file in _pending)
        {
            file.Guard.Dispose();
            try
            {
                File.Delete(file.Temporary);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The original error matters more; the next write of this target cleans up.
            }
        }
        _pending.Clear();
    }
}
