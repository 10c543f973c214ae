using static Keras.Api;

namespace Keras.Tests.FieldReports;

/// <summary>What a stranger tries: weights of every rank, masks, half floats, indices, sizes and messages that no other test has in this form.</summary>
public sealed class StrangerTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static float[] Floats(Tensor t) => ops.cast(t, "float32").ToArray<float>();

    /// <summary>Calls that must be refused by a typed error.</summary>
    static readonly (string Name, Func<object?> Call)[] Refused =
    [
        ("take beyond", () => ops.take(ops.arange(3.0), new[] { 3 })),
        ("take_along_axis beyond", () => ops.take_along_axis(ops.ones((2, 2)), new[,] { { 5 }, { 0 } }, 1)),
        ("scatter_update beyond", () => ops.scatter_update(ops.zeros(3), new[,] { { 7 } }, new float[] { 1 })),
        ("a label below 0", () => keras.losses.SparseCategoricalCrossentropy().Apply(new[] { -1 }, ops.ones((1, 3)) / 3)),
        ("a label beyond in a step", () => { var m = Classifier(); return m.train_on_batch(ops.ones((2, 2)), new[] { 0, 3 }); }),
        ("a label beyond in fit", () => { var m = Classifier(); return m.fit(ops.ones((2, 2)), new[] { 0, 3 }, verbose: 0); }),
        ("an embedding beyond", () => keras.layers.Embedding(3, 2).Apply(new[,] { { 0, 3 } })),
        ("a slice_update that is too large", () => ops.slice_update(ops.zeros(3), [0], ops.ones(4))),
        ("split in uneven parts", () => ops.split(ops.ones(5), 2)),
        ("reshape to another count", () => ops.reshape(ops.ones(6), (4, 2))),
        ("einsum of other sizes", () => ops.einsum("ij,jk->ik", ops.ones((2, 3)), ops.ones((2, 3)))),
        ("matmul of strings", () => ops.matmul(new[,] { { "a" } }, new[,] { { "b" } })),
        ("top_k of more than there are", () => ops.top_k(ops.ones(3), 4)),
        ("cholesky of a flat matrix", () => ops.cholesky(ops.ones((2, 3)))),
        ("fft_length 0", () => ops.rfft(ops.ones(4), 0)),
        ("sample weights of another number", () => { var m = Classifier(); return m.fit(ops.ones((4, 2)), new[] { 0, 1, 2, 0 }, sample_weight: new float[] { 1, 2 }, verbose: 0); }),
        ("an unknown optimizer", () => { var m = Classifier(); m.compile("adamm", "mse"); return m; }),
        ("a monitor that never comes", () => { var m = Classifier(); return m.fit(ops.ones((4, 2)), new[] { 0, 1, 2, 0 }, callbacks: [new Keras.Callbacks.EarlyStopping("val_los", mode: "sideways")], verbose: 0); }),
    ];

    static Sequential Classifier()
    {
        var model = keras.Sequential([keras.Input(2), keras.layers.Dense(3, activation: "softmax")]);
        model.compile("sgd", "sparse_categorical_crossentropy");
        return model;
    }

    static IEnumerable<TestCaseData> RefusedNames => Refused.Select(r => new TestCaseData(r.Call).SetArgDisplayNames(r.Name));

    [TestCaseSource(nameof(RefusedNames))]
    public void WhatCannotBeIsRefusedByATypedError(Func<object?> call) =>
        Assert.That(() => call(), Throws.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>());

    [Test]
    public void WeightsOfSamplesCountAtEveryRank()
    {
        foreach (var rank in new[] { 2, 3, 4, 5 })
        {
            var shape = new Shape([2, .. Enumerable.Repeat(2L, rank - 1)]);
            var guess = ops.reshape(ops.stack([ops.ones(shape[1..]), ops.ones(shape[1..]) * 3]), Dims.Create([.. shape.Select(d => (Dim)d!.Value)]));
            Tensor loss = keras.losses.MeanAbsoluteError().Apply(ops.zeros_like(guess), guess, sample_weight: new float[] { 4, 0 });
            Assert.That(loss.ToScalar<float>(), Is.EqualTo(2f).Within(1e-6), $"rank {rank}");
        }
    }

    [Test]
    public void APartIsMovedIntoTheTensor()
    {
        Assert.That(Floats(ops.slice_update(ops.zeros(4), [-2], ops.ones(2))), Is.EqualTo(new float[] { 1, 1, 0, 0 }));
        Assert.That(Floats(ops.slice_update(ops.zeros(4), [3], ops.ones(2))), Is.EqualTo(new float[] { 0, 0, 1, 1 }));
    }

    [Test]
    public void HalfFloatsStayFiniteWhereTheResultIs()
    {
        var large = ops.full(4096, 60, "float16");
        Assert.That(Floats(ops.mean(large)).Single(), Is.EqualTo(60f).Within(0.1));
        Assert.That(Floats(ops.std(large)).Single(), Is.EqualTo(0f).Within(0.1));
        Assert.That(Floats(ops.softmax(ops.cast(new float[] { 60000, -60000, 60000 }, "float16"))), Is.EqualTo(new[] { 0.5f, 0f, 0.5f }).Within(1e-3));
        Assert.That(Floats(ops.logsumexp(ops.cast(new float[] { 60000, 60000 }, "float16"))), Is.All.Matches<float>(float.IsFinite));
        Assert.That(Floats(ops.normalize(ops.cast(new float[] { 30000, 40000 }, "float16"), axis: -1)), Is.EqualTo(new[] { 0.6f, 0.8f }).Within(1e-3));
    }

    [Test]
    public void ALayerThatTwoBranchesShareLearnsOnce()
    {
        var shared = keras.layers.Dense(1, use_bias: false, kernel_initializer: "ones");
        var (a, b) = (keras.Input(2), keras.Input(2));
        var model = keras.Model((a, b), keras.layers.Add().Apply((shared.Apply(a), shared.Apply(b))));
        model.compile(keras.optimizers.SGD(0.1), "mse");
        model.fit((ops.ones((1, 2)), ops.ones((1, 2))), ops.zeros((1, 1)), verbose: 0);
        // The loss is (2 w0 + 2 w1)², whose gradient in each weight is 2 · 4 · 2.
        Assert.That(Floats(model.get_weights().Single()), Is.EqualTo(new[] { -0.6f, -0.6f }).Within(1e-5));
    }

    [Test]
    public void MaskedStepsCountNothing()
    {
        var model = keras.Sequential([keras.Input([3, 1]), keras.layers.Masking(0), keras.layers.SimpleRNN(1, activation: "linear", kernel_initializer: "ones", recurrent_initializer: "ones")]);
        Assert.That(Floats(model.predict(new float[,,] { { { 1 }, { 0 }, { 2 } }, { { 0 }, { 0 }, { 0 } } }, verbose: 0)), Is.EqualTo(new[] { 3f, 0f }).Within(1e-6));
    }
}
