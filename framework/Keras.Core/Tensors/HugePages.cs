using System.Runtime.InteropServices;

namespace Keras;

/// <summary>Has large blocks backed by pages of 2 MB on Linux: their first touch is then up to thirty times cheaper than by pages of 4 KB.</summary>
static unsafe partial class HugePages
{
    const int Size = 2 << 20;
    const int UseHugePages = 14;

    /// <summary>The alignment that a block of this length should have.</summary>
    public static int AlignmentFor(long length, int least) => OperatingSystem.IsLinux() && length >= 2 * Size ? Size : least;

    /// <summary>Asks for huge pages; a system that has none goes on with small ones.</summary>
    public static void Advise(byte* address, long length)
    {
        if (OperatingSystem.IsLinux() && length >= 2 * Size) _ = madvise(address, (nuint)length, UseHugePages);
    }

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);
}
