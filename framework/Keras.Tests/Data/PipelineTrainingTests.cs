using Keras.Callbacks;
using Keras.Data;
using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.Data;

/// <summary>Pipelines train, evaluate and predict as arrays do; runs that were broken off go on; a last batch of fewer rows is exact and traces nothing anew.</summary>
[TestFixture]
public sealed class PipelineTrainingTests
{
    const int Rows = 23;

    static readonly float[,] X = Numbers(3), Y = Numbers(1);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static float[,] Numbers(int columns)
    {
        var values = new float[Rows, columns];
        for (var i = 0; i < Rows; i++)
            for (var k = 0; k < columns; k++) values[i, k] = MathF.Sin((7 * i) + (3 * k) + columns);
        return values;
    }

    static DataPipeline Pipeline(int batch = 4) => keras.data.from_tensor_slices((X, Y)).batch(batch).prefetch(2);

    static Sequential New(bool jit = false, double dropout = 0)
    {
        var model = keras.Sequential([keras.Input(new Shape(3)), new Dense(4, activation: "tanh", kernel_initializer: keras.initializers.GlorotUniform(seed: 1)),
            new Dropout(dropout, seed: 4), new Dense(1, kernel_initializer: keras.initializers.GlorotUniform(seed: 2))]);
        model.compile(optimizer: keras.optimizers.Adam(learning_rate: 0.05), loss: "mse", metrics: ["mae", "mse"], weighted_metrics: ["mae"], jit_compile: jit);
        return model;
    }

    static double[] Losses(History history) => [.. history.history.SelectMany(h => h.Value)];

    [Test]
    public void Fit_evaluate_and_predict_equal_those_of_arrays()
    {
        var (arrays, pipeline) = (New(), New());
        var expected = arrays.fit(X, Y, batch_size: 4, epochs: 2, verbose: 0, shuffle: false, validation_data: (X, Y));
        var actual = pipeline.fit(Pipeline(), epochs: 2, verbose: 0, validation_data: Pipeline());
        Assert.Multiple(() =>
        {
            Assert.That(Losses(actual), Is.EqualTo(Losses(expected)));
            Assert.That(pipeline.evaluate(Pipeline(), verbose: 0).ToArray(), Is.EqualTo(arrays.evaluate(X, Y, batch_size: 4, verbose: 0).ToArray()));
            Assert.That(pipeline.predict(Pipeline(), verbose: 0).Single.ToArray<float>(), Is.EqualTo(arrays.predict(X, batch_size: 4, verbose: 0).Single.ToArray<float>()));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_last_batch_of_fewer_rows_is_exact_and_traces_nothing_anew(bool fromArrays)
    {
        var (plain, filled) = (New(), New(jit: true));
        var weights = Enumerable.Range(0, Rows).Select(i => 0.5f + (i % 3)).ToArray();
        var expected = plain.fit(X, Y, batch_size: 4, epochs: 2, verbose: 0, shuffle: false, sample_weight: weights, validation_data: (X, Y));
        DataPipeline Weighted() => keras.data.from_tensor_slices((X, Y, weights)).batch(4);
        var actual = fromArrays ? filled.fit(X, Y, batch_size: 4, epochs: 2, verbose: 0, shuffle: false, sample_weight: weights, validation_data: (X, Y))
            : filled.fit(Weighted(), epochs: 2, verbose: 0, validation_data: Pipeline());
        Tensor outputs = fromArrays ? filled.predict(X, batch_size: 4, verbose: 0) : filled.predict(Pipeline(), verbose: 0);
        Assert.Multiple(() =>
        {
            Assert.That(actual.history.Keys, Is.EqualTo(expected.history.Keys));
            Assert.That(Losses(actual), Is.EqualTo(Losses(expected)).Within(2e-6));
            Assert.That(outputs.shape, Is.EqualTo(new Shape(Rows, 1)));
            Assert.That(outputs.ToArray<float>(), Is.EqualTo(plain.predict(X, batch_size: 4, verbose: 0).Single.ToArray<float>()).Within(2e-5));
            Assert.That(filled.TraceCounts, Is.EqualTo((1, 1, 1)));
        });
    }

    [TestCase(0, false)]
    [TestCase(0.2, false)]
    [TestCase(0, true)]
    [TestCase(0.2, true)]
    public void A_run_broken_off_within_an_epoch_goes_on_to_the_same_losses(double dropout, bool shuffles)
    {
        using var folder = new TemporaryFolder();
        DataPipeline Shuffled() => (shuffles ? keras.data.from_tensor_slices((X, Y)).shuffle(Rows, seed: 3) : keras.data.from_tensor_slices((X, Y))).map((x, y) => (x.Single * 2, y), num_parallel_calls: 2).batch(4).prefetch(2);
        var whole = New(dropout: dropout);
        var expected = whole.fit(Shuffled(), epochs: 3, verbose: 0);

        var data = Shuffled();
        var broken = New(dropout: dropout);
        Assert.That(() => broken.fit(data, epochs: 3, verbose: 0, callbacks: [new BackupAndRestore(folder["backup"], save_freq: 1), new Breaking(at: 8)]), Throws.InstanceOf<InvalidOperationException>());

        var resumed = New(dropout: dropout);
        var actual = resumed.fit(Shuffled(), epochs: 3, verbose: 0, callbacks: new BackupAndRestore(folder["backup"], save_freq: 1));
        Assert.Multiple(() =>
        {
            foreach (var (name, values) in actual.history) Assert.That(values, Is.EqualTo(expected.history[name].TakeLast(2)), name);
            Assert.That(resumed.get_weights().SelectMany(w => ((EagerTensor)w).ToHost().ToDouble()), Is.EqualTo(whole.get_weights().SelectMany(w => ((EagerTensor)w).ToHost().ToDouble())));
        });
    }

    sealed class Breaking(int at) : Callback
    {
        int _steps;

        public override void on_train_batch_end(int batch, Logs logs)
        {
            if (++_steps == at) throw new InvalidOperationException("The power is gone.");
        }
    }

    [Test]
    public void Steps_and_ends_are_known()
    {
        var model = New();
        Assert.That(() => model.fit(Pipeline().repeat(), verbose: 0), Throws.InstanceOf<UnsupportedException>().With.Message.Contains("steps_per_epoch"));
        Assert.That(model.fit(Pipeline().repeat(), epochs: 2, steps_per_epoch: 7, verbose: 0).epoch, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(() => model.fit(Pipeline().take(0), verbose: 0), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("empty"));
        var failing = Pipeline().map((x, y) => throw new InvalidDataException("bad row"));
        Assert.That(() => model.fit(failing, verbose: 0), Throws.InstanceOf<DataPipelineException>().With.InnerException.InstanceOf<InvalidDataException>());
    }
}
