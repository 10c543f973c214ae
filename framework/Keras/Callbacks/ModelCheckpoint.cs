using System.Globalization;

namespace Keras.Callbacks;

/// <summary>Saves the model or its weights as training goes on: after each epoch, after some batches, or only when a monitored value improves.</summary>
/// <remarks>Source: keras/src/callbacks/model_checkpoint.py.</remarks>
/// <example>
/// <code>
/// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: "mse");
/// model.fit(x, y, epochs: 10, validation_split: 0.25, callbacks: new ModelCheckpoint("best.keras", monitor: "val_loss", save_best_only: true));
/// var best = keras.models.load_model("best.keras");
/// </code>
/// </example>
public class ModelCheckpoint : MonitorCallback
{
    const string WeightsEnding = ".weights.h5", ModelEnding = ".keras";

    readonly string _filepath;
    readonly int _verbose;
    readonly bool _bestOnly;
    readonly bool _weightsOnly;
    readonly SaveFreq _freq;
    readonly BatchCounter _batches;
    int _epoch;

    /// <summary>Saves the model or its weights as training goes on: after each epoch, after some batches, or only when a monitored value improves.</summary>
    /// <param name="filepath">The file, ending in .keras, or in .weights.h5 for weights only. Names in braces become numbers: {epoch:02d} and {batch:02d}, counted
    /// from 1, and any log, {val_loss:.2f}.</param>
    /// <param name="monitor">The log to watch; default "val_loss".</param>
    /// <param name="verbose">1 prints when something is saved; default 0.</param>
    /// <param name="save_best_only">Whether to save only when the monitored value is the best so far; default false.</param>
    /// <param name="save_weights_only">Whether weights and the optimizer's state are saved without the config; default false.</param>
    /// <param name="mode">"min" or "max" is better; default "auto", by the log's name and metric.</param>
    /// <param name="save_freq">"epoch", or a number of batches; default "epoch".</param>
    /// <param name="initial_value_threshold">A value to be beaten by the first that is saved; default none.</param>
    /// <exception cref="ArgumentException">The file's name ends otherwise.</exception>
    public ModelCheckpoint(string filepath, string monitor = "val_loss", int verbose = 0, bool save_best_only = false, bool save_weights_only = false, string mode = "auto",
        SaveFreq save_freq = default, double? initial_value_threshold = null) : base(monitor, mode, 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        var ending = save_weights_only ? WeightsEnding : ModelEnding;
        if (!filepath.EndsWith(ending, StringComparison.Ordinal))
            throw new ArgumentException($"The checkpoint's name has the wrong ending for save_weights_only: {(save_weights_only ? "true" : "false")}. Expected: a name that ends in {ending}. Received: \"{filepath}\".", nameof(filepath));
        (_filepath, _verbose, _bestOnly, _weightsOnly, _freq, _batches) = (filepath, verbose, save_best_only, save_weights_only, save_freq, new(save_freq));
        best = initial_value_threshold;
    }

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs)
    {
        _epoch = epoch;
        _batches.NewEpoch();
    }

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs)
    {
        if (_batches.IsDue(batch)) Save(batch, logs);
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        if (_freq.Batches == 0) Save(batch: null, logs);
    }

    void Save(int? batch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var path = PathOf(batch, logs);
        if (!IsToBeSaved(path, logs)) return;
        if (_weightsOnly) model.save_weights(path);
        else model.save(path);
    }

    /// <summary>Whether to save now; as in Keras, always if the monitored log is missing.</summary>
    bool IsToBeSaved(string path, Logs logs)
    {
        var (title, saving) = (Invariant($"\nEpoch {_epoch + 1}: "), $"saving model to {path}");
        if (!_bestOnly || Watched(logs) is not { } current)
        {
            Print(title + saving);
            return true;
        }
        var before = best is { } value ? value.ToString("F5", CultureInfo.InvariantCulture) : LargerIsBetter() == true ? "-inf" : "inf";
        if (!Improves(current, best))
        {
            Print(Invariant($"{title}{monitor} did not improve from {before}"));
            return false;
        }
        best = current;
        Print(Invariant($"{title}{monitor} improved from {before} to {current:F5}, {saving}"));
        return true;
    }

    string PathOf(int? batch, Logs logs)
    {
        var values = logs.ToDictionary(l => l.Key, l => (object)l.Value);
        values["epoch"] = _epoch + 1;
        if (batch is { } number) values["batch"] = number + 1;
        try
        {
            return PythonFormat.Format(_filepath, values);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"The name of a checkpoint cannot be made: \"{_filepath}\". {e.Message}", e);
        }
    }

    void Print(string line)
    {
        if (_verbose > 0) Console.Out.WriteLine(line);
    }

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
