using System.Net;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

public sealed partial class HfApi
{
    /// <summary>Creates a repository on the hub.</summary>
    /// <param name="repo_id">Its name, "organisation/name"; without an organisation it is the user's own.</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="private">Whether only its owner sees it; default as in the owner's settings.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="exist_ok">Whether it may be there already; default false.</param>
    /// <returns>The address of its page.</returns>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The repository exists already, or the token may not create it.</exception>
    /// <exception cref="HfValidationException">The name cannot be one.</exception>
    public string create_repo(string repo_id, string? token = null, bool? @private = null, string? repo_type = null, bool exist_ok = false) =>
        Run(() => CreateRepoAsync(RepoName.Of(repo_id, repo_type), token, @private, exist_ok, default));

    async Task<string> CreateRepoAsync(RepoName name, string? token, bool? isPrivate, bool existOk, CancellationToken cancellation)
    {
        var http = Http(token, needsToken: true);
        using var response = await http.SendAsync(Post(http.UriOf("api/repos/create"), Body(name, isPrivate)), cancellation);
        if (response.StatusCode == HttpStatusCode.Conflict && existOk) return await OwnAsync();
        if (!response.IsSuccessStatusCode)
        {
            var error = await http.ErrorAsync(response, $"{name}, creation", cancellation);
            // A token that may write to a repository may lack the right to create one.
            if (existOk && error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && await ExistsAsync(http, name, cancellation)) return $"{http.Settings.Address}/{name.Page}";
            throw error.StatusCode == HttpStatusCode.Conflict ? new HfHubHttpException("The repository already exists", error.Where, "a new name, or exist_ok: true", error.Received) { StatusCode = error.StatusCode, ServerMessage = error.ServerMessage, RequestId = error.RequestId } : error;
        }
        return (await http.JsonAsync(response, http.UriOf("api/repos/create"), cancellation))["url"].Text();

        async Task<string> OwnAsync() => name.Id.Contains('/', StringComparison.Ordinal) ? $"{http.Settings.Address}/{name.Page}"
            : $"{http.Settings.Address}/{(name with { Id = $"{(await http.JsonAsync(Get(http.UriOf("api/whoami-v2")), "whoami", cancellation))["name"].Text()}/{name.Id}" }).Page}";
    }

    static JsonObject Body(RepoName name, bool? isPrivate)
    {
        var parts = name.Id.Split('/');
        var body = new JsonObject { ["name"] = parts[^1], ["organization"] = parts.Length > 1 ? parts[0] : null };
        if (isPrivate is { } given) body["private"] = given;
        if (name.Type != "model") body["type"] = name.Type;
        return body;
    }

    /// <summary>Deletes a repository with everything in it. This cannot be undone.</summary>
    /// <inheritdoc cref="create_repo"/>
    /// <param name="repo_id">The repository, "organisation/name".</param>
    /// <param name="missing_ok">Whether there may be none; default false.</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    public void delete_repo(string repo_id, string? token = null, string? repo_type = null, bool missing_ok = false)
    {
        var (name, http) = (RepoName.Of(repo_id, repo_type), Http(token, needsToken: true));
        try
        {
            Run(() => http.SendCheckedAsync(Post(http.UriOf("api/repos/delete"), Body(name, null), method: HttpMethod.Delete), $"{name}, removal", default)).Dispose();
        }
        catch (RepositoryNotFoundException) when (missing_ok)
        {
            // It does not exist, as wanted.
        }
    }

    /// <summary>Whether the repository exists and the token has access to it.</summary>
    /// <inheritdoc cref="create_repo"/>
    /// <param name="repo_id">The repository, "organisation/name".</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="token">The token; default the API's.</param>
    public bool repo_exists(string repo_id, string? repo_type = null, string? token = null)
    {
        var (name, http) = (RepoName.Of(repo_id, repo_type), Http(token));
        return Run(() => ExistsAsync(http, name, default));
    }

    static async Task<bool> ExistsAsync(HubHttp http, RepoName name, CancellationToken cancellation)
    {
        try
        {
            (await http.SendCheckedAsync(Get(http.UriOf($"api/{name.Plural}/{name.Id}")), name.ToString(), cancellation)).Dispose();
            return true;
        }
        catch (RepositoryNotFoundException e)
        {
            return e is GatedRepoException;
        }
    }

    /// <summary>Gets information on a model: its commit, files and tags.</summary>
    /// <param name="repo_id">The repository, "organisation/name".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="token">The token; default the API's.</param>
    /// <exception cref="RepositoryNotFoundException">There is no such repository, or the token gives no access to it.</exception>
    /// <exception cref="RevisionNotFoundException">The repository has no such revision.</exception>
    /// <exception cref="HfHubHttpException">The hub kept failing.</exception>
    public RepoInfo model_info(string repo_id, string? revision = null, string? token = null) => repo_info(repo_id, revision, null, token);

    /// <summary>Gets information on a data set: its commit, files and tags.</summary>
    /// <inheritdoc cref="model_info"/>
    public RepoInfo dataset_info(string repo_id, string? revision = null, string? token = null) => repo_info(repo_id, revision, "dataset", token);

    /// <summary>Gets information on a repository: its commit, files and tags.</summary>
    /// <inheritdoc cref="model_info"/>
    /// <param name="repo_id">The repository, "organisation/name".</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="token">The token; default the API's.</param>
    public RepoInfo repo_info(string repo_id, string? revision = null, string? repo_type = null, string? token = null)
    {
        var files = Files(RepoName.Of(repo_id, repo_type), new(revision, token));
        return RepoInfo.Of(Run(() => DidYouMean.WithNamesAsync(files, () => files.InfoAsync(default))));
    }

    /// <summary>Lists the paths of all files of a revision.</summary>
    /// <inheritdoc cref="repo_info"/>
    public IReadOnlyList<string> list_repo_files(string repo_id, string? revision = null, string? repo_type = null, string? token = null) =>
        [.. repo_info(repo_id, revision, repo_type, token).siblings.Select(s => s.rfilename)];

    /// <summary>Creates a branch of a repository.</summary>
    /// <inheritdoc cref="create_repo"/>
    /// <param name="repo_id">The repository.</param>
    /// <param name="branch">The branch's name.</param>
    /// <param name="revision">The revision to start from; default "main".</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="exist_ok">Whether it may be there already; default false.</param>
    public void create_branch(string repo_id, string branch, string? revision = null, string? token = null, string? repo_type = null, bool exist_ok = false)
    {
        var name = RepoName.Of(repo_id, repo_type);
        ArgumentException.ThrowIfNullOrEmpty(branch);
        Run(() => CreateBranchAsync(name, branch, revision, token, exist_ok, default));
    }

    async Task<bool> CreateBranchAsync(RepoName name, string branch, string? start, string? token, bool existOk, CancellationToken cancellation)
    {
        var http = Http(token, needsToken: true);
        var body = start is null ? [] : new JsonObject { ["startingPoint"] = RepoName.Revision(start) };
        using var response = await http.SendAsync(Post(http.UriOf($"api/{name.Plural}/{name.Id}/branch/{Uri.EscapeDataString(RepoName.Revision(branch))}"), body), cancellation);
        if (response.IsSuccessStatusCode) return true;
        return existOk && response.StatusCode == HttpStatusCode.Conflict ? false : throw await http.ErrorAsync(response, $"{name}, branch {branch}", cancellation);
    }
}
