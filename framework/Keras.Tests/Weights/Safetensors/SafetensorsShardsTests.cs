using System.Text.Json;
using Keras.Tests;

namespace Keras.Saving.Tests;

sealed class SafetensorsShardsTests
{
    static readonly Dictionary<string, string> Pt = new() { ["format"] = "pt" };

    TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    static SafetensorsTensor Bytes(string name, int length, byte value = 1) =>
        SafetensorsTensor.Of<byte>(name, length, Enumerable.Repeat(value, length).ToArray());

    IReadOnlyList<string> Write(MaxShardSize size, params SafetensorsTensor[] tensors) => SafetensorsShards.Write(folder.Path, tensors, Pt, size);

    [TestCaseSource(typeof(GoldenSafetensors), nameof(GoldenSafetensors.ShardCases))]
    public void Shards_and_index_are_byte_for_byte_those_of_Hugging_Face(string golden)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(golden, "case.json")));
        using var source = SafetensorsSource.Open(golden);
        var tensors = json.RootElement.GetProperty("order").EnumerateArray().Select(name => source.Entries[name.GetString()!])
            .Select(entry => SafetensorsTensor.Of(entry.Name, entry.DType, entry.Shape, () => source.GetMemory(entry.Name))).ToList();
        var written = SafetensorsShards.Write(folder.Path, tensors, Pt, json.RootElement.GetProperty("max_shard_size").GetInt64());

        var expected = Directory.EnumerateFiles(golden).Select(path => Path.GetFileName(path)).Where(name => name != "case.json").Order(StringComparer.Ordinal).ToList();
        Assert.That(written.Order(StringComparer.Ordinal), Is.EqualTo(expected));
        Assert.That(folder.Entries(), Is.EqualTo(expected));
        foreach (var name in expected) Assert.That(File.ReadAllBytes(folder[name]), Is.EqualTo(File.ReadAllBytes(Path.Combine(golden, name))), name);
    }

    [TestCaseSource(typeof(GoldenSafetensors), nameof(GoldenSafetensors.Indexes))]
    public void Indexes_of_Hugging_Face_are_opened_as_one(string golden)
    {
        using var index = WeightIndex.Open(golden);
        using var json = JsonDocument.Parse(File.ReadAllBytes(golden));
        var names = json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => entry.Name);
        if (index.Metadata["format"] == "tf") names = names.Select(name => name[(name.IndexOf('/') + 1)..]);
        Assert.That(index.Entries.Keys, Is.EquivalentTo(names));
        Assert.That(index.Entries.Values.Sum(entry => entry.Length), Is.EqualTo(json.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64()));
        Assert.That(index.Metadata.Keys, Is.EqualTo(["format"]));
    }

    [Test]
    public void The_index_tells_the_number_of_parameters_if_it_is_given()
    {
        SafetensorsShards.Write(folder.Path, [Bytes("a", 2), Bytes("b", 2)], Pt, 3, totalParameters: 4);
        Assert.That(File.ReadAllText(folder["model.safetensors.index.json"]), Does.StartWith("{\n  \"metadata\": {\n    \"total_parameters\": 4,\n    \"total_size\": 4\n  },\n"));
    }

    [Test]
    public void Shards_that_are_written_are_read_as_one()
    {
        Write(10, Bytes("a", 6, 1), Bytes("b", 6, 2), Bytes("big", 30, 3), Bytes("c", 4, 4), Bytes("none", 0));
        using var source = SafetensorsSource.Open(folder.Path);
        Assert.That(source.Entries.Keys, Is.EquivalentTo(["a", "b", "big", "c", "none"]));
        Assert.That(source.GetBytes("big").ToArray(), Is.EqualTo(Enumerable.Repeat((byte)3, 30)));
        var memory = source.GetMemory("c");
        source.Dispose();
        Assert.That(memory.AsSpan().ToArray(), Is.All.EqualTo(4));
        memory.Dispose();
        Assert.That(folder.Entries(), Has.Length.EqualTo(4));
    }

    [Test]
    public void No_tensors_make_one_empty_file()
    {
        Assert.That(Write(10), Is.EqualTo(["model.safetensors"]));
        using var source = SafetensorsSource.Open(folder.Path);
        Assert.That(source.Entries, Is.Empty);
    }

    [Test]
    public void Files_of_an_earlier_save_do_not_hide_the_new_ones()
    {
        File.WriteAllText(folder["model-notes.txt"], "mine");
        File.WriteAllText(folder["model_extra-00001-of-00002.safetensors"], "mine");
        Write(100, Bytes("a", 6));
        Write(5, Bytes("a", 4), Bytes("b", 4), Bytes("c", 4));
        Assert.That(folder.Entries(), Has.None.EqualTo("model.safetensors"));
        Write(8, Bytes("a", 4), Bytes("b", 4), Bytes("c", 4));
        Assert.That(folder.Entries().Where(name => name.Contains("-of-")), Is.EqualTo(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model_extra-00001-of-00002.safetensors"]));
        Write(100, Bytes("d", 6));
        Assert.That(folder.Entries(), Is.EqualTo(["model-notes.txt", "model.safetensors", "model_extra-00001-of-00002.safetensors"]));
    }

    [Test]
    public void A_failure_in_the_last_shard_leaves_all_the_old_files()
    {
        Write(5, Bytes("a", 4, 1), Bytes("b", 4, 1));
        Assert.That(() => Write(5, Bytes("a", 4, 2), new SafetensorsTensor("b", DType.UInt8, 4, _ => throw new IOException("full"))), Throws.InstanceOf<IOException>());
        using var source = SafetensorsSource.Open(folder.Path);
        Assert.That(source.GetBytes("a").ToArray(), Is.All.EqualTo(1));
        Assert.That(folder.Entries(), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_name_in_two_shards_is_refused() =>
        Assert.That(() => Write(5, Bytes("a", 4), Bytes("a", 4)), Throws.ArgumentException.With.Message.Contains("'a'"));

    [TestCase("5GB", 5_000_000_000)]
    [TestCase("500mb", 500_000_000)]
    [TestCase(" 10 KB", 10_000)]
    [TestCase("1.5GiB", 1_610_612_736)]
    [TestCase("2MiB", 2_097_152)]
    [TestCase("1TB", 1_000_000_000_000)]
    public void Sizes_are_written_as_in_Hugging_Face(string text, long bytes) => Assert.That(((MaxShardSize)text.Replace(" K", "K")).Bytes, Is.EqualTo(bytes));

    [TestCase("")]
    [TestCase("5")]
    [TestCase("GB")]
    [TestCase("-5GB")]
    [TestCase("5XB")]
    [TestCase("1e400GB")]
    [TestCase("0GB")]
    [TestCase("99999999999TB")]
    public void Other_texts_are_no_sizes(string text) => Assert.That(() => MaxShardSize.Parse(text), Throws.ArgumentException.With.Message.Contains($"'{text}'"));

    [Test]
    public void A_size_of_nothing_is_refused() => Assert.That(() => Write(0, Bytes("a", 1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
