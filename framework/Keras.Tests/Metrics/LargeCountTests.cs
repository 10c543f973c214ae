using Keras.Graphs;
using Keras.Metrics;
using static Keras.Api;

namespace Keras.Tests.Metrics;

/// <summary>Nothing that a metric is given is cut off: counts beyond 2^24, where float32 has no ones any more, and labels beyond int32.</summary>
public sealed class LargeCountTests
{
    const int Beyond = 1 << 24;

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Ones(params int[] dims) => ops.ones(dims);

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void AMeanGoesOnCountingInEveryMode(RunMode mode)
    {
        var (mean, sum) = (keras.metrics.Mean(), keras.metrics.Sum());
        mean.update_state(Ones(1), ops.full([1], (float)Beyond));
        sum.update_state(ops.full([1], (float)Beyond));
        using var step = new TracedFunction("step", given =>
        {
            mean.update_state(given.Single);
            sum.update_state(Ones(1));
            return Tf.Identity(mean.result().Single);
        }, new(Jit: mode == RunMode.Xla));
        for (var i = 0; i < 4000; i++)
        {
            if (mode != RunMode.Eager) step.Call(ops.zeros([1]));
            else { mean.update_state(ops.zeros([1])); sum.update_state(Ones(1)); }
        }
        Assert.That(mean.count.value.ToScalar<float>(), Is.EqualTo(Beyond + 4000f));
        Assert.That(mean.result().ToScalar<float>(), Is.EqualTo(Beyond / (Beyond + 4000f)).Within(1e-7));
        Assert.That(sum.result().ToScalar<float>(), Is.EqualTo(Beyond + 4000f));
        mean.reset_state();
        mean.update_state(Ones(2));
        Assert.That((mean.result().ToScalar<float>(), mean.count.value.ToScalar<float>()), Is.EqualTo((1f, 2f)), "what was lost is forgotten too");
    }

    static IEnumerable<TestCaseData> Counting =>
        from m in new (Func<Metric> Make, float AllRight)[]
        {
            (() => keras.metrics.BinaryAccuracy(), 1), (() => keras.metrics.TruePositives(), Beyond + 1000f), (() => keras.metrics.TruePositives(thresholds: new[] { 0.5, 0.2, 0.7 }), Beyond + 1000f),
            (() => keras.metrics.Recall(), Beyond / (Beyond + 1000f)), (() => keras.metrics.MeanSquaredError(), 1000f / (Beyond + 1000f)),
        }
        select new TestCaseData(m.Make, m.AllRight).SetArgDisplayNames(m.Make().name);

    [TestCaseSource(nameof(Counting))]
    public void ManyBatchesBehindALargeOneCount(Func<Metric> make, float expected)
    {
        var metric = make();
        var isShare = metric is Recall or MeanSquaredError;
        metric.update_state(Ones(1, 1), Ones(1, 1), ops.full([1], (float)Beyond));
        for (var i = 0; i < 1000; i++) metric.update_state(Ones(1, 1), isShare ? ops.zeros([1, 1]) : Ones(1, 1));
        var result = metric.result().Single.ToArray<float>();
        Assert.That(result[0], Is.EqualTo(expected).Within(1).Percent.And.EqualTo(expected).Within(expected * 2e-7f));
    }

    [Test]
    public void OneBatchMayHoldMoreThanFloat32Counts()
    {
        var count = Beyond + 300;
        var (truth, guess) = (ops.ones([count, 1], "uint8"), ops.ones([count, 1], "float32"));
        foreach (var metric in new Metric[] { keras.metrics.TruePositives(), keras.metrics.AUC(num_thresholds: 5), keras.metrics.BinaryAccuracy() }) metric.update_state(truth, guess);
        var positives = keras.metrics.TruePositives();
        positives.update_state(truth, guess);
        positives.update_state(truth, guess);
        Assert.That(positives.result().ToScalar<float>(), Is.EqualTo(2f * count));
        var mean = keras.metrics.Mean();
        mean.update_state(guess, guess);
        Assert.That(mean.count.value.ToScalar<float>(), Is.EqualTo((float)count));
    }

    [Test]
    public void LabelsBeyondInt32AreNoOtherClass()
    {
        var far = ops.convert_to_tensor(new[] { (1L << 32) + 1, 1 });
        var scores = ops.convert_to_tensor(new float[,] { { 0, 1 }, { 0, 1 } });
        Assert.That(ops.in_top_k(far, scores, 1).ToArray<bool>(), Is.EqualTo(new[] { false, true }));
        Assert.That(ops.one_hot(ops.cast(far, "uint64"), 2).ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 0, 1 }));
        var top = keras.metrics.SparseTopKCategoricalAccuracy(1);
        top.update_state(far, scores);
        Assert.That(top.result().ToScalar<float>(), Is.EqualTo(0.5f));
        var equal = keras.metrics.Accuracy();
        equal.update_state(ops.convert_to_tensor(new[] { 16777217L, 5 }), ops.convert_to_tensor(new[] { 16777216f, 5 }));
        Assert.That(equal.result().ToScalar<float>(), Is.EqualTo(0.5f), "2^24 + 1 is not 2^24");
        Assert.That(keras.layers.CategoryEncoding(2, output_mode: "one_hot").Apply(far).Single.ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 0, 1 }));
        var ids = keras.Input([2], dtype: "int32");
        Assert.That(keras.Model(ids, ids + 0).Apply(ops.reshape(far, [1, 2])).Single.ToArray<int>(), Is.EqualTo(new[] { int.MaxValue, 1 }), "an id beyond int32 is no other id");
        try
        {
            Assert.That(ops.sparse_categorical_crossentropy(far, scores).ToArray<float>()[0], Is.NaN);
        }
        catch (KerasException e)
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
    }
}
