using Keras.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keras.Serving.Tests;

/// <summary>Versions come and go without a request being lost.</summary>
public sealed class ModelStoreTests
{
    readonly TemporaryFolder _models = new();

    [OneTimeSetUp]
    public void Write()
    {
        for (var version = 1; version <= 3; version++) TestModels.WriteVersion(_models, version);
    }

    [OneTimeTearDown]
    public void Delete() => _models.Dispose();

    void Copy(long version, string target)
    {
        foreach (var file in Directory.EnumerateFiles(_models[$"{version}"], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(_models[$"{version}"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    sealed class Served : IAsyncDisposable
    {
        readonly RunScheduler _scheduler = new(2, "test");

        public Served(BatchingParameters? batching = null) => Store = new(new(_scheduler, NullLogger.Instance) { Batching = batching, Poll = TimeSpan.Zero, RetryAfter = TimeSpan.FromHours(1) });

        public ModelStore Store { get; }

        public async Task<float> AskAsync(ModelSpec? spec = null) =>
            (await Store.PredictAsync(spec ?? new("m"), TestModels.Inputs(1, 0), null, CancellationToken.None)).Outputs.Values.Single().As<float>()[0];

        public string States => string.Join(' ', Store.Status("m").Select(s => $"{s.Version}:{s.State}"));

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            _scheduler.Dispose();
        }
    }

    [Test]
    public async Task A_new_version_takes_the_place_of_the_old_one()
    {
        using var folder = new TemporaryFolder();
        Copy(1, folder["1"]);
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", folder)], default);
        Assert.That(await served.AskAsync(), Is.EqualTo(1));
        Copy(2, folder["2"]);
        using (var held = served.Store.Lease(new("m")))
        {
            await served.Store.PollAsync(default);
            Assert.That(served.States, Is.EqualTo("2:Available 1:Unloading"));
            Assert.That(() => served.Store.Find(new("m", Version: 1)), Throws.TypeOf<ServingException>().With.Message.Contains("UNLOADING"));
            Assert.That((await held.PredictAsync(null, TestModels.Inputs(1, 0), null, default)).Outputs.Values.Single().As<float>()[0], Is.EqualTo(1), "who holds the old version is answered by it");
        }
        Assert.That(await served.AskAsync(), Is.EqualTo(2));
        Assert.That(served.States, Is.EqualTo("2:Available 1:End"));
        Assert.That(() => served.Store.Find(new("m", Version: 1)), Throws.TypeOf<ServingException>().With.Property("Status").EqualTo(TFServingStatus.NotFound));
    }

    [Test]
    public async Task Policies_and_labels_choose_versions()
    {
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", _models) { Policy = VersionPolicy.All, VersionLabels = new Dictionary<string, long> { ["stable"] = 1 } }], default);
        Assert.That(served.States, Is.EqualTo("3:Available 2:Available 1:Available"));
        Assert.That(await served.AskAsync(new("m", Label: "stable")), Is.EqualTo(1));
        Assert.That(await served.AskAsync(new("m", Version: 2)), Is.EqualTo(2));
        await served.Store.ReloadAsync([new("m", _models) { Policy = new(Latest: 2) }], default);
        Assert.That(served.States, Is.EqualTo("3:Available 2:Available 1:End"));
        await served.Store.ReloadAsync([new("m", _models) { Policy = new(Specific: [1]) }], default);
        Assert.That(served.States, Is.EqualTo("3:End 2:End 1:Available"));
        await served.Store.ReloadAsync([], default);
        Assert.That(() => served.Store.Find(new("m")), Throws.TypeOf<ServingException>());
    }

    [Test]
    public async Task A_folder_that_is_written_bit_by_bit_is_loaded_when_it_is_whole()
    {
        using var folder = new TemporaryFolder();
        Copy(1, folder["1"]);
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", folder)], default);
        Directory.CreateDirectory(folder["2"]);
        await served.Store.PollAsync(default);
        Assert.That(served.States, Is.EqualTo("2:End 1:Available"));
        Assert.That(served.Store.Status("m", 2).Single().Message, Does.Contain("still being written"));
        File.Copy(Path.Combine(_models["2"], "saved_model.pb"), Path.Combine(folder["2"], "saved_model.pb"));
        await served.Store.PollAsync(default);
        Assert.That(await served.AskAsync(), Is.EqualTo(1), "without its variables it is not served");
        var data = Path.Combine("variables", "variables.data-00000-of-00001");
        Copy(2, folder["2"]);
        using (var cut = File.OpenWrite(Path.Combine(folder["2"], data))) cut.SetLength(cut.Length / 2);
        await served.Store.PollAsync(default);
        Assert.That(await served.AskAsync(), Is.EqualTo(1));
        File.Copy(Path.Combine(_models["2"], data), Path.Combine(folder["2"], data), overwrite: true);
        await served.Store.PollAsync(default);
        Assert.That(await served.AskAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task Where_the_newest_version_does_not_load_the_one_before_is_served()
    {
        using var folder = new TemporaryFolder();
        Copy(1, folder["1"]);
        Directory.CreateDirectory(folder["2"]);
        File.WriteAllText(Path.Combine(folder["2"], "saved_model.pb"), "no model");
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", folder)], default);
        Assert.That(await served.AskAsync(), Is.EqualTo(1));
        Assert.That(served.States, Is.EqualTo("2:End 1:Available"));
        Assert.That(served.Store.Status("m", 2).Single().Error, Is.EqualTo(TFServingStatus.NotFound));
    }

    [Test]
    public async Task A_list_with_models_that_do_not_load_is_answered_by_their_reasons()
    {
        using var folder = new TemporaryFolder();
        Copy(1, folder["good/1"]);
        Directory.CreateDirectory(folder["broken/7"]);
        File.WriteAllText(Path.Combine(folder["broken/7"], "saved_model.pb"), "no model");
        Directory.CreateDirectory(folder["empty"]);
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", folder["good"])], default);
        var failure = (await Assert.ThrowsAsync<ServingException>(() => served.Store.ReloadAsync([new("m", folder["broken"]), new("b", folder["broken"]), new("e", folder["empty"]), new("s", folder["good"]) { Policy = new(Specific: [1, 3]) }], default)))!;
        Assert.That(failure.Status, Is.EqualTo(TFServingStatus.Unknown));
        Assert.That(failure.Message, Does.StartWith("4 servable(s) did not become available: {{name: m version: 7} due to error: ").And.Contain("no SavedModel").And.Contain("{name: b version: 7}")
            .And.Contain($"{{name: e}} due to error: {folder["empty"]} holds no version").And.Contain("{name: s version: 3} due to error: ").And.Contain("no such version").And.Not.Contain("s version: 1"));
        Assert.That(await served.AskAsync(), Is.EqualTo(1), "what served before goes on");
        Assert.That(await served.AskAsync(new("s", Version: 1)), Is.EqualTo(1));
        await served.Store.ReloadAsync([new("m", folder["good"])], default);
    }

    [Test]
    public async Task A_base_folder_that_is_away_unloads_nothing_and_one_that_is_empty_does()
    {
        using var folder = new TemporaryFolder();
        var path = folder["models"];
        Copy(1, Path.Combine(path, "1"));
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", path)], default);
        Directory.Move(path, folder["away"]);
        await served.Store.PollAsync(default);
        Assert.That(await served.AskAsync(), Is.EqualTo(1));
        Directory.CreateDirectory(path);
        await served.Store.PollAsync(default);
        Assert.That(() => served.Store.Find(new("m")), Throws.TypeOf<ServingException>().With.Property("Status").EqualTo(TFServingStatus.Unavailable));
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("../a")]
    [TestCase("a:b")]
    [TestCase("a b")]
    [TestCase(".hidden")]
    public async Task Bad_names_are_refused(string name)
    {
        await using var served = new Served();
        Assert.That(() => served.Store.ReloadAsync([new(name, _models)], default), Throws.TypeOf<ServingException>().With.Property("Status").EqualTo(TFServingStatus.InvalidArgument));
        Assert.That(() => served.Store.ReloadAsync([new("m", _models["none"])], default), Throws.TypeOf<ServingException>());
        Assert.That(() => served.Store.ReloadAsync([new("m", _models), new("m", _models)], default), Throws.TypeOf<ServingException>());
    }

    [Test]
    public async Task No_request_is_lost_or_wrong_while_versions_are_swapped([Values] bool batching)
    {
        using var folder = new TemporaryFolder();
        Copy(1, folder["1"]);
        await using var served = new Served(batching ? new() { MaxBatchSize = 8, MaxEnqueuedBatches = 1000 } : null);
        await served.Store.ReloadAsync([new("m", folder)], default);
        using var stop = new CancellationTokenSource();
        var asked = 0;
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var input = (float)(Interlocked.Increment(ref asked) % 97);
                var answer = await served.Store.PredictAsync(new("m"), TestModels.Inputs(input, 0), null, CancellationToken.None);
                Assert.That(answer.Outputs.Values.Single().As<float>()[0], Is.EqualTo(input * answer.Model.Version));
            }
        })).ToArray();
        for (var swap = 0; swap < 12; swap++)
        {
            var (next, last) = (2 + (swap % 2), 3 - (swap % 2));
            if (Directory.Exists(folder[$"{last}"]) && swap > 0) Directory.Delete(folder[$"{last}"], recursive: true);
            Copy(next, folder[$"{next}"]);
            await served.Store.PollAsync(default);
            var before = Volatile.Read(ref asked);
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref asked) > before + 20 || callers.Any(c => c.IsFaulted), TimeSpan.FromSeconds(10)), Is.True, "requests stand still");
        }
        await stop.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Test]
    public async Task A_reload_whose_folder_does_not_load_keeps_what_answers()
    {
        using var folder = new TemporaryFolder();
        Copy(1, Path.Combine(folder["good"], "1"));
        Directory.CreateDirectory(Path.Combine(folder["bad"], "1"));
        await using var served = new Served();
        Assert.That(served.Store.IsReady, Is.False, "before the first list");
        await served.Store.ReloadAsync([new("m", folder["good"])], default);
        Assert.That(served.Store.IsReady, Is.True);
        await Assert.ThrowsAsync<ServingException>(() => served.Store.ReloadAsync([new("m", folder["bad"])], default));
        Assert.That(await served.AskAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Nothing_of_a_large_shape_is_refused()
    {
        using var folder = new TemporaryFolder();
        Copy(1, folder["1"]);
        await using var served = new Served();
        await served.Store.ReloadAsync([new("m", folder)], default);
        var input = new Dictionary<string, HostTensor> { ["x"] = HostTensor.OfBytes(DType.Float32, new Shape(500_000_000, 0), []) };
        var error = await Assert.ThrowsAsync<ServingException>(() => served.Store.PredictAsync(new("m"), input, null, default));
        Assert.That(error!.Status, Is.EqualTo(TFServingStatus.InvalidArgument));
        Assert.That(error.Message, Does.Contain("too large a shape"));
    }
}
