namespace Keras.Transformers;

/// <summary><c>push_to_hub</c> for models, tokenizers, processors and data sets: writes to a private folder, then makes one commit from it.</summary>
static class HubPush
{
    /// <summary>Pushes what a function writes.</summary>
    /// <exception cref="HfHubHttpException">The hub rejected the request or failed; nothing was changed there.</exception>
    public static CommitInfo Run(PushOptions options, Action<string> write)
    {
        RepoName.Of(options.RepoId, options.RepoType);
        var folder = Directory.CreateTempSubdirectory("keras-push-").FullName;
        try
        {
            write(folder);
            return HfApi.Run(() => new HfApi().PushFolderAsync(folder, options, default));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Makes the options from the arguments of public calls.</summary>
    public static PushOptions Options(string repo_id, string? commit_message, string what, string? commit_description, bool? isPrivate, string? token, bool create_pr, string? revision)
    {
        ArgumentException.ThrowIfNullOrEmpty(repo_id);
        if (commit_message is not null) ArgumentException.ThrowIfNullOrEmpty(commit_message);
        if (revision is not null) ArgumentException.ThrowIfNullOrEmpty(revision);
        return new(repo_id, commit_message ?? $"Upload {what}") { Description = commit_description, Private = isPrivate, Token = token, CreatePr = create_pr, Revision = revision };
    }
}
