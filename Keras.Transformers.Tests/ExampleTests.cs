using System.Reflection;

namespace Keras.Transformers.Tests;

/// <summary>The examples do what they say, started in their own folders, with the small model; they end with exit code 0.</summary>
[TestFixture]
sealed class ExampleTests : EngineFixture
{
    [TestCase("SequenceClassification")]
    [TestCase("TokenClassification")]
    [TestCase("QuestionAnswering")]
    [TestCase("FillMask")]
    [TestCase("SentenceEmbeddings")]
    [TestCase("FirstPrediction")]
    [TestCase("TextGeneration")]
    [TestCase("TextGeneration", "--greedy")]
    [TestCase("TextGeneration", "--beams", "3", "--prompt", "plant: a")]
    [TestCase("ImageClassification", "--limit", "200", "--epochs", "2", "--width", "16", "--layers", "1")]
    [TestCase("Hybrid", "--limit", "60", "--epochs", "4")]
    [TestCase("Captions", "--limit", "60", "--epochs", "2")]
    [TestCase("LanguageModel", "--epochs", "1")]
    [TestCase("LanguageModel", "--epochs", "2", "--from-scratch", "--accumulate", "2", "--checkpointing")]
    [TestCase("OneOfEach")]
    [TestCase("Pretraining")]
    [TestCase("Streaming")]
    public void Example_runs(string name, params string[] arguments) => Assert.That(Run(name, arguments), Is.Zero);

    /// <summary>The whole of pretraining, as small as it gets; the vocabulary is the one that Hugging Face's trainer learns from the same texts.</summary>
    [Test]
    public void A_model_is_made_from_nothing()
    {
        using var folder = new TemporaryFolder();
        var data = Repository.PathOf("examples", "data", "wordnet-supersense");
        Run("MakeTinyGpt2", Path.Combine(data, "train.csv"), Path.Combine(data, "test.csv"), folder,
            "--vocabulary", "400", "--width", "16", "--layers", "1", "--heads", "2", "--epochs", "1", "--held-back", "100", "--block", "192");
        var merges = File.ReadAllLines(folder["merges.txt"]);
        Assert.That(merges, Has.Length.EqualTo(1 + 143));
        Assert.That(merges[^8..], Is.EqualTo((string[])["art ifact", "co gnition", "att ribute", "Ġ us", "o s", "lo w", "u m", "a in"]));
        Assert.That(TFGPT2LMHeadModel.from_pretrained(folder).config.vocab_size, Is.EqualTo(400));
    }

    static object? Run(string name, params string[] arguments)
    {
        var main = Assembly.Load(name).EntryPoint!;
        var working = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.PathOf("examples", name));
        try
        {
            return main.Invoke(null, [arguments]);
        }
        finally
        {
            Directory.SetCurrentDirectory(working);
        }
    }
}
