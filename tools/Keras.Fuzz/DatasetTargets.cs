using Keras.Checkpoints;
using Keras.Transformers;

namespace Keras.Fuzz;

/// <summary>The readers of data files, one for each format: all rows are read to their last value.</summary>
static class DatasetTargets
{
    /// <summary>Rows in which every value is read; columns of nothing take no bytes, however many rows they say they have.</summary>
    const int MostRows = 2000;

    /// <summary>Readers allocate in pieces, and columns for a thousand rows each.</summary>
    const long Memory = 32 << 20;

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        // Checksums refuse nearly all changed records before their content is looked at: here they are right.
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
