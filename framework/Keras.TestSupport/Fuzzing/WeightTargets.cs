using Keras.Saving;

namespace Keras.Fuzz;

/// <summary>The readers of weights.</summary>
static class WeightTargets
{
    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("safetensors", "fuzz.safetensors", ReadWeights),
        new("index", "fuzz.index.json", ReadIndex),
        new("h5", "fuzz.h5", ReadTree),
        new("tf_h5", "fuzz.h5", ReadWeights),
        new("torch", "fuzz.bin", ReadWeights),
    ];

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
