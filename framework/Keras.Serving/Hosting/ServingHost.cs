using System.Diagnostics;
using System.Net;
using Keras.Backend;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Keras.Serving;

/// <summary>Serves SavedModels over TensorFlow Serving's REST and gRPC, and language models over OpenAI's API, on the engine that <c>KERAS_BACKEND</c> names.</summary>
public sealed class ServingHost : IAsyncDisposable
{
    /// <summary>The time that work has to end after its callers' connections were closed.</summary>
    static readonly TimeSpan BrokenOff = TimeSpan.FromSeconds(1);

    readonly ServingOptions _options;
    readonly WebApplication _app;
    readonly RunScheduler _scheduler;
    readonly ModelFileWatch _watch;
    int _isDisposed;

    ServingHost(ServingOptions options, IReadOnlyList<ModelConfig> models, string? modelFile)
    {
        (_options, Models) = (options, models);
        Metrics = new();
        _scheduler = options.Batching is { } batching ? new((int)batching.NumBatchThreads, batching.ThreadPoolName) : new(options.ComputeThreads, "compute");
        _app = Build(options, services => services.AddSingleton<IModelServer>(_ => Store!).AddSingleton(Metrics));
        Store = new(new(_scheduler, _app.Logger)
        {
            Batching = options.Batching, MaxWaiting = options.MaxWaitingRequests, Metrics = Metrics, Poll = options.PollInterval, RetryAfter = options.LoadRetryInterval, MaxRetries = options.MaxLoadRetries,
        });
        Languages = new(options);
        _watch = new(options, modelFile, Store, _app.Logger);
        Bodies = new(options.MaxBytesInFlight);
        HostEndpoints.Map(_app, Store, Languages, Metrics, Bodies, options);
    }

    /// <summary>The models.</summary>
    internal ModelStore Store { get; }

    /// <summary>The language models.</summary>
    internal LanguageModels Languages { get; }

    /// <summary>The metrics.</summary>
    internal ServingMetrics Metrics { get; }

    /// <summary>Whether it ended while something was still computing.</summary>
    internal bool HasAbandoned { get; private set; }

    /// <summary>Counts the bytes of request bodies.</summary>
    internal BodyBytes Bodies { get; }

    IReadOnlyList<ModelConfig> Models { get; }

    /// <summary>The address of REST; null before the host is started, and if it has no port.</summary>
    public Uri? RestAddress { get; private set; }

    /// <summary>The address of gRPC; null before the host is started, and if it has no port.</summary>
    public Uri? GrpcAddress { get; private set; }

    /// <summary>Creates a host, which listens once it is started.</summary>
    /// <param name="options">The models, addresses and limits.</param>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    /// <exception cref="ArgumentException">A model's name or folder is invalid.</exception>
    /// <exception cref="FileFormatException">The model config file is malformed; the error gives line and column.</exception>
    public static ServingHost Create(ServingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // Read before the models, so that changes in between are noticed.
        var modelFile = ModelFileWatch.Seen(options);
        return new(options, HostModels.Of(options), modelFile);
    }

    /// <summary>Listens and loads the models; completes when all are loaded or have failed. Failed models are tried again, and their status says why.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = new Queue<string>(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        if (_options.RestPort is not null) RestAddress = Reachable(addresses.Dequeue());
        if (_options.GrpcPort is not null) GrpcAddress = Reachable(addresses.Dequeue());
        await Store.ApplyAsync(Models, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        await Languages.LoadAsync().ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        Store.Watch();
        _watch.Start();
        _app.Logger.LogInformation("Serving {Models} on {Rest} (REST) and {Grpc} (gRPC), engine {Engine}", Known.List(Models.Select(m => m.Name).Concat(_options.GenerationModels.Keys)), RestAddress, GrpcAddress, EngineSelection.Name);
    }

    /// <summary>Serves until the process is asked to end or the token is cancelled, then answers running requests and stops.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_app.Lifetime.ApplicationStopping, cancellationToken);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = either.Token.Register(() => told.TrySetResult());
        // Models may load for long, and a request to end does not wait for them.
        var started = StartAsync(cancellationToken);
        await Task.WhenAny(started, told.Task).ConfigureAwait(false);
        if (!told.Task.IsCompleted) await started.ConfigureAwait(false);
        await told.Task.ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        // Disposal does not wait for a language model that is still loading; a start that only has to notice the end does so at once.
        if (!HasAbandoned && await Task.WhenAny(started, Task.Delay(BrokenOff, CancellationToken.None)).ConfigureAwait(false) != started) HasAbandoned = true;
    }

    /// <summary>Stops accepting requests, answers running ones, and unloads the models. After <see cref="ServingOptions.DrainTimeout"/>, and a second for closed connections, it stops waiting: work that still
    /// runs is logged, and ends with the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        var began = Stopwatch.GetTimestamp();
        await StopAsync().ConfigureAwait(false);
        var (ended, rest) = (EndAsync(), _options.DrainTimeout - Stopwatch.GetElapsedTime(began));
        if (await Task.WhenAny(ended, Task.Delay(rest > BrokenOff ? rest : BrokenOff)).ConfigureAwait(false) == ended) await ended.ConfigureAwait(false);
        else
        {
            HasAbandoned = true;
            string[] busy = [.. Store.Busy, .. Languages.Busy];
            _app.Logger.LogWarning("The host ends after {Seconds} s (drain_seconds), though these still compute and are abandoned: {Abandoned}", _options.DrainTimeout.TotalSeconds, Known.List(busy));
        }
        await _app.DisposeAsync().ConfigureAwait(false);
        Metrics.Dispose();
    }

    /// <summary>Takes no further requests, and breaks off those that run for too long.</summary>
    async Task StopAsync()
    {
        using var breakOff = new CancellationTokenSource();
        var stopped = _app.StopAsync(breakOff.Token);
        if (await Task.WhenAny(stopped, Task.Delay(_options.DrainTimeout, breakOff.Token)).ConfigureAwait(false) != stopped)
            _app.Logger.LogWarning("Requests that are broken off, for they run after {Seconds} s (drain_seconds): {Running}", _options.DrainTimeout.TotalSeconds, Metrics.Running);
        await breakOff.CancelAsync().ConfigureAwait(false);
        await stopped.ConfigureAwait(false);
    }

    async Task EndAsync()
    {
        // In parallel, so that a list being applied does not delay the language models.
        await Task.WhenAll(_watch.DisposeAsync().AsTask(), Store.DisposeAsync().AsTask(), Languages.DisposeAsync().AsTask()).ConfigureAwait(false);
        await Task.Run(_scheduler.Dispose).ConfigureAwait(false);
    }

    static WebApplication Build(ServingOptions options, Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ServingHost).Assembly.GetName().Name });
        if (options.LoggerFactory is { } factory) builder.Services.AddSingleton(factory);
        else
        {
            // Standard output is for programs; the host's own message says where it listens.
            builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
            builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        }
        // The host breaks off what takes too long itself, and says so.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = options.DrainTimeout + BrokenOff);
        builder.Services.AddRequestDecompression();
        GrpcEndpoints.Add(builder.Services, (int)options.MaxRequestBytes);
        add(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var address = IPAddress.Parse(options.Address);
            if (options.RestPort is { } rest) kestrel.Listen(address, rest, o => o.Protocols = HttpProtocols.Http1);
            if (options.GrpcPort is { } grpc) kestrel.Listen(address, grpc, o => o.Protocols = HttpProtocols.Http2);
            kestrel.AddServerHeader = false;
            var limits = kestrel.Limits;
            // The body reader checks the limit: Kestrel would close the connection while the rest of a body arrives, and the sender would never read the reason.
            limits.MaxRequestBodySize = null;
            limits.MaxConcurrentConnections = options.MaxConnections;
            // Connections that send headers or a body very slowly are closed, and so are idle ones.
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        });
        return builder.Build();
    }

    static Uri Reachable(string address) => new(address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "[::1]", StringComparison.Ordinal));
}
