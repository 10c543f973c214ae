using System.Globalization;
using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

/// <summary>Downloads into a folder of the user's own, with the notes that Python reads and writes too.</summary>
public sealed class LocalDirTests : HubFixture
{
    string Folder => Home["mine"];

    string Note(string file) => Path.Combine(Folder, ".cache", "huggingface", "download", file + ".metadata");

    int Contents => Hub.Records.Count(r => r.Method == "GET" && !r.Path.StartsWith("/api/", StringComparison.Ordinal));

    static double Now => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    string[] Files => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Where(f => !f.StartsWith(".cache/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Test]
    public void A_folder_of_notes_alone_is_no_download()
    {
        var repository = NewRepository("model", ("a", Text("a")));
        Directory.CreateDirectory(Path.Combine(Folder, ".cache", "huggingface"));
        Assert.Throws<LocalEntryNotFoundException>(() => snapshot_download(repository.Id, local_dir: Folder, local_files_only: true));
    }

    [Test]
    public void Files_are_files_and_their_notes_are_Pythons()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), ("sub/model.safetensors", Bytes(200_000)));
        var commit = repository.CommitOf("main")!;
        Assert.That(snapshot_download(repository.Id, local_dir: Folder), Is.EqualTo(Folder));
        Assert.That(Files, Is.EqualTo(new[] { ".gitattributes", "config.json", "sub/model.safetensors" }));
        foreach (var file in Files)
        {
            var lines = File.ReadAllText(Note(file)).Split('\n');
            Assert.Multiple(() =>
            {
                Assert.That(new FileInfo(Path.Combine(Folder, file)).LinkTarget, Is.Null);
                Assert.That(File.ReadAllBytes(Path.Combine(Folder, file)), Is.EqualTo(repository.Commits[commit][file].Content));
                Assert.That(lines, Has.Length.EqualTo(4).And.ItemAt(0).EqualTo(commit).And.ItemAt(1).EqualTo(repository.Commits[commit][file].Oid).And.ItemAt(3).Empty);
                Assert.That(double.Parse(lines[2], CultureInfo.InvariantCulture), Is.EqualTo(Now).Within(60));
                Assert.That(File.Exists(Note(file).Replace(".metadata", ".lock")));
            });
        }
        Assert.That(File.ReadAllText(Path.Combine(Folder, ".cache", "huggingface", ".gitignore")), Is.EqualTo("*"));
        Assert.That(Directory.Exists(Cache), Is.False, "the cache is not touched");
    }

    [Test]
    public void What_is_there_is_asked_for_and_not_downloaded_again()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), ("model.safetensors", Bytes(1000)));
        var path = hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder);
        Hub.Reset();
        Assert.That(hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder), Is.EqualTo(path));
        Assert.That(Hub.Records.Select(r => r.Method), Is.EqualTo(new[] { "HEAD" }));
        Hub.Reset();
        hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder, revision: repository.CommitOf("main"));
        hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder, local_files_only: true);
        Assert.That(Hub.Records, Is.Empty);
        repository.Add([("config.json", Text("{ }"))]);
        snapshot_download(repository.Id, local_dir: Folder);
        Assert.That((Contents, File.ReadAllText(Path.Combine(Folder, "config.json")), File.ReadLines(Note("model.safetensors")).First()), Is.EqualTo((2, "{ }", repository.CommitOf("main"))), "the two small files, and the third has a new note");
        hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder, force_download: true);
        Assert.That(Hub.Records.Count(r => r.Host == "store"), Is.EqualTo(1));
    }

    [Test]
    public void What_was_changed_here_is_found_and_replaced()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), ("model.safetensors", Bytes(1000)));
        snapshot_download(repository.Id, local_dir: Folder);
        foreach (var file in (string[])["config.json", "model.safetensors"])
        {
            File.WriteAllBytes(Path.Combine(Folder, file), Bytes(file == "config.json" ? 2 : 1000, seed: 9));
            File.SetLastWriteTimeUtc(Path.Combine(Folder, file), DateTime.UtcNow.AddMinutes(1));
        }
        File.WriteAllText(Path.Combine(Folder, "own.txt"), "mine");
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "config.json", local_dir: Folder, local_files_only: true)), Is.EqualTo(Bytes(2, seed: 9)), "without the hub it is what there is");
        snapshot_download(repository.Id, local_dir: Folder);
        Assert.That((File.ReadAllText(Path.Combine(Folder, "config.json")), File.ReadAllText(Path.Combine(Folder, "own.txt"))), Is.EqualTo(("{}", "mine")));
        Assert.That(File.ReadAllBytes(Path.Combine(Folder, "model.safetensors")), Is.EqualTo(Bytes(1000)));
    }

    [TestCase("clock")]
    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("../../etc\nabc\n1\n")]
    [TestCase("COMMIT\n../x\nNOW\n")]
    [TestCase("COMMIT\nETAG\nNaN\n")]
    [TestCase("COMMIT\nETAG\nInfinity\n")]
    [TestCase("long")]
    public void A_note_that_is_none_has_the_content_compared(string note)
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), ("model.safetensors", Bytes(1000)));
        var commit = repository.CommitOf("main")!;
        snapshot_download(repository.Id, local_dir: Folder);
        foreach (var file in (string[])["config.json", "model.safetensors"])
            if (note == "clock") File.SetLastWriteTimeUtc(Path.Combine(Folder, file), DateTime.UtcNow.AddYears(20));
            else File.WriteAllText(Note(file), note == "long" ? new string('a', 1 << 20) : note.Replace("COMMIT", commit).Replace("ETAG", repository.Commits[commit][file].Oid).Replace("NOW", Now.ToString(CultureInfo.InvariantCulture)));
        Hub.Reset();
        foreach (var file in (string[])["config.json", "model.safetensors"]) hf_hub_download(repository.Id, file, revision: commit, local_dir: Folder);
        Assert.That((Hub.Records.Count(r => r.Method == "HEAD"), Contents), Is.EqualTo((2, 0)));
        Assert.That(File.ReadLines(Note("config.json")).First(), Is.EqualTo(commit));
    }

    [Test]
    public void A_cut_download_leaves_what_was_there_and_goes_on()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        var path = hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder);
        repository.Add([("model.safetensors", Bytes(400_000, seed: 2))]);
        Hub.Break(new() { Host = "store", CutAfter = 131_072 });
        Hub.Break(new() { Host = "store", CutAfter = 0, Times = 50 });
        Assert.Throws<HfHubHttpException>(() => hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(Bytes(300_000)), "the old file is whole");
        Hub.Reset();
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder)), Is.EqualTo(Bytes(400_000, seed: 2)));
        Assert.That(Hub.Records.Single(r => r.Host == "store").Range, Does.Match("bytes=[1-9]"));
        Assert.That(Directory.GetFiles(Folder, "*.incomplete", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Without_a_hub_the_folder_serves()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Assert.Throws<LocalEntryNotFoundException>(() => snapshot_download(repository.Id, local_dir: Folder, local_files_only: true));
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "config.json", local_dir: Folder, local_files_only: true))!.Message, Does.Contain("local_dir").And.Contain(Folder));
        Assert.That(Directory.Exists(Folder), Is.False);
        snapshot_download(repository.Id, local_dir: Folder);
        Set("HF_ENDPOINT", "http://127.0.0.1:9");
        Assert.That(snapshot_download(repository.Id, local_dir: Folder), Is.EqualTo(Folder));
        Assert.That(File.ReadAllText(hf_hub_download(repository.Id, "config.json", local_dir: Folder)), Is.EqualTo("{}"));
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "other.json", local_dir: Folder))!.Message, Does.Contain("does not answer"));
    }

    [Test]
    public void What_the_cache_has_is_copied_from_there_unless_it_is_damaged()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(1000)));
        var cached = hf_hub_download(repository.Id, "model.safetensors");
        Hub.Reset();
        var path = hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder);
        Assert.That((Hub.Records.Count(r => r.Host == "store"), new FileInfo(path).LinkTarget), Is.EqualTo((0, (string?)null)));
        File.WriteAllBytes(cached, Bytes(1000, seed: 5));
        File.Delete(path);
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder)), Is.EqualTo(Bytes(1000)));
    }

    [Test]
    public void Notes_of_somebody_else_in_a_repository_are_left_out()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")), (".cache/huggingface/download/config.json.metadata", Text("x")), (".Cache/HuggingFace/.gitignore", Text("")));
        snapshot_download(repository.Id, local_dir: Folder);
        Assert.That(Files, Is.EqualTo(new[] { ".gitattributes", "config.json" }));
        Assert.Throws<HfValidationException>(() => hf_hub_download(repository.Id, ".cache/huggingface/download/config.json.metadata", local_dir: Folder));
        Assert.Throws<HfValidationException>(() => hf_hub_download(repository.Id, "../x", local_dir: Folder));
    }

    [Test]
    public void A_link_is_replaced_and_what_it_leads_to_stays()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Home["elsewhere"], "mine");
        File.CreateSymbolicLink(Path.Combine(Folder, "config.json"), Home["elsewhere"]);
        Assert.That(File.ReadAllText(hf_hub_download(repository.Id, "config.json", local_dir: Folder)), Is.EqualTo("{}"));
        Assert.That(File.ReadAllText(Home["elsewhere"]), Is.EqualTo("mine"));
    }

    [Test]
    public void A_folder_in_the_place_of_a_file_and_a_folder_without_a_name_are_told()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Directory.CreateDirectory(Path.Combine(Folder, "config.json"));
        Assert.That(Assert.Throws<IOException>(() => hf_hub_download(repository.Id, "config.json", local_dir: Folder))!.Message, Does.Contain("There is a folder where a file"));
        Directory.Delete(Path.Combine(Folder, "config.json"));
        File.WriteAllText(Home["file"], "");
        Assert.That(Assert.Throws<IOException>(() => hf_hub_download(repository.Id, "config.json", local_dir: Home["file"]))!.Message, Does.Contain("Choose another local_dir"));
        Directory.CreateDirectory(Note("config.json"));
        Assert.That(Assert.Throws<IOException>(() => hf_hub_download(repository.Id, "config.json", local_dir: Folder))!.Message, Does.Contain("config.json"));
        Assert.That(Assert.Throws<ArgumentException>(() => snapshot_download(repository.Id, local_dir: ""))!.ParamName, Is.EqualTo("local_dir"));
    }

    [Test]
    public void Where_case_does_not_count_two_files_of_one_name_are_told()
    {
        var repository = NewRepository("model", ("a.txt", Text("a")), ("A.txt", Text("A")));
        // The folder of the notes in capitals, which only such a disk has by itself.
        Directory.CreateDirectory(Path.Combine(Folder, ".CACHE"));
        Assert.That(Assert.Throws<HfValidationException>(() => snapshot_download(repository.Id, local_dir: Folder))!.Message, Does.Contain("\"a.txt\"").And.Contain("\"A.txt\"").And.Contain("ignore_patterns"));
        Assert.That(Files.Where(f => f.EndsWith(".txt", StringComparison.Ordinal)), Is.Empty);
        snapshot_download(repository.Id, local_dir: Folder, ignore_patterns: "A.txt");
        Assert.That(Files, Does.Contain("a.txt"));
    }

    [Test]
    public void Many_threads_download_a_file_once()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(300_000)));
        Hub.Break(new() { Host = "store", Slowness = TimeSpan.FromMilliseconds(50) });
        Assert.That(Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => hf_hub_download(repository.Id, "model.safetensors", local_dir: Folder)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Hub.Records.Count(r => r.Host == "store"), Is.EqualTo(1));
    }

    [Test]
    public void An_upload_of_the_folder_leaves_the_notes_here()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        snapshot_download(repository.Id, local_dir: Folder, allow_patterns: "*.json");
        var api = new HfApi(token: Token);
        api.create_repo("tester/from-a-folder", exist_ok: true);
        api.upload_folder("tester/from-a-folder", Folder);
        Assert.That(api.list_repo_files("tester/from-a-folder"), Is.EqualTo(new[] { ".gitattributes", "config.json" }));
    }
}
