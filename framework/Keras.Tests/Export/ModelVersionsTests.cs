using Keras.Layers;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>Folders of versions, as a polling server sees them.</summary>
sealed class ModelVersionsTests
{
    static void Write(string path, string content = "model")
    {
        Directory.CreateDirectory(Path.Combine(path, "variables"));
        File.WriteAllText(Path.Combine(path, "variables", "data"), content);
        File.WriteAllText(Path.Combine(path, "saved_model.pb"), content);
    }

    [Test]
    public void Versions_count_up_and_old_ones_go_behind_the_new()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["notes"]);
        var versions = new ModelVersions(folder[""]);
        Assert.That((versions.Latest, versions.Versions.Count), Is.EqualTo((default(long?), 0)), "a folder without numbers");
        Assert.That(versions.Publish(p => Write(p)), Is.EqualTo(folder["1"]));
        Assert.That(versions.Publish(p => Write(p), version: 7), Is.EqualTo(folder["7"]));
        Assert.That(versions.Publish(p => Write(p, "first")), Is.EqualTo(folder["8"]));
        Assert.That(versions.Publish(p => Write(p, "second"), version: 8), Is.EqualTo(folder["8"]));
        Assert.That(File.ReadAllText(Path.Combine(folder["8"], "variables", "data")), Is.EqualTo("second"), "replaced whole");
        Assert.That(versions.Publish(p =>
        {
            Write(p);
            Assert.That(versions.Versions, Is.EqualTo(new[] { 1L, 7, 8 }), "what is written is no version yet, and none went");
        }, keep_versions: 2), Is.EqualTo(folder["9"]));
        Assert.That(versions.Versions, Is.EqualTo(new[] { 8L, 9 }));
        Assert.That(Directory.GetDirectories(folder[""]).Select(Path.GetFileName), Is.EquivalentTo(new[] { "8", "9", "notes" }));
    }

    [Test]
    public void A_reader_never_sees_half_a_version()
    {
        using var folder = new TemporaryFolder();
        var versions = new ModelVersions(folder[""]);
        using var done = new CancellationTokenSource();
        var seen = 0;
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                foreach (var version in versions.Versions)
                {
                    // A version that goes is gone as a whole: its folder cannot be opened any more.
                    var path = versions.PathOf(version);
                    if (!File.Exists(Path.Combine(path, "saved_model.pb")) && Directory.Exists(path)) throw new InvalidOperationException($"half of {path}");
                    seen++;
                }
        });
        Parallel.For(0, 40, i => versions.Publish(p => Write(p), keep_versions: 50));
        done.Cancel();
        Assert.That(reader.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(versions.Versions, Is.EqualTo(Enumerable.Range(1, 40)), "each publisher got a number of its own");
        Assert.That(seen, Is.GreaterThan(0));
    }

    [Test]
    public void What_cannot_be_published_leaves_the_folder_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var versions = new ModelVersions(folder["models"]);
        versions.Publish(p => Write(p));
        Assert.Multiple(() =>
        {
            Assert.That(() => versions.Publish(p => Write(p), keep_versions: 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("keep_versions"));
            Assert.That(() => versions.Publish(p => Write(p), version: -1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("version"));
            Assert.That(() => versions.Publish(_ => { }), Throws.InvalidOperationException.With.Message.Contains("saved_model.pb"));
            Assert.That(() => versions.Publish(_ => throw new IOException("full")), Throws.TypeOf<IOException>());
            Assert.That(() => new ModelVersions(folder["models/1"]), Throws.ArgumentException.With.Message.Contains("one SavedModel"));
            Assert.That(() => new ModelVersions(folder["models/1/saved_model.pb"]), Throws.ArgumentException.With.Message.Contains("the file"));
            Assert.That(Directory.GetDirectories(folder["models"]), Is.EqualTo(new[] { folder["models/1"] }));
        });
    }

    [Test]
    public void An_export_is_published()
    {
        GoldenList.UseEngine();
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(3), name: "x"), new Dense(2)]);
        var path = new ModelVersions(folder["m"]).Publish(p => model.export(p, verbose: false));
        using var loaded = new Loaded(path);
        Assert.That(loaded.Signatures, Does.Contain("serving_default"));
    }
}
