using Keras.Graphs;
using Keras.Training;

namespace Keras.Callbacks;

/// <summary>The base of callbacks that watch whether one of the logs improves.</summary>
/// <remarks>Source: keras/src/callbacks/monitor_callback.py.</remarks>
public abstract class MonitorCallback : Callback
{
    readonly string _mode;

    private protected MonitorCallback(string monitor, string mode, double min_delta)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        Known.OneOf(mode, nameof(mode), "auto", "min", "max");
        (this.monitor, _mode, MinDelta) = (monitor, mode, Math.Abs(Require.Finite(min_delta)));
    }

    /// <summary>The name of the monitored log, such as "val_loss".</summary>
    public string monitor { get; }

    private protected double MinDelta { get; }

    /// <summary>The best value so far; null before the first.</summary>
    public double? best { get; private protected set; }

    /// <summary>Whether larger values are better; null if neither the name nor the metrics tell.</summary>
    private protected bool? LargerIsBetter()
    {
        if (_mode != "auto") return _mode == "max";
        var log = monitor.StartsWith("val_", StringComparison.Ordinal) ? monitor["val_".Length..] : monitor;
        if (log == "loss") return false;
        var metric = model.metrics.OfType<CompileMetrics>().Select(m => m.OfLog(log)).FirstOrDefault(m => m is not null) ?? model.metrics.FirstOrDefault(m => m.name == log);
        if (metric is null && log.EndsWith("_loss", StringComparison.Ordinal)) return false;
        return metric?.Direction switch
        {
            "up" => true,
            "down" => false,
            _ => null,
        };
    }

    /// <summary>The monitored value; null, with a warning, if the logs lack it.</summary>
    private protected double? Watched(Logs logs)
    {
        if (logs.TryGet(monitor, out var value)) return value;
        Diagnostics.Warn($"{GetType().Name} watches '{monitor}', which is not available. Available: {Known.List(logs.Keys)}.{Known.Nearest(monitor, logs.Keys)}");
        return null;
    }

    /// <exception cref="ArgumentException">It is not known whether larger or smaller is better.</exception>
    private protected bool Improves(double value, double? reference)
    {
        var larger = LargerIsBetter() ?? throw new ArgumentException($"{GetType().Name} does not know whether larger or smaller values of '{monitor}' are better. Give mode: \"max\" or \"min\".");
        if (reference is not { } before) return true;
        return larger ? value - MinDelta > before : value + MinDelta < before;
    }
}
