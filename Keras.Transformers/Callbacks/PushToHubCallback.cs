using Keras.Callbacks;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Saves the model and its card during training and uploads the folder to the hub in the background.</summary>
/// <remarks>
/// While an upload runs, no other starts and nothing is saved; the next one includes the changes made meanwhile. At the end of training the callback waits for a running upload, saves once more, so
/// that weights that other callbacks restored are uploaded, and uploads that. A checkpoint is taken only at the end of an epoch, where weights and the optimizer's state belong together: it is of
/// the last epoch whose end fell outside of an upload. Failures in saving or uploading are reported and kept in <see cref="Failures"/>; training goes on.
/// Source: transformers/keras_callbacks.py, where an epoch that ends while the one before it is being uploaded may never be uploaded.
/// </remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased", num_labels: 2);
/// var texts = tokenizer.Apply(["a fine film", "far too long"], padding: true);
/// int[] labels = [1, 0];
/// model.compile(optimizer: keras.optimizers.Adam(3e-5));
/// var push = new PushToHubCallback("my-bert", tokenizer: tokenizer, hub_model_id: "me/my-bert");   // with the token that login stored
/// model.fit(texts, labels, epochs: 3, callbacks: [push]);
/// </code>
/// </example>
public class PushToHubCallback : Callback
{
    static readonly TimeSpan DefaultPatience = TimeSpan.FromHours(1), LongestPatience = TimeSpan.FromDays(20);

    readonly string _folder;
    readonly string _strategy;
    readonly BatchCounter _batches;
    readonly PreTrainedTokenizerBase? _tokenizer;
    readonly string? _token;
    readonly bool _checkpoint;
    readonly Func<TrainingSummary, TrainingSummary> _card;
    readonly BackgroundUpload _upload;
    readonly TimeSpan _patience;
    readonly List<IReadOnlyDictionary<string, double>> _epochs = [];
    readonly List<Exception> _failures = [];

    /// <summary>Saves the model and its card during training and uploads the folder to the hub in the background.</summary>
    /// <param name="output_dir">The folder.</param>
    /// <param name="save_strategy">"epoch" (default), "steps", or "no" for only the end of training.</param>
    /// <param name="save_steps">With "steps", the number of batches between saves, counted across epochs.</param>
    /// <param name="tokenizer">Saved beside the model; default none.</param>
    /// <param name="hub_model_id">The repository, "org/name", or a name among the user's own; default the folder's name.</param>
    /// <param name="hub_token">The token; default the stored one.</param>
    /// <param name="checkpoint">Whether weights, the optimizer's state and the epoch are saved too, for <see cref="TFPreTrainedModel.load_repo_checkpoint"/>; with "epoch" alone. Default false.</param>
    /// <param name="upload_timeout">How long the end of training waits for an upload before abandoning it; default one hour.</param>
    /// <param name="language">The card's field; default none.</param>
    /// <param name="license">The card's field; default none.</param>
    /// <param name="tags">The card's field; default none.</param>
    /// <param name="finetuned_from">The card's field; default the repository that the model was loaded from.</param>
    /// <param name="tasks">The card's field; default the task of the model's class.</param>
    /// <param name="dataset_tags">The card's field; default none.</param>
    /// <param name="dataset">The card's field; default none.</param>
    /// <param name="dataset_args">The card's field; default none.</param>
    /// <exception cref="ArgumentException">save_steps is missing or given without "steps", a checkpoint is wanted with another strategy than "epoch", or no repository can have the name.</exception>
    /// <exception cref="FileFormatException">The hub would reject one of the card's fields; the message names it.</exception>
    public PushToHubCallback(string output_dir, string save_strategy = "epoch", int? save_steps = null, PreTrainedTokenizerBase? tokenizer = null, string? hub_model_id = null, string? hub_token = null,
        bool checkpoint = false, TimeSpan? upload_timeout = null, CardTexts? language = null, string? license = null, CardTexts? tags = null, string? finetuned_from = null, CardTexts? tasks = null,
        CardTexts? dataset_tags = null, CardTexts? dataset = null, CardTexts? dataset_args = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(output_dir);
        _strategy = Known.OneOf(save_strategy, nameof(save_strategy), "epoch", "steps", "no")!;
        if (_strategy == "steps" != save_steps is not null) throw new ArgumentException($"save_steps and save_strategy do not fit each other. Expected: save_steps together with save_strategy \"steps\", and not without it. Received: \"{save_strategy}\" and {Known.Say(save_steps)}.", nameof(save_steps));
        if (checkpoint && _strategy != "epoch") throw new ArgumentException($"A checkpoint cannot be saved with this save_strategy, only after whole epochs. Expected: save_strategy \"epoch\". Received: \"{save_strategy}\".", nameof(checkpoint));
        _batches = new(save_steps is { } steps ? Require.Count(1, steps, nameof(save_steps)) : default(SaveFreq));
        _patience = upload_timeout ?? DefaultPatience;
        if (_patience <= TimeSpan.Zero || _patience > LongestPatience) throw new ArgumentOutOfRangeException(nameof(upload_timeout), upload_timeout, "Expected: a time above 0, at most 20 days.");
        _upload = new(HubUploads.Uploader);
        (_folder, _tokenizer, _token, _checkpoint) = (Path.GetFullPath(output_dir), tokenizer, hub_token, checkpoint);
        this.hub_model_id = hub_model_id ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder));
        if (!RepoName.IsId(this.hub_model_id))
            throw new ArgumentException($"Expected: a repository's name, \"name\" or \"org/name\". Received: {Known.Say(this.hub_model_id)}{(hub_model_id is null ? ", the folder's name, because hub_model_id is left out" : "")}.", nameof(hub_model_id));
        _card = summary => summary.With(language, license, tags, finetuned_from, tasks, dataset_tags, dataset, dataset_args);
        CardRules.Check(_card(new() { model_name = this.hub_model_id }).create_metadata());
    }

    /// <summary>The repository on the hub that the folder is uploaded to.</summary>
    public string hub_model_id { get; }

    /// <summary>The errors of saving and uploading so far, in order; empty if there were none.</summary>
    public IReadOnlyList<Exception> Failures => _failures;

    /// <summary>Whether an upload runs.</summary>
    internal bool IsUploading => _upload.IsRunning;

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">The model has no <c>save_pretrained</c>.</exception>
    public override void on_train_begin(Logs logs)
    {
        if (model is not TFPreTrainedModel) throw new UnsupportedException("PushToHubCallback cannot save this model", model.GetType().Name, "a model with save_pretrained", null, "Use keras.callbacks.ModelCheckpoint for others.");
        _epochs.Clear();
        _failures.Clear();
    }

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs) => _batches.NewEpoch();

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs)
    {
        if (_strategy == "steps" && _batches.IsDue(batch)) SaveAndPush($"Training in progress steps {batch}", epochsDone: null);
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        _epochs.Add(History.LineOf(epoch, logs));
        if (_strategy == "epoch") SaveAndPush($"Training in progress epoch {epoch}", epoch + 1);
    }

    /// <inheritdoc/>
    public override void on_train_end(Logs logs)
    {
        var free = Ended();
        // The weights may now be averaged or restored, which does not match the optimizer's state, so the last epoch's checkpoint stays.
        if (!Saved(epochsDone: null) || !free) return;
        _upload.Begin(_folder, hub_model_id, "End of training", _token);
        Ended();
    }

    void SaveAndPush(string message, int? epochsDone)
    {
        if (_upload.IsRunning) return;
        Note(_upload.TakeFailure());
        if (Saved(epochsDone)) _upload.Begin(_folder, hub_model_id, message, _token);
    }

    /// <summary>Waits for the running upload; false if it was abandoned.</summary>
    bool Ended()
    {
        var ended = _upload.Wait(_patience);
        Note(_upload.TakeFailure());
        return ended;
    }

    bool Saved(int? epochsDone)
    {
        try
        {
            var pretrained = (TFPreTrainedModel)model;
            pretrained.save_pretrained(_folder);
            _tokenizer?.save_pretrained(_folder);
            if (_checkpoint && epochsDone is { } epochs) RepoCheckpoint.Save(pretrained, _folder, epochs);
            _card(TrainingSummary.OfEpochs(pretrained, hub_model_id, _epochs)).save(_folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KerasException)
        {
            Note(e);
            return false;
        }
    }

    void Note(Exception? failure)
    {
        if (failure is null) return;
        _failures.Add(failure);
        Diagnostics.Warn($"The model was not pushed to '{hub_model_id}'; training goes on, and the model stays in '{_folder}'. {failure.Message}");
    }
}
