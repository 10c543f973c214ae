using System.Runtime.InteropServices;

namespace Keras;

/// <summary>Tells Linux and macOS how a part of memory will be used; a hint that the system may refuse. Windows has no such call.</summary>
static unsafe partial class MemoryAdvice
{
    /// <summary>Whole pages leave the process's memory; those of a mapped file are read from it again.</summary>
    public const int NotNeeded = 4;

    /// <summary>Linux: to be backed by pages of 2 MB.</summary>
    public const int UseHugePages = 14;

    /// <summary>Gives advice on memory that begins with a page.</summary>
    public static void Give(byte* address, nuint length, int advice) => _ = madvise(address, length, advice);

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);
}
