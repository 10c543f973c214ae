using System.Text;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Makes one commit of many changes: asks the hub how to send each file, uploads large ones to their store, then sends all else with the commit.</summary>
/// <param name="http">The hub.</param>
/// <param name="name">The repository.</param>
/// <param name="revision">The branch.</param>
/// <remarks>Source: huggingface_hub/_commit_api.py, hf_api.py create_commit.</remarks>
sealed class HubCommit(HubHttp http, RepoName name, string revision)
{
    const int BatchSize = 256;
    static readonly TimeSpan CommitTimeout = TimeSpan.FromMinutes(10);

    string Api(string call) => $"api/{name.Plural}/{name.Id}/{call}/{Uri.EscapeDataString(revision)}";

    /// <summary>Makes the commit; if no file differs, makes none and returns the last one.</summary>
    /// <exception cref="HfHubHttpException">The hub rejected it; nothing was changed.</exception>
    public async Task<CommitInfo> MakeAsync(IReadOnlyList<CommitOperation> operations, string message, string? description, bool asPullRequest, string? parent, CancellationToken cancellation)
    {
        var additions = operations.OfType<CommitOperationAdd>().ToList();
        if (additions.GroupBy(a => a.path_in_repo).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"A commit adds a file twice. Received: {Known.Say(twice.Key)}.", nameof(operations));
        foreach (var file in additions) await file.PrepareAsync(cancellation);
        var (remote, head) = await AskAsync(additions, asPullRequest, cancellation);
        var changed = new List<CommitOperationAdd>();
        foreach (var file in additions)
            if (!remote.TryGetValue(file.path_in_repo, out var known) || known != await file.HashAsync(cancellation)) changed.Add(file);
        if (additions.Count > 0 && changed.Count == 0 && operations.Count == additions.Count && head is not null && !asPullRequest)
            return new($"{http.Settings.Address}/{name.Page}/commit/{head}", message, head, null);
        await new LfsUpload(http, name, revision).SendAsync(changed.Where(f => f.IsLfs), cancellation);
        var body = await LinesAsync([.. operations.Where(o => o is CommitOperationDelete || changed.Contains(o))], message, description, parent, cancellation);
        var request = HfApi.Post(http.UriOf(Api("commit") + (asPullRequest ? "?create_pr=1" : "")), body, isRepeatable: false, null, "application/x-ndjson") with { Timeout = CommitTimeout };
        var answer = await http.JsonAsync(request, $"{name}, commit to {revision}", cancellation);
        return new(answer["commitUrl"].TextOrNull() ?? "", message, answer["commitOid"].Text(), answer["pullRequestUrl"].TextOrNull());
    }

    /// <summary>Asks for each file whether it is a large one, and which content the repository has.</summary>
    async Task<(Dictionary<string, string> Remote, string? Head)> AskAsync(List<CommitOperationAdd> files, bool asPullRequest, CancellationToken cancellation)
    {
        var (remote, head, byPath) = (new Dictionary<string, string>(), (string?)null, files.ToDictionary(f => f.path_in_repo));
        foreach (var batch in files.Chunk(BatchSize))
        {
            var body = new JsonObject { ["files"] = new JsonArray([.. batch.Select(f => (JsonNode)new JsonObject { ["path"] = f.path_in_repo, ["sample"] = Convert.ToBase64String(f.Sample), ["size"] = f.Size })]) };
            var answer = await http.JsonAsync(HfApi.Post(http.UriOf(Api("preupload") + (asPullRequest ? "?create_pr=1" : "")), body, isRepeatable: true), $"{name}, upload to {revision}", cancellation);
            foreach (var place in answer["files"].Items())
            {
                if (!byPath.TryGetValue(place["path"].Text(), out var file)) throw place["path"].Wrong("one of the files that were asked for");
                file.IsLfs = place["uploadMode"].OneOf("lfs", "regular") == "lfs" && file.Size > 0;
                if (place["oid"].TextOrNull() is { } oid) remote[file.path_in_repo] = oid;
            }
            head = answer["commitOid"].TextOrNull();
        }
        return (remote, head);
    }

    static async Task<byte[]> LinesAsync(IReadOnlyList<CommitOperation> operations, string message, string? description, string? parent, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        void Line(string key, JsonObject value) => body.Write(Encoding.UTF8.GetBytes(new JsonObject { ["key"] = key, ["value"] = value }.ToJsonString() + "\n"));
        var header = new JsonObject { ["summary"] = message, ["description"] = description ?? "" };
        if (parent is not null) header["parentCommit"] = parent;
        Line("header", header);
        foreach (var operation in operations)
            switch (operation)
            {
                case CommitOperationDelete deletion:
                    Line(deletion.is_folder ? "deletedFolder" : "deletedFile", new() { ["path"] = deletion.path_in_repo });
                    break;
                case CommitOperationAdd { IsLfs: true } file:
                    Line("lfsFile", new() { ["path"] = file.path_in_repo, ["algo"] = "sha256", ["oid"] = file.Sha256, ["size"] = file.Size });
                    break;
                case CommitOperationAdd file:
                    await using (var content = file.Open())
                    {
                        var bytes = new byte[content.Length];
                        await content.ReadExactlyAsync(bytes, cancellation);
                        Line("file", new() { ["content"] = Convert.ToBase64String(bytes), ["path"] = file.path_in_repo, ["encoding"] = "base64" });
                    }
                    break;
            }
        return body.ToArray();
    }
}
