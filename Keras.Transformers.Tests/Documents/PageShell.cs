using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Keras.Transformers.Cli;

namespace Keras.Transformers.Tests.Documents;

/// <summary>Runs the commands of a page in a folder. What serves goes on, on a free port that takes the place of 8501, until the next one or the end of the block.</summary>
sealed partial class PageShell : IDisposable
{
    const string Port = "localhost:8501";

    readonly string _folder;
    (Process Process, Task<(int, string)> End, int Port)? _serving;

    public PageShell(string folder)
    {
        _folder = folder;
        // The tool by its name, as it is built beside these tests.
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName, "keras-transformers");
        File.WriteAllText(program, $"#!/bin/sh\nexec '{Repository.Dotnet}' exec '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs one command; of what serves, until its models are ready.</summary>
    /// <returns>The exit code, and what was said.</returns>
    public (int Code, string Said) Run(string command)
    {
        if (command.StartsWith("keras-transformers serve", StringComparison.Ordinal)) return Serve(command.Split('#')[0]);
        // Curl ends with 0 whatever a server says, unless it is told otherwise.
        if (command.StartsWith("curl ", StringComparison.Ordinal)) command = $"curl --silent --show-error --fail{command[4..].Replace(Port, $"127.0.0.1:{_serving?.Port}", StringComparison.Ordinal)}";
        using var process = Start(command);
        return Ended(process);
    }

    /// <summary>Tells what serves to end, where something does.</summary>
    public (int Code, string Said) Stop()
    {
        if (_serving is not { } serving) return (0, "");
        _serving = null;
        using (serving.Process)
        {
            _ = Kill(serving.Process.Id, Terminate);
            return serving.End.GetAwaiter().GetResult();
        }
    }

    (int Code, string Said) Serve(string command)
    {
        if (Stop() is { Code: not 0 } before) return before;
        var port = FreePort();
        var process = Start($"exec {command} --rest_api_port={port} --port=-1 --address=127.0.0.1");
        var end = Task.Run(() => Ended(process));
        _serving = (process, end, port);
        using var client = new HttpClient();
        for (var watch = Stopwatch.StartNew(); !end.IsCompleted && watch.Elapsed < TimeSpan.FromMinutes(1); Thread.Sleep(100))
        {
            try
            {
                if (client.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz")).GetAwaiter().GetResult().IsSuccessStatusCode) return (0, "");
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
        var (code, said) = Stop();
        return (-1, $"It was never ready, and ended with {code}.\n{said}");
    }

    Process Start(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        (start.Environment["PATH"], start.Environment["HF_HUB_OFFLINE"], start.Environment["HF_DATASETS_CACHE"]) = ($"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}", "1", Path.Combine(_folder, "cache"));
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    static (int Code, string Said) Ended(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose() => Stop();

    const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
