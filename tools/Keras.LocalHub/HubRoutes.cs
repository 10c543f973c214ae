using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Keras.LocalHub;

/// <summary>The hub's own endpoints.</summary>
sealed partial class HubRoutes(LocalHub hub, LargeFiles large)
{
    public async Task HandleAsync(HttpContext context, Fault? fault)
    {
        // Escaped slashes in revisions must be distinguished from the path's own.
        var path = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var method = context.Request.Method;
        if (Resolve().Match(path) is { Success: true } file) await ResolveAsync(context, file, fault);
        else if (Batch().Match(path) is { Success: true } batch && method == "POST") await WithAsync(context, batch, r => large.BatchAsync(context, r, hub.Endpoint));
        else if (path == "/lfs/verify" && method == "POST") await large.VerifyAsync(context);
        else if (path == "/api/whoami-v2") await WhoAmIAsync(context);
        else if (path == "/api/validate-yaml") await Json(context, new() { ["errors"] = new JsonArray(), ["warnings"] = new JsonArray() });
        else if (path == "/api/repos/create" && method == "POST") await CreateAsync(context);
        else if (path == "/api/repos/delete" && method == "DELETE") await DeleteAsync(context);
        else if (List().Match(path) is { Success: true } list) await Search(context, list.Groups["type"].Value);
        else if (Api().Match(path) is { Success: true } api) await WithAsync(context, api, r => ApiAsync(context, r, api.Groups["call"].Value, Uri.UnescapeDataString(api.Groups["rev"].Value), Uri.UnescapeDataString(api.Groups["path"].Value)));
        else await Error(context, 404, null, "no such endpoint");
    }

    string? UserOf(HttpContext context) => context.Request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? hub.Users.GetValueOrDefault(header[7..]) : null;

    async Task WithAsync(HttpContext context, Match match, Func<HubRepository, Task> handle)
    {
        var (type, id) = (match.Groups["type"] is { Success: true, Value: var t } ? t.TrimEnd('s') : "model", match.Groups["repo"].Value);
        if (hub.Repositories.Moved.TryGetValue(id, out var moved))
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = context.Request.Path.ToString().Replace($"/{id}", $"/{moved}", StringComparison.Ordinal) + context.Request.QueryString;
            return;
        }
        var repository = hub.Repositories.Find(type, id);
        if (context.Request.Headers.Authorization.Count > 0 && UserOf(context) is null) await Error(context, 401, null, "Invalid credentials in Authorization header");
        else if (repository is null || (repository.Private && UserOf(context) is null)) await Error(context, UserOf(context) is null ? 401 : 404, "RepoNotFound", "Repository not found");
        else await handle(repository);
    }

    Task ResolveAsync(HttpContext context, Match match, Fault? fault) => WithAsync(context, match, async repository =>
    {
        var (revision, path) = (Uri.UnescapeDataString(match.Groups["rev"].Value), Uri.UnescapeDataString(match.Groups["path"].Value));
        if (repository.CommitOf(revision) is not { } commit)
        {
            await Error(context, 404, "RevisionNotFound", $"Invalid rev id: {revision}");
            return;
        }
        context.Response.Headers["X-Repo-Commit"] = commit;
        if (repository.Gated) await Error(context, UserOf(context) is null ? 401 : 403, "GatedRepo", "Access to model is restricted.");
        else if (!repository.Commits[commit].TryGetValue(path, out var file)) await Error(context, 404, "EntryNotFound", "Entry not found");
        else if (!file.IsLarge)
        {
            context.Response.Headers.ETag = $"\"{file.Oid}\"";
            await Contents.SendAsync(context, file.Content, fault);
        }
        else
        {
            context.Response.Headers["X-Linked-Etag"] = $"\"{file.Oid}\"";
            context.Response.Headers["X-Linked-Size"] = file.Content.Length.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.Location = $"{hub.StoreEndpoint}/files/{file.Oid}?signature={large.Keep(file)}";
            context.Response.StatusCode = 302;
        }
    });

    async Task ApiAsync(HttpContext context, HubRepository repository, string call, string revision, string path)
    {
        if (call is "preupload" or "commit" or "branch" && UserOf(context) is null)
        {
            await Error(context, 401, null, "Unauthorized");
            return;
        }
        var commit = repository.CommitOf(call is "" ? "main" : revision);
        if (call == "branch") await BranchAsync(context, repository, revision);
        else if (commit is null) await Error(context, 404, "RevisionNotFound", $"Invalid rev id: {revision}");
        else if (call == "preupload") await Commits.AskAsync(context, repository, commit);
        else if (call == "commit") await Commits.MakeAsync(context, hub, large, repository, revision);
        else if (call == "tree") await Json(context, new JsonArray([.. repository.Commits[commit].Where(f => path.Length == 0 || f.Key.StartsWith(path + "/", StringComparison.Ordinal)).Select(f => (JsonNode)new JsonObject
        {
            ["type"] = "file", ["path"] = f.Key, ["size"] = f.Value.Content.Length, ["oid"] = f.Value.Oid, ["lfs"] = f.Value.IsLarge ? new JsonObject { ["oid"] = f.Value.Oid, ["size"] = f.Value.Content.Length, ["pointerSize"] = 130 } : null,
        })]));
        else await Json(context, Info(repository, commit));
    }

    static JsonObject Info(HubRepository repository, string commit) => new()
    {
        ["_id"] = "0", ["id"] = repository.Id, ["modelId"] = repository.Id, ["author"] = repository.Id.Split('/')[0], ["sha"] = commit, ["private"] = repository.Private, ["gated"] = repository.Gated ? "manual" : false, ["disabled"] = false,
        ["downloads"] = 0, ["likes"] = 0, ["tags"] = new JsonArray(), ["lastModified"] = "2026-01-01T00:00:00.000Z", ["createdAt"] = "2026-01-01T00:00:00.000Z", ["usedStorage"] = 0,
        ["siblings"] = new JsonArray([.. repository.Commits[commit].Keys.Order(StringComparer.Ordinal).Select(f => (JsonNode)new JsonObject { ["rfilename"] = f })]),
    };

    async Task BranchAsync(HttpContext context, HubRepository repository, string branch)
    {
        var body = await BodyAsync(context);
        var start = body["startingPoint"]?.GetValue<string>() ?? "main";
        if (repository.CommitOf(start) is not { } commit) await Error(context, 404, "RevisionNotFound", $"Invalid rev id: {start}");
        else if (!repository.Branches.TryAdd(branch, commit)) await Error(context, 409, null, $"Reference {branch} already exists");
        else await Json(context, []);
    }

    async Task WhoAmIAsync(HttpContext context)
    {
        if (UserOf(context) is not { } user) await Error(context, 401, null, "Invalid credentials in Authorization header");
        else await Json(context, new() { ["type"] = "user", ["name"] = user, ["fullname"] = $"{user} of this machine", ["orgs"] = new JsonArray(new JsonObject { ["name"] = "org" }), ["auth"] = new JsonObject { ["type"] = "access_token", ["accessToken"] = new JsonObject { ["role"] = "write", ["displayName"] = "local" } } });
    }

    async Task<(string Type, string Id)?> NamedAsync(HttpContext context)
    {
        var body = await BodyAsync(context);
        if (UserOf(context) is not { } user)
        {
            await Error(context, 401, null, "Invalid credentials in Authorization header");
            return null;
        }
        context.Items["private"] = body["private"]?.GetValue<bool>() ?? false;
        return (body["type"]?.GetValue<string>() ?? "model", $"{body["organization"]?.GetValue<string>() ?? user}/{body["name"]!.GetValue<string>()}");
    }

    async Task CreateAsync(HttpContext context)
    {
        if (await NamedAsync(context) is not { } named) return;
        var url = $"{hub.Endpoint}/{(named.Type == "model" ? "" : named.Type + "s/")}{named.Id}";
        if (hub.Repositories.Create(named.Type, named.Id) is not { } repository) await Error(context, 409, null, "You already created this repo", new() { ["url"] = url });
        else
        {
            repository.Private = (bool)context.Items["private"]!;
            await Json(context, new() { ["url"] = url, ["name"] = named.Id, ["id"] = "0" });
        }
    }

    async Task DeleteAsync(HttpContext context)
    {
        if (await NamedAsync(context) is not { } named) return;
        if (hub.Repositories.Remove(named.Type, named.Id)) await Json(context, []);
        else await Error(context, 404, "RepoNotFound", "Repository not found");
    }

    Task Search(HttpContext context, string type)
    {
        var wanted = context.Request.Query["search"].ToString();
        return Json(context, new JsonArray([.. hub.Repositories.All.Where(r => r.Type + "s" == type && !r.Private && (wanted.Length < 4 || r.Id.Contains(wanted[..4], StringComparison.OrdinalIgnoreCase))).Select(r => (JsonNode)new JsonObject { ["id"] = r.Id })]));
    }

    internal static async Task<JsonObject> BodyAsync(HttpContext context) => (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;

    internal static Task Json(HttpContext context, JsonNode value)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(value.ToJsonString());
    }

    internal static Task Json(HttpContext context, JsonObject value) => Json(context, (JsonNode)value);

    internal static Task Error(HttpContext context, int status, string? code, string message, JsonObject? more = null)
    {
        context.Response.StatusCode = status;
        if (code is not null) context.Response.Headers["X-Error-Code"] = code;
        context.Response.Headers["X-Error-Message"] = message;
        context.Response.Headers["X-Request-Id"] = "Root=local";
        if (context.Request.Method == "HEAD") return Task.CompletedTask;
        var body = more ?? [];
        body["error"] = message;
        return Json(context, body);
    }

    const string Repo = @"(?<repo>[\w.-]+(?:/[\w.-]+)?)";

    [GeneratedRegex($"^/(?:(?<type>datasets|spaces)/)?{Repo}/resolve/(?<rev>[^/]+)/(?<path>.+)$")]
    private static partial Regex Resolve();

    [GeneratedRegex($@"^/(?:(?<type>datasets|spaces)/)?{Repo}\.git/info/lfs/objects/batch$")]
    private static partial Regex Batch();

    [GeneratedRegex($"^/api/(?<type>models|datasets|spaces)/{Repo}(?:/(?<call>revision|tree|preupload|commit|branch)/(?<rev>[^/]+)(?:/(?<path>.+))?)?$")]
    private static partial Regex Api();

    [GeneratedRegex("^/api/(?<type>models|datasets|spaces)$")]
    private static partial Regex List();
}
