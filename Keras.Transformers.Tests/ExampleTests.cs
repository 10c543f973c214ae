using System.Reflection;

namespace Keras.Transformers.Tests;

/// <summary>The examples do what they say, with the small model; they end with exit code 0.</summary>
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
        var code = main.Invoke(null, [new[] { Path.Combine(TestContext.CurrentContext.TestDirectory, "bert-tiny") }]);
        Assert.That(code, Is.Zero);
    }
}
