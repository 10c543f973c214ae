using Keras.Graphs;
using Keras.Metrics;

namespace Keras.Tests.Metrics;

public sealed class MetricTests
{
    static readonly MetricsApi Metrics = new();

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    sealed class Extremes : Metric
    {
        readonly Variable _largest;
        readonly Mean _mean = new();

        public Extremes() => _largest = add_variable(name: "largest");

        public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
        {
            _largest.assign(Tf.Maximum(_largest, Tf.Max(y_pred, [0])));
            _mean.update_state(y_pred, sample_weight);
        }

        public override Tensors result() => new Dictionary<string, Tensor> { ["largest"] = _largest, ["mean"] = _mean.result() };
    }

    [Test]
    public void ASubclassHoldsVariablesAndMetricsAndGivesADictionary()
    {
        var metric = new Extremes();
        var result = metric.Apply(new float[] { 0, 0 }, new float[] { 1, 3 });
        Assert.That(metric.variables.Select(v => v.path), Is.EqualTo(new[] { "extremes/largest", "mean/total", "mean/count" }));
        Assert.That((result["largest"].Single.ToScalar<float>(), result["mean"].Single.ToScalar<float>()), Is.EqualTo((3f, 2f)));
        metric.reset_state();
        Assert.That(metric.result()["mean"].Single.ToScalar<float>(), Is.Zero);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void UpdatesArePartOfACompiledStepOfAnyBatchSize(bool jit)
    {
        var accuracy = new SparseCategoricalAccuracy();
        using var step = new TracedFunction("step", x =>
        {
            accuracy.update_state(x[0], x[1]);
            return accuracy.result();
        }, new(Jit: jit));
        Tensor first = step.Call(new Tensors([new Tensors((Tensor)new[] { 0, 1 }), new Tensors((Tensor)new float[,] { { 1, 0 }, { 1, 0 } })]));
        Tensor second = step.Call(new Tensors([new Tensors((Tensor)new[] { 1, 1, 1 }), new Tensors((Tensor)new float[,] { { 0, 1 }, { 0, 1 }, { 0, 1 } })]));
        Assert.That((first.ToScalar<float>(), second.ToScalar<float>()), Is.EqualTo((0.5f, 0.8f)));
        Assert.That(accuracy.count.value.ToScalar<float>(), Is.EqualTo(5f));
    }

    [Test]
    public void AMaskOfThePredictionsLeavesStepsOut()
    {
        Tensor predictions = new float[,] { { 0.9f, 0.2f }, { 0.9f, 0.9f } };
        predictions.KerasMask = new[,] { { true, false }, { true, true } };
        var metric = new MeanMetricWrapper((t, p) => Tf.Cast(Tf.Greater(p, Tf.Constant(0.5, DType.Float32)), DType.Float32), "above");
        metric.update_state(new float[2, 2], predictions);
        Assert.That(metric.result().Single.ToScalar<float>(), Is.EqualTo(1f));
    }

    [Test]
    public void ScoresThatAreNotFiniteAreNeverInTopK()
    {
        var scores = new float[,] { { 1, 2, 3 }, { float.NaN, 2, 3 }, { 3, 3, 3 } };
        Assert.That(Metrics.sparse_top_k_categorical_accuracy(new[] { 2, 2, 0 }, scores, k: 1).ToArray<float>(), Is.EqualTo(new float[] { 1, 0, 1 }));
        Assert.That(Metrics.sparse_top_k_categorical_accuracy(new[] { 7, -1, 0 }, scores, k: 3).ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 1 }), "there is no such class");
    }

    [Test]
    public void MisuseIsTold()
    {
        Assert.That(() => Metrics.get("nosuch"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("nosuch"));
        Assert.That(() => new AUC(curve: "nosuch"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("nosuch"));
        Assert.That(() => new AUC(num_thresholds: 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new AUC(num_labels: 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Precision(thresholds: 2.0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("2"));
        Assert.That(() => new R2Score(class_aggregation: "nosuch"), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new F1Score(average: "nosuch"), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SensitivityAtSpecificity(1.5), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new IoU(2, [2]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new F1Score().update_state(new float[3], new float[3]), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => new Precision(class_id: 1).update_state(new float[3], new float[3]), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => new Mean().Apply(1f, 2f, 3f), Throws.InstanceOf<UnsupportedException>());
    }

    [Test]
    public void LabelsOutsideOfTheClassesDoNotCountInMeanIoU()
    {
        var metric = new MeanIoU(num_classes: 2);
        metric.update_state(new[] { 0, 5 }, new[] { 0, 1 });
        Assert.That(metric.total_cm.value.ToArray<long>(), Is.EqualTo(new long[] { 1, 0, 0, 0 }));
    }

    [Test]
    public void ArgumentsConvertAndResolveInOrder()
    {
        MetricsArg metrics = ["accuracy", new AUC(), "mse", new Func<Tensor, Tensor, Tensor>((t, p) => p)];
        MetricsArg nested = [["acc"], null, new MetricsArg[] { "mae" }[0]];
        MetricsArg byOutput = new() { ["kind"] = ["acc"], ["price"] = "mae" };

        var resolved = metrics.Resolve([4, 1], [4, 3]).ToArray();
        Assert.That(resolved.Select(m => m.name), Is.EqualTo(new[] { "accuracy", "auc", "mse", "lambda" }));
        Assert.That(resolved[0], Is.InstanceOf<SparseCategoricalAccuracy>());
        Assert.That(nested.Items, Has.Count.EqualTo(3).And.ItemAt(1).Null);
        Assert.That(byOutput.ByOutput!["kind"]!.Resolve([4, 1], [4, 1]).Single(), Is.InstanceOf<BinaryAccuracy>());
        Assert.That(byOutput.ByOutput!["kind"]!.Resolve([4, 3], [4, 3]).Single(), Is.InstanceOf<CategoricalAccuracy>());
        Assert.That(byOutput.ByOutput!["price"]!.Resolve([4, 1], [4, 1]).Single().name, Is.EqualTo("mae"));
    }
}
