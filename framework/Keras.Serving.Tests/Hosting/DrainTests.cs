using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Keras.Graphs;
using Keras.SavedModels;
using Keras.Tests;

namespace Keras.Serving.Tests.Hosting;

/// <summary>The program's end where what runs does not end in time: SIGTERM, the exit code, and what the log says.</summary>
[Platform(Exclude = "Win", Reason = "There is no SIGTERM.")]
public sealed partial class DrainTests
{
    /// <summary>As docs/serving-host.md has it: --drain_seconds and a second; beside it what a busy machine takes.</summary>
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(1), AtTheLatest = Drain + TimeSpan.FromSeconds(1) + TimeSpan.FromSeconds(3);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    const int Killed = 137;

    readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void Write()
    {
        var rounds = FunctionGraph.Trace("rounds", [(DType.Int32, Shape.Scalar, "n")],
            t => [ControlFlow.While(v => Tf.Less(v[0], v[1]), v => [v[0] + Tf.Int32Scalar(1), v[1]], [Tf.Int32Scalar(0), t[0]])[0]]);
        SavedModelWriter.Write(_folder["1"], new() { Signatures = new Dictionary<string, SavedModelSignature> { [SavedModelContents.DefaultSignature] = new(rounds, ["n"], ["done"]) } });
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public async Task A_model_that_computes_on_is_named_and_the_program_killed()
    {
        using var program = await StartAsync();
        using var client = new HttpClient { BaseAddress = program.Address };
        using var answer = await client.PostAsync("/v1/models/m:predict", new StringContent("""{"inputs":3}"""));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("3"));
        var asked = client.PostAsync("/v1/models/m:predict", new StringContent($$"""{"inputs":{{int.MaxValue}}}"""));
        await program.RequireRunningAsync(client);
        var (code, took) = await program.TerminateAsync();
        Assert.That(code, Is.EqualTo(Killed), program.Log);
        Assert.That(took, Is.InRange(Drain, AtTheLatest));
        Assert.That(program.Log, Does.Contain("(drain_seconds): 1").And.Contain("abandoned: m version 1"));
        Assert.That(async () => await asked, Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task A_body_without_end_is_broken_off_and_the_program_ends_by_itself()
    {
        using var program = await StartAsync();
        using var client = new HttpClient { BaseAddress = program.Address };
        using var connection = new TcpClient("127.0.0.1", program.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/models/m:predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"));
        await program.RequireRunningAsync(client);
        var (code, took) = await program.TerminateAsync();
        Assert.That(code, Is.Zero, program.Log);
        Assert.That(took, Is.InRange(Drain, AtTheLatest));
        Assert.That(program.Log, Does.Contain("(drain_seconds): 1").And.Not.Contain("abandoned"));
    }

    async Task<Program> StartAsync()
    {
        var program = new Program(_folder);
        try
        {
            await program.StartedAsync().WaitAsync(Patience);
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>tools/Keras.Serve in a process of its own.</summary>
    sealed partial class Program : IDisposable
    {
        readonly Process _process;
        readonly StringBuilder _log = new();
        readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Program(string folder)
        {
            var start = new ProcessStartInfo(Repository.Dotnet, ["exec", Path.Combine(AppContext.BaseDirectory, "Keras.Serve.dll"), "--model_name=m", $"--model_base_path={folder}", "--address=127.0.0.1",
                "--rest_api_port=0", "--port=-1", $"--drain_seconds={Drain.TotalSeconds}"])
            { RedirectStandardError = true, UseShellExecute = false };
            _process = new() { StartInfo = start };
            _process.ErrorDataReceived += (_, line) => Read(line.Data);
            _process.Start();
            _process.BeginErrorReadLine();
        }

        public Uri Address => _address.Task.Result;

        public string Log
        {
            get
            {
                lock (_log) return _log.ToString();
            }
        }

        /// <summary>Done when it says where it serves.</summary>
        public Task StartedAsync() => _address.Task;

        void Read(string? line)
        {
            if (line is null)
            {
                _address.TrySetException(new InvalidOperationException($"The program ended before it served: {Log}"));
                return;
            }
            lock (_log) _log.AppendLine(line);
            if (Serving().Match(line) is { Success: true } match) _address.TrySetResult(new(match.Groups[1].Value));
        }

        [GeneratedRegex(@"Serving .* on (http://\S+) \(REST\)")]
        private static partial Regex Serving();

        public async Task RequireRunningAsync(HttpClient client)
        {
            var watch = Stopwatch.StartNew();
            while (!(await client.GetStringAsync("/monitoring/prometheus/metrics")).Contains("requests_running 1\n", StringComparison.Ordinal))
            {
                Assert.That(watch.Elapsed, Is.LessThan(Patience), "no request runs");
                await Task.Delay(20);
            }
        }

        /// <summary>Tells it to end; its exit code, and how long that took.</summary>
        public async Task<(int Code, TimeSpan Took)> TerminateAsync()
        {
            var watch = Stopwatch.StartNew();
            using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"])) await kill.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience);
            return (_process.ExitCode, watch.Elapsed);
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
    }
}
