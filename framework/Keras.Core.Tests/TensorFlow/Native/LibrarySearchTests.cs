using Keras.Engines.TensorFlow;

namespace Keras.Tests.TensorFlow;

[NonParallelizable]
sealed class LibrarySearchTests
{
    string _root = null!;
    Dictionary<string, string?> _saved = null!;

    [SetUp]
    public void MakeFolder()
    {
        _root = Directory.CreateTempSubdirectory("keras-search-").FullName;
        _saved = new[] { LibrarySearch.Variable, "XDG_CACHE_HOME" }.ToDictionary(v => v, Environment.GetEnvironmentVariable);
        if (OperatingSystem.IsWindows()) Assert.Ignore("The user's cache cannot be moved on Windows.");
        Environment.SetEnvironmentVariable(LibrarySearch.Variable, null);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _root);
    }

    [TearDown]
    public void Restore()
    {
        foreach (var (name, value) in _saved) Environment.SetEnvironmentVariable(name, value);
        Directory.Delete(_root, recursive: true);
    }

    [Test]
    public void LooksAtTheApplicationThenTheCacheThenTheSystem()
    {
        var places = LibrarySearch.Places().ToArray();
        Assert.That(places[0].Folder, Is.EqualTo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.That(places[1].Folder, Does.EndWith(Path.Combine("runtimes", LibrarySearch.RuntimeId, "native")));
        Assert.That(places[^2].Folder, Does.StartWith(_root));
        Assert.That(places[^1].Folder, Is.Null);
    }

    [Test]
    public void TakesTheNewestCompleteVersionOfTheCache()
    {
        foreach (var version in (string[])["2.9.0", "2.21.0", "2.3.1"]) MakeLibrary(version);
        Directory.CreateDirectory(Path.Combine(LibrarySearch.CacheFolder, "2.22.0"));
        MakeLibrary(".partial-1");
        Assert.That(LibrarySearch.Places().ToArray()[^2].Folder, Is.EqualTo(Path.Combine(LibrarySearch.CacheFolder, "2.21.0")));
        Assert.That(LibrarySearch.IsPresent(), Is.True);
    }

    [Test]
    public void ANamedFolderIsTheOnlyPlace()
    {
        MakeLibrary("2.21.0");
        Environment.SetEnvironmentVariable(LibrarySearch.Variable, _root);
        Assert.That(LibrarySearch.Places().Select(p => p.Folder), Is.EqualTo(new[] { _root }));
        Assert.That(LibrarySearch.IsPresent(), Is.False, "what the user named holds no library");
    }

    [Test]
    public void FindsMainAndFrameworkTogether()
    {
        MakeLibrary("2.21.0");
        var files = LibrarySearch.FilesIn(Path.Combine(LibrarySearch.CacheFolder, "2.21.0"))!.Value;
        Assert.That(Path.GetFileName(files.Main), Does.Contain("tensorflow_cc"));
        Assert.That(Path.GetFileName(files.Framework), Does.Contain("tensorflow_framework"));
    }

    [Test]
    public void WhenNothingIsFoundEveryPlaceAndTheWayOutAreNamed()
    {
        Environment.SetEnvironmentVariable(LibrarySearch.Variable, Path.Combine(_root, "nowhere"));
        var error = Assert.Throws<EngineNotFoundException>(() => TensorFlowLibrary.Find())!;
        Assert.That(error.Message, Does.Contain(Path.Combine(_root, "nowhere")).And.Contain("keras.config.provision_tensorflow()").And.Contain("keras-provision").And.Contain("KERAS_LIBTENSORFLOW"));
    }

    [Test]
    public void AFileThatIsNoLibraryIsReportedWithItsPath()
    {
        MakeLibrary("2.21.0");
        var folder = Path.Combine(LibrarySearch.CacheFolder, "2.21.0");
        Environment.SetEnvironmentVariable(LibrarySearch.Variable, folder);
        Assert.That(() => TensorFlowLibrary.Find(), Throws.TypeOf<EngineNotFoundException>().With.Message.Contains(folder));
    }

    [TestCase("2.15.1", false)]
    [TestCase("1.15.0", false)]
    [TestCase("2.10.3", false)]
    [TestCase("2.11.1", false)]
    [TestCase("2.16.0", true)]
    [TestCase("2.21.0", true)]
    [TestCase("3.0.0", true)]
    public void OldVersionsAreRefused(string version, bool accepted)
    {
        void Check() => TensorFlowLibrary.RequireSupported(Version.Parse(version), version, "file");
        Assert.That(Check, accepted ? Throws.Nothing : Throws.TypeOf<UnsupportedException>()
            .With.Message.Contains(version).And.Message.Contains("SciSharp.TensorFlow.Redist 2.16.0").And.Message.Contains("provision_tensorflow"));
    }

    static void MakeLibrary(string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(LibrarySearch.CacheFolder, version)).FullName;
        var (prefix, suffix) = OperatingSystem.IsMacOS() ? ("libtensorflow_", ".2.dylib") : ("libtensorflow_", ".so.2");
        foreach (var name in (string[])["cc", "framework"]) File.WriteAllText(Path.Combine(folder, prefix + name + suffix), "no library");
    }
}
