using System.Globalization;
using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>A data set on the hub: finds the files of a configuration's splits and how to read them.</summary>
/// <remarks>As in <c>datasets</c>, by the card, otherwise by file names; for repositories without data files, which have a loading script, by the hub's conversion to Parquet.</remarks>
sealed partial class HubDataset
{
    const string Converted = "refs/convert/parquet";
    const int Workers = 8;
    static readonly string[] NoData = ["dataset_infos.json", "dataset_info.json", "state.json", "config.json"];

    readonly HubFiles _files;
    HubListing _list = new("", [], IsOfHub: true, null);

    HubDataset(HubFiles files) => _files = files;

    /// <summary>The format, the splits with files in the cache, and the options of the configuration.</summary>
    /// <param name="path">The repository.</param>
    /// <param name="name">The configuration; null for the default.</param>
    /// <param name="data_files">The files; null for those of the configuration.</param>
    /// <param name="data_dir">The folder that files begin at; null for the root.</param>
    /// <param name="splits">The splits that are needed; null for all.</param>
    /// <param name="options">How files are read.</param>
    /// <param name="hub">Where to look for the repository.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="RepositoryNotFoundException">There is no such data set.</exception>
    /// <exception cref="ArgumentException">The data set has no such configuration.</exception>
    /// <exception cref="UnsupportedException">The data set has no files that can be read here.</exception>
    public static (ReaderFormats.Format Format, DataFiles Files, ReaderOptions Options) Find(string path, string? name, DataFiles? data_files, string? data_dir, IEnumerable<string>? splits, ReaderOptions options, HubOptions hub, CancellationToken cancellation) =>
        HfApi.Run(async () =>
        {
            var set = new HubDataset(new(RepoName.Of(path, "dataset"), hub));
            await DidYouMean.WithNamesAsync(set._files, async () =>
            {
                await set.ListAsync(cancellation);
                return true;
            });
            return await set.FindAsync(name, data_files, data_dir, splits, options, hub, cancellation);
        });

    async Task<(ReaderFormats.Format Format, DataFiles Files, ReaderOptions Options)> FindAsync(string? name, DataFiles? data_files, string? data_dir, IEnumerable<string>? splits, ReaderOptions options, HubOptions hub, CancellationToken cancellation)
    {
        var card = _list.Names.Contains(ModelCard.FileName) ? DatasetCard.Read(await File.ReadAllTextAsync(await _files.GetAsync(ModelCard.FileName, _list.Commit, null, cancellation), cancellation), $"{_files.Name}, {ModelCard.FileName}") : DatasetCard.None;
        var config = data_files is null ? Choose(card, name) : null;
        var folder = data_dir ?? config?.Folder;
        var chosen = data_files is not null ? Matching(Needed([.. data_files.Splits.Select(s => (s.Key, s.Value))], splits), folder)
            : config?.Files is { } listed ? Matching(Needed(listed, splits), folder)
            : (card.Configs.Count > 0 || name is null or "default") && ByName(_list.Names, folder) is { Count: > 0 } named ? Whole(Needed(named, splits)) : [];
        if (chosen.Count == 0 && data_files is null && config is null) return await OfConvertedAsync(name, splits, options, hub, cancellation);
        return await DownloadAsync(chosen, options, OptionsOf(options, config), cancellation);
    }

    DatasetConfig? Choose(DatasetCard card, string? name)
    {
        if (card.Configs.Count == 0) return null;
        var found = name is not null ? card.Configs.FirstOrDefault(c => c.Name == name) : card.Configs.FirstOrDefault(c => c.IsDefault) ?? card.Configs.FirstOrDefault(c => c.Name == "default") ?? (card.Configs.Count == 1 ? card.Configs[0] : null);
        if (found is not null) return found;
        if (name is null) throw new ArgumentException($"The data set {Known.Say(_files.Name.Id)} has several configurations. Expected: name, one of {Known.List(card.Configs.Select(c => Known.Say(c.Name)))}. Received: none.", nameof(name));
        throw NoSuch(name, card.Configs.Select(c => c.Name));
    }

    ArgumentException NoSuch(string name, IEnumerable<string> configs)
    {
        var error = Known.Unknown($"The data set {Known.Say(_files.Name.Id)} has no such configuration", name, nameof(name), configs);
        return SplitName.Hint(name) is { Length: > 0 } hint ? new(error.Message.Split(" (Parameter '", 2)[0] + hint, nameof(name)) : error;
    }

    static ReaderOptions OptionsOf(ReaderOptions given, DatasetConfig? config)
    {
        if (config is null) return given;
        if (config.Separator is { Length: not 1 } separator) throw new UnsupportedException("A card separates columns by more than one character", config.Name, "one character", Known.Say(separator));
        return given with
        {
            Features = given.Features ?? config.Features,
            Separator = config.Separator is { } sep && given.Separator == ',' ? sep[0] : given.Separator,
            Field = given.Field ?? config.Field,
            ColumnNames = given.ColumnNames ?? config.ColumnNames,
            DropLabels = given.DropLabels ?? config.DropLabels,
            DropMetadata = given.DropMetadata ?? config.DropMetadata,
        };
    }

    /// <summary>Finds the commit and its file names: from the hub, otherwise from the cache.</summary>
    async Task ListAsync(CancellationToken cancellation)
    {
        _list = await _files.ListAsync(null, cancellation);
        if (_list.IsOfHub) _files.Cache.Note(_files.Revision, _list.Commit);
    }

    /// <summary>The files of the requested splits; those of other splits need not exist.</summary>
    static List<(string Split, string[] Values)> Needed(IReadOnlyList<(string Split, string[] Values)> all, IEnumerable<string>? splits)
    {
        if (splits is null) return [.. all];
        foreach (var split in splits)
            if (all.All(c => c.Split != split)) throw Known.Unknown("There is no such split", split, "split", all.Select(c => c.Split));
        return [.. all.Where(c => splits.Contains(c.Split))];
    }

    List<(string Split, string[] Names)> Matching(IReadOnlyList<(string Split, string[] Patterns)> listed, string? folder) =>
        [.. listed.Select(s => (s.Split, s.Patterns.SelectMany(p => Matches(folder is null ? p : $"{folder.TrimEnd('/')}/{p}")).Distinct().ToArray()))];

    string[] Matches(string pattern)
    {
        var expression = DataFiles.Glob(pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern);
        string[] found = [.. _list.Names.Where(n => expression.IsMatch(n)).Order(StringComparer.Ordinal)];
        RequireParts(found, expression.IsMatch);
        return found.Length > 0 ? found : throw new FileNotFoundException($"No data file of {_files.Name} fits '{RepoName.Printable(pattern)}'{(_files.IsLocalOnly ? " in the cache, and the hub is not asked" : "")}.", pattern);
    }

    List<(string Split, string[] Names)> Whole(List<(string Split, string[] Names)> chosen)
    {
        foreach (var (_, names) in chosen) RequireParts(names, _ => true);
        return chosen;
    }

    /// <summary>Checks that all files are present if their names give their number: the cache may have only some, and rows would be missing silently.</summary>
    void RequireParts(string[] names, Func<string, bool> isMeant)
    {
        if (_list.IsOfHub) return;
        foreach (var parts in names.Select(n => Numbers().Match(n)).Where(m => m.Success).GroupBy(m => (Stem: m.Groups["stem"].Value, Count: m.Groups["count"].Value)))
        {
            var present = parts.Select(p => p.Groups["number"].Value).ToHashSet();
            var missing = Enumerable.Range(0, int.Parse(parts.Key.Count, CultureInfo.InvariantCulture)).Select(i => i.ToString("D5", CultureInfo.InvariantCulture)).Where(n => !present.Contains(n))
                .Select(n => $"{parts.Key.Stem}-{n}-of-{parts.Key.Count}{parts.First().Groups["end"].Value}").FirstOrDefault(isMeant);
            if (missing is not null) throw _files.NotCached(missing, _list.Commit, _list.Error);
        }
    }

    /// <summary>The splits by the names of files and folders; of several formats the most frequent one.</summary>
    public static List<(string Split, string[] Names)> ByName(IReadOnlyCollection<string> all, string? folder)
    {
        var prefix = folder is null ? "" : folder.TrimEnd('/') + "/";
        var data = all.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !NoData.Contains(n.Split('/')[^1]) && !IsPictureNote(n) && !n.Split('/').Any(p => p.StartsWith('.') || p.StartsWith("__", StringComparison.Ordinal)))
            .Select(n => (Name: n, Format: ReaderFormats.OfFile(n))).Where(n => n.Format is not null).GroupBy(n => n.Format!).OrderByDescending(g => g.Count()).FirstOrDefault();
        if (data is null) return [];
        // Image folders include metadata files, not only pictures.
        var notes = data.Key.Name == "imagefolder" ? all.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && IsPictureNote(n)) : [];
        var names = data.Select(d => d.Name).Concat(notes).Order(StringComparer.Ordinal).ToArray();
        return [.. names.GroupBy(n => Numbered().Match(n) is { Success: true } numbered ? numbered.Groups["split"].Value : FolderSplits.SplitOf(n[prefix.Length..])).Select(g => (g.Key, g.ToArray())).OrderBy(s => Array.IndexOf(["train", "validation", "test"], s.Key) is >= 0 and var i ? i : 3)];
    }

    /// <summary>Finds the hub's conversion: CONFIG/SPLIT/0000.parquet, where "partial-" marks that it holds only the beginning.</summary>
    async Task<(ReaderFormats.Format Format, DataFiles Files, ReaderOptions Options)> OfConvertedAsync(string? name, IEnumerable<string>? splits, ReaderOptions options, HubOptions hub, CancellationToken cancellation)
    {
        var converted = new HubDataset(new(_files.Name, hub with { Revision = Converted }));
        try
        {
            await converted.ListAsync(cancellation);
        }
        catch (Exception e) when (e is RevisionNotFoundException or LocalEntryNotFoundException)
        {
            if (name is not null && ByName(_list.Names, null).Count > 0) throw NoSuch(name, ["default"]);
            throw new UnsupportedException("The data set has no files that are read here", $"{_files.Name}", $"files that end with {Known.List(ReaderFormats.All.SelectMany(f => f.Extensions))}, or the branch {Converted}", Known.List(_list.Names.Take(12)), "Name the files with data_files, if they are there under other names.", e);
        }
        var parts = converted._list.Names.Select(n => (Name: n, Match: Part().Match(n))).Where(p => p.Match.Success).Select(p => (p.Name, Config: p.Match.Groups["config"].Value, Split: p.Match.Groups["split"].Value)).ToArray();
        string[] configs = [.. parts.Select(p => p.Config).Distinct()];
        var chosen = name ?? (configs.Length == 1 ? configs[0] : configs.Contains("default") ? "default" : throw new ArgumentException($"The data set {Known.Say(_files.Name.Id)} has several configurations. Expected: name, one of {Known.List(configs.Select(Known.Say))}. Received: none.", nameof(name)));
        if (!configs.Contains(chosen)) throw NoSuch(chosen, configs);
        return await converted.DownloadAsync(Needed([.. parts.Where(p => p.Config == chosen).GroupBy(p => p.Split).Select(g => (g.Key, g.Select(p => p.Name).Order(StringComparer.Ordinal).ToArray()))], splits), options, options, cancellation);
    }

    async Task<(ReaderFormats.Format Format, DataFiles Files, ReaderOptions Options)> DownloadAsync(List<(string Split, string[] Names)> chosen, ReaderOptions given, ReaderOptions options, CancellationToken cancellation)
    {
        var format = FormatOf(chosen);
        var paths = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        using var progress = new HubProgress($"Downloading {_files.Name.Id}", _files.Http.Settings);
        await Parallel.ForEachAsync(chosen.SelectMany(c => c.Names).Distinct(), new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellation }, async (file, stop) => paths[file] = await _files.GetAsync(file, _list.Commit, progress, stop));
        DataFiles found = chosen.ToDictionary(c => c.Split, c => c.Names.Select(n => paths[n]).ToArray());
        // Parquet files and image folders have their own column types.
        return (format, found, format.Name is "csv" or "json" ? options : options with { Features = given.Features });
    }

    ReaderFormats.Format FormatOf(List<(string Split, string[] Names)> chosen)
    {
        ReaderFormats.Format[] formats = [.. chosen.SelectMany(c => c.Names).Select(n => ReaderFormats.OfFile(n) ?? throw new UnsupportedException("A file of a data set is of a format that is not read here", $"{_files.Name}, {RepoName.Printable(n)}", $"a name that ends with {Known.List(ReaderFormats.All.SelectMany(f => f.Extensions))}", Path.GetExtension(n))).Distinct()];
        if (formats.Length > 1 && formats.Any(f => f.Name == "imagefolder") && chosen.SelectMany(c => c.Names).All(n => IsPictureNote(n) || ReaderFormats.OfFile(n)!.Name == "imagefolder")) return ReaderFormats.Find("imagefolder")!;
        return formats.Length == 1 ? formats[0] : throw new UnsupportedException("The splits of a data set are of several formats", $"{_files.Name}", "one format", Known.List(formats.Select(f => f.Name)), "Name the files of one with data_files.");
    }

    static bool IsPictureNote(string name) => ImageMetadata.Is(name);

    [GeneratedRegex(@"(?:^|/)data/(?<split>[\w.]+)-\d{5}-of-\d{5}[^/]*\.\w+$")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^(?<stem>.+)-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})(?<end>[^/]*)\z")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^(?<config>[^/]+)/(?:partial-)?(?<split>[^/]+)/\d+\.parquet$")]
    private static partial Regex Part();
}
