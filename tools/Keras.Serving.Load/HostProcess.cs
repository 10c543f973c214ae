using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Keras.Serving.Load;

/// <summary>A host in a separate process.</summary>
sealed class HostProcess : IAsyncDisposable
{
    readonly Process _process;

    HostProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>The address of its REST endpoint.</summary>
    public Uri Address { get; }

    /// <summary>Its resident memory when it was ready.</summary>
    public long MemoryAtStart { get; private set; }

    /// <summary>Its resident memory now.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a host of the model "m" and waits until it is ready.</summary>
    public static async Task<HostProcess> StartAsync(string basePath, params string[] flags)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in (string[])["host", "--model_name=m", $"--model_base_path={basePath}", $"--rest_api_port={port}", "--port=-1", "--address=127.0.0.1", .. flags]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var host = new HostProcess(process, new($"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = host.Address };
        for (var tries = 0; ; tries++)
        {
            if (process.HasExited || tries == 6000) throw new InvalidOperationException("The host did not start.");
            try
            {
                if ((await client.GetAsync("/readyz")).IsSuccessStatusCode && (await client.GetAsync("/v1/models/m")).IsSuccessStatusCode) break;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(10);
        }
        host.MemoryAtStart = host.Memory;
        return host;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
