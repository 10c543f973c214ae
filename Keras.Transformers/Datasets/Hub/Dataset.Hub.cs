using Keras.Saving;

namespace Keras.Transformers;

/// <content>Up to the hub.</content>
public sealed partial class Dataset
{
    /// <summary>Uploads the rows to the hub as Parquet, as one split of a configuration; other splits and configurations of the data set stay. The data set's card then names the
    /// files and describes the columns.</summary>
    /// <param name="repo_id">The data set, "organisation/name"; without an organisation it is the user's own. It is created if needed.</param>
    /// <param name="config_name">The configuration; default "default".</param>
    /// <param name="split">The split; default "train".</param>
    /// <param name="data_dir">The folder in the repository; default "data", or the configuration's name.</param>
    /// <param name="commit_message">The commit's first line; default "Upload dataset".</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <param name="private">Whether a newly created data set is visible only to its owner; default as in the owner's settings.</param>
    /// <param name="token">The token; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="revision">The branch, created if needed; default "main".</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="max_shard_size">The size above which rows are split over several files; default 500 MB.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The hub rejected the request, or kept failing; nothing was changed there.</exception>
    /// <exception cref="ArgumentException">A name cannot be one.</exception>
    public CommitInfo push_to_hub(string repo_id, string config_name = "default", string? split = null, string? data_dir = null, string? commit_message = null, string? commit_description = null, bool? @private = null,
        string? token = null, string? revision = null, bool create_pr = false, MaxShardSize? max_shard_size = null) =>
        DatasetPush.Run([(split ?? "train", this)], config_name, data_dir, max_shard_size, HubPush.Options(repo_id, commit_message, "dataset", commit_description, @private, token, create_pr, revision));
}

/// <content>Up to the hub.</content>
public sealed partial class DatasetDict
{
    /// <summary>Uploads all splits to the hub as Parquet, in one commit. The data set's card then names the files and describes the columns.</summary>
    /// <inheritdoc cref="Dataset.push_to_hub"/>
    public CommitInfo push_to_hub(string repo_id, string config_name = "default", string? data_dir = null, string? commit_message = null, string? commit_description = null, bool? @private = null,
        string? token = null, string? revision = null, bool create_pr = false, MaxShardSize? max_shard_size = null) =>
        DatasetPush.Run([.. this.Select(s => (s.Key, s.Value))], config_name, data_dir, max_shard_size, HubPush.Options(repo_id, commit_message, "dataset", commit_description, @private, token, create_pr, revision));
}
