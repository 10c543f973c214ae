namespace Keras.Saving;

/// <summary>Tensors by name, out of one safetensors file or out of the shards of a folder; nothing is read before it is asked for.</summary>
abstract class SafetensorsSource : IDisposable
{
    /// <summary>The name of a checkpoint in one file.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>The name of the index of a checkpoint in several files.</summary>
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>Opens a .safetensors file, an .index.json, or the folder that holds one or the other (the single file is preferred).</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else.</exception>
    /// <exception cref="UnsupportedException">A tensor's type is not supported.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsSource Open(string path)
    {
        if (!Directory.Exists(path)) return OpenFile(path);
        var candidates = new[] { FileName, IndexName }.Select(name => Path.Combine(path, name));
        return OpenFile(candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The folder '{path}' holds neither {FileName} nor {IndexName}."));
    }

    static SafetensorsSource OpenFile(string path) =>
        path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? SafetensorsIndex.Open(path) : SafetensorsFile.Open(path);

    /// <summary>What was opened.</summary>
    public abstract string Location { get; }

    /// <summary>The file's own remarks, such as format: pt, tf, mlx; of shards, what the first that says it says.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Every tensor by its name.</summary>
    public abstract IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>A tensor's bytes where they lie in the file; valid until this object is disposed.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="UnsupportedException">The tensor is larger than a span can be.</exception>
    public unsafe ReadOnlySpan<byte> GetBytes(string name)
    {
        var entry = Find(name);
        entry.Map!.ThrowIfDisposed();
        if (entry.Length > int.MaxValue)
            throw new UnsupportedException("A span cannot be this long", $"{entry.File}, tensor '{name}'", $"up to {int.MaxValue} bytes", $"{entry.Length} bytes", "Use GetMemory.");
        return new(entry.Map.Address + entry.Offset, (int)entry.Length);
    }

    /// <summary>A tensor's bytes as memory that stays valid after this object is disposed; writing to it changes no file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public HostMemory GetMemory(string name)
    {
        var entry = Find(name);
        return entry.Map!.View(entry.Offset, entry.Length);
    }

    SafetensorsEntry Find(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new KeyNotFoundException($"No tensor '{name}' in '{Location}'.");

    /// <summary>Gives up the maps; memory handed out keeps its own until it is disposed.</summary>
    public abstract void Dispose();
}

/// <summary>One safetensors file, mapped copy-on-write.</summary>
sealed class SafetensorsFile : SafetensorsSource
{
    readonly Files.MappedFile _map;

    SafetensorsFile(string path, Files.MappedFile map, SafetensorsHeader header)
    {
        _map = map;
        Location = path;
        Metadata = header.Metadata;
        Entries = header.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.In(path, map));
    }

    /// <summary>Maps a file and checks its whole header; no tensor is read.</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else; the message names every tensor that does not fit.</exception>
    /// <exception cref="UnsupportedException">A tensor's type is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public static new SafetensorsFile Open(string path)
    {
        var map = new Files.MappedFile(path);
        try
        {
            return new(path, map, SafetensorsHeader.Read(map, path));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <inheritdoc/>
    public override void Dispose() => _map.Dispose();
}
