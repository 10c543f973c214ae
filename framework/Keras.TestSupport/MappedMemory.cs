using System.Globalization;

namespace Keras.Tests;

/// <summary>What Linux says of files that this process has mapped.</summary>
static class MappedMemory
{
    /// <summary>Bytes of a mapped file that count as memory of this process; null where it is not mapped.</summary>
    public static long? ResidentOf(string path)
    {
        var lines = File.ReadAllLines("/proc/self/smaps");
        var at = Array.FindIndex(lines, line => line.EndsWith(path, StringComparison.Ordinal));
        if (at < 0) return null;
        var resident = lines.Skip(at).First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return 1024 * long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
