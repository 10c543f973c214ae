namespace Keras.Saving;

/// <summary>Writes a safetensors checkpoint into a folder; see <see cref="WeightShards"/>.</summary>
static class SafetensorsShards
{
    /// <summary>Writes <c>model.safetensors</c>, or <c>model-00001-of-0000N.safetensors</c> and <c>model.safetensors.index.json</c>.</summary>
    /// <param name="folder">The folder; created if missing.</param>
    /// <param name="tensors">The tensors, put into shards in this order, as with a state_dict.</param>
    /// <param name="metadata">The metadata of every file, such as format: pt.</param>
    /// <param name="maxShardSize">The limit for the tensors of one file; a larger tensor gets a file of its own.</param>
    /// <param name="stem">The beginning of the names: model, adapter_model.</param>
    /// <param name="totalParameters">Written into the index if given, as transformers 4.57 and later do.</param>
    /// <returns>The names of the files written, the index last.</returns>
    /// <exception cref="ArgumentException">A name is used twice, reserved, or not valid Unicode; or the size is not positive.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; the old files are as they were.</exception>
    public static IReadOnlyList<string> Write(
        string folder, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata, MaxShardSize maxShardSize, string stem = "model", long? totalParameters = null) =>
        WeightShards.Write(folder, tensors, Format(stem, metadata), maxShardSize, totalParameters);

    /// <summary>The naming and writing of safetensors files.</summary>
    public static ShardFormat Format(string stem, IReadOnlyDictionary<string, string>? metadata) =>
        new(stem, ".safetensors", (set, path, shard) => SafetensorsWriter.Add(set, path, shard, metadata));
}
