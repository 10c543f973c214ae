using System.Security.Cryptography;
using static Keras.Api;

namespace Keras.Tests.Backend;

/// <summary>TensorFlow's library for a program that has the packages alone; what sources there are is tested with the engine.</summary>
[NonParallelizable]
sealed class ProvisioningTests
{
    TemporaryFolder _folder = null!;
    string? _cache;

    [SetUp]
    public void MoveTheCache()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The user's cache cannot be moved on Windows, and libraries have other names on macOS.");
        _folder = new();
        _cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _folder["cache"]);
    }

    [TearDown]
    public void MoveItBack()
    {
        if (_folder is null) return;
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _cache);
        _folder.Dispose();
    }

    [Test]
    public void A_call_puts_the_library_of_an_archive_into_the_users_cache()
    {
        var archive = _folder["library.zip"];
        using (var zip = System.IO.Compression.ZipFile.Open(archive, System.IO.Compression.ZipArchiveMode.Create))
            foreach (var name in (string[])["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
                using (var writer = new StreamWriter(zip.CreateEntry("tensorflow/" + name).Open())) writer.Write(name);
        var hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(archive)));
        Assert.That(() => keras.config.provision_tensorflow(archive, version: "2.20.0", verbose: 0), Throws.TypeOf<UnsupportedException>().With.Message.Contains(hash.ToLowerInvariant()), "an unknown archive needs its hash");
        Assert.That(() => keras.config.provision_tensorflow(archive, verbose: 0), Throws.TypeOf<FileFormatException>(), "the known archive has another");

        var place = keras.config.provision_tensorflow(archive, hash, "2.20.0", verbose: 0);
        Assert.That(place, Is.EqualTo(Path.Combine(_folder["cache"], "keras-transformers", "libtensorflow", "2.20.0")));
        Assert.That(File.ReadAllText(Path.Combine(place, "libtensorflow_cc.so.2")), Is.EqualTo("libtensorflow_cc.so.2"));
        File.Delete(archive);
        Assert.That(keras.config.provision_tensorflow(archive, hash, "2.20.0", verbose: 0), Is.EqualTo(place), "it is there");
    }

    [Test]
    public void A_source_that_is_not_there_says_so_and_leaves_nothing()
    {
        Assert.That(() => keras.config.provision_tensorflow(_folder["none.tar.xz"], verbose: 0), Throws.TypeOf<EngineNotFoundException>().With.Message.Contains("none.tar.xz"));
        Assert.That(() => keras.config.provision_tensorflow(version: "2.11.1", verbose: 0), Throws.TypeOf<UnsupportedException>().With.Message.Contains("2.16"));
        Assert.That(Directory.Exists(_folder["cache"]) ? Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories) : [], Is.Empty);
    }
}
