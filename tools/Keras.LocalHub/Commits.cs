using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Keras.LocalHub;

/// <summary>The endpoints that complete uploads.</summary>
static class Commits
{
    /// <summary>Answers for each file whether it becomes a large one, and which content the repository has.</summary>
    public static async Task AskAsync(HttpContext context, HubRepository repository, string commit)
    {
        var files = ((JsonArray)(await HubRoutes.BodyAsync(context))["files"]!).Select(f => (Path: f!["path"]!.GetValue<string>(), Size: f["size"]!.GetValue<long>())).ToArray();
        await HubRoutes.Json(context, new()
        {
            ["commitOid"] = commit,
            ["files"] = new JsonArray([.. files.Select(f => (JsonNode)new JsonObject
            {
                ["path"] = f.Path, ["uploadMode"] = HubRepository.IsLarge(f.Path, f.Size) ? "lfs" : "regular", ["shouldIgnore"] = false, ["oid"] = repository.Commits[commit].TryGetValue(f.Path, out var known) ? known.Oid : null,
            })]),
        });
    }

    /// <summary>Makes the commit described by lines of JSON.</summary>
    public static async Task MakeAsync(HttpContext context, LocalHub hub, LargeFiles large, HubRepository repository, string revision)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        JsonObject[] lines = [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (JsonObject)JsonNode.Parse(l)!)];
        var header = lines.First(l => l["key"]!.GetValue<string>() == "header")["value"]!;
        if (header["parentCommit"]?.GetValue<string>() is { } parent && repository.CommitOf(revision) != parent)
        {
            await HubRoutes.Error(context, 412, null, "A commit has happened since. Please refresh and try again.");
            return;
        }
        var missing = lines.Where(l => l["key"]!.GetValue<string>() == "lfsFile").Select(l => l["value"]!["oid"]!.GetValue<string>()).FirstOrDefault(o => large.Find(o) is null);
        if (missing is not null)
        {
            await HubRoutes.Error(context, 400, null, $"LFS pointer pointed to a file that does not exist: {missing}");
            return;
        }
        var asRequest = context.Request.Query.ContainsKey("create_pr");
        var number = repository.Branches.Keys.Count(b => b.StartsWith("refs/pr/", StringComparison.Ordinal)) + 1;
        var branch = asRequest ? $"refs/pr/{number}" : revision;
        if (asRequest) repository.Branches[branch] = repository.CommitOf(revision)!;
        var commit = repository.Commit(branch, header["summary"]!.GetValue<string>(), files => Apply(files, lines, large));
        var page = $"{hub.Endpoint}/{(repository.Type == "model" ? "" : repository.Type + "s/")}{repository.Id}";
        var answer = new JsonObject { ["success"] = true, ["commitOid"] = commit, ["commitUrl"] = $"{page}/commit/{commit}", ["hookOutput"] = "" };
        if (asRequest) answer["pullRequestUrl"] = $"{page}/discussions/{number}";
        await HubRoutes.Json(context, answer);
    }

    static void Apply(Dictionary<string, HubFile> files, JsonObject[] lines, LargeFiles large)
    {
        foreach (var line in lines)
        {
            var value = line["value"]!;
            var path = value["path"]?.GetValue<string>() ?? "";
            switch (line["key"]!.GetValue<string>())
            {
                case "file":
                    files[path] = new(Convert.FromBase64String(value["content"]!.GetValue<string>()), false);
                    break;
                case "lfsFile":
                    files[path] = new(large.Find(value["oid"]!.GetValue<string>())!, true);
                    break;
                case "deletedFile":
                    files.Remove(path);
                    break;
                case "deletedFolder":
                    foreach (var inner in files.Keys.Where(f => f.StartsWith(path, StringComparison.Ordinal)).ToArray()) files.Remove(inner);
                    break;
            }
        }
    }
}
