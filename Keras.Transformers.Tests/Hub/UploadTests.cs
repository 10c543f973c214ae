using System.Net;
using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

public sealed class UploadTests : HubFixture
{
    readonly HfApi _api = new();

    static string NewName() => $"tester/up-{Guid.NewGuid():n}"[..20];

    string NewFolder(params (string Path, byte[] Content)[] files)
    {
        var folder = Home[$"folder-{Guid.NewGuid():n}"];
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), content);
        }
        return folder;
    }

    [SetUp]
    public void HaveToken() => Set("HF_TOKEN", Token + "\r\n");

    [Test]
    public void A_folder_is_one_commit_with_large_files_in_parts()
    {
        var (name, large) = (NewName(), Bytes(9 << 20, seed: 3));
        var folder = NewFolder([("a.txt", Text("a")), ("sub/b.txt", Text("b")), ("empty.txt", []), ("model.safetensors", large), (".git/config", Text("no")), .. Enumerable.Range(0, 40).Select(i => ($"many/{i}.txt", Text($"{i}")))]);
        Assert.That(_api.create_repo(name, @private: true), Is.EqualTo($"{Hub.Endpoint}/{name}"));
        Assert.That(_api.create_repo(name, exist_ok: true), Is.EqualTo($"{Hub.Endpoint}/{name}"));
        Assert.That(Assert.Throws<HfHubHttpException>(() => _api.create_repo(name))!.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        var commit = _api.upload_folder(name, folder, commit_message: "All of it");
        var repository = Hub.Repositories.Find("model", name)!;
        Assert.Multiple(() =>
        {
            Assert.That(repository.Private);
            Assert.That(commit.oid, Is.EqualTo(repository.CommitOf("main")));
            Assert.That(repository.Messages, Is.EqualTo(new[] { "initial commit", "All of it" }));
            Assert.That(repository.Commits[commit.oid]["model.safetensors"], Is.EqualTo(new LocalHub.HubFile(large, true)).Using<LocalHub.HubFile>((a, b) => a.Oid == b.Oid));
            Assert.That(repository.Commits[commit.oid].Keys, Has.None.Contains(".git/"));
            Assert.That(_api.list_repo_files(name), Has.Count.EqualTo(45));
            Assert.That(Hub.Records.Count(r => r.Path.Contains("part=", StringComparison.Ordinal)), Is.EqualTo(3));
            Assert.That(Hub.Records.Where(r => r.Host == "store").Select(r => r.Authorization), Has.All.EqualTo(""));
            Assert.That(_api.upload_folder(name, folder).oid, Is.EqualTo(commit.oid), "nothing new is no commit");
        });
    }

    [Test]
    public void Files_come_and_go()
    {
        var name = NewName();
        _api.create_repo(name, repo_type: "dataset");
        var first = _api.upload_file(Path.Combine(NewFolder(("x", Text("1"))), "x"), "data/x.txt", name, repo_type: "dataset");
        Assert.Throws<HfHubHttpException>(() => _api.create_commit(name, [new CommitOperationAdd("y", Text("2"))], "late", repo_type: "dataset", parent_commit: new string('0', 40)));
        _api.create_commit(name, [new CommitOperationAdd("y.txt", Text("2")), new CommitOperationDelete("data/")], "change", repo_type: "dataset", parent_commit: first.oid);
        Assert.That(_api.list_repo_files(name, repo_type: "dataset"), Is.EqualTo(new[] { ".gitattributes", "y.txt" }));
        _api.upload_folder(name, NewFolder(("z.txt", Text("3"))), repo_type: "dataset", delete_patterns: ["*.txt"]);
        _api.delete_file("z.txt", name, repo_type: "dataset");
        Assert.That(_api.list_repo_files(name, repo_type: "dataset"), Is.EqualTo(new[] { ".gitattributes" }));
        _api.delete_repo(name, repo_type: "dataset");
        Assert.That(_api.repo_exists(name, "dataset"), Is.False);
        Assert.Throws<RepositoryNotFoundException>(() => _api.delete_repo(name, repo_type: "dataset"));
        _api.delete_repo(name, repo_type: "dataset", missing_ok: true);
    }

    [Test]
    public void Branches_and_pull_requests_leave_main_alone()
    {
        var name = NewName();
        _api.create_repo(name);
        var main = _api.model_info(name).sha;
        _api.create_branch(name, "dev");
        _api.create_branch(name, "dev", exist_ok: true);
        _api.create_commit(name, [new CommitOperationAdd("a", Text("1"))], "on dev", revision: "dev");
        var request = _api.create_commit(name, [new CommitOperationAdd("b", Text("2"))], "asked for", create_pr: true);
        Assert.Multiple(() =>
        {
            Assert.That(_api.model_info(name).sha, Is.EqualTo(main));
            Assert.That(_api.list_repo_files(name, "dev"), Does.Contain("a"));
            Assert.That(request.pr_revision, Is.EqualTo("refs/pr/1"));
            Assert.That(File.ReadAllText(hf_hub_download(name, "b", revision: request.pr_revision)), Is.EqualTo("2"));
        });
    }

    [TestCase("store", "PUT", 500, 0)]
    [TestCase("store", "PUT", 0, 0)]
    [TestCase("hub", "POST", 503, 0)]
    [TestCase("hub", "POST", 429, 0)]
    public void A_failing_line_is_tried_again(string host, string method, int status, int cut)
    {
        var name = NewName();
        _api.create_repo(name);
        Hub.Break(new() { Host = host, Method = method, Status = status > 0 ? status : null, CutAfter = status > 0 ? null : cut, Times = 2, Headers = { ["Retry-After"] = "0" } });
        _api.upload_folder(name, NewFolder(("m.bin", Bytes(70_000, status)), ("a.txt", Text("a"))));
        Assert.That(_api.list_repo_files(name), Does.Contain("m.bin"));
        Assert.That(Hub.Records.Where(r => r.Host == host && r.Method == method).GroupBy(r => r.Path).Max(g => g.Count()), Is.EqualTo(3), "two failures, then the answer");
    }

    [Test]
    public void A_commit_whose_answer_got_lost_is_not_made_twice()
    {
        var name = NewName();
        _api.create_repo(name);
        Hub.Break(new() { Method = "POST", Path = "/commit/", CutAfter = 0 });
        Assert.Throws<HfHubHttpException>(() => _api.create_commit(name, [new CommitOperationAdd("a", Text("1"))], "lost"));
        Assert.That(Hub.Records.Count(r => r.Path.Contains("/commit/", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void Login_keeps_the_token_for_Python_too()
    {
        Set("HF_TOKEN", null);
        Assert.Throws<LocalTokenNotFoundException>(() => _api.create_repo(NewName()));
        Assert.Throws<LocalTokenNotFoundException>(() => _api.whoami());
        Assert.That(Assert.Throws<HfHubHttpException>(() => login("hf_unknown"))!.Message, Does.Not.Contain("hf_unknown"));
        Assert.That(get_token(), Is.Null);
        Assert.That(login(Token + "\n").name, Is.EqualTo("tester"));
        Assert.That(File.ReadAllText(Home["token"]), Is.EqualTo(Token));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(Home["token"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(_api.whoami().orgs, Is.EqualTo(new[] { "org" }));
        logout();
        Assert.That(get_token(), Is.Null);
        logout();
    }

    [Test]
    public void The_cache_is_listed_and_cleared_by_commits()
    {
        var repository = NewRepository("model", ("a", Text("same")), ("b", Text("old")));
        var before = snapshot_download(repository.Id);
        repository.Add([("b", Text("newer"))]);
        snapshot_download(repository.Id);
        var cached = scan_cache_dir().repos.Single();
        Assert.That((cached.repo_id, cached.repo_type, cached.revisions.Count), Is.EqualTo((repository.Id, "model", 2)));
        Assert.That(scan_cache_dir().warnings, Is.Empty);
        var plan = scan_cache_dir().delete_revisions(Path.GetFileName(before));
        Assert.That(plan.expected_freed_size, Is.EqualTo("old".Length));
        plan.execute();
        Assert.That(scan_cache_dir().repos.Single().revisions.Single().commit_hash, Is.EqualTo(repository.CommitOf("main")));
        Assert.That(File.ReadAllText(hf_hub_download(repository.Id, "a", local_files_only: true)), Is.EqualTo("same"));
        scan_cache_dir().delete_revisions(repository.CommitOf("main")!).execute();
        Assert.That(scan_cache_dir().repos, Is.Empty);
        Assert.Throws<ArgumentException>(() => scan_cache_dir().delete_revisions("main"));
        Assert.Throws<CacheNotFoundException>(() => scan_cache_dir(Home["none"]));
    }

    [Test]
    public void Empty_names_are_refused_before_anything_is_written()
    {
        var config = new BertConfig();
        Assert.Multiple(() =>
        {
            Assert.That(Assert.Throws<ArgumentException>(() => config.push_to_hub(""))!.ParamName, Is.EqualTo("repo_id"));
            Assert.That(Assert.Throws<ArgumentException>(() => config.push_to_hub("a/b", commit_message: ""))!.ParamName, Is.EqualTo("commit_message"));
            Assert.That(Assert.Throws<ArgumentException>(() => config.push_to_hub("a/b", revision: ""))!.ParamName, Is.EqualTo("revision"));
            Assert.Throws<HfValidationException>(() => config.push_to_hub("a/../b"));
        });
        Assert.That(Hub.Records, Is.Empty);
    }
}
