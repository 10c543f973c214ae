using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keras.LocalHub;

/// <summary>A hub on this machine: the endpoints that clients use, a second host for large files as the real one has, a record of all requests, and faults on demand.</summary>
/// <remarks>Repositories are in memory. Both hosts are addresses of this machine with separate ports, so that a client treats them as different hosts.</remarks>
public sealed class LocalHub : IAsyncDisposable
{
    readonly WebApplication _hub;
    readonly WebApplication _store;
    readonly Lock _lock = new();
    readonly List<Fault> _faults = [];
    readonly List<HubRecord> _records = [];

    LocalHub(int port)
    {
        Repositories = new();
        var large = new LargeFiles(this);
        var routes = new HubRoutes(this, large);
        _hub = Host(port, c => HandleAsync(c, "hub", fault => routes.HandleAsync(c, fault)));
        _store = Host(0, c => HandleAsync(c, "store", fault => large.HandleStoreAsync(c, fault)));
    }

    /// <summary>The repositories.</summary>
    public HubRepositories Repositories { get; }

    /// <summary>The hub's address.</summary>
    public string Endpoint => AddressOf(_hub);

    /// <summary>The address of the host that keeps large files.</summary>
    public string StoreEndpoint => AddressOf(_store);

    /// <summary>The tokens that the hub knows, with their owners.</summary>
    public Dictionary<string, string> Users { get; } = new() { ["hf_local_token"] = "tester" };

    /// <summary>From how many bytes a file is sent to the store in parts.</summary>
    public long PartSize { get; set; } = 4 << 20;

    /// <summary>All requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<HubRecord> Records
    {
        get
        {
            lock (_lock) return [.. _records];
        }
    }

    /// <summary>Starts a hub.</summary>
    /// <param name="port">The port of the hub; 0 for any.</param>
    public static async Task<LocalHub> StartAsync(int port = 0)
    {
        var hub = new LocalHub(port);
        await hub._hub.StartAsync();
        await hub._store.StartAsync();
        return hub;
    }

    /// <summary>Has the next requests that fit fail.</summary>
    public void Break(Fault fault)
    {
        lock (_lock) _faults.Add(fault);
    }

    /// <summary>Forgets faults and requests.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _faults.Clear();
            _records.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    async Task HandleAsync(HttpContext context, string host, Func<Fault?, Task> handle)
    {
        var request = context.Request;
        Fault? fault;
        lock (_lock)
        {
            _records.Add(new(host, request.Method, request.Path + request.QueryString, request.Headers.Authorization.ToString(), request.Headers.Range.ToString()) { Headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase) });
            fault = _faults.FirstOrDefault(f => f.Fits(host, request.Method, request.Path));
            if (fault is not null && --fault.Times == 0) _faults.Remove(fault);
        }
        if (fault?.Status is { } status)
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in fault.Headers) context.Response.Headers[name] = value;
            await context.Response.WriteAsync(fault.Body ?? "");
            return;
        }
        if (fault is { CutAfter: 0 })
        {
            context.Abort();
            return;
        }
        await handle(fault);
    }

    static WebApplication Host(int port, RequestDelegate handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, port, o => o.Protocols = HttpProtocols.Http1);
            k.Limits.MaxRequestBodySize = null;
            k.Limits.MinResponseDataRate = null;
            k.AddServerHeader = false;
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.Run(handle);
        return app;
    }

    static string AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}

/// <summary>A request that the hub received.</summary>
/// <param name="Host">"hub" or "store".</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Authorization">The authorization it was sent with; "" for none.</param>
/// <param name="Range">The range that it asked for; "" for none.</param>
public sealed record HubRecord(string Host, string Method, string Path, string Authorization, string Range)
{
    /// <summary>All its headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>A fault for the next matching requests.</summary>
public sealed class Fault
{
    /// <summary>"hub", "store", or null for both.</summary>
    public string? Host { get; init; }

    /// <summary>The method; null for any.</summary>
    public string? Method { get; init; }

    /// <summary>The text that the path contains; "" for any.</summary>
    public string Path { get; init; } = "";

    /// <summary>How many requests it meets.</summary>
    public int Times { get; set; } = 1;

    /// <summary>The answer's status; null for the usual answer.</summary>
    public int? Status { get; init; }

    /// <summary>Headers of an answer with <see cref="Status"/>.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The body of an answer with <see cref="Status"/>.</summary>
    public string? Body { get; init; }

    /// <summary>The number of bytes after which the connection is cut; 0 for at once, null for never.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Whether the content is served with a byte changed.</summary>
    public bool Changes { get; init; }

    /// <summary>Whether ranges are ignored.</summary>
    public bool IgnoresRanges { get; init; }

    /// <summary>A pause after each 64 KB of the content.</summary>
    public TimeSpan? Slowness { get; init; }

    internal bool Fits(string host, string method, string path) => (Host ?? host) == host && (Method ?? method) == method && path.Contains(Path, StringComparison.Ordinal);
}
