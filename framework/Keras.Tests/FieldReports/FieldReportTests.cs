using Keras.Callbacks;
using static Keras.Api;

namespace Keras.Tests.FieldReports;

/// <summary>Faults that users of Keras, TensorFlow and PyTorch reported elsewhere, as they would look here.</summary>
sealed class FieldReportTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Ramp(params int[] dims) => ops.reshape(ops.arange(dims.Aggregate(1, (a, b) => a * b), dtype: "float32"), [.. dims.Select(d => (Dim)d)]) / 10;

    static float[] Floats(Tensor t) => ops.cast(t, "float32").ToArray<float>();

    /// <summary>As in tensorflow#29026: a weight of shape (B) belongs to its sample, whatever the number of steps.</summary>
    [Test]
    public void OneWeightPerSampleWithALossPerStep()
    {
        var mse = keras.losses.MeanSquaredError();
        float[,,] truth = { { { 1 }, { 1 } }, { { 3 }, { 3 } } };
        var guess = new float[2, 2, 1];
        float[] weight = [1, 0];
        Assert.That(mse.Apply(truth, guess, sample_weight: weight).ToScalar<float>(), Is.EqualTo(0.5f).Within(1e-6));

        float[] three = [3, 0, 0];
        Assert.That(mse.Apply(new float[3, 2, 1], ops.ones([3, 2, 1]), sample_weight: three).ToScalar<float>(), Is.EqualTo(1f).Within(1e-6));

        var model = keras.Sequential([keras.Input([2, 1]), keras.layers.Dense(1, kernel_initializer: keras.initializers.Zeros())]);
        model.compile(optimizer: "sgd", loss: "mse");
        Assert.That(model.evaluate(truth, truth, sample_weight: weight, verbose: 0)["loss"], Is.EqualTo(0.5).Within(1e-6));
    }

    /// <summary>As in keras#3653: each step counts as its own class says.</summary>
    [Test]
    public void ClassWeightsWithALabelForEachStep([Values] bool oneHot)
    {
        var model = keras.Sequential([keras.Input([3, 2]), keras.layers.Dense(2, activation: "softmax", kernel_initializer: keras.initializers.Zeros())]);
        model.compile(optimizer: keras.optimizers.SGD(0.0), loss: oneHot ? "categorical_crossentropy" : "sparse_categorical_crossentropy");
        int[,] y = { { 1, 0, 0 }, { 0, 0, 1 } };
        var weights = new Dictionary<int, double> { [0] = 1, [1] = 10 };
        var loss = model.fit(new float[2, 3, 2], oneHot ? ops.one_hot(y, 2) : (Tensor)y, class_weight: weights, shuffle: false, verbose: 0).history["loss"][0];
        Assert.That(loss, Is.EqualTo(2.772589).Within(1e-5));
    }

    /// <summary>As in keras#11964, tensorflow/addons#1865, tensorflow#44509: an AUC that rises is no plateau.</summary>
    [Test]
    public void AutoModeKnowsWhatTheMetricSays()
    {
        float[,] x = { { 0 }, { 1 } }, y = { { 0 }, { 1 } };
        var model = keras.Sequential([keras.Input([1]), keras.layers.Dense(1, activation: "sigmoid")]);
        model.compile(optimizer: keras.optimizers.SGD(0.1), loss: "binary_crossentropy", metrics: [keras.metrics.AUC(name: "auc")]);
        var rising = new LambdaCallback(on_epoch_end: (epoch, logs) => logs["val_auc"] = 0.5 + (0.1 * epoch));
        var plateau = new ReduceLROnPlateau(monitor: "val_auc", factor: 0.1, patience: 1);
        var stop = new EarlyStopping(monitor: "val_auc", patience: 1);
        var history = model.fit(x, y, epochs: 4, verbose: 0, callbacks: [rising, plateau, stop]).history;
        Assert.That(history["learning_rate"], Is.All.EqualTo(0.1).Within(1e-6));
        Assert.That(history["loss"], Has.Count.EqualTo(4));
    }

    /// <summary>As in keras#6187, #7450, #12848: each step unrolls over the length of its own batch.</summary>
    [TestCase("lstm")]
    [TestCase("gru")]
    [TestCase("simple")]
    [TestCase("bidirectional")]
    [TestCase("masked")]
    public void BatchesOfDifferentLengths(string kind)
    {
        Sequential Make()
        {
            keras.utils.set_random_seed(3);
            Layer recurrent = kind switch
            {
                "gru" => keras.layers.GRU(3),
                "simple" => keras.layers.SimpleRNN(3),
                "bidirectional" => keras.layers.Bidirectional(keras.layers.LSTM(3)),
                _ => keras.layers.LSTM(3),
            };
            return keras.Sequential(kind == "masked"
                ? [keras.Input([null, 2]), keras.layers.Masking(), recurrent, keras.layers.Dense(1)]
                : [keras.Input([null, 2]), recurrent, keras.layers.Dense(1)]);
        }
        Batch[] batches = [.. new[] { 5, 9, 7, 5 }.Select(length => new Batch(Ramp(4, length, 2), Ramp(4, 1)))];
        var (traced, eager) = (Make(), Make());
        traced.compile(optimizer: keras.optimizers.SGD(0.1), loss: "mse");
        eager.compile(optimizer: keras.optimizers.SGD(0.1), loss: "mse", run_eagerly: true);
        traced.fit(batches, epochs: 2, verbose: 0);
        eager.fit(batches, epochs: 2, verbose: 0);
        foreach (var (a, b) in traced.get_weights().Zip(eager.get_weights())) Assert.That(Floats(a), Is.EqualTo(Floats(b)).Within(1e-5));
    }

    /// <summary>As in keras#18152: the mean of nothing is 0, one empty text must not ruin the model.</summary>
    [Test]
    public void TheMeanOfARowInWhichEverythingIsMasked()
    {
        bool[,] mask = { { true, true, false }, { false, false, false } };
        Assert.That(Floats(keras.layers.GlobalAveragePooling1D().Apply(Ramp(2, 3, 1), mask: mask)), Is.EqualTo(new[] { 0.05f, 0f }).Within(1e-6));

        var model = keras.Sequential([keras.Input([3], dtype: "int32"), keras.layers.Embedding(5, 2, mask_zero: true), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1)]);
        model.compile(optimizer: "sgd", loss: "mse");
        model.fit(new[,] { { 1, 2, 0 }, { 0, 0, 0 } }, new float[2, 1], verbose: 0);
        Assert.That(model.get_weights().SelectMany(w => Floats(w)), Is.All.Matches<float>(float.IsFinite));

        Tensor many = ops.full([1, 4000, 1], 40.0, "float16"), every = ops.cast(ops.ones([1, 4000]), "bool");
        Assert.That(Floats(keras.layers.GlobalAveragePooling1D(dtype: "float16").Apply(many, mask: every))[0], Is.EqualTo(40f).Within(0.1));
    }

    /// <summary>As in keras#22428: a padding of a whole stride fits no convolution.</summary>
    [Test]
    public void AnOutputPaddingThatDoesNotFit()
    {
        var fits = keras.layers.Conv1DTranspose(1, 3, strides: 2, output_padding: 1);
        Assert.That(fits.Apply(Ramp(1, 4, 1)).Single.shape, Is.EqualTo(new Shape(1, 10, 1)));
        Assert.That(() => keras.layers.Conv1DTranspose(1, 3, strides: 2, output_padding: 2).Apply(Ramp(1, 4, 1)),
            Throws.InstanceOf<ArgumentException>().Or.InstanceOf<ShapeMismatchException>().Or.InstanceOf<UnsupportedException>());
        var x = keras.Input([4, 1]);
        Assert.That(() => keras.layers.Conv1DTranspose(1, 3, strides: 2, output_padding: 2).Apply(x), Throws.Exception, "a shape that cannot be computed is not announced either");
    }

    /// <summary>As in transformers#17306, flax#982, tensorflow#46064.</summary>
    [Test]
    public void AttentionInFloat16OverARowWithNothingToAttendTo()
    {
        static Tensor Full(int steps, int size, double value) => ops.full([1, steps, size], value, "float16");
        bool[,] none = { { false, false } }, first = { { true, false } };
        foreach (var (layer, q, v) in new (Keras.Layers.Attention, Tensor, Tensor)[]
        {
            (keras.layers.Attention(dtype: "float16"), Full(1, 4, 4), Full(2, 4, -4)),
            (keras.layers.AdditiveAttention(use_scale: false, dtype: "float16"), Full(1, 64, -4), Full(2, 64, -4)),
        })
        {
            Tensors result = layer.Apply((q, v), mask: [null, none], return_attention_scores: true);
            Assert.That(result.SelectMany(t => Floats(t)), Is.All.Matches<float>(float.IsFinite), layer.GetType().Name);
            Assert.That(Floats(result[1]).Sum(), Is.EqualTo(1f).Within(1e-3).Or.EqualTo(0f));
            Assert.That(Floats(layer.Apply((q, v), mask: [null, first], return_attention_scores: true)[1]), Is.EqualTo(new[] { 1f, 0f }).Within(1e-3));
        }
    }

    /// <summary>As in pytorch#41527: an epsilon that float16 cannot hold, and squares beyond it.</summary>
    [Test]
    public void NormalizationInFloat16WithATinyEpsilon()
    {
        Tensor zeros = ops.zeros([2, 4, 4], "float16");
        Layer[] layers =
        [
            keras.layers.LayerNormalization(epsilon: 1e-12, dtype: "float16"), keras.layers.LayerNormalization(epsilon: 1e-12, rms_scaling: true, dtype: "float16"),
            keras.layers.GroupNormalization(groups: 2, epsilon: 1e-12, dtype: "float16"), keras.layers.RMSNormalization(epsilon: 1e-12, dtype: "float16"),
            keras.layers.BatchNormalization(epsilon: 1e-12, dtype: "float16"),
        ];
        foreach (var layer in layers) Assert.That(Floats(layer.Apply(zeros, training: true)), Is.All.Zero, layer.GetType().Name);
        Tensor large = ops.cast(new float[,] { { 30000, -30000, 30000, -30000 } }, "float16");
        Assert.That(Floats(keras.layers.LayerNormalization(epsilon: 1e-12, dtype: "float16").Apply(large)), Is.EqualTo(new[] { 1f, -1f, 1f, -1f }).Within(1e-2));
    }

    /// <summary>As in keras#10898, #9571, #19326.</summary>
    [Test]
    public void ALayerThatAModelSharesWithItsSubModel()
    {
        var shared = keras.layers.Dense(2, name: "shared");
        var a = keras.Input([3], name: "a");
        var inner = keras.Model(a, shared.Apply(a), name: "inner");
        var x = keras.Input([3], name: "x");
        var model = keras.Model(x, keras.layers.Subtract(name: "difference").Apply((inner.Apply(x), shared.Apply(x))));
        model.compile(optimizer: keras.optimizers.SGD(0.1), loss: "mse");
        Assert.That(model.weights, Has.Count.EqualTo(2));
        using var folder = new TemporaryFolder();
        var path = folder["m.keras"];
        model.save(path);
        var again = keras.models.load_model(path);
        Assert.That(again.weights, Has.Count.EqualTo(2));
        Assert.That(Floats(again.predict(Ramp(4, 3), verbose: 0)), Is.All.Zero);
        again.set_weights([.. again.get_weights().Select(w => w + 1)]);
        Assert.That(Floats(again.predict(Ramp(4, 3), verbose: 0)), Is.All.Zero);
        Assert.That(Floats(keras.models.clone_model(model).predict(Ramp(4, 3), verbose: 0)), Is.All.Zero);
    }

    /// <summary>As in keras#18367, tf-keras#32, tensorflow#61732.</summary>
    [Test]
    public void ConstantTensorsAmongTheArgumentsOfALayer()
    {
        var inputs = keras.Input(batch_shape: [2, 4, 3]);
        Tensor h = Ramp(2, 2) + 1, c = Ramp(2, 2) - 1;
        var model = keras.Model(inputs, keras.layers.LSTM(2).Apply(inputs, (h, c)));
        var expected = Floats(model.predict(Ramp(2, 4, 3), batch_size: 2, verbose: 0));
        using var folder = new TemporaryFolder();
        var path = folder["m.keras"];
        model.save(path);
        Assert.That(Floats(keras.models.load_model(path).predict(Ramp(2, 4, 3), batch_size: 2, verbose: 0)), Is.EqualTo(expected).Within(1e-6));
        var clone = keras.models.clone_model(model);
        clone.set_weights(model.get_weights());
        Assert.That(Floats(clone.predict(Ramp(2, 4, 3), batch_size: 2, verbose: 0)), Is.EqualTo(expected).Within(1e-6));
    }
}
