using System.Diagnostics;
using System.Diagnostics.Metrics;
using Keras.Callbacks;

namespace Keras.Transformers;

/// <summary>Reports training to OpenTelemetry: a trace "keras.fit" with an event for each epoch, and measurements of the meter "Keras.Transformers".</summary>
/// <remarks>Measurements: <c>keras.training.batches</c>, <c>keras.training.epoch.duration</c> in seconds, and <c>keras.training.value</c> with the tag "name" for the loss and every metric after each epoch. All have the tag
/// "model". It costs nothing without a listener: <c>AddSource("Keras.Transformers")</c> and <c>AddMeter("Keras.Transformers")</c> do.</remarks>
public sealed class TelemetryCallback : Callback
{
    static readonly ActivitySource Source = new(Name);
    static readonly Meter Meter = new(Name);
    static readonly Counter<long> Batches = Meter.CreateCounter<long>("keras.training.batches", "{batch}", "Batches that were trained on");
    static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("keras.training.epoch.duration", "s", "How long epochs took, with their validation");
    static readonly Gauge<double> Values = Meter.CreateGauge<double>("keras.training.value", description: "The loss and the metrics after an epoch");

    Activity? _fit;
    long _begun;

    /// <summary>The name of the source and of the meter: "Keras.Transformers".</summary>
    public const string Name = "Keras.Transformers";

    KeyValuePair<string, object?> ModelTag => new("model", model.name);

    /// <inheritdoc/>
    public override void on_train_begin(Logs logs)
    {
        _fit?.Dispose();
        _fit = Source.StartActivity("keras.fit");
        _fit?.SetTag("model", model.name).SetTag("epochs", @params.epochs).SetTag("steps", @params.steps);
    }

    /// <inheritdoc/>
    public override void on_epoch_begin(int epoch, Logs logs) => _begun = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override void on_train_batch_end(int batch, Logs logs)
    {
        if (Batches.Enabled) Batches.Add(1, ModelTag);
    }

    /// <inheritdoc/>
    public override void on_epoch_end(int epoch, Logs logs)
    {
        if (Durations.Enabled) Durations.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds, ModelTag);
        if (logs is null || (_fit is null && !Values.Enabled)) return;
        foreach (var (name, value) in logs) Values.Record(value, ModelTag, new("name", name));
        _fit?.AddEvent(new("epoch", tags: new(logs.Select(l => KeyValuePair.Create(l.Key, (object?)l.Value)).Prepend(new("epoch", epoch)))));
    }

    /// <inheritdoc/>
    public override void on_train_end(Logs logs)
    {
        _fit?.Dispose();
        _fit = null;
    }
}
