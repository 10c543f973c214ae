using Keras.Saving;

namespace Keras.Transformers;

/// <content>Up to the hub.</content>
public abstract partial class TFPreTrainedModel
{
    /// <summary>Uploads configuration and weights, as <c>save_pretrained</c> writes them, to the hub in one commit; after <c>fit</c> also the model's card, as
    /// <c>create_model_card</c> writes it, unless the repository has a README.md from another source. The model can then be loaded with
    /// <c>from_pretrained("organisation/name")</c>.</summary>
    /// <param name="repo_id">The repository, "organisation/name"; without an organisation it is the user's own. It is created if needed.</param>
    /// <param name="commit_message">The commit's first line; default "Upload" and the class.</param>
    /// <param name="private">Whether a newly created repository is visible only to its owner; default as in the owner's settings.</param>
    /// <param name="token">The token; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    /// <param name="safe_serialization">Whether weights are written as safetensors; default true. With false as tf_model.h5.</param>
    /// <param name="variant">The part before the ending of the file names; default nothing.</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="revision">The branch, created if needed; default "main".</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <returns>The commit; the branch's last one if no file differs.</returns>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The hub rejected the request, or kept failing; nothing was changed there.</exception>
    /// <exception cref="HfValidationException">No repository can have the name.</exception>
    public CommitInfo push_to_hub(string repo_id, string? commit_message = null, bool? @private = null, string? token = null, MaxShardSize? max_shard_size = null, bool safe_serialization = true, string? variant = null, bool create_pr = false, string? revision = null, string? commit_description = null)
    {
        var options = HubPush.Options(repo_id, commit_message, GetType().Name, commit_description, @private, token, create_pr, revision);
        return HubPush.Run(history is null ? options : options with { Before = KeepCard }, folder =>
        {
            save_pretrained(folder, max_shard_size: max_shard_size, safe_serialization: safe_serialization, variant: variant);
            if (history is not null) create_model_card(folder, repo_id.Split('/')[^1]);
        });

        // A card written by hand is kept, and no file of the repository is deleted.
        static IEnumerable<string> KeepCard(string folder, IReadOnlyList<string> names, string? card)
        {
            if (card?.Contains(TrainingSummary.Mark, StringComparison.Ordinal) == false)
                foreach (var file in (string[])[ModelCard.FileName, TrainingSummary.CurvesFile]) File.Delete(Path.Combine(folder, file));
            return [];
        }
    }
}
