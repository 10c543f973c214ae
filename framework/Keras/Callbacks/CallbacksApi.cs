namespace Keras.Callbacks;

/// <summary>keras.callbacks: makes callbacks.</summary>
public sealed class CallbacksApi
{
    internal CallbacksApi() { }

    /// <inheritdoc cref="Callbacks.BackupAndRestore(string, SaveFreq, bool, bool)"/>
    public BackupAndRestore BackupAndRestore(string backup_dir, SaveFreq save_freq = default, bool double_checkpoint = false,
        bool delete_checkpoint = true) => new(backup_dir, save_freq, double_checkpoint, delete_checkpoint);

    /// <inheritdoc cref="Callbacks.CSVLogger(string, string, bool)"/>
    public CSVLogger CSVLogger(string filename, string separator = ",", bool append = false) => new(filename, separator, append);

    /// <inheritdoc cref="Callbacks.EarlyStopping(string, double, int, int, string, double?, bool, int)"/>
    public EarlyStopping EarlyStopping(string monitor = "val_loss", double min_delta = 0, int patience = 0, int verbose = 0, string mode = "auto",
        double? baseline = null, bool restore_best_weights = false, int start_from_epoch = 0) => new(monitor, min_delta, patience, verbose, mode, baseline, restore_best_weights, start_from_epoch);

    /// <inheritdoc cref="Callbacks.LambdaCallback(Action{int, Logs}, Action{int, Logs}, Action{Logs}, Action{Logs}, Action{int, Logs}, Action{int, Logs})"/>
    public LambdaCallback LambdaCallback(Action<int, Logs>? on_epoch_begin = null, Action<int, Logs>? on_epoch_end = null, Action<Logs>? on_train_begin = null,
        Action<Logs>? on_train_end = null, Action<int, Logs>? on_train_batch_begin = null, Action<int, Logs>? on_train_batch_end = null) => new(on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end);

    /// <inheritdoc cref="Callbacks.LearningRateScheduler(Func{int, double, double}, int)"/>
    public LearningRateScheduler LearningRateScheduler(Func<int, double, double> schedule, int verbose = 0) => new(schedule, verbose);

    /// <inheritdoc cref="Callbacks.LearningRateScheduler(Func{int, double}, int)"/>
    public LearningRateScheduler LearningRateScheduler(Func<int, double> schedule, int verbose = 0) => new(schedule, verbose);

    /// <inheritdoc cref="Callbacks.ModelCheckpoint(string, string, int, bool, bool, string, SaveFreq, double?)"/>
    public ModelCheckpoint ModelCheckpoint(string filepath, string monitor = "val_loss", int verbose = 0, bool save_best_only = false, bool save_weights_only = false,
        string mode = "auto", SaveFreq save_freq = default, double? initial_value_threshold = null) => new(filepath, monitor, verbose, save_best_only, save_weights_only, mode, save_freq, initial_value_threshold);

    /// <inheritdoc cref="Callbacks.ReduceLROnPlateau(string, double, int, int, string, double, int, double)"/>
    public ReduceLROnPlateau ReduceLROnPlateau(string monitor = "val_loss", double factor = 0.1, int patience = 10, int verbose = 0, string mode = "auto",
        double min_delta = 1e-4, int cooldown = 0, double min_lr = 0) => new(monitor, factor, patience, verbose, mode, min_delta, cooldown, min_lr);

    /// <inheritdoc cref="Callbacks.RemoteMonitor(string, string, string, Dictionary{string, string}, bool)"/>
    public RemoteMonitor RemoteMonitor(string root = "http://localhost:9000", string path = "/publish/epoch/end/", string field = "data", Dictionary<string, string>? headers = null,
        bool send_as_json = false) => new(root, path, field, headers, send_as_json);

    /// <inheritdoc cref="Callbacks.TensorBoard(string, int, bool, bool, bool, UpdateFreq, int, int, EmbeddingsMetadata)"/>
    public TensorBoard TensorBoard(string log_dir = "logs", int histogram_freq = 0, bool write_graph = true, bool write_images = false, bool write_steps_per_second = false,
        UpdateFreq update_freq = default, int profile_batch = 0, int embeddings_freq = 0, EmbeddingsMetadata? embeddings_metadata = null) =>
        new(log_dir, histogram_freq, write_graph, write_images, write_steps_per_second, update_freq, profile_batch, embeddings_freq, embeddings_metadata);

    /// <inheritdoc cref="Callbacks.SwapEMAWeights(bool)"/>
    public SwapEMAWeights SwapEMAWeights(bool swap_on_epoch = false) => new(swap_on_epoch);

    /// <inheritdoc cref="Callbacks.TerminateOnNaN"/>
    public TerminateOnNaN TerminateOnNaN() => new();

    /// <inheritdoc cref="Callbacks.CallbackList(IEnumerable{Callback}, bool, bool, Model, CallbackParams)"/>
    public CallbackList CallbackList(IEnumerable<Callback>? callbacks, bool add_history, bool add_progbar, Model model, CallbackParams @params) => new(callbacks,
        add_history, add_progbar, model, @params);

    /// <inheritdoc cref="Callbacks.History"/>
    public History History() => new();

    /// <inheritdoc cref="Callbacks.ProgbarLogger()"/>
    public ProgbarLogger ProgbarLogger() => new();
}
