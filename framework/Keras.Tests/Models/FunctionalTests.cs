using static Keras.Api;

namespace Keras.Tests.Models;

/// <summary>Functional and sequential models as users write them.</summary>
public sealed class FunctionalTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Tensor Ramp(params int[] dims) => ops.reshape(ops.arange(dims.Aggregate((a, b) => a * b), dtype: DType.Float32), dims) / 10;

    [Test]
    public void AModelComputesWhatItsLayersDo()
    {
        var x = keras.Input(shape: 3);
        var hidden = keras.layers.Dense(4, activation: "relu");
        var head = keras.layers.Dense(2);
        var model = keras.Model(inputs: x, outputs: head.Apply(hidden.Apply(x)));
        var input = Ramp(5, 3);
        Assert.That(model.Apply(input).Single.ToArray<float>(), Is.EqualTo(head.Apply(hidden.Apply(input)).Single.ToArray<float>()));
        Assert.That(model.layers.Select(l => l.name), Is.EqualTo(new[] { "input_layer", "dense", "dense_1" }));
    }

    [Test]
    public void ASharedLayerHasOneSetOfWeights()
    {
        var (a, b) = (keras.Input(shape: 3, name: "a"), keras.Input(shape: 3, name: "b"));
        var shared = keras.layers.Dense(2, name: "shared");
        var model = keras.Model(inputs: (a, b), outputs: keras.layers.Add().Apply((shared.Apply(a), shared.Apply(b))));
        Assert.That(model.weights, Has.Count.EqualTo(2));
        var (x, y) = (Ramp(2, 3), Ramp(2, 3) * 2);
        Tensor expected = shared.Apply(x).Single + shared.Apply(y).Single;
        Assert.That(model.Apply((x, y)).Single.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()));
    }

    [Test]
    public void InputsComeByName()
    {
        var (a, b) = (keras.Input(shape: 2, name: "a"), keras.Input(shape: 2, name: "b"));
        var model = keras.Model(inputs: (a, b), outputs: keras.layers.Subtract().Apply((a, b)));
        Tensors given = new Dictionary<string, Tensor> { ["b"] = Ramp(1, 2), ["a"] = Ramp(1, 2) * 3 };
        Assert.That(model.Apply(given).Single.ToArray<float>(), Is.EqualTo((Ramp(1, 2) * 2).ToArray<float>()).Within(1e-6));
    }

    [Test]
    public void OperationsOutsideOfLayersAreRepeated()
    {
        var x = keras.Input(shape: (4, 3));
        Tensor doubled = x * 2;
        var model = keras.Model(inputs: x, outputs: ops.softmax(ops.mean(doubled, axis: 1) + ops.ones([3])));
        var input = Ramp(2, 4, 3);
        Assert.That(model.Apply(input).Single.ToArray<float>(), Is.EqualTo(ops.softmax(ops.mean(input * 2, axis: 1) + 1).ToArray<float>()).Within(1e-6));
        Assert.That(model.layers, Has.Count.EqualTo(1), "operations are no layers");
    }

    [Test]
    public void OutputsMayBeADictionary()
    {
        var x = keras.Input(shape: 3);
        var model = keras.Model(inputs: x, outputs: new Dictionary<string, Tensors> { ["double"] = keras.layers.Add().Apply((x, x)), ["same"] = x });
        var outputs = model.Apply(Ramp(1, 3));
        Assert.That(outputs["double"].Single.ToArray<float>(), Is.EqualTo((Ramp(1, 3) * 2).ToArray<float>()));
        Assert.That(outputs["same"].Single.ToArray<float>(), Is.EqualTo(Ramp(1, 3).ToArray<float>()));
    }

    [Test]
    public void AModelWithinAModelIsALayer()
    {
        var inner = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(4, activation: "tanh"), keras.layers.Dense(2)], name: "inner");
        var x = keras.Input(shape: 3);
        var model = keras.Model(inputs: x, outputs: keras.layers.Dense(1).Apply(inner.Apply(x)));
        Assert.That(model.weights.Select(w => w.path), Is.EqualTo(new[] { "inner/dense/kernel", "inner/dense/bias", "inner/dense_1/kernel", "inner/dense_1/bias", "dense_2/kernel", "dense_2/bias" }));
        Assert.That(model.get_layer("inner"), Is.SameAs(inner));
    }

    [Test]
    public void TrainingReachesEveryLayer()
    {
        var x = keras.Input(shape: 100);
        var model = keras.Model(inputs: x, outputs: keras.layers.Dropout(0.5).Apply(x));
        var ones = ops.ones([4, 100]);
        Assert.That(model.Apply(ones).Single.ToArray<float>(), Has.All.EqualTo(1f));
        Assert.That(model.Apply(ones, training: true).Single.ToArray<float>(), Has.Some.EqualTo(0f).And.Some.EqualTo(2f));
    }

    [Test]
    public void MasksGoThroughTheModel()
    {
        var ids = keras.Input(shape: 4, dtype: DType.Int32);
        var embedded = keras.layers.Embedding(10, 3, mask_zero: true).Apply(ids);
        var model = keras.Model(inputs: ids, outputs: keras.layers.GlobalAveragePooling1D().Apply(embedded));
        Tensor padded = new[,] { { 3, 5, 0, 0 } };
        Tensor longer = new[,] { { 3, 5, 0, 0 } };
        var table = model.weights[0].value;
        var expected = (ops.take(table, 3, 0) + ops.take(table, 5, 0)) / 2;
        Assert.That(model.Apply(padded).Single.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-6));
        Assert.That(model.predict(longer, verbose: 0).Single.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()).Within(1e-6));
    }

    [Test]
    public void AModelLearns()
    {
        var (x, y) = Training.TinyModel.Data(64);
        var model = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(8, activation: "tanh"), keras.layers.Dense(1)]);
        model.compile(optimizer: keras.optimizers.Adam(0.05), loss: "mse");
        var history = model.fit(x, y, epochs: 20, verbose: 0);
        Assert.That(history.history["loss"][^1], Is.LessThan(history.history["loss"][0] / 10));
    }

    [Test]
    public void ASequentialModelIsBuiltByItsFirstInput()
    {
        var model = keras.Sequential([keras.layers.Dense(2, name: "first")]);
        Assert.That(model.built, Is.False);
        model.add(keras.layers.Dense(1, name: "second"));
        Assert.That(model.Apply(Ramp(4, 3)).Single.shape, Is.EqualTo(new Shape(4, 1)));
        Assert.That(model.weights.Select(w => w.path), Is.EqualTo(new[] { "sequential/first/kernel", "sequential/first/bias", "sequential/second/kernel", "sequential/second/bias" }));
        Assert.That(model.Apply(Ramp(7, 3)).Single.shape, Is.EqualTo(new Shape(7, 1)), "another batch size");
    }

    [Test]
    public void ALayerIsTakenOffAndAnotherPutOn()
    {
        var model = keras.Sequential([keras.Input(shape: 3), keras.layers.Dense(4), keras.layers.Dense(2)]);
        var kernel = model.weights[0];
        Assert.That(model.pop()!.name, Is.EqualTo("dense_1"));
        model.add(keras.layers.Dense(5));
        Assert.That(model.Apply(Ramp(1, 3)).Single.shape, Is.EqualTo(new Shape(1, 5)));
        Assert.That(model.weights[0], Is.SameAs(kernel), "the other layers keep their weights");
    }

    [Test]
    public void AModelOfAConfigComputesTheSame()
    {
        var x = keras.Input(shape: 3);
        var model = keras.Model(inputs: x, outputs: keras.layers.LayerNormalization().Apply(keras.layers.Dense(4, activation: "gelu", kernel_regularizer: "l2").Apply(x)));
        var again = Layer.from_config<Functional>(model.get_config());
        again.set_weights(model.get_weights());
        Assert.That(again.Apply(Ramp(2, 3)).Single.ToArray<float>(), Is.EqualTo(model.Apply(Ramp(2, 3)).Single.ToArray<float>()));
    }

    [Test]
    public void MistakesAreTold()
    {
        var (a, b) = (keras.Input(shape: 3), keras.Input(shape: 3));
        Assert.That(() => keras.Model(inputs: a, outputs: keras.layers.Dense(2).Apply(b)), Throws.ArgumentException.With.Message.Contains("not connected"));
        Assert.That(() => keras.Model(inputs: Ramp(2, 3), outputs: Ramp(2, 3)), Throws.ArgumentException);
        Assert.That(() => keras.Model(inputs: (a, b), outputs: keras.layers.Add().Apply((keras.layers.Dense(2, name: "q").Apply(a), keras.layers.Dense(2, name: "q").Apply(b)))), Throws.ArgumentException.With.Message.Contains("\"q\""));
        var model = keras.Model(inputs: a, outputs: keras.layers.Dense(2).Apply(a));
        Assert.That(() => model.Apply(Ramp(2, 4)), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => model.Apply((Ramp(2, 3), Ramp(2, 3))), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => keras.Sequential([keras.layers.Dense(2, name: "a"), keras.layers.Dense(2, name: "a")]), Throws.ArgumentException.With.Message.Contains("'a'"));
        Assert.That(() => keras.Sequential().predict(Ramp(2, 3), verbose: 0), Throws.InvalidOperationException.With.Message.Contains("no layers"));
        Assert.That(() => model.get_layer("nosuch"), Throws.ArgumentException.With.Message.Contains("nosuch"));
        Assert.That(() => model.get_layer(index: 9), Throws.ArgumentException);
    }
}
