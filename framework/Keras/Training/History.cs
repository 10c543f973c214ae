namespace Keras.Callbacks;

/// <summary>The record of a training, which <c>fit</c> returns: the logs of each epoch.</summary>
/// <remarks>Source: keras/src/callbacks/history.py.</remarks>
public sealed class History : Callback
{
    /// <summary>The values of each log, one for each epoch that had it.</summary>
    public Dictionary<string, List<double>> history { get; } = [];

    /// <summary>The epochs, counted from 0.</summary>
    public List<int> epoch { get; } = [];

    /// <summary>All logs of each epoch by name, including its index as "epoch".</summary>
    internal List<IReadOnlyDictionary<string, double>> Epochs { get; } = [];

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs)
    {
        epoch.Clear();
        Epochs.Clear();
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        this.epoch.Add(epoch);
        Epochs.Add(LineOf(epoch, logs));
        foreach (var (name, value) in logs)
        {
            if (!history.TryGetValue(name, out var values)) history[name] = values = [];
            values.Add(value);
        }
    }

    /// <summary>The logs of an epoch by name, preceded by its index as "epoch".</summary>
    internal static IReadOnlyDictionary<string, double> LineOf(int epoch, Logs logs) => new OrderedDictionary<string, double>(logs.Prepend(KeyValuePair.Create("epoch", (double)epoch)).DistinctBy(l => l.Key));

    /// <summary>The last values of an epoch, by name, and the number of epochs.</summary>
    public override string ToString() =>
        $"<History epochs={epoch.Count}{string.Concat(history.Where(h => h.Value.Count > 0).Select(h => FormattableString.Invariant($", {h.Key}={h.Value[^1]:0.####}")))}>";
}
