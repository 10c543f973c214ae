using System.IO.Compression;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>What lookup layers and bins learned: after it changes, in files, and in files that are damaged.</summary>
public sealed class LookupStateTests
{
    static readonly string[] Words = ["a", "b", "a", "c"];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Model Of(Layer layer, string dtype = "string")
    {
        var inputs = keras.Input(shape: 1, dtype: dtype);
        return keras.Model(inputs, layer.Apply(inputs));
    }

    static TLayer Reloaded<TLayer>(TLayer layer, string dtype = "string") where TLayer : Layer
    {
        using var folder = new TemporaryFolder();
        Of(layer, dtype).save(folder["model.keras"]);
        return keras.models.load_model(folder["model.keras"]).layers.OfType<TLayer>().Single();
    }

    [Test]
    public void New_weights_of_words_reach_functions_that_were_traced_before()
    {
        var layer = keras.layers.StringLookup(output_mode: "tf_idf");
        layer.set_vocabulary(["a", "b"], idf_weights: [1, 2]);
        var model = Of(layer);
        Tensor x = new[,] { { "b" } };
        Assert.That(model.predict(x, verbose: 0).Single.ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 2 }));
        layer.set_vocabulary(["a", "b"], idf_weights: [1, 5]);
        Assert.That(model.predict(x, verbose: 0).Single.ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 5 }));

        using var folder = new TemporaryFolder();
        model.export(folder["1"], verbose: false);
        var served = keras.layers.TFSMLayer(folder["1"], call_endpoint: "serving_default").Apply(x);
        Assert.That(served.Flatten()[0].ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 5 }));
    }

    [Test]
    public void New_boundaries_reach_functions_that_were_traced_before()
    {
        var layer = keras.layers.Discretization(num_bins: 2);
        layer.adapt(new float[] { 1, 2, 3, 4 });
        var model = Of(layer, "float32");
        Tensor x = new float[,] { { 10 }, { 30 } };
        Assert.That(model.predict(x, verbose: 0).Single.ToArray<int>(), Is.EqualTo(new[] { 1, 1 }));
        layer.adapt(new float[] { 10, 20, 30, 40 });
        Assert.That(model.predict(x, verbose: 0).Single.ToArray<int>(), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(() => layer.adapt(new float[] { 1 }), Throws.InvalidOperationException.With.Message.Contains("number of bins"));
    }

    [Test]
    public void A_vocabulary_that_was_set_later_is_saved()
    {
        var layer = keras.layers.StringLookup(vocabulary: ["a", "b"]);
        layer.set_vocabulary(["c", "d", "a"]);
        Assert.That(Reloaded(layer).get_vocabulary(), Is.EqualTo(new[] { "[UNK]", "c", "d", "a" }));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["words.txt"], "x\ny\n");
        layer.set_vocabulary(folder["words.txt"]);
        Assert.That(Reloaded(layer).get_vocabulary(), Is.EqualTo(new[] { "[UNK]", "x", "y" }));
        var weighted = keras.layers.StringLookup(vocabulary: ["a"], output_mode: "tf_idf", idf_weights: [1]);
        weighted.set_vocabulary(["b"], idf_weights: [3]);
        Assert.That(Reloaded(weighted).Apply(new[,] { { "b" } }).Single.ToArray<float>(), Is.EqualTo(new float[] { 0, 3 }));
    }

    [Test]
    public void An_empty_token_at_the_end_is_saved()
    {
        var layer = keras.layers.StringLookup();
        layer.adapt(new[] { "a", "a", "" });
        Assert.That(layer.get_vocabulary(), Is.EqualTo(new[] { "[UNK]", "a", "" }));
        Assert.That(Reloaded(layer).get_vocabulary(), Is.EqualTo(layer.get_vocabulary()));
    }

    [Test]
    public void An_empty_token_is_exported()
    {
        using var folder = new TemporaryFolder();
        var model = Of(keras.layers.StringLookup(vocabulary: ["a", "", "b"]));
        model.export(folder["1"], verbose: false);
        var served = keras.layers.TFSMLayer(folder["1"], call_endpoint: "serving_default").Apply(Tensor.Of(new[,] { { "b" }, { "" }, { "x" } }));
        Assert.That(served.Flatten()[0].ToArray<long>(), Is.EqualTo(new long[] { 3, 2, 0 }));
        Assert.That(Directory.Exists(folder["1/assets"]) && Directory.EnumerateFiles(folder["1/assets"]).Any(), Is.False, "TensorFlow refuses files with empty lines");
    }

    [Test]
    public void No_token_for_the_unknown_is_saved()
    {
        var texts = keras.layers.StringLookup(oov_token: null);
        texts.adapt(Words);
        Assert.That(Reloaded(texts).Apply(Words).Single.ToArray<long>(), Is.EqualTo(texts.Apply(Words).Single.ToArray<long>()));
        var numbers = keras.layers.IntegerLookup(oov_token: null);
        numbers.adapt(new[] { 7, 7, 5 });
        Assert.That(Reloaded(numbers, "int64").Apply(new[] { 5, 7, 1 }).Single.ToArray<long>(), Is.EqualTo(new long[] { 2, 1, 0 }));
        using var folder = new TemporaryFolder();
        numbers.save_assets(folder["."]);
        Assert.That(keras.layers.IntegerLookup(oov_token: null, vocabulary: folder["vocabulary.txt"]).Apply(new[] { 5, 7, 1 }).Single.ToArray<long>(), Is.EqualTo(new long[] { 2, 1, 0 }));
    }

    [TestCase(null)]
    [TestCase("[UNK]\na")]
    public void An_archive_without_its_tokens_is_damaged(string? vocabulary)
    {
        using var folder = new TemporaryFolder();
        var layer = keras.layers.StringLookup();
        layer.adapt(Words);
        Of(layer).save(folder["model.keras"]);
        using (var whole = ZipFile.OpenRead(folder["model.keras"]))
        using (var damaged = ZipFile.Open(folder["damaged.keras"], ZipArchiveMode.Create))
            foreach (var entry in whole.Entries.Where(e => vocabulary is not null || e.Name != "vocabulary.txt"))
            {
                using var from = entry.Name == "vocabulary.txt" ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(vocabulary!)) : entry.Open();
                using var to = damaged.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                from.CopyTo(to);
            }
        Assert.That(() => keras.models.load_model(folder["damaged.keras"]), Throws.InstanceOf<FileFormatException>().With.Message.Contains("tokens"));
    }

    [Test]
    public void Weights_of_other_words_do_not_fit()
    {
        using var folder = new TemporaryFolder();
        static StringLookup Layer(string[] words, double weight) => keras.layers.StringLookup(vocabulary: words, output_mode: "tf_idf", idf_weights: [.. words.Select(_ => weight)]);
        Of(Layer(["a", "b", "c"], 7)).save_weights(folder["w.weights.h5"]);
        var layer = Layer(["a", "b"], 1);
        Assert.That(() => Of(layer).load_weights(folder["w.weights.h5"]), Throws.InstanceOf<FileFormatException>().With.Message.Contains("idf_weights"));
        Assert.That(layer.Apply(new[,] { { "b" } }).Single.ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 1 }));
    }
}
