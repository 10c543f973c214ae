namespace Keras.Transformers;

/// <summary>The source of a job's rows: a file (.csv, .tsv, .json, .jsonl, .parquet, .arrow, .txt, .tfrecord), a folder of images or of data files, or a data set of the hub, "organisation/name" or "glue:cola".</summary>
sealed record JobData(string Source, string Option)
{
    /// <summary>The split to read if none is named.</summary>
    public const string Train = "train";

    /// <summary>The folder to which image paths in a table are relative.</summary>
    public string Folder => File.Exists(Source) ? Path.GetDirectoryName(Path.GetFullPath(Source))! : Source;

    (string Path, string? Name, DataFiles? Files) Place()
    {
        if (string.IsNullOrWhiteSpace(Source)) throw new JobOptionException(Option, "No data are named", "a file, a folder, or a data set of the hub", Known.Say(Source));
        if (File.Exists(Source))
            return (ReaderFormats.OfFile(Source) is { } format ? format.Name : throw new JobOptionException(Option, "The format of a data file does not follow from its name", Known.List(ReaderFormats.All.SelectMany(f => f.Extensions).Take(10)), Path.GetFileName(Source)), null, Source);
        if (Directory.Exists(Source)) return (Source, null, null);
        var parts = Source.Split(':', 2);
        if (RepoName.IsId(parts[0]) && !Path.HasExtension(Source) && !Path.IsPathRooted(Source)) return (parts[0], parts.ElementAtOrDefault(1), null);
        var (folder, file) = (Path.GetDirectoryName(Path.GetFullPath(Source)), Path.GetFileName(Source));
        var near = Directory.Exists(folder) ? Known.Nearest(file, Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)).TrimStart() : "";
        throw new JobOptionException(Option, "There are no such data", "a file, a folder, or a data set of the hub (\"organisation/name\")", Source, near.Length > 0 ? near : null);
    }

    /// <summary>Reads all splits of the source.</summary>
    public DatasetDict All(string? cache, CancellationToken cancellation)
    {
        var (path, name, files) = Place();
        return Datasets.load_dataset(path, name: name, data_files: files, cache_dir: cache, cancellation_token: cancellation);
    }

    /// <summary>Reads one split, or a part of one.</summary>
    public Dataset Read(string split, string? cache, CancellationToken cancellation)
    {
        var (path, name, files) = Place();
        return NotEmpty(Datasets.load_dataset(path, name: name, data_files: files, split: split, cache_dir: cache, cancellation_token: cancellation));
    }

    /// <summary>Streams one split.</summary>
    public IterableDataset Stream(string split, CancellationToken cancellation)
    {
        var (path, name, files) = Place();
        return Datasets.load_dataset(path, name: name, data_files: files, split: split, streaming: true, cancellation_token: cancellation);
    }

    public Dataset NotEmpty(Dataset data) => data.num_rows > 0 ? data : throw new JobOptionException(Option, "There are no rows", "one or more", $"none in {Source}");
}
