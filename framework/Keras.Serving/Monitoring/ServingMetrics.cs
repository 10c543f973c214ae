using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Keras.Serving;

/// <summary>The metrics, under TensorFlow Serving's names where it has them, also for OpenTelemetry.</summary>
/// <remarks>Only configured model names are used, so that no request creates a new series.</remarks>
sealed class ServingMetrics : IDisposable
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string SourceName = "Keras.Serving";

    const string Prefix = ":tensorflow:serving:";

    /// <summary>The source of request spans.</summary>
    public static readonly ActivitySource Activities = new(SourceName);

    readonly Meter _meter = new(SourceName);
    readonly ConcurrentDictionary<string, Series> _series = new();
    readonly Counter<long> _requests;
    readonly Histogram<double> _durations;
    readonly Histogram<int> _rows;
    readonly UpDownCounter<long> _models;
    long _running;

    public ServingMetrics()
    {
        _requests = _meter.CreateCounter<long>("keras.serving.requests", description: "Requests by model and status");
        _durations = _meter.CreateHistogram<double>("keras.serving.request.duration", "s", "How long requests took");
        _rows = _meter.CreateHistogram<int>("keras.serving.batch.rows", description: "Rows of batches");
        _models = _meter.CreateUpDownCounter<long>("keras.serving.models", description: "Loaded versions of models");
        _meter.CreateObservableUpDownCounter("keras.serving.requests.running", () => Interlocked.Read(ref _running), description: "Requests that are worked on");
    }

    /// <summary>The number of running requests.</summary>
    public long Running => Interlocked.Read(ref _running);

    /// <summary>Counts a request as started.</summary>
    public void Began() => Interlocked.Increment(ref _running);

    /// <summary>Counts a request as ended.</summary>
    /// <param name="model">The served model; null if the request named none.</param>
    /// <param name="api">"predict", "classify", "regress", "multi_inference", "metadata", "status" or "generate".</param>
    /// <param name="entrypoint">"REST" or "GRPC".</param>
    /// <param name="status">The error status; null for OK.</param>
    /// <param name="elapsed">The time it took.</param>
    public void Ended(string? model, string api, string entrypoint, TFServingStatus? status, TimeSpan elapsed)
    {
        Interlocked.Decrement(ref _running);
        var name = StatusName(status);
        var tags = new TagList { { "model", model ?? "" }, { "api", api }, { "entrypoint", entrypoint }, { "status", name } };
        _requests.Add(1, tags);
        _durations.Record(elapsed.TotalSeconds, tags);
        if (model is null) return;
        Counter(Prefix + "request_count", $"model_name=\"{model}\",status=\"{name}\"").Add(1);
        if (status is null) Times(Prefix + "request_latency", $"model_name=\"{model}\",API=\"{api}\",entrypoint=\"{entrypoint}\"").Observe(elapsed.TotalMicroseconds);
    }

    /// <summary>Counts a loaded version.</summary>
    public void Loaded(string model, long version)
    {
        _models.Add(1, new KeyValuePair<string, object?>("model", model));
        Counter(":tensorflow:cc:saved_model:load_attempt_count", $"model_path=\"{model}\",status=\"success\"").Add(1);
        Gauge("keras_serving_model_version_available", $"model_name=\"{model}\",version=\"{version}\"").Set(1);
    }

    /// <summary>Counts a version that failed to load.</summary>
    public void LoadFailed(string model) => Counter(":tensorflow:cc:saved_model:load_attempt_count", $"model_path=\"{model}\",status=\"fail\"").Add(1);

    /// <summary>Counts a version as no longer served.</summary>
    public void Unloaded(string model, long version)
    {
        _models.Add(-1, new KeyValuePair<string, object?>("model", model));
        // Removed, since versions come and go while the host runs.
        _series.TryRemove($"keras_serving_model_version_available model_name=\"{model}\",version=\"{version}\"", out _);
    }

    /// <summary>Records the warm-up of a version.</summary>
    public void Warmed(string model, TimeSpan elapsed) => Times(Prefix + "model_warmup_latency", $"model_path=\"{model}\",status=\"OK\"").Observe(elapsed.TotalMicroseconds);

    /// <summary>The observer that counts a model's batches.</summary>
    public IBatchObserver BatchesOf(string model) => new BatchCounts(this, $"model_name=\"{model}\"");

    sealed class BatchCounts(ServingMetrics metrics, string labels) : IBatchObserver
    {
        readonly Series _runs = metrics.Counter(Prefix + "batching_session:wrapped_run_count", labels);
        readonly Series _rows = metrics.Sizes("keras_serving_batch_rows", labels);
        readonly Series _padding = metrics.Counter("keras_serving_batch_padding_rows", labels);
        readonly Series _waits = metrics.Times(Prefix + "batching_session:queuing_latency", labels);

        public void Batched(int rows, int filled, int calls)
        {
            _runs.Add(1);
            _rows.Observe(rows);
            _padding.Add(filled - rows);
            metrics._rows.Record(rows);
        }

        public void Waited(TimeSpan elapsed) => _waits.Observe(elapsed.TotalMicroseconds);
    }

    /// <summary>Writes all metrics in Prometheus' text format.</summary>
    public string ToText()
    {
        var text = new System.Text.StringBuilder();
        foreach (var metric in _series.Values.GroupBy(s => (s.Name, s.Kind)).OrderBy(g => g.Key.Name, StringComparer.Ordinal))
        {
            text.Append("# TYPE ").Append(metric.Key.Name).Append(' ').Append(metric.Key.Kind).Append('\n');
            foreach (var series in metric.OrderBy(s => s.Labels, StringComparer.Ordinal)) series.Write(text);
        }
        text.Append("# TYPE keras_serving_requests_running gauge\nkeras_serving_requests_running ").Append(Running).Append('\n');
        return text.ToString();
    }

    static string StatusName(TFServingStatus? status) => status is null ? "OK" : System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName(status.Value.ToString());

    Series Counter(string name, string labels) => Of(name, labels, "counter", []);

    Series Gauge(string name, string labels) => Of(name, labels, "gauge", []);

    /// <summary>A histogram of microseconds in TensorFlow Serving's buckets.</summary>
    Series Times(string name, string labels) => Of(name, labels, "histogram", Series.MicrosecondBounds);

    Series Sizes(string name, string labels) => Of(name, labels, "histogram", Series.SizeBounds);

    Series Of(string name, string labels, string kind, double[] bounds) => _series.GetOrAdd($"{name} {labels}", static (_, s) => new(s.name, s.labels, s.kind, s.bounds), (name, labels, kind, bounds));

    public void Dispose() => _meter.Dispose();
}
