namespace Keras.Transformers;

/// <summary>Uploads folders to a hub.</summary>
interface IHubUploader
{
    /// <summary>Uploads a folder as one commit; creates the repository if needed.</summary>
    /// <param name="folder">The folder; its files must not change until the task has ended.</param>
    /// <param name="repoId">The repository, "org/name", or the name of one of the user's own.</param>
    /// <param name="commitMessage">The commit's message.</param>
    /// <param name="token">The token; null for the stored one.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The upload, which runs in the background.</returns>
    Task Upload(string folder, string repoId, string commitMessage, string? token, CancellationToken cancellationToken);
}

/// <summary>The uploader of this process.</summary>
static class HubUploads
{
    /// <summary>The hub's uploader; tests set another.</summary>
    public static IHubUploader Uploader { get; set; } = new HubUploader();
}
