namespace Keras.Files;

/// <summary>Replaces a folder as a whole or not at all: its files are written into a hidden sibling that then takes its place.</summary>
/// <remarks>
/// On Linux the swap is one atomic step. Elsewhere it is two renames; a process killed exactly between them leaves the
/// old folder under a hidden name, and the next write puts it back first. A link to a folder is followed.
/// </remarks>
static class AtomicFolder
{
    /// <summary>Replaces a folder with what <paramref name="write"/> puts into the folder that it is given.</summary>
    /// <param name="path">The folder; it need not exist. Everything in it is removed.</param>
    /// <param name="write">Gets the path of an empty folder and writes the files into it.</param>
    /// <exception cref="IOException">The disk is full or cannot be written; the old folder is as it was.</exception>
    public static void Write(string path, Action<string> write)
    {
        var target = Resolve(path);
        if (File.Exists(target)) throw new IOException($"A file is in the way of the folder '{target}'.");
        var parent = Path.GetDirectoryName(target) ?? throw new IOException($"The root '{target}' cannot be replaced.");
        Directory.CreateDirectory(parent);
        TemporaryName.CleanUp(target);

        var (temporary, guard) = TemporaryName.Create(target, TemporaryName.LockSuffix);
        using var _ = guard;
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            Flush(temporary);
            if (!OperatingSystem.IsWindows() && Directory.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            Swap(temporary, target);
            FileSystemCalls.FlushFolder(parent);
        }
        finally
        {
            Remove(temporary);
            Remove(TemporaryName.OldOf(temporary));
            File.Delete(temporary + TemporaryName.LockSuffix);
        }
    }

    static string Resolve(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Directory.Exists(full) && Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }

    static void Flush(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }
        foreach (var inner in Directory.EnumerateDirectories(folder)) Flush(inner);
        FileSystemCalls.FlushFolder(folder);
    }

    static void Swap(string temporary, string target)
    {
        if (FileSystemCalls.TryExchange(temporary, target)) return;
        if (Directory.Exists(target))
            SwapByTwoRenames(temporary, target);
        else
            Directory.Move(temporary, target);
    }

    internal static void SwapByTwoRenames(string temporary, string target)
    {
        var old = TemporaryName.OldOf(temporary);
        Directory.Move(target, old);
        try
        {
            Directory.Move(temporary, target);
        }
        catch
        {
            Directory.Move(old, target);
            throw;
        }
    }

    static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The new folder is in place, or an error is being thrown; the next write of this target cleans up.
        }
    }
}
