namespace Keras.Transformers;

/// <summary>One call of <c>load_dataset</c>: the files of each split, and how they are read.</summary>
sealed class Loading
{
    const string CacheName = "dotnet";
    const int RowsOfPiece = 1000;

    readonly ReaderFormats.Format? _format;
    readonly DataFiles? _files;
    readonly DatasetDict? _saved;
    readonly string? _folder;
    readonly string? _cache;
    readonly ReaderOptions _options;
    readonly CancellationToken _cancellation;

    Loading(ReaderFormats.Format? format, DataFiles? files, DatasetDict? saved, string? folder, string? cache, ReaderOptions options, CancellationToken cancellation) =>
        (_format, _files, _saved, _folder, _cache, _options, _cancellation) = (format, files, saved, folder, cache, options, cancellation);

    /// <summary>The names of the splits.</summary>
    public IEnumerable<string> Splits => _saved?.Keys ?? _files!.Splits.Keys;

    /// <param name="path">A format, a folder, or a data set of the hub.</param>
    /// <param name="data_files">The files; null for those of the folder.</param>
    /// <param name="data_dir">The folder of the files; null for none.</param>
    /// <param name="cache_dir">Where rows are cached; null for the folder from the settings.</param>
    /// <param name="options">How files are read.</param>
    /// <param name="keep_in_memory">Whether rows are not cached on disk.</param>
    /// <param name="hub">The configuration of a data set on the hub, the splits needed, and where to look for it.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static Loading Of(string path, DataFiles? data_files, string? data_dir, string? cache_dir, ReaderOptions options, bool keep_in_memory, HubChoice hub, CancellationToken cancellation)
    {
        var loading = Find(path, data_files, data_dir, cache_dir, options, keep_in_memory, hub, cancellation);
        if (loading._format?.IsFolderBased != true && (options.DropLabels ?? options.DropMetadata) is not null)
            throw new ArgumentException($"There are no labels or metadata to drop; only a folder of pictures has them. Received: {(options.DropLabels is null ? "drop_metadata" : "drop_labels")} for {(loading._format is { } other ? Known.Say(other.Name) : "a saved data set")}.", options.DropLabels is null ? "drop_metadata" : "drop_labels");
        return loading;
    }

    static Loading Find(string path, DataFiles? data_files, string? data_dir, string? cache_dir, ReaderOptions options, bool keep_in_memory, HubChoice hub, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        var cache = keep_in_memory ? null : CacheOf(cache_dir);
        if (ReaderFormats.Find(path) is { } format)
        {
            hub.Refuse(path);
            if (data_files is null && data_dir is null) throw new ArgumentException($"load_dataset(\"{path}\") was given no files. Pass data_files or data_dir.", nameof(data_files));
            return new(format, data_files ?? FolderSplits.Of(data_dir!, format), null, data_files is null ? null : data_dir, cache, options, cancellation);
        }
        if (!Directory.Exists(path) && RepoName.IsId(path)) return OfHub(path, data_files, data_dir, cache, options, hub, cancellation);
        hub.Refuse(path);
        if (!Directory.Exists(path))
            throw new ArgumentException($"{Nowhere(path)} Received: {Known.Say(path)}.{Known.Nearest(path, ReaderFormats.All.Select(f => f.Name))}", nameof(path));
        if (DatasetFolder.IsDict(path)) return new(null, null, DatasetDict.load_from_disk(path), null, cache, options, cancellation);
        if (File.Exists(Path.Combine(path, "state.json"))) throw new ArgumentException("The folder was written by save_to_disk. Use load_from_disk.", nameof(path));
        var folder = data_dir is null ? path : Path.Combine(path, data_dir);
        if (data_files is null)
        {
            var found = FolderSplits.Of(folder);
            return new(found.Format, found.Files, null, null, cache, options, cancellation);
        }
        var first = data_files.Resolve(data_files.Splits.Keys.First(), folder)[0];
        return new(ReaderFormats.OfFile(first) ?? throw new ArgumentException($"The format of '{first}' does not follow from its name. Name it: load_dataset(\"csv\", data_files: ...).", nameof(data_files)), data_files, null, folder, cache, options, cancellation);
    }

    static string Nowhere(string path) => $"Neither a format nor a folder, and no data set of the hub. Expected: one of {Known.List(ReaderFormats.All.Select(f => f.Name))}, a folder of data files, or \"organisation/name\" of a data set of the hub.{(Path.IsPathRooted(path) ? "" : $" There is no folder '{Path.GetFullPath(path)}'.")}";

    static Loading OfHub(string path, DataFiles? data_files, string? data_dir, string? cache, ReaderOptions options, HubChoice hub, CancellationToken cancellation)
    {
        try
        {
            var found = HubDataset.Find(path, hub.Name, data_files, data_dir, hub.Splits, options, new(hub.Revision, hub.Token), cancellation);
            return new(found.Format, found.Files, null, null, cache, found.Options, cancellation);
        }
        catch (RepositoryNotFoundException e) when (e is not GatedRepoException)
        {
            throw new RepositoryNotFoundException(Nowhere(path).TrimEnd('.'), $"path; {e.Where}", null, e.Received, $"{e.Remedy}{Known.Nearest(path, ReaderFormats.All.Select(f => f.Name))}", e) { StatusCode = e.StatusCode, ServerMessage = e.ServerMessage, RequestId = e.RequestId };
        }
        catch (LocalEntryNotFoundException e) when (!Directory.Exists(new RepoCache(HubSettings.Current.Cache, RepoName.Of(path, "dataset")).Folder))
        {
            throw new LocalEntryNotFoundException(Nowhere(path).TrimEnd('.'), $"path; {e.Where}", null, e.Received, $"{e.Remedy}{Known.Nearest(path, ReaderFormats.All.Select(f => f.Name))}", e);
        }
    }

    /// <summary>The rows of a split, mapped.</summary>
    public Dataset Read(string split)
    {
        if (_saved is not null) return _saved[split];
        var files = _files!.Resolve(split, _folder);
        // Labels of pictures depend on the folders of all splits.
        var fingerprint = Fingerprints.OfFiles(_format!.Name, SharesLabels ? [.. files, .. Splits.SelectMany(Files)] : files, _options.Arguments);
        var folder = _cache is null ? null : Path.Combine(_cache, $"{_format.Name}-{fingerprint}");
        var path = folder is null ? null : Path.Combine(folder, "data.arrow");
        if (path is not null && File.Exists(path)) return new(ArrowFile.Open(path), fingerprint, folder, split);
        using var progress = new DatasetProgress($"Generating {split} split", null);
        var table = ArrowCache.Write(path, sink =>
        {
            var features = FeaturesOf(files, null);
            foreach (var batch in Rows(files, features))
            {
                sink(features, batch.Data, batch.num_rows);
                progress.Add(batch.num_rows);
            }
            return features;
        });
        return new(table, fingerprint, folder, split);
    }

    /// <summary>The rows of a split, read on demand.</summary>
    public IterableDataset Stream(string split)
    {
        if (_saved?[split] is { } saved) return new(saved.features, () => saved.iter(RowsOfPiece));
        var files = _files!.Resolve(split, _folder);
        var features = FeaturesOf(files, RowsOfPiece);
        return new(features, () => Rows(files, features));
    }

    /// <summary>The rows of a split, file by file.</summary>
    public IEnumerable<DatasetBatch> Rows(string[] files, Features features) => Readers(files).SelectMany(r => r.Read(features, _cancellation));

    IEnumerable<RowReader> Readers(string[] files) => _format!.Open(files, SharesLabels ? [.. Splits.SelectMany(Files)] : files, _options);

    bool SharesLabels => _format!.IsFolderBased;

    /// <summary>The files of a split.</summary>
    public string[] Files(string split) => _files!.Resolve(split, _folder);

    /// <summary>The given types, or types that can hold the rows of all files.</summary>
    public Features FeaturesOf(string[] files, int? rows)
    {
        if (_options.Features is { } given) return given;
        Features? all = null;
        foreach (var reader in Readers(files))
        {
            if (all is not null && rows is not null) break;
            all = reader.Joined(all, reader.Infer(rows, _cancellation));
        }
        return all ?? [];
    }

    internal static string CacheOf(string? cache_dir) => Path.Combine(cache_dir ?? HubSettings.Folder("HF_DATASETS_CACHE") ?? Path.Combine(HubSettings.HomeFolder, "datasets"), CacheName);
}
