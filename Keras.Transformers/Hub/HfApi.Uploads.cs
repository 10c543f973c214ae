namespace Keras.Transformers;

public sealed partial class HfApi
{
    /// <summary>Patterns of files that are never uploaded.</summary>
    static readonly string[] NeverUploaded = [".git", ".git/*", "*/.git", "*/.git/*", ".cache/huggingface", ".cache/huggingface/*", "*/.cache/huggingface", "*/.cache/huggingface/*"];

    /// <summary>Creates one commit from several changes: either all of them take effect or none.</summary>
    /// <param name="repo_id">The repository.</param>
    /// <param name="operations">The files to add and the paths to remove.</param>
    /// <param name="commit_message">The commit's first line.</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">The branch; default "main".</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="parent_commit">The commit that the branch has to be at; default any.</param>
    /// <param name="cancellation_token">Cancels the operation before the commit is made.</param>
    /// <returns>The commit; the branch's last one if no file differs.</returns>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="RepositoryNotFoundException">There is no such repository, or the token gives no access to it.</exception>
    /// <exception cref="RevisionNotFoundException">The repository has no such branch.</exception>
    /// <exception cref="HfHubHttpException">The hub rejected it, or failed repeatedly; nothing was changed.</exception>
    /// <exception cref="HfValidationException">A name cannot be one.</exception>
    public CommitInfo create_commit(string repo_id, IEnumerable<CommitOperation> operations, string commit_message, string? commit_description = null, string? token = null, string? repo_type = null, string? revision = null,
        bool create_pr = false, string? parent_commit = null, CancellationToken cancellation_token = default)
    {
        var name = RepoName.Of(repo_id, repo_type);
        CommitOperation[] all = [.. operations ?? throw new ArgumentNullException(nameof(operations))];
        if (all.Length == 0 || all.Contains(null!)) throw new ArgumentException("There is no change, or one is null. Expected: one change or more, none null.", nameof(operations));
        ArgumentException.ThrowIfNullOrEmpty(commit_message);
        if (parent_commit is not null && !RepoCache.IsCommit(parent_commit)) throw new HfValidationException("The text is not a commit", nameof(parent_commit), "40 hexadecimal digits", Known.Say(RepoName.Printable(parent_commit)));
        return Run(() => CommitAsync(name, all, commit_message, commit_description, token, revision, create_pr, parent_commit, cancellation_token));
    }

    Task<CommitInfo> CommitAsync(RepoName name, CommitOperation[] operations, string message, string? description, string? token, string? revision, bool asPullRequest, string? parent, CancellationToken cancellation) =>
        new HubCommit(Http(token, needsToken: true), name, RepoName.Revision(revision)).MakeAsync(operations, message, description, asPullRequest, parent, cancellation);

    /// <summary>Uploads a file in one commit.</summary>
    /// <inheritdoc cref="create_commit"/>
    /// <param name="path">The file here.</param>
    /// <param name="path_in_repo">The file in the repository.</param>
    /// <param name="repo_id">The repository.</param>
    /// <param name="commit_message">The commit's first line; default "Upload ... with keras-transformers".</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="parent_commit">The commit that the branch has to be at; default any.</param>
    /// <param name="cancellation_token">Cancels the operation.</param>
    /// <exception cref="FileNotFoundException">There is no such file here.</exception>
    public CommitInfo upload_file(string path, string path_in_repo, string repo_id, string? token = null, string? repo_type = null, string? revision = null, string? commit_message = null, string? commit_description = null,
        bool create_pr = false, string? parent_commit = null, CancellationToken cancellation_token = default) =>
        create_commit(repo_id, [new CommitOperationAdd(path_in_repo, path)], commit_message ?? $"Upload {path_in_repo} with keras-transformers", commit_description, token, repo_type, revision, create_pr, parent_commit, cancellation_token);

    /// <summary>Uploads a folder in one commit, however many files it has. Links are followed; .git is left out.</summary>
    /// <inheritdoc cref="create_commit"/>
    /// <param name="repo_id">The repository.</param>
    /// <param name="folder_path">The folder here.</param>
    /// <param name="path_in_repo">The folder in the repository; default its root.</param>
    /// <param name="commit_message">The commit's first line; default "Upload folder with keras-transformers".</param>
    /// <param name="allow_patterns">The files that are meant, such as "*.json"; default all.</param>
    /// <param name="ignore_patterns">Files that are not; default none.</param>
    /// <param name="delete_patterns">Files of the repository that are removed unless they are uploaded; default none.</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="parent_commit">The commit that the branch has to be at; default any.</param>
    /// <param name="cancellation_token">Cancels the operation.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder here.</exception>
    /// <exception cref="ArgumentException">No file of the folder is meant.</exception>
    public CommitInfo upload_folder(string repo_id, string folder_path, string? path_in_repo = null, string? commit_message = null, string? commit_description = null, string? token = null, string? repo_type = null,
        string? revision = null, bool create_pr = false, string? parent_commit = null, FilePatternNames? allow_patterns = null, FilePatternNames? ignore_patterns = null, FilePatternNames? delete_patterns = null,
        CancellationToken cancellation_token = default)
    {
        RepoName.Of(repo_id, repo_type);
        var operations = OperationsOf(folder_path, path_in_repo, new(allow_patterns, [.. NeverUploaded, .. ignore_patterns ?? []]));
        if (delete_patterns is not null)
        {
            var (doomed, kept) = (new FilePatterns(delete_patterns, null), operations.Select(o => o.path_in_repo).ToHashSet());
            var prefix = string.IsNullOrEmpty(path_in_repo) ? "" : path_in_repo + "/";
            operations = [.. operations, .. list_repo_files(repo_id, revision, repo_type, token).Where(f => f.StartsWith(prefix, StringComparison.Ordinal) && doomed.Has(f[prefix.Length..]) && f != ".gitattributes" && !kept.Contains(f)).Select(f => new CommitOperationDelete(f))];
        }
        if (operations.Length == 0) throw new ArgumentException($"There is nothing to upload. Expected: files in '{folder_path}' that the patterns allow. Received: none.", nameof(folder_path));
        return create_commit(repo_id, operations, commit_message ?? "Upload folder with keras-transformers", commit_description, token, repo_type, revision, create_pr, parent_commit, cancellation_token);
    }

    /// <summary>Deletes a file in one commit.</summary>
    /// <inheritdoc cref="create_commit"/>
    /// <param name="path_in_repo">The file.</param>
    /// <param name="repo_id">The repository.</param>
    /// <param name="commit_message">The commit's first line; default "Delete ... with keras-transformers".</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="parent_commit">The commit that the branch has to be at; default any.</param>
    public CommitInfo delete_file(string path_in_repo, string repo_id, string? token = null, string? repo_type = null, string? revision = null, string? commit_message = null, string? commit_description = null,
        bool create_pr = false, string? parent_commit = null) =>
        create_commit(repo_id, [new CommitOperationDelete(path_in_repo)], commit_message ?? $"Delete {path_in_repo} with keras-transformers", commit_description, token, repo_type, revision, create_pr, parent_commit);

    /// <summary>Creates the repository if needed and uploads a folder as one commit, without blocking the caller; used by <c>push_to_hub</c> and callbacks.</summary>
    internal async Task<CommitInfo> PushFolderAsync(string folder, PushOptions options, CancellationToken cancellation)
    {
        var name = RepoName.Of(options.RepoId, options.RepoType);
        var url = await CreateRepoAsync(name, options.Token, options.Private, existOk: true, cancellation);
        // A name without an organisation belongs to the user.
        if (!name.Id.Contains('/', StringComparison.Ordinal)) name = name with { Id = OwnIdOf(url) };
        if (options.Revision is { } branch && !branch.StartsWith("refs/", StringComparison.Ordinal)) await CreateBranchAsync(name, branch, null, options.Token, existOk: true, cancellation);
        IEnumerable<CommitOperation> removals = [];
        if (options.Before is { } before)
        {
            var files = Files(name, new(options.Revision, options.Token));
            var info = await files.InfoAsync(cancellation);
            var names = SnapshotDownload.NamesOf(info).ToArray();
            var readme = names.Contains(ModelCard.FileName) ? await File.ReadAllTextAsync(await files.GetAsync(ModelCard.FileName, SnapshotDownload.CommitOf(info), null, cancellation), cancellation) : null;
            removals = before(folder, names, readme).Select(n => new CommitOperationDelete(n));
        }
        return await CommitAsync(name, [.. OperationsOf(folder, null, new(null, NeverUploaded)), .. removals], options.Message, options.Description, options.Token, options.Revision, options.CreatePr, null, cancellation);
    }

    /// <summary>The name in a new repository's address.</summary>
    /// <exception cref="FileFormatException">The address holds no name.</exception>
    static string OwnIdOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.AbsolutePath.Split('/') is [_, .., var owner, var own] && $"{owner}/{own}" is var id && owner.Length > 0 && RepoName.IsId(id) ? id
        : throw new FileFormatException("The hub does not say where it made the repository", "api/repos/create, url", "an address that ends with \"user/name\"", Known.Say(RepoName.Printable(url)), "Name the repository with its organisation.");

    static CommitOperation[] OperationsOf(string folder_path, string? path_in_repo, FilePatterns patterns)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder_path);
        if (!Directory.Exists(folder_path)) throw new DirectoryNotFoundException($"There is no folder '{folder_path}' to upload.");
        var prefix = string.IsNullOrEmpty(path_in_repo) ? "" : RepoName.FileName(path_in_repo, nameof(path_in_repo)) + "/";
        return [.. Directory.EnumerateFiles(folder_path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(f => (Path: f, Name: Path.GetRelativePath(folder_path, f).Replace('\\', '/')))
            .Where(f => patterns.Has(f.Name)).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new CommitOperationAdd(prefix + f.Name, f.Path))];
    }
}

/// <summary>The arguments of <c>push_to_hub</c>.</summary>
/// <param name="RepoId">The repository; created if needed.</param>
/// <param name="Message">The commit's first line.</param>
sealed record PushOptions(string RepoId, string Message)
{
    public string? RepoType { get; init; }

    public string? Description { get; init; }

    public string? Token { get; init; }

    public bool? Private { get; init; }

    public bool CreatePr { get; init; }

    /// <summary>The branch; created if needed. Null for "main".</summary>
    public string? Revision { get; init; }

    /// <summary>Called before the folder is read, with the folder, the repository's file names and its card (null for none); returns the files to delete. May be null.</summary>
    public Func<string, IReadOnlyList<string>, string?, IEnumerable<string>>? Before { get; init; }
}
