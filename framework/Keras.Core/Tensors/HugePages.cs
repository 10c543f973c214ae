using System.Runtime.InteropServices;

namespace Keras;

/// <summary>Has large blocks backed by pages of 2 MB on Linux: their first touch is then up to thirty times cheaper than by pages of 4 KB.</summary>
static unsafe partial class HugePages
{
    const int Size = 2 << 20;
    const int UseHugePages = 14;
    const string NeverOvercommit = "2";

    /// <summary>Whether the kernel gives huge pages where a program asks for them, and memory may be reserved that is never touched.</summary>
    public static bool OnRequest { get; } = OperatingSystem.IsLinux()
        && Setting("/sys/kernel/mm/transparent_hugepage/enabled").Contains("[madvise]", StringComparison.Ordinal)
        && Setting("/proc/sys/vm/overcommit_memory").Trim() != NeverOvercommit;

    /// <summary>The alignment that a block of this length should have.</summary>
    public static int AlignmentFor(long length, int least) => OperatingSystem.IsLinux() && length >= 2 * Size ? Size : least;

    /// <summary>Asks for huge pages; a system that has none goes on with small ones.</summary>
    public static void Advise(byte* address, long length)
    {
        if (!OperatingSystem.IsLinux() || length < 2 * Size) return;
        var start = FirstPage(address);
        _ = madvise((byte*)start, (nuint)address + (nuint)length - start, UseHugePages);
    }

    /// <summary>Has a block's pages made by another thread, from its start on, while this one does something else.</summary>
    /// <remarks>
    /// A page costs most at its first touch: the kernel clears it, and a virtual machine gets it from its host only then. Values stay as they are, so the block
    /// may be in use already. Not by madvise's MADV_POPULATE_WRITE: while it runs, nobody else maps memory, and .NET does for each method that it compiles.
    /// </remarks>
    public static void TouchInBackground(byte* address, long length)
    {
        if (!OperatingSystem.IsLinux()) return;
        var (from, end) = (FirstPage(address), (nuint)address + (nuint)length);
        void Touch()
        {
            for (var page = from; page + sizeof(int) <= end; page += Size) Interlocked.Or(ref *(int*)page, 0);
        }
        new Thread(Touch) { IsBackground = true, Name = "first touch of memory" }.Start();
    }

    /// <summary>Where the first huge page begins that lies in the block whole.</summary>
    static nuint FirstPage(byte* address) => ((nuint)address + Size - 1) / Size * Size;

    static string Setting(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);
}
