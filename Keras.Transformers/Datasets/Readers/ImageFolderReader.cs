namespace Keras.Transformers;

/// <summary>Pictures as a column of paths; where they lie in several folders, these are their labels.</summary>
sealed class ImageFolderReader : RowReader
{
    static readonly string[] Metadata = ["metadata.csv", "metadata.jsonl", "metadata.parquet"];

    readonly string[] _files;
    readonly ClassLabel? _labels;

    /// <param name="files">The pictures.</param>
    /// <param name="all">The pictures of all splits, which share their labels.</param>
    /// <exception cref="UnsupportedException">A file of metadata lies beside the pictures.</exception>
    public ImageFolderReader(string[] files, string[] all) : base(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(files[0]))!)
    {
        _files = files;
        foreach (var folder in all.Select(f => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(f))!).Distinct())
            foreach (var name in Metadata)
                if (File.Exists(System.IO.Path.Combine(folder, name)))
                    throw new UnsupportedException("Metadata beside pictures are not read", System.IO.Path.Combine(folder, name), "pictures in folders named by their labels", name, "Read the metadata with load_dataset(\"csv\", ...) and cast_column the column of paths to Image.");
        string[] names = [.. all.Select(FolderOf).Distinct().Order(StringComparer.Ordinal)];
        _labels = names.Length > 1 ? new(names: names) : null;
    }

    public static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    public override Features Infer(int? rows, CancellationToken cancellation)
    {
        var features = new Features { ["image"] = new Image() };
        if (_labels is not null) features["label"] = _labels;
        return features;
    }

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation) =>
        InBatches(features, _files, (builders, file, _) =>
        {
            builders[features.IndexOf("image")].AppendObject(System.IO.Path.GetFullPath(file));
            if (_labels is not null && features.ContainsKey("label")) builders[features.IndexOf("label")].AppendObject((long)_labels.str2int(FolderOf(file)));
        }, cancellation);

    static string FolderOf(string file) => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);
}
