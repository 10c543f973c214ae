namespace Keras.Transformers;

/// <summary>The source that a caller of <c>from_pretrained</c> names: a local folder, otherwise a repository on the hub, of which only needed files are downloaded.</summary>
/// <remarks>All files of one call come from one commit, which the first file determines.</remarks>
sealed class PretrainedSource
{
    const int Workers = 8;

    readonly string _name;
    readonly string _subfolder;
    readonly HubFiles? _hub;
    string? _commit;

    /// <param name="pretrained_model_name_or_path">A folder, or a repository.</param>
    /// <param name="subfolder">The folder within it; "" for none.</param>
    /// <param name="options">Where a repository is looked for; null for the settings'.</param>
    /// <exception cref="ArgumentException">The name is empty, or a part null.</exception>
    public PretrainedSource(string pretrained_model_name_or_path, string subfolder = "", HubOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pretrained_model_name_or_path);
        ArgumentNullException.ThrowIfNull(subfolder);
        (_name, _subfolder) = (pretrained_model_name_or_path, subfolder);
        if (Directory.Exists(_name) || File.Exists(_name) || !RepoName.IsId(_name)) return;
        if (subfolder.Length > 0) RepoName.FileName(subfolder, nameof(subfolder));
        _hub = new(RepoName.Of(_name), options ?? new());
    }

    /// <summary>The folder, with those of the files that exist.</summary>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="LocalEntryNotFoundException">There is no such folder, and the cache has nothing of such a repository while the hub is not asked or does not answer.</exception>
    public static string Folder(string pretrained_model_name_or_path, string subfolder, HubOptions? options, params IReadOnlyList<string> files)
    {
        var source = new PretrainedSource(pretrained_model_name_or_path, subfolder, options);
        source.Fetch(files);
        return source.Path;
    }

    /// <summary>Whether the source is a repository on the hub.</summary>
    public bool IsRemote => _hub is not null;

    /// <summary>The folder; for a repository, that of the commit in the cache, known once a file was fetched.</summary>
    public string Path => _hub is null ? System.IO.Path.Combine(_name, _subfolder) : System.IO.Path.Combine(_hub.Cache.Snapshot(_commit!), _subfolder);

    /// <summary>Fetches those of the files that exist.</summary>
    public void Fetch(params IReadOnlyList<string> files)
    {
        if (_hub is null) return;
        var progress = new HubProgress(_name, _hub.Http.Settings);
        using (progress) HfApi.Run(() => FetchAsync(files, isRequired: false, progress));
        Directory.CreateDirectory(Path);
    }

    /// <summary>Fetches the first of the files that exists; for an index, its shards too.</summary>
    /// <returns>Whether one of them exists.</returns>
    public bool FetchFirst(params IReadOnlyList<string> files)
    {
        if (_hub is null) return true;
        using var progress = new HubProgress(_name, _hub.Http.Settings);
        return HfApi.Run(async () =>
        {
            foreach (var file in files)
            {
                if (await TryGetAsync(file, progress) is not { } path) continue;
                if (file.EndsWith(".json", StringComparison.Ordinal)) await FetchAsync([.. JsonPlace.Read(path)["weight_map"].Members().Select(m => m.Value.Text()).Distinct()], isRequired: true, progress);
                return true;
            }
            return false;
        });
    }

    /// <summary>The names of the repository's files, as known to the hub, or without it to the cache.</summary>
    public IReadOnlyList<string> Names()
    {
        var prefix = _subfolder.Length == 0 ? "" : _subfolder + "/";
        try
        {
            return [.. HfApi.Run(() => _hub!.ListAsync(_commit, default)).Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..])];
        }
        catch (KerasException)
        {
            // The names only make the error message clearer.
            return [];
        }
    }

    async Task<bool> FetchAsync(IReadOnlyList<string> files, bool isRequired, HubProgress progress)
    {
        var rest = new Queue<string>(files);
        LocalEntryNotFoundException? missing = null;
        while (_commit is null && rest.TryDequeue(out var first))
            try
            {
                await GetAsync(first, isRequired, progress);
            }
            catch (LocalEntryNotFoundException e)
            {
                // Wait only once for an unreachable hub, not for each file.
                if (!_hub!.IsLocalOnly && !_hub.HasCommit) throw Nowhere(e);
                missing = e;
            }
        if (_commit is null) throw Nowhere(missing);
        await Parallel.ForEachAsync(rest, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (file, _) =>
        {
            if (isRequired) await GetAsync(file, true, progress);
            else await TryGetAsync(file, progress);
        });
        return true;
    }

    async Task<string?> TryGetAsync(string file, HubProgress progress)
    {
        try
        {
            return await GetAsync(file, false, progress);
        }
        catch (LocalEntryNotFoundException) when (_hub!.IsLocalOnly)
        {
            return null;
        }
    }

    async Task<string?> GetAsync(string file, bool isRequired, HubProgress progress)
    {
        try
        {
            var path = await DidYouMean.WithNamesAsync(_hub!, () => _hub!.GetAsync(_subfolder.Length == 0 ? file : $"{_subfolder}/{file}", _commit, progress, default));
            _commit ??= System.IO.Path.GetRelativePath(_hub!.Cache.Snapshots, path).Split(System.IO.Path.DirectorySeparatorChar)[0];
            return path;
        }
        catch (EntryNotFoundException e) when (e is not LocalEntryNotFoundException && !isRequired)
        {
            _commit ??= e.Commit;
            return null;
        }
        catch (RepositoryNotFoundException e) when (e is not GatedRepoException)
        {
            throw new RepositoryNotFoundException($"{Known.Say(_name)} is neither a folder here nor a repository that the hub shows", $"{System.IO.Path.GetFullPath(_name)}; {e.Where}", "a folder with a model's files, or \"organisation/name\" of a repository", e.Received, e.Remedy, e)
            { StatusCode = e.StatusCode, ServerMessage = e.ServerMessage, RequestId = e.RequestId };
        }
    }

    LocalEntryNotFoundException Nowhere(LocalEntryNotFoundException? inner) => new($"{Known.Say(_name)} is neither a folder here nor a repository in the cache", $"{System.IO.Path.GetFullPath(_name)}; {_hub!.Cache.Folder}", "a folder with a model's files, or a repository that was downloaded before",
        inner?.Received ?? "none of the files that are needed", inner?.Remedy, inner);
}
