namespace Keras.Transformers;

/// <content>Up to the hub.</content>
public abstract partial class PretrainedConfig
{
    /// <summary>Pushes the files of <c>save_pretrained</c> to the hub, as one commit.</summary>
    /// <param name="repo_id">The repository, "organisation/name"; without an organisation it is the user's own. It is created if needed.</param>
    /// <param name="commit_message">The commit's first line; default "Upload config".</param>
    /// <param name="private">Whether a newly created repository is visible only to its owner; default as in the owner's settings.</param>
    /// <param name="token">The token; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="revision">The branch, created if needed; default "main".</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <returns>The commit; the branch's last one if no file differs.</returns>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The hub rejected the request, or kept failing; nothing was changed there.</exception>
    /// <exception cref="HfValidationException">No repository can have the name.</exception>
    public CommitInfo push_to_hub(string repo_id, string? commit_message = null, bool? @private = null, string? token = null, bool create_pr = false, string? revision = null, string? commit_description = null) =>
        HubPush.Run(HubPush.Options(repo_id, commit_message, "config", commit_description, @private, token, create_pr, revision), save_pretrained);
}
