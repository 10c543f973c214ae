using Keras.LocalHub;

namespace Keras.Transformers.Tests.Hub;

/// <summary>A local hub, an empty cache and an environment that leads to them; as it was afterwards.</summary>
[NonParallelizable]
public abstract class HubFixture
{
    protected const string Token = "hf_local_token";
    static readonly string[] Variables = ["HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DOWNLOAD_TIMEOUT", "HF_HUB_ETAG_TIMEOUT", "HF_DATASETS_CACHE", "HF_HUB_DISABLE_IMPLICIT_TOKEN"];

    Dictionary<string, string?> _before = [];
    TimeSpan _delay;

    protected LocalHub.LocalHub Hub { get; private set; } = null!;

    private protected TemporaryFolder Home { get; private set; } = null!;

    protected string Cache => Path.Combine(Home.Path, "hub");

    [OneTimeSetUp]
    public async Task StartHub() => Hub = await LocalHub.LocalHub.StartAsync();

    [OneTimeTearDown]
    public async Task StopHub() => await Hub.DisposeAsync();

    [SetUp]
    public void EnterHome()
    {
        (_before, _delay, HubHttp.FirstDelay) = (Variables.ToDictionary(v => v, Environment.GetEnvironmentVariable), HubHttp.FirstDelay, TimeSpan.FromMilliseconds(2));
        foreach (var variable in Variables) Environment.SetEnvironmentVariable(variable, null);
        Home = new();
        Environment.SetEnvironmentVariable("HF_HOME", Home.Path);
        Environment.SetEnvironmentVariable("HF_ENDPOINT", Hub.Endpoint);
        Hub.Reset();
    }

    [TearDown]
    public void LeaveHome()
    {
        foreach (var (variable, value) in _before) Environment.SetEnvironmentVariable(variable, value);
        HubHttp.FirstDelay = _delay;
        Home.Dispose();
    }

    protected static void Set(string variable, string? value) => Environment.SetEnvironmentVariable(variable, value);

    /// <summary>A repository of a name of its own with these files.</summary>
    private protected HubRepository NewRepository(string type, params (string Path, byte[] Content)[] files)
    {
        var repository = Hub.Repositories.Create(type, $"org/{TestContext.CurrentContext.Test.ID.Replace('.', '-')}-{Guid.NewGuid():n}"[..40].TrimEnd('-'))!;
        repository.Add(files);
        return repository;
    }

    protected static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>That every blob of the cache is whole and of its name's hash.</summary>
    protected void AssertCacheIsSound()
    {
        foreach (var blob in Directory.Exists(Cache) ? Directory.EnumerateFiles(Cache, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(Path.GetDirectoryName(f)) == "blobs" && !f.EndsWith(".incomplete", StringComparison.Ordinal)) : [])
        {
            var oid = Path.GetFileName(blob);
            Assert.That(new HubFile(File.ReadAllBytes(blob), IsLarge: oid.Length == 64).Oid, Is.EqualTo(oid));
        }
    }
}
