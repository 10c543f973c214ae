namespace Keras.Transformers.Tests.Hub;

/// <summary>Environment variables that lead to a hub and an empty home, and short pauses; as they were afterwards.</summary>
sealed class HubEnvironment : IDisposable
{
    static readonly string[] Variables = ["HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DOWNLOAD_TIMEOUT", "HF_HUB_ETAG_TIMEOUT", "HF_DATASETS_CACHE", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_DISABLE_PROGRESS_BARS", "XDG_CACHE_HOME", "MY_TOKEN"];

    readonly Dictionary<string, string?> _before = Variables.ToDictionary(v => v, Environment.GetEnvironmentVariable);
    readonly TimeSpan _delay = HubHttp.FirstDelay;

    public HubEnvironment(string endpoint, string home)
    {
        foreach (var variable in Variables) Environment.SetEnvironmentVariable(variable, null);
        Environment.SetEnvironmentVariable("HF_HOME", home);
        Environment.SetEnvironmentVariable("HF_ENDPOINT", endpoint);
        Environment.SetEnvironmentVariable("HF_HUB_DISABLE_PROGRESS_BARS", "1");
        HubHttp.FirstDelay = TimeSpan.FromMilliseconds(2);
    }

    public void Dispose()
    {
        foreach (var (variable, value) in _before) Environment.SetEnvironmentVariable(variable, value);
        HubHttp.FirstDelay = _delay;
    }
}

/// <summary>A hub with the small models and a data set under the names that pages use.</summary>
sealed class HubPages : IDisposable
{
    readonly LocalHub.LocalHub _hub;
    readonly TemporaryFolder _home = new();
    readonly HubEnvironment _environment;

    HubPages(LocalHub.LocalHub hub) => (_hub, _environment) = (hub, new(hub.Endpoint, _home.Path));

    public static HubPages Open()
    {
        var pages = new HubPages(Task.Run(() => LocalHub.LocalHub.StartAsync()).GetAwaiter().GetResult());
        Environment.SetEnvironmentVariable("MY_TOKEN", pages._hub.Users.Keys.First());
        AddModels(pages._hub);
        AddGlue(pages._hub);
        return pages;
    }

    public void Dispose()
    {
        _environment.Dispose();
        Task.Run(async () => await _hub.DisposeAsync()).GetAwaiter().GetResult();
        _home.Dispose();
    }

    /// <summary>The small models under the names of those that the article uses.</summary>
    public static void AddModels(LocalHub.LocalHub hub)
    {
        foreach (var (name, folder) in ((string, string)[])[("bert-base-cased", "bert-tiny"), ("gpt2", "gpt2-tiny"), ("google/vit-base-patch16-224", "vit-tiny")]) hub.Repositories.AddFolder("model", name, Repository.PathOf("models", folder));
    }

    /// <summary>Some sentences that are of the kind of GLUE's CoLA.</summary>
    public static void AddGlue(LocalHub.LocalHub hub)
    {
        Features features = new() { ["sentence"] = "string", ["label"] = new ClassLabel(names: ["unacceptable", "acceptable"]), ["idx"] = "int32" };
        string[] texts = ["The dog chased a cat.", "She gave him the book.", "They left because it was late.", "Dog the cat a chased.", "She gave the him.", "They because late left was it."];
        var rows = Dataset.from_dict(new Dictionary<string, object> { ["sentence"] = texts, ["label"] = new long[] { 1, 1, 1, 0, 0, 0 }, ["idx"] = new[] { 0, 1, 2, 3, 4, 5 } }, features);
        new DatasetDict { { "train", rows }, { "validation", rows.select(..2) } }.push_to_hub("nyu-mll/glue", config_name: "cola", token: hub.Users.Keys.First());
        hub.Repositories.Moved["glue"] = "nyu-mll/glue";
    }
}
