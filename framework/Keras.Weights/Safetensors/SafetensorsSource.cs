namespace Keras.Saving;

/// <summary>Opens a safetensors checkpoint, in one file or in shards.</summary>
static class SafetensorsSource
{
    /// <summary>Opens a .safetensors file, an .index.json, or the folder that holds one or the other (the single file is preferred).</summary>
    /// <exception cref="FileFormatException">The file is damaged or something else.</exception>
    /// <exception cref="UnsupportedException">A tensor's type is not supported.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WeightSource Open(string path)
    {
        if (!Directory.Exists(path)) return OpenFile(path);
        var candidates = new[] { SafetensorsFile.FileName, SafetensorsFile.IndexName }.Select(name => Path.Combine(path, name));
        return OpenFile(candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The folder '{path}' holds neither {SafetensorsFile.FileName} nor {SafetensorsFile.IndexName}."));
    }

    static WeightSource OpenFile(string path) =>
        path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? WeightIndex.Open(path) : SafetensorsFile.Open(path);
}
