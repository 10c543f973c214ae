using System.Text;
using Keras.Tests;

namespace Keras.Saving.Tests;

sealed class SafetensorsIndexTests
{
    TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        foreach (var (file, tensor) in new[] { ("one", "a"), ("two", "b"), ("../outside", "c") })
            SafetensorsWriter.Write(folder[$"model/{file}.safetensors"], [SafetensorsTensor.Of<byte>(tensor, 2, new byte[] { 1, 2 })], new Dictionary<string, string> { ["format"] = "pt", [file] = file });
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    string Index(string json) => Index(Encoding.UTF8.GetBytes(json));

    string Index(byte[] json)
    {
        File.WriteAllBytes(folder["model/model.safetensors.index.json"], json);
        return folder["model/model.safetensors.index.json"];
    }

    static string Map(string inner) => "{\"metadata\":{\"total_size\":4},\"weight_map\":{" + inner + "}}";

    FileFormatException Error(string json) => Assert.Throws<FileFormatException>(() => WeightIndex.Open(Index(json)))!;

    [Test]
    public void Tensors_come_from_their_shards_and_metadata_from_all()
    {
        using var index = WeightIndex.Open(Index(Map("""  "a":"one.safetensors","b":"two.safetensors"  """)));
        Assert.That(index.Entries.Keys, Is.EquivalentTo(["a", "b"]));
        Assert.That(index.Entries["b"].File, Does.EndWith("two.safetensors"));
        Assert.That(index.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["format"] = "pt", ["one"] = "one", ["two"] = "two" }));
    }

    [Test]
    public void Every_missing_shard_is_named()
    {
        var error = Error(Map("""  "a":"one.safetensors","x":"away.safetensors","y":"lost.safetensors"  """));
        Assert.That(error.Message, Does.Contain("away.safetensors").And.Contain("lost.safetensors").And.Not.Contain("one.safetensors"));
    }

    [Test]
    public void Every_tensor_that_is_in_no_shard_is_named()
    {
        var error = Error(Map("""  "a":"one.safetensors","x":"one.safetensors","b":"one.safetensors"  """));
        Assert.That(error.Message, Does.Contain("'x' in one.safetensors").And.Contain("'b' in one.safetensors").And.Not.Contain("'a'"));
    }

    [Test]
    public void The_names_of_a_TensorFlow_model_are_those_of_its_shards()
    {
        SafetensorsWriter.Write(folder["model/tf.safetensors"], [SafetensorsTensor.Of<byte>("bert/a:0", 2, new byte[] { 1, 2 })], new Dictionary<string, string> { ["format"] = "tf" });
        using (var index = WeightIndex.Open(Index(Map("""  "tf_bert/bert/a:0":"tf.safetensors"  """)))) Assert.That(index.Entries.Keys, Is.EqualTo(["bert/a:0"]));
        Assert.That(Error(Map("""  "tf_bert/bert/a:0":"tf.safetensors","bert/a:0":"tf.safetensors"  """)).Message, Does.Contain("in two ways"));
        Assert.That(Error(Map("""  "x/y/bert/a:0":"tf.safetensors"  """)).Message, Does.Contain("'x/y/bert/a:0' in tf.safetensors"));
        Assert.That(Error(Map("""  "x/a":"one.safetensors"  """)).Message, Does.Contain("'x/a' in one.safetensors"), "a PyTorch file has no such prefix");
    }

    [TestCase("../outside.safetensors")]
    [TestCase("..")]
    [TestCase(".")]
    [TestCase("")]
    [TestCase("/etc/passwd")]
    [TestCase("sub/one.safetensors")]
    [TestCase("..\\\\outside.safetensors")]
    [TestCase("C:one.safetensors")]
    [TestCase("one.safetensors\\u0000")]
    public void A_shard_outside_the_folder_is_refused(string shard) =>
        Assert.That(Error(Map($"\"c\":\"{shard}\"")).Message, Does.Contain("out of its folder").And.Contain("'c'"));

    [TestCase("", "not valid JSON")]
    [TestCase("{", "not valid JSON")]
    [TestCase("[]", "a list")]
    [TestCase("{}", "weight_map")]
    [TestCase("""{"weight_map":[]}""", "weight_map")]
    [TestCase("""{"weight_map":{"a":1}}""", "'a'")]
    [TestCase("""{"weight_map":{"a":null}}""", "'a'")]
    [TestCase("""{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}""", "'a' twice")]
    [TestCase("""{"weight_map":{},"weight_map":{}}""", "'weight_map' twice")]
    [TestCase("""{"weight_map":{}} {}""", "not valid JSON")]
    [TestCase("""{"weight_map":{"\udc00":"one.safetensors"}}""", "surrogate")]
    [TestCase("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git lfs pull")]
    [TestCase("<html>404</html>", "web page")]
    public void A_malformed_index_is_refused(string json, string inMessage)
    {
        var error = Error(json);
        Assert.That(error.Message, Does.Contain(inMessage));
        Assert.That(error.Where, Does.StartWith(folder["model/model.safetensors.index.json"]));
    }

    [Test]
    public void Deep_nesting_is_refused() => Assert.That(Error("{\"metadata\":" + new string('[', 1_000_000)).Message, Does.Contain("not valid JSON"));

    [Test]
    public void A_damaged_shard_is_named()
    {
        File.WriteAllBytes(folder["model/two.safetensors"], File.ReadAllBytes(folder["model/two.safetensors"])[..^1]);
        var error = Error(Map("""  "a":"one.safetensors","b":"two.safetensors"  """));
        Assert.That(error.Where, Does.Contain("two.safetensors"));
        if (OperatingSystem.IsLinux()) Assert.That(File.ReadLines("/proc/self/maps").Any(line => line.Contains(folder.Path, StringComparison.Ordinal)), Is.False);
    }
}
