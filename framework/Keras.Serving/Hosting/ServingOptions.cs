using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>The models, addresses and limits of a <see cref="ServingHost"/>. Names in parentheses are TensorFlow Serving's flags, which the program <c>serve</c> accepts.</summary>
public sealed record ServingOptions
{
    const long LeastBytesInFlight = 1L << 30;

    readonly long? _maxBytesInFlight;

    /// <summary>The model's name (<c>model_name</c>); default "default".</summary>
    public string ModelName { get; init; } = "default";

    /// <summary>The folder whose subfolders are the model's versions, named by numbers (<c>model_base_path</c>); null to serve only the models of <see cref="ModelConfigFile"/> or <see cref="GenerationModels"/> alone.</summary>
    public string? ModelBasePath { get; init; }

    /// <summary>A file with a <c>model_config_list</c> in protobuf's text format (<c>model_config_file</c>); null for none.</summary>
    public string? ModelConfigFile { get; init; }

    /// <summary>How often that file is checked for a changed list (<c>model_config_file_poll_wait_seconds</c>); default zero: only at the start.</summary>
    public TimeSpan ModelConfigPollInterval { get; init; }

    /// <summary>Folders of language models with their tokenizers, as <c>save_pretrained</c> writes them, by name (<c>generate</c>); they are served over OpenAI's API. Default none.</summary>
    public IReadOnlyDictionary<string, string> GenerationModels { get; init; } = new Dictionary<string, string>();

    /// <summary>The address to listen on (<c>address</c>); default "0.0.0.0", all addresses.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>The port of REST, the page and the metrics (<c>rest_api_port</c>); default 8501, 0 for any free one, null for none.</summary>
    public int? RestPort { get; init; } = 8501;

    /// <summary>The port of gRPC (<c>port</c>); default 8500, 0 for any free one, null for none.</summary>
    public int? GrpcPort { get; init; } = 8500;

    /// <summary>How requests are batched (<c>enable_batching</c>, <c>batching_parameters_file</c>); default null: each runs alone.</summary>
    public BatchingParameters? Batching { get; init; }

    /// <summary>How often folders are checked for new versions (<c>file_system_poll_wait_seconds</c>); default 1 s, zero for only at the start.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often loading a failed version is retried while its files stay the same (<c>max_num_load_retries</c>); default 5. Changed files are always tried.</summary>
    public int MaxLoadRetries { get; init; } = 5;

    /// <summary>The time between these retries (<c>load_retry_interval_micros</c>); default 1 min.</summary>
    public TimeSpan LoadRetryInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a REST request may take (<c>rest_api_timeout_in_ms</c>); default 30 s. It does not end a stream that has started.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running requests may take to end when the host is stopped (<c>drain_seconds</c>); default 30 s. Longer ones are abandoned and logged.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum size of a request body in bytes; default 256 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 256L << 20;

    /// <summary>The maximum total bytes of all request bodies, decompressed, from arrival to answer; default 1 GiB, or <see cref="MaxRequestBytes"/> if that is more. Further requests are rejected (429, RESOURCE_EXHAUSTED).</summary>
    public long MaxBytesInFlight { get => _maxBytesInFlight ?? Math.Max(LeastBytesInFlight, MaxRequestBytes); init => _maxBytesInFlight = value; }

    /// <summary>The maximum number of elements of an input; default 2^26.</summary>
    public long MaxElements { get; init; } = 1L << 26;

    /// <summary>The maximum nesting depth of JSON; default 64.</summary>
    public int MaxJsonDepth { get; init; } = 64;

    /// <summary>The maximum number of waiting requests of a model without batching; default 10,000. Further ones are rejected.</summary>
    public int MaxWaitingRequests { get; init; } = 10_000;

    /// <summary>The maximum number of connections; default 20,000.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>How many requests run at once without batching; default the number of processors.</summary>
    public int ComputeThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>The maximum number of texts that a language model continues at once; default 8.</summary>
    public int MaxGenerationBatch { get; init; } = 8;

    /// <summary>The maximum number of texts waiting for a language model, to be continued or embedded; default 1024. Further ones are rejected (429).</summary>
    public int MaxWaitingTexts { get; init; } = 1024;

    /// <summary>Whether Prometheus metrics are exposed (<c>metrics</c>); default true.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>The path of the metrics; default TensorFlow Serving's, /monitoring/prometheus/metrics.</summary>
    public string MetricsPath { get; init; } = "/monitoring/prometheus/metrics";

    /// <summary>Makes the loggers of the host's messages; default the console.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Models in code, as a list of configurations.</summary>
    internal IReadOnlyList<ModelConfig> Models { get; init; } = [];

    /// <summary>Throws if an option is out of range.</summary>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ModelName);
        ArgumentException.ThrowIfNullOrEmpty(Address);
        ArgumentNullException.ThrowIfNull(GenerationModels);
        if (!System.Net.IPAddress.TryParse(Address, out _)) throw new ArgumentException($"The address is none of IP. Expected: such as 0.0.0.0 or 127.0.0.1. Received: '{Address}'.", nameof(Address));
        foreach (var (port, name) in new[] { (RestPort, nameof(RestPort)), (GrpcPort, nameof(GrpcPort)) })
            if (port is < 0 or > 65535) throw new ArgumentOutOfRangeException(name, port, "A port is a number from 0 to 65535.");
        if (RestPort is null && GrpcPort is null) throw new ArgumentException("The host listens on no port. Set RestPort, GrpcPort or both.", nameof(RestPort));
        if (RestPort == GrpcPort && RestPort != 0) throw new ArgumentException($"REST and gRPC need ports of their own. Received: {RestPort} for both.", nameof(GrpcPort));
        if (ModelBasePath is not null && ModelConfigFile is not null) throw new ArgumentException("Give one model (ModelBasePath) or a file of models (ModelConfigFile), not both.", nameof(ModelConfigFile));
        if (!MetricsPath.StartsWith('/')) throw new ArgumentException($"A path begins with '/'. Received: '{MetricsPath}'.", nameof(MetricsPath));
        foreach (var (time, name) in new[] { (PollInterval, nameof(PollInterval)), (ModelConfigPollInterval, nameof(ModelConfigPollInterval)) })
            if (time != TimeSpan.Zero && time.TotalMilliseconds is < 1 or > int.MaxValue) throw new ArgumentOutOfRangeException(name, time, "A time between looks is zero, for none, or from 1 ms to 24 days.");
        foreach (var (time, name) in new[] { (LoadRetryInterval, nameof(LoadRetryInterval)), (RequestTimeout, nameof(RequestTimeout)), (DrainTimeout, nameof(DrainTimeout)) })
            if (time <= TimeSpan.Zero || time.TotalMilliseconds > int.MaxValue) throw new ArgumentOutOfRangeException(name, time, "A time is positive and at most 24 days.");
        ArgumentOutOfRangeException.ThrowIfNegative(MaxLoadRetries);
        foreach (var (count, name) in new[] { (MaxRequestBytes, nameof(MaxRequestBytes)), (MaxElements, nameof(MaxElements)), (MaxJsonDepth, nameof(MaxJsonDepth)), (MaxWaitingRequests, nameof(MaxWaitingRequests)),
            (MaxConnections, nameof(MaxConnections)), (ComputeThreads, nameof(ComputeThreads)), (MaxGenerationBatch, nameof(MaxGenerationBatch)), (MaxWaitingTexts, nameof(MaxWaitingTexts)) })
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRequestBytes, Array.MaxLength, nameof(MaxRequestBytes));
        if (MaxBytesInFlight < MaxRequestBytes)
            throw new ArgumentOutOfRangeException(nameof(MaxBytesInFlight), MaxBytesInFlight, $"All bodies together have at least the bytes of the greatest one. Expected: at least {MaxRequestBytes} (MaxRequestBytes).");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ComputeThreads, 4096, nameof(ComputeThreads));
        Batching?.Validate();
    }
}
