namespace Keras.Saving;

/// <summary>One safetensors file, mapped copy-on-write.</summary>
sealed class SafetensorsFile : WeightSource
{
    /// <summary>The file name of a checkpoint in one file.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>The file name of the index of a checkpoint in several files.</summary>
    public const string IndexName = "model.safetensors.index.json";

    readonly Files.MappedFile _map;

    SafetensorsFile(string path, Files.MappedFile map, SafetensorsHeader header)
    {
        _map = map;
        Location = path;
        Metadata = header.Metadata;
        Entries = header.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.In(path, map));
    }

    /// <summary>Maps a file and checks its whole header, without reading tensors.</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else; the message names every invalid tensor.</exception>
    /// <exception cref="UnsupportedException">A tensor's type is not supported.</exception>
    /// <exception cref="IOException">The file is missing or cannot be mapped.</exception>
    public static SafetensorsFile Open(string path)
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
    public override WeightNaming Naming => Metadata.GetValueOrDefault("format") == "tf" ? WeightNaming.TensorFlow : WeightNaming.PyTorch;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, WeightEntry> Entries { get; }

    /// <inheritdoc/>
    public override void Dispose() => _map.Dispose();
}
