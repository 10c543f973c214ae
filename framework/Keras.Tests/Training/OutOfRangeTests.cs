using Keras.Engines;
using Keras.Graphs;
using Keras.Layers;
using Keras.Losses;
using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>Labels and ids out of range end a step with a typed error in every mode and on every engine, and change no weight.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Names))]
sealed class OutOfRangeTests(string engine)
{
    IDisposable? _use;

    [SetUp]
    public void Use() => _use = Engine.Use(TestEngines.Require(engine));

    [TearDown]
    public void Leave() => _use?.Dispose();

    static Tensor[] Labels => [new[] { 0, 1, 3, 2 }, new[] { 0, -1, 1, 2 }, new[] { 0L, 1, 2, 3 }, new[] { 0f, 1, 3, 2 }, new[,] { { 0 }, { 1 }, { 3 }, { 2 } }];

    static Sequential Sequence(Layer[] layers)
    {
        var model = new Sequential();
        foreach (var layer in layers) model.add(layer);
        return model;
    }

    static Model Classifier(RunMode mode, Loss loss, params Layer[] layers)
    {
        var model = Sequence(layers);
        model.compile(new SGD(0.1), loss, run_eagerly: mode == RunMode.Eager, jit_compile: mode == RunMode.Xla);
        return model;
    }

    static void Refuses(Model model, Tensor x, Tensor good, Tensor bad)
    {
        model.train_on_batch(x, good);
        var before = model.get_weights().Select(w => w.ToArray<float>()).ToArray();
        Assert.That(() => model.fit(x, bad, batch_size: 4, verbose: 0), Throws.TypeOf<EngineException>());
        Assert.That(() => model.evaluate(x, bad, batch_size: 4, verbose: 0), Throws.TypeOf<EngineException>());
        Assert.That(() => model.train_on_batch(x, bad), Throws.TypeOf<EngineException>());
        Assert.That(model.get_weights().Select(w => w.ToArray<float>()), Is.EqualTo(before), "no weight has changed");
        Assert.That(model.fit(x, good, verbose: 0).history["loss"], Is.All.Not.NaN);
    }

    static Tensor X => Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, 20).Select(i => (i * 7 % 11) - 5f)], new Shape(4, 5)));

    [Test]
    public void Labels_of_no_class([Values] RunMode mode, [Range(0, 4)] int labels, [Values] bool fromLogits)
    {
        var bad = Labels[labels];
        var good = Tf.Minimum(Tf.Maximum(bad, Tf.Cast(Tf.Int32Scalar(0), bad.dtype)), Tf.Cast(Tf.Int32Scalar(2), bad.dtype));
        Refuses(Classifier(mode, new SparseCategoricalCrossentropy(from_logits: fromLogits), fromLogits ? [new Dense(3)] : [new Dense(3, activation: "softmax")]), X, good, bad);
    }

    [Test]
    public void Labels_of_no_class_beside_an_ignored_one([Values] RunMode mode) => Refuses(
        Classifier(mode, new SparseCategoricalCrossentropy(from_logits: true, ignore_class: -100), new Dense(3)), X, new[] { 0, -100, 1, 2 }, new[] { 0, -100, 3, 2 });

    /// <summary>CTC: a label is a class beside the blank, which is 0.</summary>
    [Test]
    public void Labels_of_no_class_in_sequences([Values] RunMode mode)
    {
        var model = Classifier(mode, new CTC(), new Reshape([5, 1]), new Dense(4));
        Refuses(model, X, new[,] { { 1, 2 }, { 3, 0 }, { 2, 2 }, { 1, 0 } }, new[,] { { 1, 2 }, { 3, 0 }, { 2, 4 }, { 1, 0 } });
    }

    sealed class Chosen : Layer
    {
        public override Tensors call(Tensors inputs, bool training = false) => Api.ops.take_along_axis(inputs[0], inputs[1], 1);
    }

    [Test]
    public void Places_along_an_axis_of_no_element([Values] RunMode mode)
    {
        Tensor x = Api.keras.Input([5]), places = Api.keras.Input([2], dtype: "int32");
        var model = new Functional(new Tensors(x, places), new Chosen().Apply(new Tensors(x, places)));
        model.compile(run_eagerly: mode == RunMode.Eager, jit_compile: mode == RunMode.Xla);
        Tensor good = new[,] { { 0, -1 }, { 2, 3 }, { 4, -5 }, { 1, 0 } };
        Assert.That(model.predict(new Tensors(X, good), verbose: 0).Single.shape, Is.EqualTo(new Shape(4, 2)));
        foreach (var bad in (Tensor[])[new[,] { { 0, 1 }, { 2, 3 }, { 4, 5 }, { 1, 0 } }, new[,] { { 0, 1 }, { 2, -6 }, { 4, 0 }, { 1, 0 } }])
        {
            Assert.That(() => model.predict(new Tensors(X, bad), verbose: 0), Throws.TypeOf<EngineException>());
            Assert.That(() => model.Apply(new Tensors(X, bad)), Throws.TypeOf<EngineException>());
        }
    }

    [Test]
    public void Ids_of_no_row([Values] RunMode mode)
    {
        var model = Classifier(mode, new SparseCategoricalCrossentropy(from_logits: true), new Embedding(6, 4), new GlobalAveragePooling1D(), new Dense(3));
        Tensor good = new[,] { { 0, 1 }, { 2, 3 }, { 4, 5 }, { 5, 0 } }, bad = new[,] { { 0, 1 }, { 2, 3 }, { 4, 6 }, { 5, 0 } }, y = new[] { 0, 1, 2, 0 };
        model.train_on_batch(good, y);
        model.predict(good, verbose: 0);
        var before = model.get_weights().Select(w => w.ToArray<float>()).ToArray();
        Assert.That(() => model.fit(bad, y, batch_size: 4, verbose: 0), Throws.TypeOf<EngineException>());
        Assert.That(() => model.predict(bad, verbose: 0), Throws.TypeOf<EngineException>());
        Assert.That(() => model.Apply(bad), Throws.TypeOf<EngineException>());
        Assert.That(model.get_weights().Select(w => w.ToArray<float>()), Is.EqualTo(before), "no weight has changed");
    }
}
