using System.Diagnostics;
using Keras.Saving;

namespace Keras.Fuzz;

/// <summary>A reader under test: whatever the bytes, it reads a file to its last element or refuses it by a typed error that says where, soon, and without much memory.</summary>
/// <param name="Name">What is read.</param>
/// <param name="Ending">The ending of file names.</param>
/// <param name="Read">Opens the file and reads everything that it holds.</param>
sealed record FuzzTarget(string Name, string Ending, Action<string> Read)
{
    /// <summary>Managed bytes for each byte of a file, and for any file: objects that stand for the smallest parts of a file are larger than those.</summary>
    const long MemoryPerByte = 64, Memory = 1 << 20;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("safetensors", ".safetensors", ReadWeights),
        new("index", ".index.json", ReadIndex),
        new("h5", ".h5", ReadTree),
        new("tf_h5", ".h5", ReadWeights),
        new("torch", ".bin", ReadWeights),
    ];

    /// <summary>One try; null when the reader did well, else what it did, and whether it read the file or refused it.</summary>
    public (bool WasRead, string? Fault) Try(string path, byte[] bytes)
    {
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
            if (e is not (FileFormatException or UnsupportedException)) fault = $"another error: {e}";
            else if (e.Where?.Contains(Path.GetFileName(path), StringComparison.Ordinal) != true) fault = $"an error that does not say where: {e.Message}";
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

    static void ReadWeights(string path)
    {
        using var source = WeightSource.OpenFile(path);
        foreach (var entry in source.Entries.Values)
            using (var memory = entry.GetMemory()) Touch(memory);
    }

    /// <summary>An index names files that are not there, at best; so it is refused always, but by the right error.</summary>
    static void ReadIndex(string path)
    {
        using var source = WeightIndex.Open(path);
    }

    static void ReadTree(string path)
    {
        using var file = H5File.Open(path);
        Visit(file, file.Root, 0);
    }

    static void Visit(H5File file, H5Object found, int depth)
    {
        if (depth > H5File.Deepest) throw new FileFormatException("The groups lie too deep", found.Where);
        foreach (var attribute in found.Attributes.Values)
            if (attribute.Type.Text) attribute.Texts(file.Bytes);
        if (found.IsDataset)
        {
            if (found.Dataset.Type.DType is not { } dtype) return;
            using var memory = file.Entry(found, dtype, found.Path).GetMemory();
            Touch(memory);
            return;
        }
        foreach (var child in found.Children.Values) Visit(file, child, depth + 1);
    }

    static unsafe void Touch(HostMemory memory)
    {
        var sum = 0;
        for (var i = 0L; i < memory.Length; i++) sum += memory.Address[i];
        GC.KeepAlive(sum);
    }
}
