using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>README's example, to the letter but for the folders.</summary>
[TestFixture]
sealed class ReadmeTests
{
    [Test]
    public void TheExampleLearnsItsTwoTexts()
    {
        var (models, output) = (Path.Combine(TestContext.CurrentContext.TestDirectory, "bert-tiny"), Directory.CreateTempSubdirectory().FullName);

        var tokenizer = AutoTokenizer.from_pretrained(models);
        var model = TFAutoModelForSequenceClassification.from_pretrained(models, num_labels: 2);

        var texts = tokenizer.Apply(["a large wild cat", "a tall tree with needles"], padding: true);
        int[] labels = [0, 1];

        model.compile(optimizer: keras.optimizers.Adam(1e-3), metrics: ["accuracy"], jit_compile: true);   // no loss: the model's own
        var history = model.fit(texts, labels, epochs: 10, verbose: 0);

        Tensor logits = model.predict(texts, verbose: 0)["logits"];
        model.save_pretrained(output, saved_model: true);

        var losses = history.history["loss"];
        Assert.That(losses[^1], Is.LessThan(losses[0] / 2));
        Assert.That(ops.argmax(logits, axis: -1).ToArray<int>(), Is.EqualTo(labels));
        Assert.That(File.Exists(Path.Combine(output, "saved_model", "1", "saved_model.pb")));
        Directory.Delete(output, recursive: true);
    }
}
