using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Keras.Serving;

/// <summary>The program <c>serve</c>: TensorFlow Serving's flags, read into options.</summary>
static class ServeCommandLine
{
    /// <summary>A command-line flag.</summary>
    /// <param name="Name">The name, as in TensorFlow Serving.</param>
    /// <param name="Form">The kind of its value.</param>
    /// <param name="Help">What it does.</param>
    /// <param name="Apply">Applies its value to the options.</param>
    sealed record Flag(string Name, string Form, string Help, Func<ServingOptions, string, ServingOptions> Apply);

    static readonly Flag[] Flags =
    [
        new("model_name", "NAME", "the model's name (default: default)", (o, v) => o with { ModelName = v }),
        new("model_base_path", "DIR", "the folder of its versions", (o, v) => o with { ModelBasePath = v }),
        new("model_config_file", "FILE", "several models: a model_config_list in protobuf's text format", (o, v) => o with { ModelConfigFile = v }),
        new("model_config_file_poll_wait_seconds", "N", "how often that file is looked at for another list (default: 0: at the start alone)", (o, v) => o with { ModelConfigPollInterval = TimeSpan.FromSeconds(Number(v)) }),
        new("generate", "NAME=DIR", "a language model with its tokenizer for /v1/completions and /v1/embeddings; may be given several times", Generate),
        new("rest_api_port", "PORT", "port of REST, the page and the metrics (default: 8501; -1: none)", (o, v) => o with { RestPort = Port(v) }),
        new("port", "PORT", "port of gRPC (default: 8500; -1: none)", (o, v) => o with { GrpcPort = Port(v) }),
        new("address", "IP", "the address to listen on (default: 0.0.0.0)", (o, v) => o with { Address = v }),
        new("rest_api_timeout_in_ms", "N", "how long a request may take (default: 30000)", (o, v) => o with { RequestTimeout = TimeSpan.FromMilliseconds(Number(v)) }),
        new("rest_api_num_threads", "N", "requests that are computed at once without batching (default: processors)", (o, v) => o with { ComputeThreads = checked((int)Number(v)) }),
        new("enable_batching", "BOOL", "whether requests are batched (default: false)", (o, v) => o with { Batching = Truth(v) ? o.Batching ?? new() : null }),
        new("batching_parameters_file", "FILE", "how requests are batched: BatchingParameters in protobuf's text format; batches them too", (o, v) => o with { Batching = BatchingText.Read(v) }),
        new("file_system_poll_wait_seconds", "N", "how often folders are looked at (default: 1; 0: at the start alone)", (o, v) => o with { PollInterval = TimeSpan.FromSeconds(Number(v)) }),
        new("max_num_load_retries", "N", "how often a version that fails is tried again (default: 5)", (o, v) => o with { MaxLoadRetries = checked((int)Number(v)) }),
        new("load_retry_interval_micros", "N", "the time between these tries (default: 60000000)", (o, v) => o with { LoadRetryInterval = TimeSpan.FromMicroseconds(Number(v)) }),
        new("max_request_bytes", "N", "the greatest body of a request (default: 268435456)", (o, v) => o with { MaxRequestBytes = Number(v) }),
        new("max_bytes_in_flight", "N", "the greatest number of bytes of all bodies at once (default: 1073741824, or max_request_bytes where that is more)", (o, v) => o with { MaxBytesInFlight = Number(v) }),
        new("max_connections", "N", "the greatest number of connections (default: 20000)", (o, v) => o with { MaxConnections = checked((int)Number(v)) }),
        new("drain_seconds", "N", "how long running requests may take when the host stops (default: 30)", (o, v) => o with { DrainTimeout = TimeSpan.FromSeconds(Number(v)) }),
        new("monitoring_config_file", "FILE", "whether metrics are given, and at which path: MonitoringConfig in protobuf's text format", MonitoringText.Apply),
        new("metrics", "BOOL", "whether Prometheus' metrics are given (default: true)", (o, v) => o with { Metrics = Truth(v) }),
    ];

    /// <summary>Parses flags, --name=value or --name value, and folders, as for <see cref="ServedFolder"/>, into options.</summary>
    /// <exception cref="ArgumentException">A flag is unknown, its value is invalid, or a folder holds no model.</exception>
    public static ServingOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ServingOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                options = ServedFolder.AddTo(options, args[i]);
                continue;
            }
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"A flag begins with --. Expected: --name=value. Received: '{args[i]}'.");
            var (name, value) = args[i].IndexOf('=') is > 0 and var at ? (args[i][2..at], args[i][(at + 1)..]) : (args[i][2..], null);
            var flag = Array.Find(Flags, f => f.Name == name) ?? throw Known.Unknown("There is no such flag", name, null, Flags.Select(f => f.Name));
            // A Boolean flag needs no value.
            value ??= i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : flag.Form == "BOOL" ? "true" : throw new ArgumentException($"The flag --{name} needs a value. Expected: --{name}={flag.Form}.");
            try
            {
                options = flag.Apply(options, value);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new ArgumentException($"The value of --{name} is none. Expected: {flag.Form}. Received: '{value}'.", e);
            }
        }
        if (options is { ModelBasePath: null, ModelConfigFile: null, GenerationModels.Count: 0, Models.Count: 0 })
            throw new ArgumentException("There is nothing to serve. Give a folder of a model, --model_base_path, --model_config_file or --generate.");
        return options;
    }

    /// <summary>Serves until the process is asked to end.</summary>
    /// <returns>0 for success, 1 if the host cannot start, 2 for wrong flags.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        if (args.Contains("--help"))
        {
            await output.WriteAsync(Help()).ConfigureAwait(false);
            return 0;
        }
        ServingHost host;
        try
        {
            host = ServingHost.Create(Parse(args));
        }
        catch (Exception e) when (e is ArgumentException or KerasException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{e.Message}\nSee --help.").ConfigureAwait(false);
            return 2;
        }
        await using (host.ConfigureAwait(false))
        {
            try
            {
                await host.RunAsync(cancellation).ConfigureAwait(false);
                // An engine that still computes while the process unloads its libraries could crash or block the exit.
                using var process = host.HasAbandoned ? Process.GetCurrentProcess() : null;
                process?.Kill();
                return 0;
            }
            catch (Exception e) when (e is IOException or KerasException)
            {
                // A port is taken, there is no engine, or a language model does not load.
                await error.WriteLineAsync(e.Message).ConfigureAwait(false);
                return 1;
            }
        }
    }

    static string Help()
    {
        var text = new StringBuilder("Serves SavedModels (TensorFlow Serving's REST and gRPC) and language models (OpenAI's interface): serve [DIR...] [--flag=value...]\n\n"
            + "  DIR\n      a folder of versions of a SavedModel (review/1), a folder of such folders, or a language model with its tokenizer; a model is called as its folder\n");
        foreach (var flag in Flags) text.Append(CultureInfo.InvariantCulture, $"  --{flag.Name}={flag.Form}\n      {flag.Help}\n");
        return text.Append("\nThe engine is that of KERAS_BACKEND: tensorflow or torch.\n").ToString();
    }

    static ServingOptions Generate(ServingOptions options, string value)
    {
        var parts = value.Split('=', 2);
        if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0) throw new FormatException();
        return options with { GenerationModels = new Dictionary<string, string>(options.GenerationModels) { [parts[0]] = parts[1] } };
    }

    static int? Port(string value) => int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) is var port && port == -1 ? null : port;

    static long Number(string value) => long.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    static bool Truth(string value) => value switch { "true" or "1" => true, "false" or "0" => false, _ => throw new FormatException() };
}
