namespace Keras.Saving;

/// <summary>Whose names and layouts a file of weights uses.</summary>
enum WeightNaming
{
    /// <summary>PyTorch's: <c>bert.encoder.layer.0.output.dense.weight</c>, dense kernels as (O, I).</summary>
    PyTorch,
    /// <summary>TensorFlow's, without the model's name: <c>bert/encoder/layer_._0/output/dense/kernel:0</c>, dense kernels as (I, O).</summary>
    TensorFlow,
}

/// <summary>Tensors by name, out of one file of weights or out of its shards, whatever the format; nothing is read before it is asked for.</summary>
abstract class WeightSource : IDisposable
{
    /// <summary>The formats by the ending of a file's name.</summary>
    static readonly (string Ending, Func<string, WeightSource> Open)[] Formats =
    [
        (".safetensors", SafetensorsFile.Open),
        (".h5", H5WeightFile.Open),
        (".bin", TorchWeightFile.Open),
        (".json", WeightIndex.Open),
    ];

    /// <summary>Opens a file of weights, or the index of its shards; the format follows from the name.</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else.</exception>
    /// <exception cref="UnsupportedException">The format, or the type of a tensor, is not supported.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WeightSource OpenFile(string path)
    {
        foreach (var (ending, open) in Formats)
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return open(path);
        throw new UnsupportedException("A file of weights has an unknown ending", path, string.Join(", ", Formats.Select(f => f.Ending)), Path.GetFileName(path), "Give the file the ending of its format.");
    }

    /// <summary>The path that was opened.</summary>
    public abstract string Location { get; }

    /// <summary>Whose names and layouts the tensors use.</summary>
    public abstract WeightNaming Naming { get; }

    /// <summary>The file's own remarks, such as format: pt, tf, mlx; of shards, what the first that says it says.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Every tensor by its name.</summary>
    public abstract IReadOnlyDictionary<string, WeightEntry> Entries { get; }

    /// <summary>A tensor's bytes where they lie in the file; valid until this object is disposed.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="UnsupportedException">The tensor is larger than a span can be, or does not lie in one piece.</exception>
    public unsafe ReadOnlySpan<byte> GetBytes(string name)
    {
        var entry = Find(name);
        entry.Map!.ThrowIfDisposed();
        if (entry.Decode is not null)
            throw new UnsupportedException("A tensor does not lie in one piece", $"{entry.File}, tensor '{name}'", "contiguous elements", "pieces", "Use GetMemory.");
        if (entry.Length > int.MaxValue)
            throw new UnsupportedException("A span cannot be this long", $"{entry.File}, tensor '{name}'", $"up to {int.MaxValue} bytes", $"{entry.Length} bytes", "Use GetMemory.");
        return new(entry.Map.Address + entry.Offset, (int)entry.Length);
    }

    /// <summary>A tensor's bytes as memory that stays valid after this object is disposed; writing to it changes no file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public HostMemory GetMemory(string name) => Find(name).GetMemory();

    WeightEntry Find(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new KeyNotFoundException($"No tensor '{name}' in '{Location}'.");

    /// <summary>Closes the memory maps; memory handed out stays valid until it is disposed itself.</summary>
    public abstract void Dispose();
}
