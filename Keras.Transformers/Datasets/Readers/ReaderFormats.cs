namespace Keras.Transformers;

/// <summary>The formats of data files, by <c>datasets</c>' names.</summary>
static class ReaderFormats
{
    /// <param name="Name">The name.</param>
    /// <param name="Extensions">The extensions of its files.</param>
    /// <param name="Open">Makes readers of the files of a split; the second list has the files of all splits.</param>
    internal sealed record Format(string Name, string[] Extensions, Func<string[], string[], ReaderOptions, IEnumerable<RowReader>> Open)
    {
        /// <summary>The names of files with metadata about the others.</summary>
        public string[] Beside { get; init; } = [];

        /// <summary>Whether folders and metadata files describe the others, as for pictures.</summary>
        public bool IsFolderBased => Beside.Length > 0;

        public bool Takes(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant()) || Beside.Contains(Path.GetFileName(path));
    }

    public static readonly Format[] All =
    [
        Each("csv", [".csv", ".tsv"], (path, o) => new CsvFileReader(path, path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) && o.Separator == ',' ? '\t' : o.Separator, o.ColumnNames)),
        Each("json", [".json", ".jsonl", ".ndjson"], (path, o) => new JsonFileReader(path, o.Field)),
        Each("parquet", [".parquet"], (path, _) => new ParquetFileReader(path)),
        Each("arrow", [".arrow"], (path, _) => new ArrowFileReader(path)),
        Each("tfrecord", [".tfrecord", ".tfrecords"], (path, _) => new TfRecordReader(path)),
        Each("text", [".txt"], (path, o) => new TextFileReader(path, o.SampleBy, o.KeepLinebreaks)),
        new("imagefolder", ImageFolderReader.Extensions, (files, all, o) => [new ImageFolderReader(files, all, o)]) { Beside = ImageMetadata.Names },
    ];

    public static Format? Find(string name) => Array.Find(All, f => f.Name == name);

    public static Format? OfFile(string path) => Array.Find(All, f => f.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant()));

    static Format Each(string name, string[] extensions, Func<string, ReaderOptions, RowReader> open) => new(name, extensions, (files, _, options) => files.Select(f => open(f, options)));
}
