using static Keras.Transformers.Datasets;
using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

/// <summary>Every environment variable of huggingface_hub that there is here, and what an address that refuses says.</summary>
public sealed class EnvironmentTests : HubFixture
{
    [TestCase("HF_HUB_CACHE", "", "HF_HUB_CACHE=a HUGGINGFACE_HUB_CACHE=b HF_HOME=c XDG_CACHE_HOME=d")]
    [TestCase("HUGGINGFACE_HUB_CACHE", "", "HUGGINGFACE_HUB_CACHE=b HF_HOME=c XDG_CACHE_HOME=d")]
    [TestCase("HF_HOME", "hub", "HF_HOME=c XDG_CACHE_HOME=d")]
    [TestCase("XDG_CACHE_HOME", "huggingface/hub", "XDG_CACHE_HOME=d")]
    public void The_cache_is_where_the_first_of_these_says(string first, string below, string variables)
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Set("HF_HOME", null);
        foreach (var (name, folder) in variables.Split(' ').Select(v => (v.Split('=')[0], Home[v.Split('=')[1]]))) Set(name, folder);
        Assert.That(hf_hub_download(repository.Id, "config.json"), Does.StartWith(Path.Combine(Environment.GetEnvironmentVariable(first)!, below).TrimEnd('/') + Path.DirectorySeparatorChar + "models--"));
    }

    [TestCase("HF_DATASETS_CACHE", "dotnet", "HF_DATASETS_CACHE=a HF_HOME=c")]
    [TestCase("HF_HOME", "datasets/dotnet", "HF_HOME=c XDG_CACHE_HOME=d")]
    [TestCase("XDG_CACHE_HOME", "huggingface/datasets/dotnet", "XDG_CACHE_HOME=d")]
    public void Rows_are_kept_where_the_first_of_these_says(string first, string below, string variables)
    {
        File.WriteAllText(Home["a.csv"], "a\n1\n");
        Set("HF_HOME", null);
        foreach (var (name, folder) in variables.Split(' ').Select(v => (v.Split('=')[0], Home[v.Split('=')[1]]))) Set(name, folder);
        load_dataset("csv", data_files: Home["a.csv"]);
        Assert.That(Directory.Exists(Path.Combine(Environment.GetEnvironmentVariable(first)!, below)));
    }

    [TestCase("HF_TOKEN", "hf_local_token", "HUGGING_FACE_HUB_TOKEN", "hf_other")]
    [TestCase("HUGGING_FACE_HUB_TOKEN", "hf_local_token\n", "HF_TOKEN", "")]
    [TestCase("HF_TOKEN_PATH", "here", "HF_TOKEN", " \n")]
    public void The_token_is_the_first_of_these(string name, string value, string other, string its)
    {
        File.WriteAllText(Home["here"], Token + "\n");
        Set(name, value == "here" ? Home["here"] : value);
        Set(other, its);
        Assert.That((get_token(), whoami().name), Is.EqualTo((Token, "tester")));
    }

    [TestCase("1", false)]
    [TestCase("yes", false)]
    [TestCase("0", true)]
    public void A_token_that_no_call_names_stays_here_if_that_is_wanted(string hides, bool isSent)
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Set("HF_TOKEN", Token);
        Set("HF_HUB_DISABLE_IMPLICIT_TOKEN", hides);
        hf_hub_download(repository.Id, "config.json");
        Assert.That(Hub.Records.Select(r => r.Authorization.Length > 0), Has.All.EqualTo(isSent));
        Hub.Reset();
        hf_hub_download(repository.Id, "config.json", token: Token);
        Assert.That(Hub.Records.Select(r => r.Authorization), Has.All.EqualTo("Bearer " + Token));
    }

    [TestCase("HF_HUB_OFFLINE", "1", true)]
    [TestCase("HF_HUB_OFFLINE", "on", true)]
    [TestCase("TRANSFORMERS_OFFLINE", "TRUE", true)]
    [TestCase("HF_HUB_OFFLINE", "0", false)]
    public void Offline_is_offline(string name, string value, bool isOffline)
    {
        var repository = NewRepository("model", ("config.json", Text("{}")));
        Set(name, value);
        if (isOffline) Assert.Throws<LocalEntryNotFoundException>(() => hf_hub_download(repository.Id, "config.json"));
        else Assert.That(File.Exists(hf_hub_download(repository.Id, "config.json")));
        Assert.That(Hub.Records.Count > 0, Is.EqualTo(!isOffline));
    }

    [Test]
    public void A_mirror_may_lie_below_a_path()
    {
        Set("HF_ENDPOINT", $"{Hub.Endpoint}/mirror/");
        Assert.That(new HfApi().endpoint, Is.EqualTo($"{Hub.Endpoint}/mirror"));
        Assert.That(() => hf_hub_download("org/any", "a b.json"), Throws.InstanceOf<HfHubHttpException>());
        Assert.That(() => snapshot_download("org/any"), Throws.InstanceOf<HfHubHttpException>());
        Assert.That(Hub.Records.Select(r => r.Path), Is.EqualTo(new[] { "/mirror/org/any/resolve/main/a%20b.json", "/mirror/api/models/org/any/revision/main" }));
    }

    [TestCase(401, null, false, typeof(RepositoryNotFoundException), "log in with login(token)")]
    [TestCase(401, "RepoNotFound", false, typeof(RepositoryNotFoundException), "log in with login(token)")]
    [TestCase(404, "RepoNotFound", true, typeof(RepositoryNotFoundException), "Check that the token may read it")]
    [TestCase(401, "GatedRepo", false, typeof(GatedRepoException), "then log in")]
    [TestCase(403, "GatedRepo", true, typeof(GatedRepoException), "Ask for access on the repository's page.")]
    [TestCase(403, null, true, typeof(HfHubHttpException), "right to")]
    [TestCase(403, null, false, typeof(HfHubHttpException), "Log in")]
    [TestCase(404, "RevisionNotFound", true, typeof(RevisionNotFoundException), "branches")]
    [TestCase(404, "EntryNotFound", true, typeof(EntryNotFoundException), "no such file")]
    [TestCase(404, null, true, typeof(HfHubHttpException), "404")]
    [TestCase(418, null, true, typeof(HfHubHttpException), "418")]
    public void A_refusal_is_typed_and_says_what_to_do(int status, string? code, bool hasToken, Type type, string says)
    {
        Hub.Break(new() { Path = "/config.json", Status = status, Headers = code is null ? [] : new() { ["X-Error-Code"] = code } });
        var error = Assert.Catch<HfHubHttpException>(() => hf_hub_download("org/any", "config.json", token: hasToken ? Token : null))!;
        Assert.That(error, Is.TypeOf(type));
        Assert.That(error.Message, Does.Contain(says).And.Contain("org/any").And.Contain($"{status}"));
    }

    [Test]
    public void A_file_of_a_close_name_and_a_repository_of_another_kind_are_proposed()
    {
        var (model, data) = (NewRepository("model", ("config.json", Text("{}"))), NewRepository("dataset", ("train.csv", Text("a\n"))));
        Assert.That(Assert.Throws<EntryNotFoundException>(() => hf_hub_download(model.Id, "confg.json"))!.Message, Does.Contain("Did you mean \"config.json\"?"));
        Assert.That(Assert.Throws<RepositoryNotFoundException>(() => hf_hub_download(data.Id, "train.csv"))!.Message, Does.Contain("repo_type: \"dataset\""));
        Assert.That(Assert.Throws<RepositoryNotFoundException>(() => load_dataset(model.Id))!.Message, Does.Contain("There is a model of this name"));
    }

    [Test]
    public void A_store_whose_signatures_have_expired_for_a_clock_that_is_wrong_is_asked_by_new_ones_and_not_for_ever()
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(1000)));
        Hub.Break(new() { Host = "store", Status = 403, Body = "Request has expired", Times = 500 });
        Assert.That(Assert.Throws<HfHubHttpException>(() => hf_hub_download(repository.Id, "model.safetensors"))!.Message, Does.Contain("403"));
        Assert.That(Hub.Records.Count(r => r.Host == "store"), Is.InRange(2, 12));
    }
}
