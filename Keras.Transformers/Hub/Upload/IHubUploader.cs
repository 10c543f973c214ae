namespace Keras.Transformers;

/// <summary>Uploads folders to a hub.</summary>
interface IHubUploader
{
    /// <summary>Uploads what a folder holds as one commit; the repository is made where there is none.</summary>
    /// <param name="folder">The folder; its files may be replaced by others once the task has ended, not before.</param>
    /// <param name="repoId">The repository, "org/name", or a name among the user's own.</param>
    /// <param name="commitMessage">The commit's message.</param>
    /// <param name="token">The token; null for the stored one.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <returns>The upload, which runs in the background.</returns>
    Task Upload(string folder, string repoId, string commitMessage, string? token, CancellationToken cancellationToken);
}

/// <summary>The uploader of this process.</summary>
static class HubUploads
{
    /// <summary>The hub's own; tests set another.</summary>
    public static IHubUploader Uploader { get; set; } = new HubUploader();
}
