namespace Keras.Callbacks;

/// <summary>Stops training when a monitored value, such as "val_loss", no longer improves.</summary>
/// <remarks>Source: keras/src/callbacks/early_stopping.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// var stop = new EarlyStopping(monitor: "val_loss", patience: 3, restore_best_weights: true);
/// model.fit(x, y, epochs: 100, validation_split: 0.25, callbacks: stop);
/// Console.WriteLine($"best epoch: {stop.best_epoch}");
/// </code>
/// </example>
public class EarlyStopping : MonitorCallback
{
    readonly int _patience;
    readonly int _verbose;
    readonly double? _baseline;
    readonly bool _restore;
    readonly int _startFromEpoch;
    IReadOnlyList<Tensor>? _bestWeights;

    /// <summary>Stops training when a monitored value, such as "val_loss", no longer improves.</summary>
    /// <param name="monitor">The log to watch; default "val_loss".</param>
    /// <param name="min_delta">A smaller change does not count as an improvement; default 0.</param>
    /// <param name="patience">Epochs without improvement after which training stops; default 0.</param>
    /// <param name="verbose">1 prints when it stops; default 0.</param>
    /// <param name="mode">"min" or "max" is better; default "auto", by the log's name and metric.</param>
    /// <param name="baseline">A value to be beaten; default none.</param>
    /// <param name="restore_best_weights">Whether the weights of the best epoch are set at the end; default false.</param>
    /// <param name="start_from_epoch">Epochs before this one do not count; default 0.</param>
    public EarlyStopping(string monitor = "val_loss", double min_delta = 0, int patience = 0, int verbose = 0, string mode = "auto", double? baseline = null,
        bool restore_best_weights = false, int start_from_epoch = 0) : base(monitor, mode, min_delta) =>
        (_patience, _verbose, _baseline, _restore, _startFromEpoch) = (Require.Count(0, patience), verbose, baseline, restore_best_weights, Require.Count(0, start_from_epoch));

    /// <summary>Epochs since the last improvement.</summary>
    public int wait { get; private set; }

    /// <summary>The epoch at which training was stopped; 0 if it was not.</summary>
    public int stopped_epoch { get; private set; }

    /// <summary>The epoch of the best value.</summary>
    public int best_epoch { get; private set; }

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs) => (wait, stopped_epoch, best, best_epoch, _bestWeights) = (0, 0, null, 0, null);

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (Watched(logs) is not { } current || epoch < _startFromEpoch) return;
        // If nothing ever improves, the first epoch's weights are restored.
        if (_restore && _bestWeights is null) Remember(epoch);
        wait++;
        if (Improves(current, best))
        {
            (best, best_epoch) = (current, epoch);
            if (_restore) Remember(epoch);
            if (_baseline is null || Improves(current, _baseline)) wait = 0;
            return;
        }
        if (wait < _patience || epoch == 0) return;
        stopped_epoch = epoch;
        model.stop_training = true;
    }

    /// <inheritdoc/>
    public override void on_train_end(Logs logs)
    {
        if (stopped_epoch > 0 && _verbose > 0) Console.Out.WriteLine($"Epoch {stopped_epoch + 1}: early stopping");
        if (_bestWeights is null) return;
        if (_verbose > 0) Console.Out.WriteLine($"Restoring model weights from the end of the best epoch: {best_epoch + 1}.");
        model.set_weights(_bestWeights);
        _bestWeights = null;
    }

    void Remember(int epoch) => (_bestWeights, best_epoch) = (model.get_weights(), epoch);
}
