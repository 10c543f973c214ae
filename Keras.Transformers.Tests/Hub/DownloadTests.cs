using System.Diagnostics;
using System.Net;
using Keras.LocalHub;
using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

public sealed class DownloadTests : HubFixture
{
    [Test]
    public void A_file_lies_in_the_cache_as_Python_lays_it_out()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), ("model.safetensors", Bytes(200_000)), ("sub/a b+ü.txt", Text("x")));
        var commit = repository.CommitOf("main")!;
        foreach (var file in (string[])["config.json", "model.safetensors", "sub/a b+ü.txt"])
        {
            var path = hf_hub_download(repository.Id, file);
            var content = repository.Commits[commit][file];
            Assert.Multiple(() =>
            {
                Assert.That(path, Is.EqualTo(Path.Combine([Cache, $"models--{repository.Id.Replace("/", "--")}", "snapshots", commit, .. file.Split('/')])));
                Assert.That(File.ReadAllBytes(path), Is.EqualTo(content.Content));
                Assert.That(new FileInfo(path).LinkTarget, Is.EqualTo(string.Concat(Enumerable.Repeat("../", file.Count(c => c == '/') + 2)) + "blobs/" + content.Oid));
            });
        }
        Assert.That(File.ReadAllText(Path.Combine(Cache, $"models--{repository.Id.Replace("/", "--")}", "refs", "main")), Is.EqualTo(commit));
        Assert.Throws<EntryNotFoundException>(() => hf_hub_download(repository.Id, "none.txt"));
        Assert.That(File.Exists(Path.Combine(Cache, $"models--{repository.Id.Replace("/", "--")}", ".no_exist", commit, "none.txt")));
        Assert.That(Directory.GetFiles(Path.Combine(Cache, ".locks"), "*.lock", SearchOption.AllDirectories), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_second_call_asks_once_and_a_commit_not_at_all()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        var path = hf_hub_download(repository.Id, "config.json");
        Hub.Reset();
        Assert.That(hf_hub_download(repository.Id, "config.json"), Is.EqualTo(path));
        Assert.That(Hub.Records.Select(r => r.Method), Is.EqualTo(new[] { "HEAD" }));
        Hub.Reset();
        Assert.That(hf_hub_download(repository.Id, "config.json", revision: repository.CommitOf("main")), Is.EqualTo(path));
        Assert.That(hf_hub_download(repository.Id, "config.json", local_files_only: true), Is.EqualTo(path));
        Assert.That(try_to_load_from_cache(repository.Id, "config.json"), Is.EqualTo(path));
        Assert.That(Hub.Records, Is.Empty);
    }

    [Test]
    public void A_new_commit_brings_what_has_changed_and_shares_the_rest()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), ("model.safetensors", Bytes(1000)));
        var before = snapshot_download(repository.Id);
        repository.Add([("config.json", Text("{ }"))]);
        Hub.Reset();
        var after = snapshot_download(repository.Id);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(Path.Combine(before, "config.json")), Is.EqualTo("{}"));
            Assert.That(File.ReadAllText(Path.Combine(after, "config.json")), Is.EqualTo("{ }"));
            Assert.That(Hub.Records.Count(r => r.Host == "store"), Is.Zero);
        });
    }

    [Test]
    public void Patterns_choose_files()
    {
        var repository = NewRepository("dataset", ("a.json", Text("1")), ("data/b.json", Text("2")), ("data/c.txt", Text("3")), ("d.bin", Bytes(3)));
        string[] Names(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.That(Names(snapshot_download(repository.Id, "dataset", allow_patterns: ["*.json"], max_workers: 1)), Is.EqualTo(new[] { "a.json", "data/b.json" }));
        Assert.That(Names(snapshot_download(repository.Id, "dataset", cache_dir: Home["other"], ignore_patterns: ["data/", "[!abc].bin", ".git*"])), Is.EqualTo(new[] { "a.json" }));
    }

    public static readonly TestCaseData<Fault, bool>[] Faults =
    [
        new(new() { Host = "store", CutAfter = 100_000 }, true) { TestName = "cut after 100,000 bytes" },
        new(new() { Host = "store", CutAfter = 1000, Times = 4 }, true) { TestName = "cut four times" },
        new(new() { Host = "store", CutAfter = 0 }, true) { TestName = "cut at once" },
        new(new() { Host = "store", Status = 503, Times = 3 }, true) { TestName = "503 three times" },
        new(new() { Host = "hub", Status = 500, Times = 2 }, true) { TestName = "500 of the hub" },
        new(new() { Host = "hub", Status = 429, Headers = { ["Retry-After"] = "0" } }, true) { TestName = "429" },
        new(new() { Host = "store", Status = 403 }, true) { TestName = "expired signature" },
        new(new() { Host = "store", Changes = true }, true) { TestName = "wrong byte once" },
        new(new() { Host = "store", Changes = true, Times = 2 }, false) { TestName = "wrong byte always" },
        new(new() { Host = "store", Status = 502, Times = 50 }, false) { TestName = "502 always" },
        new(new() { Host = "store", CutAfter = 0, Times = 500 }, false) { TestName = "cut always" },
    ];

    [TestCaseSource(nameof(Faults))]
    public void Whatever_fails_the_cache_is_sound(Fault fault, bool recovers)
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        var broken = new Keras.LocalHub.Fault
        {
            Host = fault.Host,
            Method = fault.Method,
            Path = fault.Path,
            Times = fault.Times,
            Status = fault.Status,
            Headers = fault.Headers,
            CutAfter = fault.CutAfter,
            Changes = fault.Changes,
        };
        Hub.Break(broken);
        if (recovers) Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(300_000)));
        else Assert.That(() => hf_hub_download(repository.Id, "model.safetensors"), Throws.InstanceOf<KerasException>());
        AssertCacheIsSound();
        Assert.That(broken.Times, recovers ? Is.Zero : Is.LessThan(fault.Times), "the failures were met");
        Assert.That(Hub.Records.Count(r => r.Host == fault.Host), Is.GreaterThanOrEqualTo(fault.Times - broken.Times));
        Hub.Reset();
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(300_000)));
    }

    [Test]
    public void A_cut_download_goes_on_where_it_stopped()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        Hub.Break(new() { Host = "store", CutAfter = 131_072 });
        hf_hub_download(repository.Id, "model.safetensors");
        var second = Hub.Records.Where(r => r.Host == "store").ElementAt(1).Range;
        Assert.That(long.Parse(second["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(1, 131_072));
    }

    [Test]
    public void A_hub_without_ranges_is_read_from_the_beginning()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        Hub.Break(new() { Host = "store", CutAfter = 131_072 });
        Hub.Break(new() { Host = "store", IgnoresRanges = true });
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(300_000)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_download_that_breaks_at_the_same_place_again_and_again_ends(bool hasSize)
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        hf_hub_download(repository.Id, "model.safetensors", cache_dir: Home["before"]);
        var (commit, file) = (repository.CommitOf("main")!, repository.Commits[repository.CommitOf("main")!]["model.safetensors"]);
        if (!hasSize) Hub.Break(new() { Method = "HEAD", Status = 302, Headers = { ["X-Repo-Commit"] = commit, ["X-Linked-Etag"] = file.Oid, ["Location"] = $"{Hub.StoreEndpoint}/files/{file.Oid}" } });
        Hub.Break(new() { Host = "store", CutAfter = 131_072, IgnoresRanges = true, Times = 200 });
        Assert.That(Assert.Throws<HfHubHttpException>(() => hf_hub_download(repository.Id, "model.safetensors"))!.Message, Does.Contain("again and again"));
        AssertCacheIsSound();
    }

    [Test]
    public void Bytes_of_another_file_that_a_download_left_are_thrown_away()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        var blobs = Path.Combine(Cache, $"models--{repository.Id.Replace("/", "--")}", "blobs");
        Directory.CreateDirectory(blobs);
        File.WriteAllBytes(Path.Combine(blobs, repository.Commits[repository.CommitOf("main")!]["model.safetensors"].Oid + ".incomplete"), Bytes(5000, seed: 2));
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(300_000)));
    }

    [Test]
    public void A_store_that_falls_silent_is_asked_again()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        Set("HF_HUB_DOWNLOAD_TIMEOUT", "0.3");
        Hub.Break(new() { Host = "store", Slowness = TimeSpan.FromSeconds(5) });
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(300_000)));
    }

    [Test]
    public void The_token_goes_to_the_hub_alone()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(1000)), ("config.json", Text("{}")));
        repository.Private = true;
        snapshot_download(repository.Id, token: Token);
        Assert.That(Hub.Records.Where(r => r.Host == "hub").Select(r => r.Authorization), Has.All.EqualTo("Bearer " + Token));
        Assert.That(Hub.Records.Where(r => r.Host == "store").Select(r => r.Authorization), Is.Not.Empty.And.All.EqualTo(""));
    }

    [Test]
    public void An_old_name_leads_to_the_new_one_with_the_token()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        repository.Private = true;
        Hub.Repositories.Moved["old-name"] = repository.Id;
        Assert.That(File.ReadAllText(hf_hub_download("old-name", "config.json", token: Token)), Is.EqualTo("{}"));
    }

    [Test]
    public void Errors_are_typed_and_say_what_to_do()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        var gated = NewRepository("model", ("config.json", Text("{}")));
        gated.Gated = true;
        Hub.Repositories.Create("model", "org/bert-small");
        Assert.Multiple(() =>
        {
            Assert.That(Assert.Throws<RepositoryNotFoundException>(() => hf_hub_download("org/bert-smal", "config.json"))!.Message, Does.Contain("Did you mean \"org/bert-small\"?").And.Contain("log in"));
            Assert.That(Assert.Throws<GatedRepoException>(() => hf_hub_download(gated.Id, "config.json"))!.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(Assert.Throws<RevisionNotFoundException>(() => hf_hub_download(repository.Id, "config.json", revision: "none"))!.RequestId, Is.EqualTo("Root=local"));
            Assert.That(Assert.Throws<EntryNotFoundException>(() => hf_hub_download(repository.Id, "no.json"))!.Message, Does.Contain("no.json"));
            Assert.That(Assert.Throws<HfHubHttpException>(() => hf_hub_download(repository.Id, "config.json", token: "hf_wrong"))!.Message, Does.Contain("does not know the token").And.Not.Contain("hf_wrong"));
            Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "config.json", local_files_only: true));
        });
    }

    [Test]
    public void Without_a_hub_the_cache_serves()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        var folder = snapshot_download(repository.Id);
        Set("HF_ENDPOINT", "http://127.0.0.1:9");
        Assert.That(hf_hub_download(repository.Id, "config.json"), Is.EqualTo(Path.Combine(folder, "config.json")));
        Assert.That(snapshot_download(repository.Id), Is.EqualTo(folder));
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "other.json"))!.Message, Does.Contain("does not answer"));
        Set("HF_HUB_OFFLINE", "1");
        Assert.That(hf_hub_download(repository.Id, "config.json"), Is.EqualTo(Path.Combine(folder, "config.json")));
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "other.json"))!.Message, Does.Contain("HF_HUB_OFFLINE"));
        Assert.Throws<OfflineModeIsEnabledException>(() => new HfApi().model_info(repository.Id));
    }

    [Test]
    public void Two_processes_download_a_file_once_and_a_killed_one_leaves_what_it_had()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(3_000_000)));
        Hub.Break(new() { Host = "store", Slowness = TimeSpan.FromMilliseconds(100), Times = 1 });
        using (var killed = Start(repository.Id))
        {
            var blobs = Path.Combine(Cache, $"models--{repository.Id.Replace("/", "--")}", "blobs");
            Assert.That(() => Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*.incomplete").Sum(f => new FileInfo(f).Length) : 0, Is.GreaterThan(100_000).After(20_000, 20));
            killed.Kill();
            killed.WaitForExit();
        }
        Hub.Reset();
        Process[] both = [Start(repository.Id), Start(repository.Id)];
        foreach (var process in both)
        {
            Assert.That(File.ReadAllBytes(process.StandardOutput.ReadToEnd().Trim()), Is.EqualTo(Bytes(3_000_000)));
            process.WaitForExit();
            process.Dispose();
        }
        var ranges = Hub.Records.Where(r => r.Host == "store").Select(r => r.Range).ToArray();
        Assert.That(ranges, Has.Length.EqualTo(1));
        Assert.That(ranges[0], Does.StartWith("bytes="));
        AssertCacheIsSound();
    }

    Process Start(string repository) => Process.Start(new ProcessStartInfo("dotnet", [typeof(LocalHub.LocalHub).Assembly.Location, "download", repository, "model.safetensors", Cache]) { RedirectStandardOutput = true })!;

    [TestCase(true)]
    [TestCase(false)]
    public void Many_threads_get_one_file(bool links)
    {
        RepoCache.Links = links;
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        Hub.Break(new() { Host = "store", Slowness = TimeSpan.FromMilliseconds(50) });
        var paths = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => hf_hub_download(repository.Id, "model.safetensors")).Distinct().ToArray();
        Assert.That(paths, Has.Length.EqualTo(1));
        Assert.That(Hub.Records.Count(r => r.Host == "store"), Is.EqualTo(1));
    }

    [Test]
    public void Where_there_are_no_links_files_are_copies()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        RepoCache.Links = false;
        var path = hf_hub_download(repository.Id, "config.json");
        Assert.That(new FileInfo(path).LinkTarget, Is.Null);
        Assert.That(hf_hub_download(repository.Id, "config.json"), Is.EqualTo(path));
        repository.Add([("more.json", Text("[]"))]);
        Assert.That(File.ReadAllText(hf_hub_download(repository.Id, "config.json")), Is.EqualTo("{}"));
    }

    [Test]
    public void Where_there_are_no_links_equal_files_are_there_twice()
    {
        var repository = NewRepository("model", [.. Enumerable.Range(0, 6).Select(i => ($"{i}.safetensors", Bytes(200_000)))]);
        RepoCache.Links = false;
        var folder = snapshot_download(repository.Id);
        foreach (var i in Enumerable.Range(0, 6)) Assert.That(File.ReadAllBytes(Path.Combine(folder, $"{i}.safetensors")), Is.EqualTo(Bytes(200_000)));
    }

    [TearDown]
    public void HaveLinks() => RepoCache.Links = true;
}
