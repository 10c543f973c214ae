namespace Keras.Transformers;

/// <summary>Suggests similarly named repositories, in the cache and on the hub, in the error about a missing one.</summary>
static class DidYouMean
{
    const int Asked = 10;

    public static async Task<T> WithNamesAsync<T>(HubFiles files, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RepositoryNotFoundException e) when (e is not GatedRepoException)
        {
            var near = (await KindAsync(files) ?? Known.Nearest(files.Name.Id, await NamesAsync(files))).TrimStart();
            if (near.Length == 0) throw;
            throw new RepositoryNotFoundException($"There is no such repository, or it is private: {files.Name}", e.Where, e.Expected, e.Received, $"{near} {e.Remedy}", e) { StatusCode = e.StatusCode, ServerMessage = e.ServerMessage, RequestId = e.RequestId };
        }
    }

    /// <summary>Suggests similarly named files of the repository in the error about a missing one.</summary>
    public static async Task<T> WithFilesAsync<T>(HubFiles files, string file, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (EntryNotFoundException e) when (e is not LocalEntryNotFoundException && e.Commit is not null)
        {
            var near = Known.Nearest(file, await FilesAsync(files, e.Commit!)).TrimStart();
            if (near.Length == 0) throw;
            throw new EntryNotFoundException("The repository has no such file", e.Where, e.Expected, e.Received, near, e) { StatusCode = e.StatusCode, ServerMessage = e.ServerMessage, RequestId = e.RequestId, Commit = e.Commit };
        }
    }

    static async Task<IEnumerable<string>> FilesAsync(HubFiles files, string commit)
    {
        try
        {
            return (await files.ListAsync(commit, default)).Names;
        }
        catch (KerasException)
        {
            // As below.
            return [];
        }
    }

    /// <summary>A hint that the repository exists as another kind, a common mistake; null if it does not.</summary>
    static async Task<string?> KindAsync(HubFiles files)
    {
        var other = files.Name.Type == "model" ? "dataset" : "model";
        try
        {
            var uri = files.Http.UriOf($"api/{other}s/{files.Name.Id}");
            (await files.Http.SendCheckedAsync(new(HttpMethod.Get, uri) { Timeout = files.Http.Settings.MetadataTimeout, IsRepeatable = false, WaitsForHost = false }, files.Name.Id, default)).Dispose();
            return other == "dataset" ? "There is a data set of this name: pass repo_type: \"dataset\", or load_dataset it." : "There is a model of this name: leave repo_type out, or load it by from_pretrained.";
        }
        catch (KerasException)
        {
            return null;
        }
    }

    static async Task<IEnumerable<string>> NamesAsync(HubFiles files)
    {
        var names = new List<string>();
        if (Path.GetDirectoryName(files.Cache.Folder) is { } root && Directory.Exists(root))
            names.AddRange(Directory.EnumerateDirectories(root, $"{files.Name.Plural}--*").Select(f => string.Join('/', Path.GetFileName(f).Split("--")[1..])));
        try
        {
            var uri = files.Http.UriOf($"api/{files.Name.Plural}?limit={Asked}&search={Uri.EscapeDataString(files.Name.Id[(files.Name.Id.IndexOf('/', StringComparison.Ordinal) + 1)..])}");
            var answer = await files.Http.JsonAsync(new(HttpMethod.Get, uri) { Timeout = files.Http.Settings.MetadataTimeout, IsRepeatable = false, WaitsForHost = false }, "search", default);
            names.AddRange(answer.Items().Select(i => i["id"].Text()));
        }
        catch (KerasException)
        {
            // Without a list there is no suggestion; the original error matters more.
        }
        return names.Where(n => n != files.Name.Id);
    }
}
