using System.Runtime.InteropServices;

namespace Keras.Files;

/// <summary>System calls that .NET lacks: making a folder's entries durable and swapping two folders in one step.</summary>
static partial class FileSystemCalls
{
    const int AtCurrentFolder = -100;
    const uint Exchange = 2;

    /// <summary>Flushes a folder, so that the names in it survive a power cut; Windows cannot.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = open(folder, flags: 0);
        if (descriptor < 0) return;
        // Network file systems cannot flush a folder; the names are then as durable as possible.
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    /// <summary>Swaps two files or folders of one file system atomically; false where the system cannot.</summary>
    public static bool TryExchange(string a, string b)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return renameat2(AtCurrentFolder, a, AtCurrentFolder, b, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}
