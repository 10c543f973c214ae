namespace Keras.Transformers;

/// <summary>Uploads folders through the hub's API.</summary>
sealed class HubUploader : IHubUploader
{
    /// <inheritdoc/>
    public Task Upload(string folder, string repoId, string commitMessage, string? token, CancellationToken cancellationToken) =>
        new HfApi().PushFolderAsync(folder, new(repoId, commitMessage) { Token = token }, cancellationToken);
}
