using Keras.Callbacks;
using Keras.Graphs;
using Keras.Layers;
using Keras.Losses;
using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>What compile accepts, and what it means to give no loss.</summary>
public sealed class CompileTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    /// <summary>A model with a loss of its own: the sum of squares of its outputs.</summary>
    sealed class OwnLossModel(bool adds = false) : Model
    {
        readonly Dense head = new(1);

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var outputs = head.Apply(inputs);
            if (adds) add_loss(Tf.Sum(Tf.Square(outputs.Single)));
            return outputs;
        }

        protected override DefaultLoss? default_loss => adds ? null : (_, _, y_pred) => Tf.Square(Tf.Squeeze(y_pred.Single, 1));
    }

    [Test]
    public void NoLossChoosesTheModelsOwn()
    {
        var model = new OwnLossModel();
        var (x, _) = TinyModel.Data(4);
        model.compile(new SGD(0.1));
        var outputs = model.predict(x, verbose: 0).Single.ToArray<float>();
        Assert.That(model.evaluate(x, verbose: 0)[0], Is.EqualTo(outputs.Average(o => o * o)).Within(1e-5));
        Assert.That(model.evaluate(x, sample_weight: new[] { 1f, 0, 0, 0 }, verbose: 0)[0], Is.EqualTo(outputs[0] * outputs[0] / 4).Within(1e-5));
        Assert.That(model.fit(x, epochs: 3, verbose: 0).history["loss"], Is.Ordered.Descending);
    }

    [Test]
    public void NullLossMeansNone()
    {
        var (x, y) = TinyModel.Data(4);
        var model = new OwnLossModel();
        model.compile("sgd", loss: null);
        Assert.That(() => model.fit(x, y, verbose: 0), Throws.InvalidOperationException.With.Message.Contains("add_loss"));
        model.compile("sgd", null);
        Assert.That(() => model.fit(x, y, verbose: 0), Throws.InvalidOperationException);
        model.compile(loss: "mse");
        Assert.That(model.optimizer, Is.TypeOf<RMSprop>());
        Assert.That(model.fit(x, y, verbose: 0).history.Keys, Is.EqualTo(["loss"]));
    }

    [Test]
    public void PlainModelsWithoutLossNeedAddLoss()
    {
        var (x, _) = TinyModel.Data(4);
        var plain = new TinyModel();
        plain.compile("sgd");
        Assert.That(() => plain.fit(x, verbose: 0), Throws.InvalidOperationException.With.Message.Contains("no loss"));
        var adding = new OwnLossModel(adds: true);
        adding.compile(new SGD(0.01));
        Assert.That(adding.fit(x, epochs: 3, verbose: 0).history["loss"], Is.Ordered.Descending);
    }

    /// <summary>Applies a layer that adds a loss in training only.</summary>
    sealed class SometimesAddingModel : Model
    {
        readonly Dense head = new(1);
        readonly OwnLossModel penalty = new(adds: true);

        public override Tensors call(Tensors inputs, bool training = false)
        {
            if (training) penalty.Apply(inputs);
            return head.Apply(inputs);
        }
    }

    [Test]
    public void LossesOfAnotherTraceDoNotCount()
    {
        var (x, y) = TinyModel.Data(4);
        foreach (var eager in new[] { false, true })
        {
            var model = new SometimesAddingModel();
            model.compile(new SGD(0.0), "mse", metrics: ["mse"], run_eagerly: eager);
            var trained = model.fit(x, y, verbose: 0, validation_data: (x, y)).history;
            Assert.That(trained["loss"][0], Is.GreaterThan(trained["mse"][0]), "the penalty counts in training");
            if (!eager) Assert.That(trained["val_loss"][0], Is.EqualTo(trained["val_mse"][0]).Within(1e-6));
        }
    }

    [Test]
    public void EveryFormOfArgumentIsTaken()
    {
        var model = new TinyModel();
        var (x, y) = TinyModel.Data(4);
        static Tensor Cubed(Tensor truth, Tensor predicted) => Tf.Mean(Tf.Abs(truth - predicted) * Tf.Square(truth - predicted), [-1]);
        Func<Tensor, Tensor, Tensor> cubed = Cubed;
        model.compile("adam", "mse", metrics: ["mae"]);
        model.compile(optimizer: new Adam(1e-3), loss: new Keras.Losses.MeanSquaredError(), metrics: ["mae", new Keras.Metrics.RootMeanSquaredError()], weighted_metrics: ["mse"], jit_compile: "auto");
        model.compile("adam", cubed, loss_weights: 0.5, metrics: [cubed]);
        var logs = model.evaluate(x, y, verbose: "auto", callbacks: [new LambdaCallback()]).Logs;
        Assert.That(logs["loss"], Is.EqualTo(0.5 * logs["lambda"]).Within(1e-5));
    }

    [Test]
    public void WhatCannotBeIsSaid()
    {
        var model = new TinyModel();
        var (x, y) = TinyModel.Data(4);
        Assert.That(() => model.fit(x, y), Throws.InvalidOperationException.With.Message.Contains("compile"));
        Assert.That(() => model.evaluate(x, y), Throws.InvalidOperationException);
        Assert.That(() => model.train_on_batch(x, y), Throws.InvalidOperationException);
        Assert.That(() => model.compile("adam", loss: null, loss_weights: [1.0]), Throws.ArgumentException);
        Assert.That(() => model.compile("adam", "mse", steps_per_execution: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => model.compile("adam", "mse", jit_compile: "yes"), Throws.ArgumentException);
        model.compile("adam", new Dictionary<string, LossArg?> { ["other"] = "mse", ["one"] = "mae" });
        Assert.That(() => model.fit(x, y, verbose: 0), Throws.ArgumentException.With.Message.Contains("other"));
    }
}
