using Keras.LocalHub;

namespace Keras.Transformers.Tests.Hub;

/// <summary>A local hub, an empty cache and an environment that leads to them; as it was afterwards.</summary>
[NonParallelizable]
public abstract class HubFixture
{
    protected const string Token = "hf_local_token";

    HubEnvironment? _environment;

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
        Home = new();
        _environment = new(Hub.Endpoint, Home.Path);
        Hub.Reset();
    }

    [TearDown]
    public void LeaveHome()
    {
        _environment?.Dispose();
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
