using Keras.Callbacks;
using Keras.TensorFlowNet;
using static Keras.Api;
using static Keras.TensorFlowNet.Binding;
using ILayer = Keras.Layer;
using IModel = Keras.Model;
using NDArray = Keras.Tensor;

namespace Keras.Tests.TensorFlowNet;

/// <summary>Keras as users of TensorFlow.NET write it: only their usings are ours, and what docs/migrating-from-tensorflow-net.md lists.</summary>
sealed class KerasSamples
{
    NDArray x_train = null!, y_train = null!, x_test = null!, y_test = null!;

    [SetUp]
    public void PrepareData()
    {
        GoldenList.UseEngine();
        keras.utils.set_random_seed(1);
        x_train = tf.random.uniform((96, 6), -1, 1);
        y_train = tf.cast(tf.greater(tf.reduce_sum(x_train, axis: 1), 0f), tf.int32);
        (x_train, x_test) = (x_train[new Slice(0, 64)], x_train[new Slice(64)]);
        (y_train, y_test) = (y_train[..64], y_train[64..]);
    }

    [Test]
    public void Sequential_classifier()
    {
        var layers = keras.layers;
        var model = keras.Sequential(new List<ILayer>
        {
            layers.InputLayer(shape: 6),
            layers.Dense(16, activation: "relu"),
            layers.Dropout(0.1f),
            layers.Dense(2),
        });
        model.compile(optimizer: keras.optimizers.Adam(0.02f), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true), metrics: new[] { "accuracy" });
        model.fit(x_train, y_train, batch_size: 16, epochs: 15, validation_split: 0.2f, verbose: 0);
        var result = model.evaluate(x_test, y_test, verbose: 0);
        print($"accuracy {result["accuracy"]}");
        Assert.That(result["accuracy"], Is.GreaterThan(0.8));
        Assert.That(model.predict(x_test, verbose: 0).Single.shape, Is.EqualTo(new Shape(32, 2)));
    }

    IModel Functional()
    {
        var layers = keras.layers;
        var inputs = keras.Input(shape: 6);
        var outputs = layers.Dense(16, activation: keras.activations.Relu).Apply(inputs);
        outputs = layers.Dense(16, activation: keras.activations.Relu).Apply(outputs);
        outputs = layers.Dense(2).Apply(outputs);
        IModel model = keras.Model(inputs, outputs, name: "classifier");
        model.compile(loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true), optimizer: keras.optimizers.RMSprop(0.01f), metrics: new[] { "accuracy" });
        return model;
    }

    [Test]
    public void Functional_classifier()
    {
        var model = Functional();
        model.summary();
        var history = model.fit(x_train, y_train, batch_size: 16, epochs: 10, validation_data: (x_test, y_test), verbose: 0);
        Assert.That(history.history["val_accuracy"][^1], Is.GreaterThan(0.8));
    }

    [Test]
    public void A_small_residual_network()
    {
        var layers = keras.layers;
        var inputs = keras.Input(shape: (8, 8, 1), name: "img");
        var x = layers.Conv2D(4, 3, activation: "relu", padding: "same").Apply(inputs);
        var block_1_output = layers.MaxPooling2D(2).Apply(x);
        x = layers.Conv2D(4, 3, activation: "relu", padding: "same").Apply(block_1_output);
        var block_2_output = layers.Add().Apply(new Tensors(x, block_1_output));
        x = layers.GlobalAveragePooling2D().Apply(block_2_output);
        x = layers.Dropout(0.1f).Apply(x);
        var outputs = layers.Dense(2).Apply(x);
        var model = keras.Model(inputs, outputs, name: "toy_resnet");
        model.compile(optimizer: keras.optimizers.RMSprop(1e-3f), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true), metrics: new[] { "acc" });
        var (images, labels) = EagerSamples.Pictures();
        var history = model.fit(images[new Slice(0, 8)], labels[new Slice(0, 8)], batch_size: 4, epochs: 2, validation_split: 0.25f, verbose: 0);
        Assert.That(history.history["val_acc"], Has.Count.EqualTo(2));
    }

    [Test]
    public void Linear_regression_with_Keras()
    {
        NDArray x = np.array(new float[,] { { 1 }, { 2 }, { 3 }, { 4 } });
        NDArray y = np.array(new float[,] { { 3 }, { 5 }, { 7 }, { 9 } });
        var model = keras.Sequential();
        model.add(keras.Input(shape: 1));
        model.add(keras.layers.Dense(1));
        model.compile(optimizer: keras.optimizers.SGD(0.05f), loss: keras.losses.MeanSquaredError());
        var history = model.fit(x, y, epochs: 200, verbose: 0);
        Assert.That(history.history["loss"][^1], Is.LessThan(0.05));
        Assert.That((float)model.predict(np.array(new float[,] { { 5 } }), verbose: 0).Single, Is.EqualTo(11).Within(0.5));
    }

    [Test]
    public void Convolutions_on_images()
    {
        var (x, y) = EagerSamples.Pictures();
        var layers = keras.layers;
        var model = keras.Sequential(new List<ILayer>
        {
            layers.InputLayer(shape: (8, 8, 1)),
            layers.Rescaling(1.0f / 2),
            layers.Conv2D(4, 3, padding: "same", activation: keras.activations.Relu),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(16, activation: keras.activations.Relu),
            layers.Dense(2),
        });
        model.compile(optimizer: keras.optimizers.Adam(0.01f), loss: keras.losses.SparseCategoricalCrossentropy(from_logits: true), metrics: new[] { "accuracy" });
        var history = model.fit(x, y, batch_size: 8, epochs: 12, verbose: 0);
        Assert.That(history.history["accuracy"][^1], Is.GreaterThan(0.9));
    }

    [Test]
    public void Text_classification_with_an_LSTM()
    {
        var words = new[,] { { 1, 2, 3, 0 }, { 4, 5, 6, 6 }, { 2, 1, 0, 0 }, { 5, 4, 6, 0 }, { 3, 3, 1, 2 }, { 6, 5, 0, 0 } };
        var labels = np.array(0f, 1, 0, 1, 0, 1);
        var model = keras.Sequential(new List<ILayer>
        {
            keras.layers.Embedding(7, 8, mask_zero: true),
            keras.layers.LSTM(8),
            keras.layers.Dense(1, activation: "sigmoid"),
        });
        model.compile(optimizer: keras.optimizers.Adam(0.03f), loss: keras.losses.BinaryCrossentropy(), metrics: new[] { "accuracy" });
        var history = model.fit(words, labels, batch_size: 6, epochs: 25, verbose: 0);
        Assert.That(history.history["accuracy"][^1], Is.EqualTo(1));
    }

    [Test]
    public void Callbacks()
    {
        var model = Functional();
        var seen = new List<int>();
        var callbacks = new List<Callback>
        {
            new EarlyStopping(monitor: "val_loss", patience: 1, min_delta: 10),
            new LambdaCallback(on_epoch_end: (epoch, logs) => seen.Add(epoch)),
        };
        var history = model.fit(x_train, y_train, epochs: 10, validation_split: 0.2f, callbacks: callbacks, verbose: 0);
        Assert.That(seen, Has.Count.EqualTo(history.history["loss"].Count).And.Count.LessThan(10), "stopped where nothing improved by 10");
    }

    [Test]
    public void Save_and_load()
    {
        using var folder = new TemporaryFolder();
        var model = Functional();
        model.fit(x_train, y_train, epochs: 1, verbose: 0);
        var expected = model.predict(x_test, verbose: 0).Single.ToArray<float>();

        model.save(folder["model.keras"]);
        IModel loaded = keras.models.load_model(folder["model.keras"]);
        Assert.That(loaded.predict(x_test, verbose: 0).Single.ToArray<float>(), Is.EqualTo(expected).Within(1e-6));

        model.save_weights(folder["model.weights.h5"]);
        var other = Functional();
        other.load_weights(folder["model.weights.h5"]);
        Assert.That(other.predict(x_test, verbose: 0).Single.ToArray<float>(), Is.EqualTo(expected).Within(1e-6));
    }
}
