namespace Keras.Transformers;

/// <summary>A file of a repository.</summary>
/// <param name="rfilename">The file's path in the repository.</param>
public sealed record RepoSibling(string rfilename);

/// <summary>Information on a repository at a revision.</summary>
/// <param name="id">The repository, "organisation/name".</param>
/// <param name="sha">The commit.</param>
/// <param name="private">Whether only its owner sees it.</param>
/// <param name="gated">"auto" or "manual" if the authors grant access; null if everyone may read.</param>
/// <param name="tags">The repository's tags.</param>
/// <param name="pipeline_tag">The task, such as "fill-mask"; null if none is given.</param>
/// <param name="siblings">The repository's files.</param>
public sealed record RepoInfo(string id, string sha, bool @private, string? gated, IReadOnlyList<string> tags, string? pipeline_tag, IReadOnlyList<RepoSibling> siblings)
{
    internal static RepoInfo Of(JsonPlace json) => new(json["id"].Text(), SnapshotDownload.CommitOf(json), json["private"].FlagOrNull() ?? false, json["gated"].IsText ? json["gated"].Text() : null,
        json["tags"].HasValue ? [.. json["tags"].Items().Select(t => t.Text())] : [], json["pipeline_tag"].TextOrNull(), [.. SnapshotDownload.NamesOf(json).Select(n => new RepoSibling(n))]);
}
