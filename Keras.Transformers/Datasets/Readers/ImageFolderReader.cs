namespace Keras.Transformers;

/// <summary>Reads pictures as a column of paths, with columns from metadata files or with folders as labels.</summary>
/// <remarks>Source: Hugging Face <c>datasets</c>, folder_based_builder.py.</remarks>
sealed class ImageFolderReader : RowReader
{
    readonly string[] _pictures;
    readonly ClassLabel? _labels;
    readonly ImageMetadata? _metadata;

    /// <param name="files">The pictures and files of metadata.</param>
    /// <param name="all">The files of all splits, which share labels.</param>
    /// <param name="options">drop_labels: null to use labels if there is no metadata and there are several folders at one depth. drop_metadata: null for false.</param>
    /// <exception cref="FileFormatException">Another split has metadata, but this one has none.</exception>
    public ImageFolderReader(string[] files, string[] all, ReaderOptions options) : base(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(files[0]))!)
    {
        _pictures = [.. files.Where(f => !ImageMetadata.Is(f))];
        string[] described = [.. files.Where(ImageMetadata.Is)];
        var anyDescribed = all.Any(ImageMetadata.Is);
        if (anyDescribed && options.DropMetadata is not true)
            _metadata = described.Length > 0 ? new(described) : throw new FileFormatException("Pictures of one split have metadata, and those of another have none", Path, Known.List(ImageMetadata.Names), null, "Add such a file to each split, or leave metadata out (drop_metadata: true).");
        string[] pictures = [.. all.Where(f => !ImageMetadata.Is(f)).Select(System.IO.Path.GetFullPath)];
        string[] names = [.. pictures.Select(FolderOf).Distinct().Order(StringComparer.Ordinal)];
        var isLabelled = options.DropLabels is { } drop ? !drop : !anyDescribed && names.Length > 1 && pictures.Select(Depth).Distinct().Count() == 1;
        if (isLabelled) _labels = new(names: names);
    }

    public static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    public override Features Infer(int? rows, CancellationToken cancellation)
    {
        var features = new Features { ["image"] = new Image() };
        if (_labels is not null) features["label"] = _labels;
        foreach (var (name, feature) in _metadata?.Infer(rows, cancellation) ?? [])
        {
            if (features.ContainsKey(name))
                throw new FileFormatException("A column of the metadata has the name of one of the pictures' own columns", Path, $"other columns than {Known.List(features.Keys)}", name, name == "label" ? "Rename the column, or leave the labels of folders out (drop_labels: true)." : "Rename the column.");
            features.Add(name, feature);
        }
        return features;
    }

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation)
    {
        // Whether the other columns match the metadata is checked when it is read.
        string[] own = _labels is null ? ["image"] : ["image", "label"];
        if (!own.All(features.ContainsKey) || _metadata is null && own.Length != features.Count) throw new ArgumentException($"features names other columns. Expected: {Known.List(own)}. Received: {Known.List(features.Keys)}.", nameof(features));
        return _metadata is null ? InBatches(features, _pictures, (builders, file, _) => Append(features, builders, file), cancellation) : Described(features, cancellation);
    }

    IEnumerable<DatasetBatch> Described(Features features, CancellationToken cancellation)
    {
        foreach (var (paths, batch) in _metadata!.Read(new(features.Where(c => c.Key != "image" && (c.Key != "label" || _labels is null))), cancellation))
        {
            ColumnBuilder[] builders = [.. features.Select(c => new ColumnBuilder(c.Value, c.Key))];
            foreach (var path in paths) Append(features, builders, path);
            yield return new(features, [.. builders.Select((b, i) => batch.features.ContainsKey(features.NameAt(i)) ? batch.Data[batch.features.IndexOf(features.NameAt(i))] : b.Build())], batch.num_rows);
        }
    }

    void Append(Features features, ColumnBuilder[] builders, string file)
    {
        builders[features.IndexOf("image")].AppendObject(System.IO.Path.GetFullPath(file));
        if (_labels is not null) builders[features.IndexOf("label")].AppendObject((long)_labels.str2int(FolderOf(file)));
    }

    static int Depth(string path) => path.AsSpan().Count(System.IO.Path.DirectorySeparatorChar);

    static string FolderOf(string file) => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);
}
