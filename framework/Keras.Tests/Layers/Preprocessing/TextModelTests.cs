using static Keras.Api;

namespace Keras.Tests.Layers.Preprocessing;

/// <summary>Models of texts from end to end: adapt, fit, save, load, export.</summary>
public sealed class TextModelTests
{
    static readonly string[] Texts = ["A good film, really good", "bad film", "good!", "really bad", "what a good day", "a bad, bad day"];
    static readonly float[] Labels = [1, 0, 1, 0, 1, 0];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static (Model Model, Keras.Layers.TextVectorization Vectorize) Classifier(string output_mode = "int")
    {
        var vectorize = keras.layers.TextVectorization(max_tokens: 12, output_mode: output_mode, output_sequence_length: output_mode == "int" ? 5 : null);
        vectorize.adapt(Texts);
        var text = keras.Input(shape: new Shape(), dtype: "string", name: "text");
        Tensors x = vectorize.Apply(text);
        if (output_mode == "int") x = keras.layers.GlobalAveragePooling1D().Apply(keras.layers.Embedding(12, 4, mask_zero: true).Apply(x));
        return (keras.Model(text, keras.layers.Dense(1, activation: "sigmoid").Apply(x)), vectorize);
    }

    [TestCase("int", false)]
    [TestCase("int", true)]
    [TestCase("multi_hot", false)]
    [TestCase("tf_idf", true)]
    public void A_classifier_of_raw_texts_learns_and_comes_back_from_files(string output_mode, bool jit)
    {
        using var folder = new TemporaryFolder();
        var (model, vectorize) = Classifier(output_mode);
        model.compile(optimizer: keras.optimizers.Adam(0.1), loss: "binary_crossentropy", metrics: ["accuracy"], jit_compile: jit);
        model.fit(Texts, Labels, epochs: 30, batch_size: 4, verbose: 0);
        Tensor expected = model.predict(Texts, verbose: 0);
        Assert.That(expected.ToArray<float>().Zip(Labels).All(p => (p.First > 0.5f) == (p.Second == 1)), Is.True);

        model.save(folder["text.keras"]);
        var again = keras.models.load_model(folder["text.keras"]);
        Assert.That(again.predict(Texts, verbose: 0).Single.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-6));
        var layer = again.layers.OfType<Keras.Layers.TextVectorization>().Single();
        Assert.That(layer.get_vocabulary(), Is.EqualTo(vectorize.get_vocabulary()));

        model.export(folder["1"], verbose: false);
        Assert.That(Directory.GetFiles(folder["1/assets"]), Has.Length.EqualTo(1));
        var served = keras.layers.TFSMLayer(folder["1"], call_endpoint: "serving_default").Apply(Tensor.Of(Texts));
        Assert.That(served.Flatten()[0].ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-6));
    }

    [Test]
    public void Lookups_in_both_directions_are_exported_with_their_vocabularies()
    {
        using var folder = new TemporaryFolder();
        var to = keras.layers.StringLookup(vocabulary: ["b", "a", "line\nend"], mask_token: "");
        var back = keras.layers.IntegerLookup(vocabulary: new long[] { 40, 2, 7 }, invert: true);
        var text = keras.Input(shape: 1, dtype: "string", name: "text");
        var model = keras.Model(text, back.Apply(to.Apply(text).Single - 1));
        Tensor words = new[,] { { "a" }, { "b" }, { "line\nend" }, { "c" } };
        var expected = model.Apply(words).Single.ToArray<long>();
        Assert.That(expected, Is.EqualTo(new long[] { 2, 40, 7, -1 }));
        model.export(folder["1"], verbose: false);
        var served = keras.layers.TFSMLayer(folder["1"], call_endpoint: "serving_default").Apply(words);
        Assert.That(served.Flatten()[0].ToArray<long>(), Is.EqualTo(expected));
        Assert.That(Directory.GetFiles(folder["1/assets"]).Select(File.ReadAllText), Is.EqualTo(new[] { "40\n2\n7\n" }), "a token with a line's end is no line of a file");
    }
}
