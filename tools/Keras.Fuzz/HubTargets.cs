using System.Net;
using System.Text;
using Keras.Transformers;

namespace Keras.Fuzz;

/// <summary>Targets for data from a hub: cards of models and data sets, answers of endpoints, the cache, and download folders.</summary>
static class HubTargets
{
    const string Commit = "0123456789012345678901234567890123456789";
    const string Repository = "org/fuzz";
    const string Host = "http://hub.invalid";

    /// <summary>The allowed memory; requests and their threads take more than a reader.</summary>
    const long Memory = 8 << 20;

    /// <summary>All targets; an error names the address of an answer, so files are named like its end.</summary>
    public static readonly IReadOnlyList<FuzzTarget> All = [.. ((FuzzTarget[])
    [
        new("model_card", ModelCard.FileName, ReadModelCard),
        new("dataset_card", ModelCard.FileName, ReadDatasetCard),
        Answer("hub_info", "main", (api, _) => api.repo_info(Repository)),
        Answer("hub_snapshot", "main", (api, folder) => api.snapshot_download(Repository, cache_dir: Path.Combine(folder, "cache")), "api/models/org/fuzz/revision"),
        Answer("hub_whoami", "whoami-v2", (api, _) => api.whoami()),
        Answer("hub_search", "models", (api, _) => api.model_info("org/none"), "api/models?"),
        Answer("hub_create", "create", (api, _) => api.create_repo("fuzz"), "api/repos/create"),
        Answer("hub_own_name", "create", (api, folder) => api.PushFolderAsync(Home(folder), new("fuzz", "message"), default).GetAwaiter().GetResult(), "api/repos/create"),
        Answer("hub_preupload", "main", (api, _) => Push(api), "/preupload/"),
        Answer("hub_batch", "batch", (api, _) => Push(api), "/objects/batch"),
        Answer("hub_commit", "main", (api, _) => Push(api), "/commit/"),
        new("hub_error", "error", path => Call(path, r => r.RequestUri!.AbsolutePath.Contains("/api/", StringComparison.Ordinal) ? Of(File.ReadAllBytes(path), HttpStatusCode.BadRequest) : null, (api, _) => api.repo_info(Repository))) { Memory = Memory },
        new("hub_headers", "headers", path => Call(path, r => r.Method == HttpMethod.Head ? WithHeaders(path) : null, (api, folder) => api.hf_hub_download(Repository, "a", cache_dir: Path.Combine(folder, "cache")))) { Memory = Memory },
        new("cache_ref", "main", ReadRef) { Memory = Memory },
        new("cache_tree", "tree", ReadTree) { Memory = Memory },
        new("local_note", "note.metadata", ReadNote),
    ]).Select(t => t with { Made = HubSamples.Of(t.Name) })];

    static void ReadModelCard(string path)
    {
        var card = ModelCard.load(path);
        var again = ModelCard.Parse(card.content);
        if (again.content != card.content) throw new InvalidOperationException("A card that was written is another when it is read.");
        try
        {
            card.validate();
        }
        catch (FileFormatException)
        {
            // An error about a broken rule names the field.
        }
    }

    static void ReadDatasetCard(string path)
    {
        var text = File.ReadAllText(path);
        var card = DatasetCard.Read(text, path);
        var written = CardWriter.With(text, "default", [("train", "data/train-*")], new() { ["text"] = "string" }, ["data/train-00000-of-00001.parquet", ModelCard.FileName]);
        var again = DatasetCard.Read(written, path);
        if (card.Configs.Any(c => again.Configs.All(a => a.Name != c.Name))) throw new InvalidOperationException("A configuration was lost.");
    }

    static FuzzTarget Answer(string name, string file, Action<HfApi, string> call, string? address = null) =>
        new(name, file, path => Call(path, r => r.RequestUri!.AbsoluteUri.Contains(address ?? "/api/", StringComparison.Ordinal) ? Of(File.ReadAllBytes(path), HttpStatusCode.OK) : null, call)) { Memory = Memory };

    /// <summary>Calls a hub that answers some requests with the file's content, and all others correctly.</summary>
    static void Call(string path, Func<HttpRequestMessage, HttpResponseMessage?> answer, Action<HfApi, string> call)
    {
        var (client, delay) = (HubHttp.Client, HubHttp.FirstDelay);
        try
        {
            (HubHttp.Client, HubHttp.FirstDelay) = (new(new Wire(r => answer(r) ?? Usual(r))), TimeSpan.Zero);
            call(new HfApi(Host, "hf_token"), Path.GetDirectoryName(path)!);
        }
        catch (KerasException e) when (e is HfHubHttpException or HfValidationException or ConsistencyCheckException or FileMetadataException)
        {
            // The hub rejected the call, or its answer is not a valid name, hash or content.
        }
        finally
        {
            HubHttp.Client.Dispose();
            (HubHttp.Client, HubHttp.FirstDelay) = (client, delay);
            if (Path.Combine(Path.GetDirectoryName(path)!, "cache") is var cache && Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
        }
    }

    static void Push(HfApi api) => api.create_commit(Repository, [new CommitOperationAdd("a.txt", "small"u8.ToArray()), new CommitOperationAdd("b.bin", new byte[3000])], "message");

    static string Home(string folder)
    {
        var home = Path.Combine(folder, "cache", "home");
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, "a.txt"), "small");
        File.WriteAllBytes(Path.Combine(home, "b.bin"), new byte[3000]);
        return home;
    }

    static HttpResponseMessage Of(byte[] body, HttpStatusCode status) => new(status) { Content = new ByteArrayContent(body) };

    static HttpResponseMessage Json(string text) => Of(Encoding.UTF8.GetBytes(text), HttpStatusCode.OK);

    /// <summary>Makes an answer with each line of the file as a header.</summary>
    static HttpResponseMessage WithHeaders(string path)
    {
        var response = Json("");
        foreach (var line in File.ReadAllText(path).Split('\n'))
            if (line.Split(": ", 2) is [{ Length: > 0 } name, var value] && !response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        if (response.Headers.Location is not null) response.StatusCode = HttpStatusCode.Found;
        return response;
    }

    static HttpResponseMessage Usual(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        HttpResponseMessage NotFound(string code) => new(HttpStatusCode.NotFound) { Content = new StringContent(""), Headers = { { "X-Error-Code", code }, { "X-Repo-Commit", Commit } } };
        if (path.Contains("/none", StringComparison.Ordinal)) return NotFound("RepoNotFound");
        if (path.Contains("/revision/", StringComparison.Ordinal)) return Json($"{{\"id\":\"{Repository}\",\"sha\":\"{Commit}\",\"siblings\":[]}}");
        if (path.Contains("/preupload/", StringComparison.Ordinal)) return Json("{\"files\":[{\"path\":\"a.txt\",\"uploadMode\":\"regular\"},{\"path\":\"b.bin\",\"uploadMode\":\"lfs\"}]}");
        if (path.Contains("/commit/", StringComparison.Ordinal)) return Json($"{{\"commitUrl\":\"{Host}/c\",\"commitOid\":\"{Commit}\"}}");
        if (path.EndsWith("/objects/batch", StringComparison.Ordinal)) return Json("{\"objects\":[]}");
        if (path.Contains("/resolve/", StringComparison.Ordinal)) return NotFound("EntryNotFound");
        return new(HttpStatusCode.OK) { Content = new StringContent("{}"), Headers = { { "ETag", "\"part\"" } } };
    }

    static void ReadRef(string path)
    {
        var cache = Path.Combine(Path.GetDirectoryName(path)!, "cache");
        var repository = Path.Combine(cache, "models--org--fuzz");
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        Directory.CreateDirectory(Path.Combine(repository, "snapshots", Commit));
        File.Copy(path, Path.Combine(repository, "refs", "main"), overwrite: true);
        HuggingFaceHub.try_to_load_from_cache(Repository, "config.json", cache);
        var info = HuggingFaceHub.scan_cache_dir(cache);
        _ = info.repos.Sum(r => r.size_on_disk + r.nb_files);
    }

    /// <summary>Makes a cache file, or with " -> " a link, from each line of the file; then removes all commits and checks that nothing outside changes.</summary>
    static void ReadTree(string path)
    {
        var (folder, commits) = (Path.GetDirectoryName(path)!, new List<string>());
        var (cache, outside) = (Path.Combine(folder, "cache"), Path.Combine(folder, "outside"));
        File.WriteAllText(outside, "stays");
        try
        {
            Directory.CreateDirectory(cache);
            foreach (var line in File.ReadAllText(path).Split('\n').Take(64)) Make(folder, cache, line);
            var info = HuggingFaceHub.scan_cache_dir(cache);
            info.delete_revisions([.. info.repos.SelectMany(r => r.revisions).Select(r => r.commit_hash).Distinct()]).execute();
            HuggingFaceHub.scan_cache_dir(cache);
            if (!File.Exists(outside)) throw new InvalidOperationException("A file outside of the cache was removed.");
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    static void Make(string folder, string cache, string line)
    {
        if (line.Split(" -> ", 2) is not [var name, .. var target] || name.Length is 0 or > 500 || name.Any(char.IsControl)) return;
        try
        {
            var path = Path.GetFullPath(Path.Combine(cache, name));
            if (!path.StartsWith(cache + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (target is not [var where]) File.WriteAllText(path, name);
            else if (Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, where)).StartsWith(folder, StringComparison.Ordinal)) File.CreateSymbolicLink(path, where);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A file in place of a folder, or a name that this system does not allow.
        }
    }

    static void ReadNote(string path)
    {
        var folder = new LocalFolder(Path.Combine(Path.GetDirectoryName(path)!, "local"));
        folder.Make();
        var note = Path.Combine(folder.Root, ".cache", "huggingface", "download", "note.metadata");
        Directory.CreateDirectory(Path.GetDirectoryName(note)!);
        File.Copy(path, note, overwrite: true);
        if (!File.Exists(folder.PathOf("note"))) File.WriteAllText(folder.PathOf("note"), "x");
        if (folder.Read("note") is { } read && (!RepoCache.IsCommit(read.Commit) || read.Etag.AsSpan().ContainsAny('/', '\\'))) throw new InvalidOperationException($"A note was taken: {read}");
    }

    sealed class Wire(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // What is sent is made as for a real hub.
            if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
            var response = answer(request);
            response.RequestMessage = request;
            return response;
        }
    }
}
