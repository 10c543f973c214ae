using System.Runtime.InteropServices;

namespace Keras.Files;

/// <summary>System calls that .NET lacks: making a folder's entries durable, swapping two folders in one step, and giving back memory of mapped files.</summary>
static unsafe partial class FileSystemCalls
{
    const int AtCurrentFolder = -100;
    const uint Exchange = 2;
    const int NotNeeded = 4;

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

    /// <summary>Gives back the pages that lie wholly in a part of a mapped file; Windows cannot.</summary>
    public static void ForgetPages(byte* address, long length)
    {
        if (OperatingSystem.IsWindows()) return;
        var page = (nuint)Environment.SystemPageSize;
        var (start, end) = (((nuint)address + page - 1) / page * page, ((nuint)address + (nuint)length) / page * page);
        // A hint: where it is refused, the pages stay.
        if (start < end) _ = madvise((byte*)start, end - start, NotNeeded);
    }

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}
