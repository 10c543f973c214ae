namespace Keras.Saving;

/// <summary>The framework whose names and layouts a weight file uses.</summary>
enum WeightNaming
{
    /// <summary>PyTorch's: <c>bert.encoder.layer.0.output.dense.weight</c>, dense kernels as (O, I).</summary>
    PyTorch,
    /// <summary>TensorFlow's, without the model's name: <c>bert/encoder/layer_._0/output/dense/kernel:0</c>, dense kernels as (I, O).</summary>
    TensorFlow,
}

/// <summary>Tensors by name from a weight file or its shards, in any format; each is read only when requested.</summary>
abstract class WeightSource : IDisposable
{
    /// <summary>The formats by file extension.</summary>
    static readonly (string Ending, Func<string, WeightSource> Open)[] Formats =
    [
        (".safetensors", SafetensorsFile.Open),
        (".h5", H5WeightFile.Open),
        (".bin", TorchWeightFile.Open),
        (".json", WeightIndex.Open),
    ];

    /// <summary>Opens a weight file, or the index of its shards; the extension determines the format.</summary>
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

    /// <summary>The framework whose names and layouts the tensors use.</summary>
    public abstract WeightNaming Naming { get; }

    /// <summary>The file's metadata, such as format: pt, tf, mlx; for shards, the first value of each key.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Every tensor by its name.</summary>
    public abstract IReadOnlyDictionary<string, WeightEntry> Entries { get; }

    /// <summary>Gets a tensor's bytes in place in the mapped file; valid until this object is disposed.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="UnsupportedException">The tensor is too large for a span, or not contiguous.</exception>
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

    /// <summary>Gets a tensor's bytes as memory that stays valid after this object is disposed; writing to it does not change the file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public HostMemory GetMemory(string name) => Find(name).GetMemory();

    WeightEntry Find(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new KeyNotFoundException($"No tensor '{name}' in '{Location}'.");

    /// <summary>Closes the memory maps; memory already returned stays valid until it is itself disposed.</summary>
    public abstract void Dispose();
}
