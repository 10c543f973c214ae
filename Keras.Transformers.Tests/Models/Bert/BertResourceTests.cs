using Keras.Engines.TensorFlow;
using static Keras.Api;

namespace Keras.Transformers.Tests.Models.Bert;

/// <summary>What long training leaves behind, and prediction from many threads.</summary>
[NonParallelizable]
sealed class BertResourceTests : EngineFixture
{
    const int Rows = 4;
    const int Length = 8;

    /// <summary>Dropout, labels within the inputs, a learning rate that changes, accuracy, two lengths of text: as fine-tuning is.</summary>
    [Test]
    public void TwoThousandStepsLeaveMemoryAndHandlesAsTheyWere([Values] bool jit_compile)
    {
        var config = SmallBert.Config();
        (config.hidden_dropout_prob, config.attention_probs_dropout_prob) = (0.1f, 0.1f);
        var model = new TFBertForSequenceClassification(config);
        model.compile(optimizer: keras.optimizers.AdamW(keras.optimizers.schedules.PolynomialDecay(1e-4, 2000)), metrics: ["accuracy"], jit_compile: jit_compile);
        Batch[] batches = [.. Enumerable.Range(0, 100).Select(i => Batch(i % 2 == 0 ? Length : Length - 3))];

        model.fit(batches, epochs: 2, verbose: 0);
        var handles = Handles();
        // What leaks does so in every round; the compiler and what other tests left may add something in one.
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least > 10; round++)
        {
            var resident = Resident();
            model.fit(batches, epochs: 18, verbose: 0);
            Assert.That(Handles(), Is.EqualTo(handles));
            least = Math.Min(least, (Resident() - resident) >> 20);
        }
        Assert.That(least, Is.LessThanOrEqualTo(10), "MB more than before 1,800 steps");
        Assert.That(model.TraceCounts.Train, Is.EqualTo(2));
    }

    [Test]
    public void EightThreadsPredictTheSame()
    {
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.compile(jit_compile: true);
        var inputs = SmallBert.Inputs(Rows, Length);
        var expected = model.predict(inputs, verbose: 0)["logits"].Single.ToArray<float>();
        var results = new float[8][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, t =>
        {
            for (var i = 0; i < 20; i++) results[t] = model.predict(inputs, verbose: 0)["logits"].Single.ToArray<float>();
        });
        Assert.That(results, Is.All.EqualTo(expected));
    }

    static Batch Batch(int length) => new((Tensors)new Dictionary<string, Tensors>
    {
        ["input_ids"] = SmallBert.Ids(Rows, length),
        ["attention_mask"] = SmallBert.Mask(Rows, length),
        ["labels"] = SmallBert.Labels(Rows),
    });

    static long Handles()
    {
        Collect();
        return LiveHandles.Of(HandleKind.EagerTensor);
    }

    static long Resident()
    {
        Collect();
        return Environment.WorkingSet;
    }

    static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
