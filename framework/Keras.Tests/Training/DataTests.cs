using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>What data fit, evaluate and predict take, and what they refuse.</summary>
public sealed class DataTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static TinyModel Compiled()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.05), "mse", metrics: ["mae"], jit_compile: false);
        return model;
    }

    /// <summary>The same data as batches of four rows.</summary>
    static List<Batch> Batches(int rows)
    {
        var batches = new List<Batch>();
        for (var start = 0; start < rows; start += 4)
        {
            var (x, y) = TinyModel.Data(Math.Min(4, rows - start), seed: start + 1);
            batches.Add(((Tensors)x, (Tensors)y));
        }
        return batches;
    }

    [Test]
    public void BatchesTrainLikeArrays()
    {
        var batches = Batches(10);
        var (fromBatches, fromArrays) = (Compiled(), Compiled());
        var x = Graphs.Tf.Concat([.. batches.Select(b => b.x.Single)], 0);
        var y = Graphs.Tf.Concat([.. batches.Select(b => b.y!.Single)], 0);
        fromBatches.Apply(x);
        fromArrays.Apply(x);
        fromArrays.set_weights(fromBatches.get_weights());
        var first = fromBatches.fit(batches, validation_data: batches, epochs: 3, verbose: 0).history;
        var second = fromArrays.fit(x, y, batch_size: 4, epochs: 3, verbose: 0, validation_data: (x, y), validation_batch_size: 4, shuffle: false).history;
        foreach (var (name, values) in second) Assert.That(first[name], Is.EqualTo(values).Within(1e-6), name);
        Assert.That(fromBatches.predict(batches, verbose: 0).Single.ToArray<float>(), Is.EqualTo(fromArrays.predict(x, batch_size: 4, verbose: 0).Single.ToArray<float>()).Within(1e-6f));
        Assert.That(fromBatches.evaluate(batches, verbose: 0)["mae"], Is.EqualTo(fromArrays.evaluate(x, y, verbose: 0)["mae"]).Within(1e-6));
    }

    [Test]
    public void GeneratorsOfUnknownLengthTrain()
    {
        static IEnumerable<Batch> Generate()
        {
            for (var i = 0; ; i++)
            {
                var (x, y) = TinyModel.Data(4, seed: i);
                yield return new(x, y) { IsTemporary = true };
            }
        }
        var history = Compiled().fit(Generate(), epochs: 2, steps_per_epoch: 5, verbose: 0);
        Assert.That(history.history["loss"], Has.Count.EqualTo(2));
        Assert.That(history.history["loss"][1], Is.LessThan(history.history["loss"][0]));
    }

    [Test]
    public void EmptyAndUnequalDataIsRefused()
    {
        var model = Compiled();
        var (x, y) = TinyModel.Data(4);
        Assert.That(() => model.fit(new float[0, 3], new float[0, 1], verbose: 0), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("empty"));
        Assert.That(() => model.fit(new List<Batch>(), verbose: 0), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => model.evaluate([new Batch(new float[0, 3], new float[0, 1])], verbose: 0), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => model.predict(new float[0, 3], verbose: 0), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => model.predict_on_batch(new float[0, 3]), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => model.fit(x, new float[3, 1], verbose: 0), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("'x'"));
        Assert.That(() => model.fit(x, (Tensor)1f, verbose: 0), Throws.TypeOf<ShapeMismatchException>());
        Assert.That(() => model.fit(new float[1, 3], new float[1, 1], validation_split: 0.1, verbose: 0), Throws.ArgumentException);
        Assert.That(() => model.fit(x, y, validation_split: 1.5, verbose: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ClassWeightsAreForOneTargetWithoutSampleWeights()
    {
        var model = Compiled();
        var (x, y) = TinyModel.Data(4);
        var weights = new Dictionary<int, double> { [0] = 2 };
        Assert.That(() => model.fit(x, y, class_weight: weights, sample_weight: new float[4], verbose: 0), Throws.ArgumentException);
        Assert.That(() => model.fit(x, class_weight: weights, verbose: 0), Throws.ArgumentException);
        Assert.That(() => model.train_on_batch(x, y, class_weight: weights), Throws.Nothing);
    }

    [Test]
    public void ValuesOutsideTheirRangeAreNamedBeforeAnyStep()
    {
        foreach (var eager in new[] { true, false })
        {
            var model = new IdModel();
            model.compile(new SGD(0.1), "mse", run_eagerly: eager);
            Tensors Ids(int bad) => new Dictionary<string, Tensors> { ["ids"] = new[,] { { 1, 2, 3 }, { 4, 9, 0 }, { 5, bad, 1 } } };
            var labels = new long[] { 0, 1, -100 };
            var error = Assert.Throws<ValueRangeException>(() => model.fit(Ids(10), labels, verbose: 0))!;
            Assert.That(error.Message, Does.Contain("'ids', row 2, position 1").And.Contain("0 to 9").And.Contain("10"));
            Assert.That(() => model.predict(Ids(-1), verbose: 0), Throws.TypeOf<ValueRangeException>());
            Assert.That(() => model.predict_on_batch(Ids(-1)), Throws.TypeOf<ValueRangeException>());
            Assert.That(() => model.fit([new Batch(Ids(10), labels)], verbose: 0), Throws.TypeOf<ValueRangeException>());
            Assert.That(() => model.fit(Ids(9), new long[] { 0, 2, -100 }, verbose: 0), Throws.TypeOf<ValueRangeException>().With.Message.Contains("'y', row 1").And.Message.Contains("or -100"));
            Assert.That(model.weights, Is.Empty, "nothing was computed");
            Assert.That(() => model.fit(Ids(9), Graphs.Tf.Cast((Tensor)labels, DType.Int64), verbose: 0), Throws.Nothing);
        }
    }

    [Test]
    public void OutputsOfUnequalLengthCannotBeJoined()
    {
        var model = new LengthModel();
        var error = Assert.Throws<ShapeMismatchException>(() => model.predict([new Batch(new float[2, 3]), new Batch(new float[2, 4])], verbose: 0))!;
        Assert.That(error.Message, Does.Contain("predict_on_batch"));
    }

    sealed class LengthModel : Model
    {
        public override Tensors call(Tensors inputs, bool training = false) => inputs.Single * 2;
    }

    [Test]
    public void DataThatRunsOutEndsTheEpoch()
    {
        var recorder = new BatchRecorder();
        Compiled().fit(Batches(10), epochs: 3, steps_per_epoch: 2, verbose: 0, callbacks: [recorder]);
        Assert.That(recorder.Logs.Select(l => l.Batch), Is.EqualTo([0, 1, 0, 0, 1]));
    }
}
