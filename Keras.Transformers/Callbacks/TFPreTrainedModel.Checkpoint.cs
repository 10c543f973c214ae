namespace Keras.Transformers;

/// <summary>Resuming training from a checkpoint.</summary>
public abstract partial class TFPreTrainedModel
{
    /// <summary>Restores weights, the optimizer's state and random draws from a checkpoint of <see cref="PushToHubCallback"/>; <c>fit(..., initial_epoch: checkpoint["epoch"])</c>
    /// then resumes training.</summary>
    /// <param name="repo_path_or_name">The repository's folder, or its name at the hub, "organisation/name".</param>
    /// <param name="revision">A branch, tag or commit of the hub's repository; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <returns>"epoch": how many epochs were done. (Hugging Face gives the number of the last one, which training would then repeat.)</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, so it has no optimizer whose state could be set.</exception>
    /// <exception cref="FileNotFoundException">The folder, or the repository, holds no checkpoint.</exception>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="FileFormatException">The checkpoint is damaged, or another model's.</exception>
    public IReadOnlyDictionary<string, int> load_repo_checkpoint(string repo_path_or_name, string? revision = null, string? token = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(repo_path_or_name);
        if (!compiled) throw new InvalidOperationException("Checkpoints hold the optimizer's state. Call compile first, with the same optimizer.");
        EnsureBuilt();
        var folder = PretrainedSource.Folder(repo_path_or_name, "", new(revision, token), [.. RepoCheckpoint.Files]);
        return new Dictionary<string, int> { ["epoch"] = RepoCheckpoint.Load(this, folder) };
    }
}
