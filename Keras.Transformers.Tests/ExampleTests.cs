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
    public void Example_runs(string name)
    {
        var main = Assembly.Load(name).EntryPoint!;
        var working = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.PathOf("examples", name));
        try
        {
            Assert.That(main.Invoke(null, [Array.Empty<string>()]), Is.Zero);
        }
        finally
        {
            Directory.SetCurrentDirectory(working);
        }
    }
}
