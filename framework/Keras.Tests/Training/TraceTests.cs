using Keras.Graphs;
using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>When steps are traced again, and that each traced step sees what was changed since.</summary>
public sealed class TraceTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [Test]
    public void ShortLastBatchesCostOneMoreTraceAndNoThird()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.1), "mse", jit_compile: false);
        var (x, y) = TinyModel.Data(10);
        model.fit(x, y, batch_size: 4, epochs: 3, verbose: 0, validation_data: (x, y));
        Assert.That(model.TraceCounts, Is.EqualTo((2, 2, 0)));
        var (more, moreY) = TinyModel.Data(11);
        model.fit(more, moreY, batch_size: 5, epochs: 2, verbose: 0);
        Assert.That(model.TraceCounts.Train, Is.EqualTo(2));
    }

    [Test]
    public void LearningRateChangesWithoutRetracing()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.1), "mse", jit_compile: false);
        var (x, y) = TinyModel.Data(4);
        model.train_on_batch(x, y);
        var before = model.head.kernel.value.ToArray<float>();
        model.optimizer.learning_rate = 0.0;
        model.train_on_batch(x, y);
        Assert.That(model.head.kernel.value.ToArray<float>(), Is.EqualTo(before), "a learning rate of 0 changes nothing");
        model.optimizer.learning_rate = 0.1;
        model.train_on_batch(x, y);
        Assert.That(model.head.kernel.value.ToArray<float>(), Is.Not.EqualTo(before));
        Assert.That(model.TraceCounts.Train, Is.EqualTo(1));
    }

    [Test]
    public void FrozenLayersStayAndTheOldTraceServesAgainWhenThawed()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.1), "mse", jit_compile: false);
        var (x, y) = TinyModel.Data(8);
        model.fit(x, y, batch_size: 8, verbose: 0);
        var frozen = model.hidden.kernel.value.ToArray<float>();
        model.hidden.trainable = false;
        model.fit(x, y, batch_size: 8, verbose: 0);
        Assert.That(model.hidden.kernel.value.ToArray<float>(), Is.EqualTo(frozen));
        Assert.That(model.TraceCounts.Train, Is.EqualTo(2));
        model.hidden.trainable = true;
        model.fit(x, y, batch_size: 8, verbose: 0);
        Assert.That(model.hidden.kernel.value.ToArray<float>(), Is.Not.EqualTo(frozen));
        Assert.That(model.TraceCounts.Train, Is.EqualTo(2));
    }

    [Test]
    public void CompilingAgainUsesTheNewLossAndOptimizer()
    {
        var model = new TinyModel();
        var (x, y) = TinyModel.Data(8);
        model.compile(new SGD(0.1), "mse");
        model.fit(x, y, verbose: 0);
        model.compile(new SGD(0.0), "mae", metrics: ["mse"]);
        var weights = model.head.kernel.value.ToArray<float>();
        var history = model.fit(x, y, verbose: 0).history;
        Assert.That(history.Keys, Is.EqualTo(["loss", "mse"]));
        Assert.That(history["loss"][0], Is.Not.EqualTo(history["mse"][0]));
        Assert.That(model.head.kernel.value.ToArray<float>(), Is.EqualTo(weights));
    }

    [Test]
    public void EagerRunsCallTheModelInEveryStep()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.1), "mse", run_eagerly: true);
        var (x, y) = TinyModel.Data(8);
        model.fit(x, y, batch_size: 2, epochs: 2, verbose: 0);
        Assert.That(model.Calls, Is.EqualTo(8));
        Assert.That(model.TraceCounts.Train, Is.Zero);
    }

    [Test]
    public void AutoMeansNoXlaOnMachinesWithCpusOnly()
    {
        var model = new TinyModel();
        model.compile("sgd", "mse");
        Assert.That(model.jit_compile, Is.EqualTo(Engines.Engine.Current.Devices.Any(d => !d.StartsWith("CPU", StringComparison.Ordinal))));
        model.compile("sgd", "mse", jit_compile: true);
        Assert.That(model.jit_compile, Is.True);
        Assert.That(() => model.compile("sgd", "mse", run_eagerly: true, jit_compile: true), Throws.ArgumentException);
    }

    [Test]
    public void SameSeedGivesTheSameOrderOfSamples()
    {
        float[] Train(int seed)
        {
            var model = new TinyModel();
            var (x, y) = TinyModel.Data(16);
            model.Apply(x);
            model.set_weights([.. model.weights.Select(w => Tf.Full(w.shape, 0.1, w.dtype))]);
            model.compile(new SGD(0.1), "mse", run_eagerly: true);
            GlobalSeed.Set(seed);
            model.fit(x, y, batch_size: 3, epochs: 2, verbose: 0);
            return model.head.kernel.value.ToArray<float>();
        }
        var first = Train(1);
        Assert.That(Train(1), Is.EqualTo(first));
        Assert.That(Train(2), Is.Not.EqualTo(first));
    }
}
