using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

public sealed class HostileHubTests : HubFixture
{
    [TestCase("../x")]
    [TestCase("a/../../x")]
    [TestCase("/etc/passwd")]
    [TestCase("a//b")]
    [TestCase("a/./b")]
    [TestCase(@"a\..\b")]
    [TestCase("a\0b")]
    [TestCase("a\nb")]
    public void A_path_that_leads_elsewhere_is_refused(string path)
    {
        var repository = NewRepository("model", (path, Text("x")), ("ok.txt", Text("y")));
        Assert.Multiple(() =>
        {
            Assert.Throws<HfValidationException>(() => hf_hub_download(repository.Id, path));
            Assert.Throws<HfValidationException>(() => snapshot_download(repository.Id));
            Assert.Throws<HfValidationException>(() => hf_hub_download(repository.Id, "ok.txt", revision: path));
            Assert.Throws<HfValidationException>(() => hf_hub_download(repository.Id, "ok.txt", subfolder: path));
            Assert.Throws<HfValidationException>(() => _ = new CommitOperationAdd(path, Text("x")));
        });
        Assert.That(Directory.Exists(Home.Path) ? Home.Entries().Where(e => e.EndsWith(".txt", StringComparison.Ordinal)) : [], Is.Empty);
    }

    [TestCase("a--b/c")]
    [TestCase("../a")]
    [TestCase("a/b/c")]
    [TestCase("-a")]
    [TestCase("a/b.git")]
    [TestCase("a/b?x=1")]
    [TestCase("a/b\n")]
    [TestCase("a b")]
    public void A_name_that_no_repository_has_is_refused(string name)
    {
        Assert.Throws<HfValidationException>(() => hf_hub_download(name, "config.json"));
        Assert.That(Hub.Records, Is.Empty);
    }

    [TestCase("CON", true)]
    [TestCase("a/nul.txt", true)]
    [TestCase("a/b.", true)]
    [TestCase("a:b", true)]
    [TestCase("console", false)]
    [TestCase("a/com10", false)]
    public void Names_that_Windows_keeps_for_itself_are_refused_there(string path, bool isRefused)
    {
        Assert.That(RepoName.Problem(path, onWindows: true), isRefused ? Is.Not.Null : Is.Null);
        Assert.That(RepoName.Problem(path, onWindows: false), Is.Null);
    }

    [Test]
    public void Names_that_differ_by_case_alone_are_found()
    {
        Assert.That(RepoName.Collision(["a/B.txt", "c", "A/b.txt"]), Is.EqualTo(("a/B.txt", "A/b.txt")));
        Assert.That(RepoName.Collision(["a", "b", "a"]), Is.Null);
    }

    [TestCase("X-Repo-Commit", "../../../x")]
    [TestCase("X-Linked-Etag", "../../x")]
    [TestCase("X-Linked-Etag", ".hidden")]
    public void Headers_are_no_paths(string header, string value)
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(100)));
        var headers = new Dictionary<string, string> { ["X-Repo-Commit"] = repository.CommitOf("main")!, ["X-Linked-Etag"] = new('a', 64), ["X-Linked-Size"] = "100", ["Location"] = "/x", [header] = value };
        Hub.Break(new() { Method = "HEAD", Status = 200, Headers = headers });
        Assert.Throws<FileMetadataException>(() => hf_hub_download(repository.Id, "model.safetensors"));
    }

    [TestCase("")]
    [TestCase("<html>welcome</html>")]
    [TestCase("[]")]
    [TestCase("{\"sha\": 3}")]
    [TestCase("{\"sha\": \"main\"}")]
    [TestCase("{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": {\"a\": 1}}")]
    [TestCase("{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": [{\"rfilename\": \"../x\"}]}")]
    [TestCase("{\"sha\": \"0123456789012345678901234567890123456789\", \"siblings\": [{\"rfilename\": \"\"}]}")]
    public void Answers_of_another_shape_are_told(string body)
    {
        var repository = NewRepository("model", ("a", Text("a")));
        Hub.Break(new() { Path = "/api/", Status = 200, Body = body });
        Assert.That(() => snapshot_download(repository.Id), Throws.TypeOf<FileFormatException>().Or.TypeOf<HfValidationException>());
    }

    [Test]
    public void A_redirect_to_a_file_of_this_machine_is_not_followed()
    {
        var repository = NewRepository("model", ("a", Text("a")));
        Hub.Break(new() { Path = "/api/", Status = 302, Headers = { ["Location"] = "file:///etc/passwd" } });
        Assert.Throws<HfHubHttpException>(() => new HfApi().model_info(repository.Id));
        foreach (var address in (string[])["file:///etc/passwd", "ftp://x/a"])
        {
            Hub.Break(new() { Method = "HEAD", Status = 302, Headers = { ["Location"] = address, ["X-Repo-Commit"] = new('a', 40), ["X-Linked-Etag"] = new('b', 40) } });
            Assert.That(() => hf_hub_download(repository.Id, "a"), Throws.InstanceOf<KerasException>());
        }
        Hub.Reset();
        Hub.Break(new() { Path = "/api/", Status = 302, Headers = { ["Location"] = $"/api/models/{repository.Id}" }, Times = 20 });
        Assert.That(Assert.Throws<HfHubHttpException>(() => new HfApi().model_info(repository.Id))!.Message, Does.Contain("circles"));
    }

    [Test]
    public void A_redirect_to_another_host_gets_no_token()
    {
        var repository = NewRepository("model", ("a", Text("a")));
        Hub.Break(new() { Host = "hub", Path = "/api/", Status = 307, Headers = { ["Location"] = $"{Hub.StoreEndpoint}/api/models/{repository.Id}" } });
        Assert.That(() => new HfApi(token: Token).model_info(repository.Id), Throws.InstanceOf<HfHubHttpException>());
        Assert.That(Hub.Records.Single(r => r.Host == "store").Authorization, Is.Empty);
    }

    [Test]
    public void A_token_that_cannot_be_sent_is_refused_without_being_shown()
    {
        foreach (var token in (string[])["hf_se\ncret", "hf_se cret", "hf_secret\u00e9", "hf_se\r\nX-Evil: 1"])
        {
            var error = Assert.Throws<HfValidationException>(() => _ = new HfApi(token: token))!;
            Assert.That(error.Message, Does.Not.Contain("cret"));
            Set("HF_TOKEN", token);
            Assert.Throws<HfValidationException>(() => hf_hub_download("org/any", "config.json"));
        }
        Assert.That(Hub.Records, Is.Empty);
    }

    [Test]
    public void A_token_that_the_hub_says_back_is_not_in_the_message()
    {
        Hub.Break(new() { Status = 400, Headers = { ["X-Error-Message"] = "bad" }, Body = "{}", Times = 1 });
        Hub.Break(new() { Status = 400, Body = $"{{\"error\": \"the token {Token} is odd\"}}", Times = 1 });
        foreach (var _ in (int[])[1, 2])
            Assert.That(Assert.Throws<BadRequestException>(() => new HfApi(token: Token).model_info("org/any"))!.ToString(), Does.Not.Contain(Token));
    }

    [Test]
    public void A_full_disk_is_told_before_anything_is_written()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(5000)));
        var before = BlobDownload.FreeBytes;
        BlobDownload.FreeBytes = _ => 4999;
        try
        {
            Assert.That(Assert.Throws<IOException>(() => hf_hub_download(repository.Id, "model.safetensors"))!.Message, Does.Contain("5000 free bytes").And.Contain("HF_HUB_CACHE"));
        }
        finally
        {
            BlobDownload.FreeBytes = before;
        }
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(5000)));
    }

    [Test]
    public void A_folder_of_no_drive_is_not_asked_for_its_room() => Assert.That(BlobDownload.FreeBytes(@"\\server\share"), Is.EqualTo(long.MaxValue));

    [Test]
    public void A_clock_that_is_wrong_makes_no_long_pause()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Hub.Break(new() { Status = 429, Headers = { ["Retry-After"] = "Wed, 21 Oct 2015 07:28:00 GMT" } });
        Assert.That(File.ReadAllText(hf_hub_download(repository.Id, "config.json")), Is.EqualTo("{}"));
    }

    [TestCase("3600", 300)]
    [TestCase("7", 7)]
    [TestCase("Sat, 01 Jan 2050 00:00:10 GMT", 10)]
    [TestCase("Sat, 01 Jan 2050 00:20:00 GMT", 300)]
    [TestCase("Fri, 31 Dec 2049 00:00:00 GMT", 0)]
    [TestCase(null, null)]
    public void No_pause_is_longer_than_five_minutes_whatever_is_asked(string? after, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.Date = new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);
        if (after is not null) response.Headers.Add("Retry-After", after);
        Assert.That(HubHttp.RetryAfter(response)?.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public void A_poisoned_cache_is_mended_or_told()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(5000)), ("config.json", Text("{}")));
        var path = hf_hub_download(repository.Id, "model.safetensors");
        var (folder, commit) = (Path.Combine(Cache, $"models--{repository.Id.Replace("/", "--")}"), repository.CommitOf("main")!);
        Assert.Multiple(() =>
        {
            File.WriteAllText(Path.Combine(folder, "refs", "main"), "../../../../etc");
            Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "model.safetensors", local_files_only: true));
            Assert.That(hf_hub_download(repository.Id, "model.safetensors"), Is.EqualTo(path));
            Assert.That(File.ReadAllText(Path.Combine(folder, "refs", "main")), Is.EqualTo(commit));

            File.WriteAllBytes(Path.Combine(folder, "blobs", repository.Commits[commit]["model.safetensors"].Oid), Bytes(100));
            Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(5000)), "a content that was cut short");

            File.Delete(Path.Combine(folder, "blobs", repository.Commits[commit]["model.safetensors"].Oid));
            Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors")), Is.EqualTo(Bytes(5000)), "a link that leads nowhere");

            File.CreateSymbolicLink(Path.Combine(folder, "snapshots", commit, "stolen.txt"), "/etc/hostname");
            Assert.That(scan_cache_dir().warnings.Single(), Does.Contain("leads out of it"));
            Assert.That(scan_cache_dir().repos, Is.Empty);
        });
    }

    [TestCase("ftp://x")]
    [TestCase("http://\ufffd")]
    [TestCase("not an address")]
    [TestCase("https://user:secret@hub")]
    public void An_endpoint_that_is_none_is_told(string endpoint)
    {
        Assert.Throws<HfValidationException>(() => _ = new HfApi(endpoint));
        Set("HF_ENDPOINT", endpoint);
        Assert.Throws<HfValidationException>(() => hf_hub_download("org/any", "config.json"));
    }
}
