using Keras.Checkpoints;
using Keras.Transformers;

namespace Keras.Fuzz;

/// <summary>Targets for the readers of data files, one for each format: reads all rows to their last value.</summary>
static class DatasetTargets
{
    /// <summary>The maximum number of rows whose values are read; null columns take no bytes, however many rows they claim.</summary>
    const int MostRows = 2000;

    /// <summary>The allowed memory; readers allocate in chunks, and columns for a thousand rows.</summary>
    const long Memory = 32 << 20;

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        // Nearly all changed records would fail their checksum before their content is read, so the checksums are fixed here.
        new("tfexample", "fuzz.example", ReadExample) { Memory = Memory },
        new("arrow", "fuzz.arrow", path => ReadAll(Dataset.from_file(path))) { Memory = Memory },
        .. ReaderFormats.All.Where(f => f.Name is "csv" or "json" or "parquet" or "tfrecord" or "text")
            .Select(f => new FuzzTarget(f.Name == "json" ? "jsonl" : f.Name, $"fuzz{f.Extensions[0]}", path => ReadAll(Datasets.load_dataset(f.Name, split: "train", data_files: path, keep_in_memory: true))) { Memory = Memory }),
    ];

    static void ReadExample(string path)
    {
        var file = $"{path}.tfrecord";
        using (var stream = File.Create(file)) TfRecordFile.Write(stream, File.ReadAllBytes(path));
        ReadAll(Datasets.load_dataset("tfrecord", split: "train", data_files: file, keep_in_memory: true));
    }

    static void ReadAll(Dataset data)
    {
        var rows = data.take(MostRows);
        foreach (var row in rows)
            foreach (var _ in row) { }
        var all = rows[..];
        _ = all.num_rows;
    }
}
