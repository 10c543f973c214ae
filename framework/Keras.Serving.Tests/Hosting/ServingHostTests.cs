using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Keras.Tests;
using Microsoft.Extensions.Logging;

namespace Keras.Serving.Tests;

/// <summary>A host as a whole: options, slow and idle connections, and its end.</summary>
public sealed class ServingHostTests
{
    readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void Write() => TestModels.WriteVersion(_folder, 2);

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    ServingOptions Options => new() { ModelName = "m", ModelBasePath = _folder };

    [Test]
    public async Task Requests_that_run_are_answered_when_the_host_ends()
    {
        var host = await TestModels.StartAsync(Options with { Batching = new() { BatchTimeoutMicros = 300_000 } });
        using var client = new HttpClient { BaseAddress = host.RestAddress };
        var asked = client.PostAsync("/v1/models/m:predict", new StringContent("""{"instances":[[1,2]]}"""));
        Assert.That(SpinWait.SpinUntil(() => host.Metrics.Running == 1, TimeSpan.FromSeconds(5)), Is.True);
        await host.DisposeAsync();
        using var answer = await asked;
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("""{"predictions":[[2.0,4.0]]}"""));
        Assert.That(async () => await client.GetAsync("/healthz"), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task A_computation_without_end_does_not_keep_the_host()
    {
        using var logs = new RecordedLogs();
        var host = await TestModels.StartAsync(Options with { DrainTimeout = TimeSpan.FromMilliseconds(100), LoggerFactory = logs });
        // A request that never ends is one that never gives its version back.
        using var held = host.Store.Lease(new("m"));
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(logs.Messages, Has.Some.Contains("abandoned: m version 2"));
    }

    [Test]
    public async Task A_file_of_models_that_changes_is_served_anew()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        void List(params string[] models) => File.WriteAllText(folder["models.config"], $"model_config_list {{ {string.Concat(models.Select(m => $"config {{ name: '{m}' base_path: '{(m == "e" ? folder["empty"] : _folder.Path)}' model_platform: 'tensorflow' }} "))}}}");
        List("a");
        using var logs = new RecordedLogs();
        await using var host = await TestModels.StartAsync(new() { ModelConfigFile = folder["models.config"], ModelConfigPollInterval = TimeSpan.FromMilliseconds(20), LoggerFactory = logs });
        using var client = new HttpClient { BaseAddress = host.RestAddress };
        async Task<int> AskAsync(string model) => (int)(await client.GetAsync($"/v1/models/{model}/metadata")).StatusCode;
        void RequireSaid(string what) => Assert.That(SpinWait.SpinUntil(() => logs.Messages.Any(m => m.Contains(what, StringComparison.Ordinal)), TimeSpan.FromSeconds(20)), Is.True, what);
        List("a", "b", "e");
        RequireSaid("not available: {name: e}");
        Assert.That((await AskAsync("a"), await AskAsync("b"), await AskAsync("e")), Is.EqualTo((200, 200, 503)));
        File.WriteAllText(folder["models.config"], "model_config_list { config { nam");
        RequireSaid("cannot be served");
        Assert.That((await AskAsync("a"), await AskAsync("b")), Is.EqualTo((200, 200)));
        List("b");
        RequireSaid("not available: none");
        Assert.That((await AskAsync("a"), await AskAsync("b")), Is.EqualTo((404, 200)));
    }

    [Test]
    public async Task A_file_of_models_that_changes_during_the_start_is_served_anew()
    {
        using var folder = new TemporaryFolder();
        void List(string model) => File.WriteAllText(folder["models.config"], $"model_config_list {{ config {{ name: '{model}' base_path: '{_folder.Path}' model_platform: 'tensorflow' }} }}");
        List("a");
        using var logs = new RecordedLogs();
        await using var host = ServingHost.Create(new()
        {
            ModelConfigFile = folder["models.config"], ModelConfigPollInterval = TimeSpan.FromMilliseconds(20), Address = "127.0.0.1", RestPort = 0, GrpcPort = 0, LoggerFactory = logs,
        });
        List("b");
        await host.StartAsync();
        Assert.That(SpinWait.SpinUntil(() => logs.Messages.Any(m => m.Contains("not available: none", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(host.Store.Configs.Select(c => c.Name), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task A_host_that_is_told_to_end_while_it_loads_ends()
    {
        using var folder = new TemporaryFolder();
        TestModels.WriteVersion(folder, 1);
        using var told = new CancellationTokenSource();
        var host = ServingHost.Create(new() { ModelName = "m", ModelBasePath = folder, Address = "127.0.0.1", RestPort = 0, GrpcPort = 0, LoggerFactory = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance });
        var running = host.RunAsync(told.Token);
        await told.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [TestCase(true, "\"metrics\":\"/numbers\"")]
    [TestCase(false, "\"metrics\":null")]
    public async Task The_page_leads_to_the_metrics_where_they_are(bool given, string expected)
    {
        await using var host = await TestModels.StartAsync(Options with { Metrics = given, MetricsPath = "/numbers" });
        using var client = new HttpClient { BaseAddress = host.RestAddress };
        Assert.That(await client.GetStringAsync("/page/models"), Does.Contain(expected));
        Assert.That(await client.GetStringAsync("/"), Does.Not.Contain("prometheus"));
        using var metrics = await client.GetAsync("/numbers");
        Assert.That(metrics.IsSuccessStatusCode, Is.EqualTo(given));
    }

    [Test]
    public async Task A_request_that_takes_too_long_is_told_so()
    {
        await using var host = await TestModels.StartAsync(Options with { Batching = new() { BatchTimeoutMicros = 30_000_000 }, RequestTimeout = TimeSpan.FromMilliseconds(100) });
        using var client = new HttpClient { BaseAddress = host.RestAddress };
        using var answer = await client.PostAsync("/v1/models/m:predict", new StringContent("""{"instances":[[1,2]]}"""));
        Assert.That((int)answer.StatusCode, Is.EqualTo(504));
    }

    [Test]
    public async Task Idle_and_slow_connections_and_those_that_break_off_disturb_nobody()
    {
        await using var host = await TestModels.StartAsync(Options);
        using var client = new HttpClient { BaseAddress = host.RestAddress };
        var connections = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 300; i++)
            {
                var connection = new TcpClient("127.0.0.1", host.RestAddress!.Port);
                connections.Add(connection);
                if (i % 3 > 0) await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(i % 3 == 1 ? "POST /v1/models/m:pre" : "POST /v1/models/m:predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"));
            }
            var watch = Stopwatch.StartNew();
            Assert.That(await (await client.PostAsync("/v1/models/m:predict", new StringContent("""{"instances":[[1,2]]}"""))).Content.ReadAsStringAsync(), Does.Contain("[2.0,4.0]"));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
            var garbage = connections[0].GetStream();
            await garbage.WriteAsync("\0\u0001 no HTTP\r\n\r\n"u8.ToArray());
            Assert.That(await new StreamReader(garbage).ReadToEndAsync(), Does.StartWith("HTTP/1.1 400"));
        }
        finally
        {
            connections.ForEach(c => c.Dispose());
        }
        Assert.That(await client.GetStringAsync("/readyz"), Is.EqualTo("ok\n"));
    }

    [Test]
    public async Task Clients_that_vanish_while_versions_are_swapped_lose_nobody_an_answer([Values] bool batching)
    {
        using var folder = new TemporaryFolder();
        Load.ScaleModel.Write(folder, 1);
        await using var host = await TestModels.StartAsync(new() { ModelName = "m", ModelBasePath = folder, PollInterval = TimeSpan.FromMilliseconds(50), Batching = batching ? new() : null });
        var report = await Load.Soak.RunAsync(host.RestAddress!, folder, requests: 1500, clients: 8, TimeSpan.FromMilliseconds(150));
        Assert.That(report.IsFlawless, Is.True, report.ToString());
        Assert.That(report.Right, Is.EqualTo(1500));
        Assert.That(report.Vanished, Is.GreaterThan(20));
    }

    [TestCase("--model_name=a/b --model_base_path=.", "name is bad")]
    [TestCase("--model_name=m", "nothing to serve")]
    [TestCase("--model_base_path=/nowhere/at/all", "no base folder")]
    [TestCase("--model_base_path=. --rest_api_prot=1", "rest_api_prot")]
    [TestCase("--model_base_path=. --rest_api_port=x", "Expected: PORT")]
    [TestCase("--model_base_path=. --rest_api_port=-1 --port=-1", "on no port")]
    [TestCase("--model_base_path=. --rest_api_port=80 --port=80", "ports of their own")]
    [TestCase("--model_base_path", "needs a value")]
    [TestCase("-model", "begins with --")]
    [TestCase("--generate=x", "NAME=DIR")]
    [TestCase("--generate=x=/nowhere", "no folder")]
    [TestCase("--model_base_path=. --rest_api_timeout_in_ms=0", "positive")]
    [TestCase("--model_base_path=. --file_system_poll_wait_seconds=9999999", "24 days")]
    [TestCase("--model_base_path=. --model_config_file_poll_wait_seconds=9999999", "24 days")]
    [TestCase("--model_base_path=. --model_config_file_poll_wait_seconds=-1", "24 days")]
    public async Task Wrong_flags_are_named(string flags, string expected)
    {
        using var error = new StringWriter();
        Assert.That(await ServeCommandLine.RunAsync(flags.Split(' '), TextWriter.Null, error), Is.EqualTo(2));
        Assert.That(error.ToString(), Does.Contain(expected));
    }

    [Test]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        using var error = new StringWriter();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        Assert.That(await ServeCommandLine.RunAsync([$"--model_base_path={_folder.Path}", "--address=127.0.0.1", $"--rest_api_port={port}", "--port=-1"], TextWriter.Null, error), Is.EqualTo(1));
        Assert.That(error.ToString(), Does.Contain($"{port}"));
    }

    [Test]
    public void Flags_become_options()
    {
        var options = ServeCommandLine.Parse(["--model_name", "m", "--model_base_path=.", "--port=-1", "--rest_api_port=7", "--enable_batching", "--file_system_poll_wait_seconds=3", "--generate=a=b", "--generate=c=d"]);
        Assert.That((options.ModelName, options.ModelBasePath, options.GrpcPort, options.RestPort, options.PollInterval), Is.EqualTo(("m", ".", (int?)null, (int?)7, TimeSpan.FromSeconds(3))));
        Assert.That(options.Batching!.MaxBatchSize, Is.EqualTo(1000));
        Assert.That(options.GenerationModels, Is.EqualTo(new Dictionary<string, string> { ["a"] = "b", ["c"] = "d" }));
    }

    sealed class RecordedLogs : ILoggerFactory, ILogger
    {
        readonly System.Collections.Concurrent.ConcurrentQueue<string> _messages = new();

        public IEnumerable<string> Messages => _messages;

        public void AddProvider(ILoggerProvider provider) { }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _messages.Enqueue(formatter(state, exception));

        public void Dispose() { }
    }
}
