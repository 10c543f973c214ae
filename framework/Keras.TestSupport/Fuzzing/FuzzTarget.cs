using System.Diagnostics;

namespace Keras.Fuzz;

/// <summary>A reader under test: whatever the bytes, it reads a file to its last element or refuses it by a typed error that says where, soon, and without much memory.</summary>
/// <param name="Name">What is read.</param>
/// <param name="FileName">The name of the file.</param>
/// <param name="Read">Opens the file and reads everything that it holds.</param>
/// <param name="OwnError">What the reader may throw besides the errors of damaged and unsupported files; null for nothing.</param>
sealed record FuzzTarget(string Name, string FileName, Action<string> Read, Type? OwnError = null)
{
    /// <summary>Further files of the folder by name, which are whole.</summary>
    public (string Name, string Text)[] Beside { get; init; } = [];

    /// <summary>Whole files that are broken too, beside the real ones.</summary>
    public IReadOnlyList<byte[]> Made { get; init; } = [];

    /// <summary>Managed bytes for each byte of a file: objects that stand for the smallest parts of a file are larger than those.</summary>
    const long MemoryPerByte = 64;

    /// <summary>Managed bytes for any file, however short.</summary>
    public long Memory { get; init; } = 1 << 20;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>One try; null when the reader did well, else what it did, and whether it read the file or refused it.</summary>
    public (bool WasRead, string? Fault) Try(string folder, byte[] bytes)
    {
        foreach (var (name, text) in Beside)
            if (Path.Combine(folder, name) is var whole && !File.Exists(whole)) File.WriteAllText(whole, text);
        var path = Path.Combine(folder, FileName);
        // Some file systems flush a file that is written over, and not a new one.
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var (wasRead, fault) = (false, (string?)null);
        try
        {
            Read(path);
            wasRead = true;
        }
        catch (KerasException e)
        {
            if (e is not (FileFormatException or UnsupportedException) && e.GetType() != OwnError) fault = $"another error: {e}";
            else if (e.Where?.Contains(FileName, StringComparison.Ordinal) != true) fault = $"an error that does not say where: {e}";
        }
        catch (Exception e)
        {
            fault = e.ToString();
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > (bytes.Length * MemoryPerByte) + Memory) fault ??= $"{allocated} bytes allocated for a file of {bytes.Length}";
        if (watch.Elapsed > Longest) fault ??= $"{watch.Elapsed} for a file of {bytes.Length} bytes";
        return (wasRead, fault);
    }
}
