using Keras.Files;
using Keras.Saving;

namespace Keras.Transformers;

public sealed partial class Dataset
{
    internal DatasetFormat Format => _format;

    /// <summary>Writes the data set into a folder that Python's <c>load_from_disk</c> reads too, completely or not at all. For a selection, only the selected rows are written, in order.</summary>
    /// <param name="dataset_path">The folder; its content is replaced.</param>
    /// <param name="max_shard_size">The largest size of a file, about: "500MB" (default), "2GB".</param>
    /// <param name="num_shards">The number of files instead.</param>
    /// <param name="cancellation_token">Cancels between batches; the folder is as it was.</param>
    /// <exception cref="ArgumentException">Both max_shard_size and num_shards are given.</exception>
    /// <exception cref="IOException">The folder cannot be written; it is as it was.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public void save_to_disk(string dataset_path, MaxShardSize? max_shard_size = null, int? num_shards = null, CancellationToken cancellation_token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataset_path);
        if (max_shard_size is not null && num_shards is not null) throw new ArgumentException("Both max_shard_size and num_shards are given. Give one of them.", nameof(num_shards));
        if (num_shards is { } count) Require.Count(1, count, nameof(num_shards));
        AtomicFolder.Write(dataset_path, folder => DatasetFolder.Write(folder, this, max_shard_size, num_shards, cancellation_token));
    }

    /// <summary>Loads a folder written by <see cref="save_to_disk"/>; its files stay memory-mapped.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileFormatException">The folder is damaged, or holds several splits.</exception>
    public static Dataset load_from_disk(string dataset_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataset_path);
        return DatasetFolder.Read(dataset_path);
    }

    /// <summary>Loads an Arrow file, in the stream or file format, which stays memory-mapped.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static Dataset from_file(string filename)
    {
        ArgumentException.ThrowIfNullOrEmpty(filename);
        return new(ArrowFile.Open(filename), Fingerprints.OfFiles("arrow", [filename]), Path.GetDirectoryName(Path.GetFullPath(filename)));
    }
}
