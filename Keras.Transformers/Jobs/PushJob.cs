namespace Keras.Transformers;

/// <summary>Uploads a model's folder to the hub as one commit.</summary>
/// <remarks><code>
/// var commit = new PushJob { Folder = "my-model", Repository = "my-org/my-model" }.Run();
/// </code></remarks>
public sealed record PushJob
{
    /// <summary>The folder, uploaded with its subfolders.</summary>
    public required string Folder { get; init; }

    /// <summary>The repository, "organisation/name"; without an organisation it is the user's own. It is created if needed.</summary>
    public required string Repository { get; init; }

    /// <summary>The commit's first line; default "Upload" and the folder's name.</summary>
    public string? Message { get; init; }

    /// <summary>Whether a new repository is private; default by the owner's settings.</summary>
    public bool? Private { get; init; }

    /// <summary>The branch, created if needed; default "main".</summary>
    public string? Revision { get; init; }

    /// <summary>Whether a pull request is made instead of a commit to the branch; default false.</summary>
    public bool CreatePullRequest { get; init; }

    /// <summary>The token; default HF_TOKEN, otherwise what <c>login</c> stored.</summary>
    public string? Token { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="cancellation_token">Stops it; nothing is committed then.</param>
    /// <returns>The commit; the branch's last one if no file differs.</returns>
    /// <exception cref="JobOptionException">There is no such folder, or no model in it.</exception>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The hub rejected it, or failed repeatedly; nothing was changed there.</exception>
    /// <exception cref="HfValidationException">No repository can have the name.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CommitInfo Run(CancellationToken cancellation_token = default)
    {
        if (!Directory.Exists(Folder)) throw new JobOptionException(nameof(Folder), "There is no such folder", "the folder of a model", Known.Say(Folder));
        if (!File.Exists(Path.Combine(Folder, PretrainedConfig.FileName)))
            throw new JobOptionException(nameof(Folder), "The folder holds no model", PretrainedConfig.FileName, Known.List(Directory.GetFiles(Folder).Select(Path.GetFileName).Order().Take(12)), "Name the folder that was written by save_pretrained or by a training.");
        var options = new PushOptions(Repository, Message ?? $"Upload {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)))}") { Private = Private, Revision = Revision, CreatePr = CreatePullRequest, Token = Token };
        return HfApi.Run(() => new HfApi().PushFolderAsync(Folder, options, cancellation_token));
    }
}
