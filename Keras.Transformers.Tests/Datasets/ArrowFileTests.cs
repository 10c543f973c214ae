using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Saved folders: shards, what is refused, and what is left alone.</summary>
public sealed class ArrowFileTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    static Dataset Data(int rows = 50) => Dataset.from_dict(new Dictionary<string, object>
    {
        ["id"] = Enumerable.Range(0, rows).ToArray(),
        ["text"] = Enumerable.Range(0, rows).Select(i => $"é {i}").ToArray(),
        ["maybe"] = Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? (float?)i : null).Cast<object?>().ToArray(),
        ["lists"] = Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, i % 4).Select(n => $"{n}").ToArray()).ToArray(),
        ["when"] = Enumerable.Range(0, rows).Select(i => new DateTime(2020, 1, 1).AddHours(i)).ToArray(),
    });

    [Test]
    public void Every_type_and_every_shard_comes_back()
    {
        var ds = Data().cast_column("maybe", "float16").cast_column("text", "large_string");
        ds.select([49, 3, 3, 0]).save_to_disk(_folder["selected"]);
        ds.save_to_disk(_folder["sharded"], max_shard_size: "1KB");

        Assert.That((int[])load_from_disk(_folder["selected"])["id"], Is.EqualTo(new[] { 49, 3, 3, 0 }));
        var sharded = load_from_disk(_folder["sharded"]);
        Assert.That(Directory.GetFiles(_folder["sharded"], "*.arrow"), Has.Length.GreaterThan(1));
        Assert.That(sharded.features, Is.EqualTo(ds.features));
        Assert.That(sharded.Select(r => r.ToString()), Is.EqualTo(ds.Select(r => r.ToString())));
        Assert.That(sharded._fingerprint, Is.EqualTo(ds._fingerprint));
    }

    [Test]
    public void A_data_set_replaces_its_own_folder()
    {
        Data().save_to_disk(_folder["data"]);
        var ds = load_from_disk(_folder["data"]);

        ds.take(5).save_to_disk(_folder["data"]);

        Assert.That(load_from_disk(_folder["data"]).num_rows, Is.EqualTo(5));
        Assert.That((int[])ds["id"], Is.EqualTo(Enumerable.Range(0, 50)), "the old files stay mapped");
    }

    [Test]
    public void Cut_files_are_refused_wherever_they_end()
    {
        Data().save_to_disk(_folder["data"]);
        var whole = File.ReadAllBytes(Directory.GetFiles(_folder["data"], "*.arrow").Single());
        for (var length = 0; length < whole.Length - 8; length += 13)
        {
            File.WriteAllBytes(_folder["cut.arrow"], whole[..length]);
            FileFormatException? error = null;
            try
            {
                var ds = Dataset.from_file(_folder["cut.arrow"]);
                Assert.That(ds.num_rows, Is.Zero, $"only what ends between messages is read: {length}");
            }
            catch (FileFormatException e)
            {
                error = e;
            }
            if (error is not null) Assert.That(error.Message, Does.Contain("cut.arrow"));
        }
    }

    [Test]
    public void Shards_have_the_columns_of_the_first()
    {
        Data().save_to_disk(_folder["data"], num_shards: 2);
        Data(3).remove_columns("lists").save_to_disk(_folder["other"]);
        File.Copy(Directory.GetFiles(_folder["other"], "*.arrow").Single(), Directory.GetFiles(_folder["data"], "*.arrow").Order().Last(), overwrite: true);

        Assert.That(Assert.Throws<FileFormatException>(() => load_from_disk(_folder["data"]))!.Message, Does.Contain("data-00001-of-00002.arrow").And.Contain("lists"));
    }

    [Test]
    public void Shortened_files_are_noticed()
    {
        Data(5000).save_to_disk(_folder["data"]);
        var ds = load_from_disk(_folder["data"]);
        var file = Directory.GetFiles(_folder["data"], "*.arrow").Single();
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(stream.Length / 2);

        Assert.That(Assert.Throws<FileFormatException>(() => _ = ds[4999])!.Message, Does.Contain("shortened").And.Contain(file));
    }

    [Test]
    public void Texts_are_checked_when_they_are_read()
    {
        Data(3).save_to_disk(_folder["data"]);
        var file = Directory.GetFiles(_folder["data"], "*.arrow").Single();
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().LastIndexOf("é 1"u8);
        bytes[at + 1] = (byte)'x';
        File.WriteAllBytes(file, bytes);

        var ds = load_from_disk(_folder["data"]);
        Assert.That((int)ds[1]["id"], Is.EqualTo(1));
        Assert.That(Assert.Throws<FileFormatException>(() => _ = (string?)ds[0]["text"])!.Message, Does.Contain("row 1").And.Contain("text").And.Contain(file));
    }

    [Test]
    public void Folders_are_told_apart()
    {
        Data(2).save_to_disk(_folder["one"]);
        new DatasetDict { ["train"] = Data(2) }.save_to_disk(_folder["several"]);

        Assert.That(Assert.Throws<FileFormatException>(() => load_from_disk(_folder["several"]))!.Message, Does.Contain("DatasetDict.load_from_disk"));
        Assert.That(Assert.Throws<FileFormatException>(() => DatasetDict.load_from_disk(_folder["one"]))!.Message, Does.Contain("load_from_disk"));
        Assert.That(Assert.Throws<FileFormatException>(() => load_from_disk(_folder.Path))!.Message, Does.Contain("state.json"));
        Assert.Throws<DirectoryNotFoundException>(() => load_from_disk(_folder["none"]));
        Assert.That(load_dataset(_folder["several"], split: "train").num_rows, Is.EqualTo(2));
    }
}
