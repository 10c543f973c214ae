using System.Text;
using Keras.Checkpoints;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Data files: what is written is read again, splits, streams, and files that are broken.</summary>
public sealed class ReaderTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    Dataset Load(string format, DataFiles files, string split = "train", Features? features = null) => load_dataset(format, split: split, data_files: files, cache_dir: _folder["cache"], features: features);

    static Dataset Flat(int rows = 2100) => Dataset.from_dict(new Dictionary<string, object>
    {
        ["id"] = Enumerable.Range(0, rows).Select(i => (long)i).ToArray(),
        ["text"] = Enumerable.Range(0, rows).Select(i => $"a \"text\", with ζήτα 😀\nand {i}").ToArray(),
        ["score"] = Enumerable.Range(0, rows).Select(i => i / 8.0).ToArray(),
        ["flag"] = Enumerable.Range(0, rows).Select(i => i % 3 == 0).ToArray(),
    });

    [TestCase("csv")]
    [TestCase("json")]
    public void What_is_written_is_read(string format)
    {
        var ds = Flat();
        if (format == "csv") ds.to_csv(_folder["data"]);
        else ds.to_json(_folder["data"]);

        var read = Load(format, _folder["data"]);
        var streamed = load_dataset(format, split: "train", streaming: true, data_files: _folder["data"]);

        Assert.That(read.features, Is.EqualTo(ds.features));
        Assert.That(read.Select(r => r.ToString()), Is.EqualTo(ds.Select(r => r.ToString())));
        Assert.That(streamed.Select(r => r.ToString()), Is.EqualTo(ds.Select(r => r.ToString())));
        Assert.That(Directory.GetFiles(_folder["cache"], "*.arrow", SearchOption.AllDirectories), Has.Length.EqualTo(1));
    }

    [Test]
    public void Records_of_tensorflow_come_back()
    {
        var ds = Dataset.from_dict(new Dictionary<string, object> { ["ids"] = new[] { new[] { 1L, 2 }, [-3L], [] }, ["x"] = new[] { 0.5f, 1, 2 }, ["s"] = new[] { "a", "é", "" }, ["flag"] = new[] { true, false, true } });
        ds.to_tfrecord(_folder["a.tfrecord"]);

        var read = Load("tfrecord", _folder["a.tfrecord"]);
        Assert.That(read.column_names, Is.EquivalentTo(ds.column_names));
        Assert.That((long[][])read["ids"], Is.EqualTo((long[][])ds["ids"]));
        Assert.That((float[])read["x"], Is.EqualTo((float[])ds["x"]));
        Assert.That((string[])read["s"], Is.EqualTo((string[])ds["s"]));
        Assert.That((long[])read["flag"], Is.EqualTo(new[] { 1, 0, 1 }));

        var bytes = File.ReadAllBytes(_folder["a.tfrecord"]);
        bytes[^10] ^= 1;
        File.WriteAllBytes(_folder["b.tfrecord"], bytes);
        Assert.That(Assert.Throws<FileFormatException>(() => Load("tfrecord", _folder["b.tfrecord"]))!.Message, Does.Contain("checksum").And.Contain("row 2"));
        File.WriteAllBytes(_folder["c.tfrecord"], bytes[..^3]);
        Assert.That(Assert.Throws<FileFormatException>(() => Load("tfrecord", _folder["c.tfrecord"]))!.Message, Does.Contain("cut off").And.Contain("row 2"));
        // A list whose first part says that it has more bytes than there are, behind a right checksum.
        using (var stream = File.Create(_folder["d.tfrecord"])) TfRecordFile.Write(stream, TfExample.Write([("text", TfExampleKind.Bytes, [0x0A, 0x20])]));
        Assert.That(Assert.Throws<FileFormatException>(() => Load("tfrecord", _folder["d.tfrecord"]))!.Message, Does.Contain("longer than its record").And.Contain("d.tfrecord, row 0"));
        Assert.That(Assert.Throws<FileFormatException>(() => Load("tfrecord", _folder["d.tfrecord"], features: new() { ["text"] = "string" }))!.Message, Does.Contain("longer than its record").And.Contain("d.tfrecord, row 0"));
    }

    [Test]
    public void Splits_and_parts_of_them()
    {
        Flat(200).to_json(_folder["data/train.jsonl"]);
        Flat(10).to_json(_folder["data/test.jsonl"]);
        Dictionary<string, string> files = new() { ["train"] = _folder["data/train.jsonl"], ["test"] = _folder["data/test.jsonl"] };

        Assert.That(load_dataset("json", data_files: files, cache_dir: _folder["cache"]).num_rows, Is.EqualTo(new Dictionary<string, int> { ["train"] = 200, ["test"] = 10 }));
        Assert.That((long[])Load("json", files, "train[:10%]")["id"], Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That((long[])Load("json", files, "train[-2:]+test[8:]")["id"], Is.EqualTo(new[] { 198, 199, 8, 9 }));
        Assert.That(load_dataset(_folder["data"], split: "test", cache_dir: _folder["cache"]).num_rows, Is.EqualTo(10), "by the names of the folder's files");
        Assert.That(Load("json", new[] { _folder["data/t*.jsonl"] }).num_rows, Is.EqualTo(210));
        Assert.That(Assert.Throws<ArgumentException>(() => Load("json", files, "trian"))!.Message, Does.Contain("Did you mean \"train\"?"));
        foreach (var bad in new[] { "train[:10", "train[10%:20]", "train[:200%]", "train[a:b]", "", "train[1]" })
            Assert.That(Assert.Throws<ArgumentException>(() => Load("json", files, bad), bad)!.Message, Does.Contain("train[:10%]"), bad);
    }

    [Test]
    public void Lines_paragraphs_and_documents()
    {
        var path = Write("a.txt", "one\r\ntwo\n\nthree");
        Assert.That((string[])Load("text", path)["text"], Is.EqualTo(new[] { "one", "two", "", "three" }));
        Assert.That((string[])load_dataset("text", split: "train", data_files: path, cache_dir: _folder["cache"], sample_by: "paragraph")["text"], Is.EqualTo(new[] { "one\r\ntwo", "three" }));
        Assert.That(load_dataset("text", split: "train", data_files: path, cache_dir: _folder["cache"], sample_by: "document").num_rows, Is.EqualTo(1));
    }

    [Test]
    public void Pictures_are_labelled_by_their_folders()
    {
        foreach (var name in new[] { "train/cat/1.png", "train/dog/2.png", "test/dog/3.png" }) Write(name, "");
        var ds = load_dataset("imagefolder", data_dir: _folder.Path, cache_dir: _folder["cache"]);

        Assert.That(ds["train"].features.ToString(), Is.EqualTo("{'image': Image(mode=None, decode=True, id=None), 'label': ClassLabel(names=['cat', 'dog'], id=None)}"));
        Assert.That(ds["test"][0]["image"]["path"].ToString(), Does.EndWith("3.png"));
        Assert.That((int)ds["test"][0]["label"], Is.EqualTo(1));
        Assert.That(Assert.Throws<FileFormatException>(() => ds["test"][0]["image"].ToPicture())!.Message, Does.Contain("3.png"));
    }

    [Test]
    public void Streams_read_no_more_than_is_asked_for()
    {
        Flat(5000).to_json(_folder["a.jsonl"]);
        File.AppendAllText(_folder["a.jsonl"], "{broken");
        var stream = load_dataset("json", split: "train", streaming: true, data_files: _folder["a.jsonl"]);

        var rows = stream.map(row => new() { ["twice"] = (long)row["id"] * 2 }).filter(row => row["id"] % 2 == 0).skip(1).take(3).remove_columns("text");
        Assert.That(rows.Select(r => (long)r["twice"]), Is.EqualTo(new[] { 4, 8, 12 }));
        Assert.That(stream.take(100).shuffle(seed: 1, buffer_size: 10).Select(r => (long)r["id"]), Is.EquivalentTo(Enumerable.Range(0, 100)).And.Not.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(stream.iter(300).First().num_rows, Is.EqualTo(300));
        Assert.That(Assert.Throws<FileFormatException>(() => stream.Count())!.Message, Does.Contain("row 5000"));
    }

    // Extension, content, part of the message.
    [TestCase("csv", "a,b\n1,2\n1,2,3\n", "row 1")]
    [TestCase("csv", "a,a\n1,2\n", "2 times")]
    [TestCase("json", "{\"a\":1}\n{\"a\":\"x\"}\n", "row 1")]
    [TestCase("json", "{\"a\":1}\n\n[1]\n", "row 1")]
    [TestCase("json", "{\"a\":1}\n{\"a\":\n", "row 1")]
    [TestCase("json", "{\"a\":1,\"a\":2}\n", "twice")]
    public void Malformed_rows_are_named(string format, string text, string expected)
    {
        var path = Write($"bad.{format}", text);
        Assert.That(Assert.Throws<FileFormatException>(() => Load(format, path))!.Message, Does.Contain(expected).And.Contain(path));
        Assert.That(Directory.Exists(_folder["cache"]) ? Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories) : [], Is.Empty, "no half cache");
    }

    [TestCase("csv")]
    [TestCase("json")]
    [TestCase("text")]
    public void Texts_have_to_be_unicode(string format)
    {
        byte[] bad = [.. Encoding.UTF8.GetBytes(format switch { "csv" => "a\nx\n", "json" => "{\"a\":\"x", _ => "fine\nx" }), 0xC3, 0x28, .. Encoding.UTF8.GetBytes(format == "json" ? "\"}\n" : "\n")];
        File.WriteAllBytes(_folder["bad"], bad);
        Assert.That(Assert.Throws<FileFormatException>(() => Load(format, _folder["bad"]))!.Message, Does.Contain("UTF-8").Or.Contain("JSON"));
    }

    [Test]
    public void Given_features_are_kept_and_checked()
    {
        var path = Write("a.csv", "text,label\nx,pos\ny,neg\n");
        var features = new Features { ["text"] = "string", ["label"] = new ClassLabel(names: ["neg", "pos"]) };
        Assert.That((long[])Load("csv", path, features: features)["label"], Is.EqualTo(new[] { 1, 0 }));

        var bad = Write("b.csv", "text,label\nx,1\ny,7\n");
        Assert.That(Assert.Throws<FileFormatException>(() => Load("csv", bad, features: features))!.ToString(), Does.Contain("row 1").And.Contain("out of range"));
        Assert.That(Assert.Throws<FileFormatException>(() => Load("csv", bad, features: new() { ["text"] = "string" }))!.Message, Does.Contain("label"));
    }
}
