namespace Keras.Callbacks;

/// <summary>Lowers the learning rate when a monitored value, such as "val_loss", no longer improves.</summary>
/// <remarks>Source: keras/src/callbacks/reduce_lr_on_plateau.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 50, callbacks: new ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 3));
/// </code>
/// </example>
public class ReduceLROnPlateau : MonitorCallback
{
    readonly double _factor;
    readonly int _patience;
    readonly int _verbose;
    readonly int _cooldown;
    readonly double _minimum;
    int _cooling;
    int _wait;

    /// <summary>Lowers the learning rate when a monitored value, such as "val_loss", no longer improves.</summary>
    /// <param name="monitor">The log to watch; default "val_loss".</param>
    /// <param name="factor">The factor by which the learning rate is lowered, below 1; default 0.1.</param>
    /// <param name="patience">Epochs without improvement after which the learning rate is lowered; default 10.</param>
    /// <param name="verbose">1 prints each reduction; default 0.</param>
    /// <param name="mode">"min" or "max" is better; default "auto".</param>
    /// <param name="min_delta">A smaller change does not count as an improvement; default 0.0001.</param>
    /// <param name="cooldown">Epochs after a reduction that are not counted; default 0.</param>
    /// <param name="min_lr">The learning rate does not fall below it; default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ReduceLROnPlateau(string monitor = "val_loss", double factor = 0.1, int patience = 10, int verbose = 0, string mode = "auto", double min_delta = 1e-4,
        int cooldown = 0, double min_lr = 0) : base(monitor, mode, min_delta) =>
        (_factor, _patience, _verbose, _cooldown, _minimum) = (Require.Decay(factor), Require.Count(0, patience), verbose, Require.Count(0, cooldown), Require.AtLeast(0, min_lr));

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs) => (_cooling, _wait, best) = (0, 0, null);

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var rate = model.LearningRate;
        logs["learning_rate"] = rate;
        if (Watched(logs) is not { } current) return;
        if (_cooling > 0)
        {
            _cooling--;
            _wait = 0;
        }
        if (Improves(current, best)) (best, _wait) = (current, 0);
        else if (_cooling == 0 && ++_wait >= _patience && rate > (float)_minimum) Reduce(epoch, Math.Max(rate * _factor, _minimum));
    }

    void Reduce(int epoch, double rate)
    {
        model.LearningRate = rate;
        (_cooling, _wait) = (_cooldown, 0);
        if (_verbose > 0) Console.Out.WriteLine($"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {PythonFloat.Text(rate)}.");
    }
}
