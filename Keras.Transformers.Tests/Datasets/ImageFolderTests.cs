using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests;

/// <summary>Folders of pictures with files of metadata, and the files that caches consist of.</summary>
public sealed class ImageFolderTests
{
    static readonly byte[] Png = File.ReadAllBytes(Directory.EnumerateFiles(GoldenFolder.Own, "*.png", SearchOption.AllDirectories).First());

    TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    string Picture(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], Png);
        return _folder[name];
    }

    void Text(string name, params string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllLines(_folder[name], lines);
    }

    Dataset Load(bool? drop_labels = null, bool? drop_metadata = null) => load_dataset("imagefolder", split: "train", data_dir: _folder["data"], drop_labels: drop_labels, drop_metadata: drop_metadata, keep_in_memory: true);

    [TestCase("metadata.csv")]
    [TestCase("metadata.jsonl")]
    [TestCase("metadata.parquet")]
    public void Metadata_name_pictures_and_add_columns(string file)
    {
        string[] paths = [Picture("data/cats/1.png"), Picture("data/dogs/2.png")];
        if (file.EndsWith("csv", StringComparison.Ordinal)) Text("data/" + file, "text,file_name,age", "a dog,dogs/2.png,3", "a cat,cats\\1.png,4");
        else if (file.EndsWith("jsonl", StringComparison.Ordinal)) Text("data/" + file, """{"file_name":"dogs/2.png","text":"a dog","age":3}""", """{"file_name":"cats/1.png","text":"a cat","age":4}""");
        else Dataset.from_dict(new Dictionary<string, object> { ["file_name"] = new[] { "dogs/2.png", "cats/1.png" }, ["text"] = new[] { "a dog", "a cat" }, ["age"] = new[] { 3L, 4 } }).to_parquet(_folder["data/" + file]);

        foreach (var ds in new[] { Load(), load_dataset(_folder["data"], split: "train", keep_in_memory: true) })
        {
            Assert.That(ds.column_names, Is.EqualTo(new[] { "image", "text", "age" }));
            Assert.That(ds.features["image"], Is.EqualTo(new Image()));
            Assert.That((string[])ds["text"], Is.EqualTo(new[] { "a dog", "a cat" }));
            Assert.That((long[])ds["age"], Is.EqualTo(new long[] { 3, 4 }));
            Assert.That((string?)ds[0]["image"]["path"], Is.EqualTo(paths[1]));
            Assert.That(ds[1]["image"].ToPicture().Height, Is.Positive);
        }
        var labelled = Load(drop_labels: false);
        Assert.That(labelled.column_names, Is.EqualTo(new[] { "image", "label", "text", "age" }));
        Assert.That((long[])labelled["label"], Is.EqualTo(new long[] { 1, 0 }));
        Assert.That(Load(drop_metadata: true).column_names, Is.EqualTo(new[] { "image" }));
        Assert.That(Load(drop_labels: false, drop_metadata: true).column_names, Is.EqualTo(new[] { "image", "label" }));
        Assert.That(load_dataset("imagefolder", split: "train", streaming: true, data_dir: _folder["data"]).Select(r => (long)r["age"]), Is.EqualTo(new long[] { 3, 4 }));
    }

    [Test]
    public void Folders_are_labels_where_nothing_else_is_said()
    {
        Picture("data/train/cats/1.png");
        Picture("data/train/dogs/2.png");
        Picture("data/test/dogs/3.png");
        Assert.That(Load().features["label"], Is.EqualTo(new ClassLabel(names: ["cats", "dogs"])));
        Assert.That(Load(drop_labels: true).column_names, Is.EqualTo(new[] { "image" }));
        Picture("data/train/4.png");
        Assert.That(Load().column_names, Is.EqualTo(new[] { "image" }), "folders of different depths are no labels");

        Text("data/train/metadata.csv", "file_name,age", "cats/1.png,1");
        Assert.That(Load().num_rows, Is.EqualTo(1));
        Assert.That(() => load_dataset("imagefolder", split: "test", data_dir: _folder["data"], keep_in_memory: true), Throws.InstanceOf<FileFormatException>().With.Message.Contains("metadata.csv"));
        Text("data/test/metadata.csv", "file_name,age", "dogs/3.png,2");
        Assert.That(load_dataset("imagefolder", data_dir: _folder["data"], cache_dir: _folder["cache"]).num_rows, Is.EqualTo(new Dictionary<string, int> { ["train"] = 1, ["test"] = 1 }));
    }

    [TestCase("file_name,age|1.png,1|none.png,2", "row 1", "none.png", "not there")]
    [TestCase("file_name,age|1.png,1|../1.png,2", "row 1", "../1.png", "outside")]
    [TestCase("file_name,age|/etc/passwd,1", "row 0", "/etc/passwd", "outside")]
    [TestCase("file_name,age|1.png,1|./1.png,2", "row 1", "1.png", "twice")]
    [TestCase("file_name,age|,1|1.png,2", "row 0", "null", "do not name")]
    [TestCase("name,age|1.png,1", "file_name", "name", "do not name")]
    [TestCase("file_name,image|1.png,1", "image", "Rename", "own columns")]
    public void Bad_metadata_are_refused(string lines, params string[] parts)
    {
        Picture("data/1.png");
        Picture("1.png");
        Text("data/metadata.csv", lines.Split('|'));
        var error = Assert.Throws<FileFormatException>(() => Load())!;
        foreach (var part in parts) Assert.That(error.Message, Does.Contain(part));
        Assert.That(error.Message, Does.Contain(_folder["data"]));
        Assert.That(Load(drop_metadata: true).num_rows, Is.EqualTo(1));
    }

    [Test]
    public void A_member_that_comes_late_is_named_where_it_stands()
    {
        string[] names = [.. Enumerable.Range(0, 1001).Select(i => $"{i}.png")];
        foreach (var name in names) Picture("data/" + name);
        Text("data/metadata.jsonl", [.. names.Select((n, i) => i == 1000 ? $$"""{"file_name":"{{n}}","late":1}""" : $$"""{"file_name":"{{n}}"}""")]);
        var stream = load_dataset("imagefolder", split: "train", streaming: true, data_dir: _folder["data"]);
        Assert.That(stream.take(1000).Count(), Is.EqualTo(1000));
        Assert.That(() => stream.Count(), Throws.InstanceOf<FileFormatException>().With.Message.Contains("metadata.jsonl, row 1000").And.Message.Contains("late"));
    }

    [Test]
    public void Features_name_the_columns_of_pictures_and_of_metadata()
    {
        Picture("data/cats/1.png");
        Dataset Read(Features features, bool? drop_labels = null) => load_dataset("imagefolder", split: "train", data_dir: _folder["data"], features: features, drop_labels: drop_labels, keep_in_memory: true);
        Assert.That(() => Read(new() { ["picture"] = new Image() }), Throws.ArgumentException.With.Message.Contains("features"));
        Assert.That(() => Read(new() { ["image"] = new Image(), ["age"] = "int64" }), Throws.ArgumentException.With.Message.Contains("age"));
        Assert.That(() => Read(new() { ["image"] = new Image() }, drop_labels: false), Throws.ArgumentException.With.Message.Contains("label"));

        Text("data/metadata.csv", "file_name,age", "cats/1.png,3");
        Assert.That((int)Read(new() { ["age"] = "int32", ["image"] = new Image() })[0]["age"], Is.EqualTo(3));
        Assert.That(() => Read(new() { ["age"] = "int32" }), Throws.ArgumentException.With.Message.Contains("image"));
        Assert.That(() => Read(new() { ["image"] = new Image(), ["years"] = "int32" }), Throws.InstanceOf<FileFormatException>().With.Message.Contains("metadata.csv").And.Message.Contains("years"));
    }

    [Test]
    public void Options_of_pictures_are_for_pictures()
    {
        Text("data.csv", "a", "1");
        Assert.That(() => load_dataset("csv", split: "train", data_files: _folder["data.csv"], drop_labels: true, keep_in_memory: true), Throws.ArgumentException.With.Message.Contains("drop_labels"));
        Assert.That(() => load_dataset("csv", data_files: _folder["data.csv"], drop_metadata: false, keep_in_memory: true), Throws.ArgumentException.With.Message.Contains("drop_metadata"));
    }

    [Test]
    public void Results_that_nobody_stands_on_are_removed()
    {
        Text("data.csv", "a", "1", "2");
        var ds = load_dataset("csv", split: "train", data_files: _folder["data.csv"], cache_dir: _folder["cache"]);
        var first = ds.map(row => new() { ["b"] = (long)row["a"] + 1 });
        var second = first.map(row => new() { ["c"] = (long)row["b"] + 1 });

        Assert.That(ds.cache_files.Single(), Does.EndWith("data.arrow"));
        Assert.That(second.cache_files.Single(), Does.Contain("cache-").And.Not.EqualTo(first.cache_files.Single()));
        Assert.That(Dataset.from_dict(new Dictionary<string, object> { ["a"] = new[] { 1 } }).cache_files, Is.Empty);
        Assert.That(Dataset.from_dict(new Dictionary<string, object> { ["a"] = new[] { 1 } }).cleanup_cache_files(), Is.Zero);
        Assert.That(concatenate_datasets([ds, first.rename_columns(new Dictionary<string, string> { ["a"] = "x", ["b"] = "y" })], axis: 1).cache_files, Has.Length.EqualTo(2));

        Assert.That(second.cleanup_cache_files(), Is.EqualTo(1), "the result between");
        Assert.That((long[])second["c"], Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(File.Exists(second.cache_files.Single()), Is.True);
        Assert.That(new DatasetDict { ["train"] = ds, ["more"] = second }.cleanup_cache_files(), Is.EqualTo(new Dictionary<string, int> { ["train"] = 0, ["more"] = 0 }));
        Assert.That(ds.cleanup_cache_files(), Is.EqualTo(1));
    }
}
