using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

/// <summary>What a call may say of itself and of its wishes, and what no message repeats.</summary>
public sealed class HubCallerTests : HubFixture
{
    [Test]
    public void The_agent_and_headers_of_a_call_go_to_the_hub()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(1000)));
        repository.Private = true;
        hf_hub_download(repository.Id, "model.safetensors", library_name: "my-tool", library_version: "1.2", user_agent: "part/3", headers: new Dictionary<string, string> { ["X-Team"] = "blue", ["authorization"] = $"Bearer {Token}" });
        Assert.Multiple(() =>
        {
            Assert.That(Hub.Records.Select(r => r.Headers["User-Agent"]), Has.All.Match("^my-tool/1.2; keras-transformers/.*; dotnet/.*; part/3$"));
            Assert.That(Hub.Records.Where(r => r.Host == "hub").Select(r => r.Headers["X-Team"]), Is.Not.Empty.And.All.EqualTo("blue"));
            Assert.That(Hub.Records.Where(r => r.Host == "store").Select(r => r.Headers.ContainsKey("X-Team") || r.Headers.ContainsKey("Authorization")), Is.Not.Empty.And.All.False);
        });
    }

    [TestCase("X-Name", "a\r\nX-Evil: 1")]
    [TestCase("X-Name\n", "a")]
    [TestCase("Range", "bytes=0-1")]
    [TestCase("X-Name", "")]
    [TestCase("X-Name", "sécret")]
    public void A_header_that_cannot_be_sent_is_refused(string name, string value)
    {
        Assert.That(Assert.Throws<HfValidationException>(() => _ = new HfApi(headers: new Dictionary<string, string> { [name] = value }))!.Message, Does.Not.Contain("X-Evil").And.Not.Contain("cret"));
        Assert.Throws<HfValidationException>(() => _ = new HfApi(user_agent: "a\nb"));
        Assert.That(Assert.Throws<ArgumentException>(() => _ = new HfApi(library_version: "1"))!.ParamName, Is.EqualTo("library_version"));
    }

    [Test]
    public void An_address_of_a_call_comes_before_that_of_the_environment()
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Set("HF_ENDPOINT", "http://127.0.0.1:9");
        Assert.That(File.ReadAllText(hf_hub_download(repository.Id, "config.json", endpoint: Hub.Endpoint + "/")), Is.EqualTo("{}"));
        Assert.That(new HfApi(Hub.Endpoint).list_repo_files(repository.Id), Has.Member("config.json"));
    }

    [Test]
    public void A_hub_that_is_slow_is_waited_for_as_long_as_a_call_says_unless_the_environment_does()
    {
        using var api = new HubSilence();
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => new HfApi(api.Endpoint).hf_hub_download("org/any", "a", etag_timeout: 0.2))!.Message, Does.Contain("within 0.2 s").Or.Contain("too long"));
        Set("HF_HUB_ETAG_TIMEOUT", "0.1");
        Assert.That(Assert.Throws<LocalEntryNotFoundException>(() => new HfApi(api.Endpoint).hf_hub_download("org/any", "a", etag_timeout: 100))!.Message, Does.Contain("within 0.1 s").Or.Contain("too long"));
        Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => hf_hub_download("org/any", "a", etag_timeout: 0))!.ParamName, Is.EqualTo("etag_timeout"));
    }

    [Test]
    public void What_is_hidden_of_headers_is_nothing_that_answers_hold_by_chance()
    {
        var repository = NewRepository("model", ("a", Text("a")));
        var api = new HfApi(headers: new Dictionary<string, string> { ["X-Api-Key-Version"] = "2", ["Cookie"] = "session=first-of-secrets; lang=en; other=last-of-secrets" });
        Assert.That(File.ReadAllText(api.hf_hub_download(repository.Id, "a")), Is.EqualTo("a"));
        Hub.Break(new() { Status = 400, Headers = { ["X-Error-Message"] = "first-of-secrets and last-of-secrets" } });
        Assert.That(Assert.Catch<KerasException>(() => api.model_info(repository.Id))!.ToString(), Does.Not.Contain("of-secrets"));
    }

    [Test]
    public void Whatever_a_hub_repeats_no_message_holds_a_secret()
    {
        const string cookie = "session-0123456789";
        foreach (var secret in (string[])[Token, cookie])
        {
            void Check(LocalHub.Fault fault, Action<HfApi> call)
            {
                Hub.Reset();
                Hub.Break(fault);
                var error = Assert.Catch<KerasException>(() => call(new(token: Token, headers: new Dictionary<string, string> { ["Cookie"] = cookie })))!;
                Assert.That($"{error} {(error as HfHubHttpException)?.ServerMessage} {(error as HfHubHttpException)?.RequestId}", Does.Not.Contain(secret));
            }
            Check(new() { Status = 400, Headers = { ["X-Error-Message"] = $"bad {secret}", ["X-Request-Id"] = secret } }, a => a.model_info("org/any"));
            Check(new() { Status = 403, Body = $"{{\"error\": \"{secret}\"}}" }, a => a.model_info("org/any"));
            Check(new() { Status = 200, Body = $"{{\"sha\": \"{secret}\"}}" }, a => a.model_info("org/any"));
            Check(new() { Status = 200, Body = $"{{\"{secret}\"" }, a => a.whoami());
            Check(new() { Method = "HEAD", Status = 200, Headers = { ["X-Repo-Commit"] = secret, ["ETag"] = "x" } }, a => a.hf_hub_download("org/any", "a"));
            Check(new() { Method = "HEAD", Status = 200, Headers = { ["X-Repo-Commit"] = new('a', 40), ["ETag"] = "../" + secret } }, a => a.hf_hub_download("org/any", "a"));
            Check(new() { Status = 302, Headers = { ["Location"] = $"ftp://x/{secret}" } }, a => a.model_info("org/any"));
        }
    }
}

/// <summary>A host that takes connections and never says anything.</summary>
sealed class HubSilence : IDisposable
{
    readonly System.Net.Sockets.TcpListener _listener = new(System.Net.IPAddress.Loopback, 0);

    public HubSilence() => _listener.Start();

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    public void Dispose() => _listener.Dispose();
}
