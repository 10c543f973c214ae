using Keras.Graphs;
using Keras.Losses;

namespace Keras.Tests.Losses;

public sealed class LossTests
{
    static readonly LossesApi Losses = new();

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    sealed class Difference() : Loss("difference")
    {
        public override Tensor call(Tensor y_true, Tensor y_pred) => y_pred - y_true;
    }

    [Test]
    public void ASubclassIsReducedAndComputesInItsDtype()
    {
        var loss = new Difference();
        Assert.That(loss.Apply(new[] { 1, 2 }, new[] { 3.0, 6.0 }).ToScalar<float>(), Is.EqualTo(3f));
        Assert.That(loss.get_config(), Is.EqualTo(new Dictionary<string, object?> { ["name"] = "difference", ["reduction"] = "sum_over_batch_size" }));
    }

    [Test]
    public void LargeClassIndicesAreNotRoundedByTheLossDtype()
    {
        // 2049 is no float16; the label must not pass through the loss's dtype.
        var logits = new float[1, 2050];
        logits[0, 2049] = 30;
        var loss = new SparseCategoricalCrossentropy(from_logits: true, dtype: "float16");
        Assert.That((float)loss.Apply(new[] { 2049 }, logits).ToScalar<Half>(), Is.Zero.Within(1e-3));
    }

    [Test]
    public void ATracedSoftmaxIsTakenBackToItsLogits()
    {
        // The probability of class 0 rounds to 0: from it the loss would stop at -log(1e-7) = 16.1.
        Tensor logits = new float[,] { { 0, 100 } };
        var loss = new SparseCategoricalCrossentropy();
        var traced = GoldenList.Run(RunMode.Graph, logits, x => new Tensors(loss.Apply(new[] { 0 }, Tf.Softmax(x))));
        Assert.That(((Tensor)traced).ToScalar<float>(), Is.EqualTo(100f).Within(1e-3));
        var binary = GoldenList.Run(RunMode.Xla, new Tensors((Tensor)new float[,] { { 100 } }), x => new Tensors(new BinaryCrossentropy().Apply(new float[,] { { 0 } }, Tf.Sigmoid(x))));
        Assert.That(((Tensor)binary).ToScalar<float>(), Is.EqualTo(100f).Within(1e-3));
    }

    [Test]
    public void IgnoredLabelsDoNotCountInTheMean()
    {
        var logits = new float[,] { { 1, 2 }, { 3, 1 }, { 0, 5 } };
        var all = new SparseCategoricalCrossentropy(from_logits: true).Apply(new[] { 0, 1 }, new float[,] { { 1, 2 }, { 0, 5 } }).ToScalar<float>();
        var some = new SparseCategoricalCrossentropy(from_logits: true, ignore_class: -100).Apply(new[] { 0, -100, 1 }, logits).ToScalar<float>();
        Assert.That(some, Is.EqualTo(all).Within(1e-6));
    }

    [Test]
    public void ACompiledLossTakesAnyBatchSize()
    {
        var loss = new MeanSquaredError();
        using var function = new TracedFunction("loss", x => new Tensors(loss.Apply(x[0], x[1])), new(Jit: false));
        foreach (var batch in (int[])[2, 5, 9])
        {
            Tensor ones = Tf.Full(new Shape(batch, 3), 1, DType.Float32);
            Tensor value = function.Call(new Tensors([new Tensors(ones), new Tensors(ones * 3)]));
            Assert.That(value.ToScalar<float>(), Is.EqualTo(4f));
        }
        Assert.That(function.TraceCount, Is.EqualTo(2), "the second shape relaxes the batch");
    }

    [Test]
    public void MisuseIsTold()
    {
        Assert.That(() => new MeanSquaredError(reduction: "nosuch"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("nosuch"));
        Assert.That(() => Losses.get("nosuch"), Throws.InstanceOf<ArgumentException>().With.Message.Contains("nosuch"));
        Assert.That(() => new MeanSquaredError().Apply(new float[2, 3], new float[2, 4]), Throws.InstanceOf<KerasException>());
        Assert.That(() => new CategoricalCrossentropy().Apply(new float[2, 3], new float[2, 4]), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => new SparseCategoricalCrossentropy().Apply(new float[2, 3], new float[1, 3, 4]), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => new BinaryCrossentropy().Apply("x", new float[2]), Throws.InstanceOf<DTypeMismatchException>());
        Assert.That(() => new CategoricalGeneralizedCrossEntropy(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new CosineSimilarity(axis: 3).Apply(new float[2, 3], new float[2, 3]), Throws.InstanceOf<ShapeMismatchException>());
    }

    [Test]
    public void ArgumentsConvertAndResolve()
    {
        LossArg byName = "mse";
        LossArg byFunction = new Func<Tensor, Tensor, Tensor>((t, p) => p - t);
        LossArg byObject = new Huber(2);
        LossArg list = ["mse", null, new Huber()];
        LossArg dictionary = new() { ["kind"] = "ce", ["price"] = null };
        LossArg given = new Dictionary<string, LossArg?> { ["kind"] = "ce" };

        Assert.That(byName.Resolve([2, 1], [2, 1]).name, Is.EqualTo("mse"));
        Assert.That(byFunction.Resolve([2, 1], [2, 1]).Apply(new float[] { 1 }, new float[] { 4 }).ToScalar<float>(), Is.EqualTo(3f));
        Assert.That(byObject.Resolve([2, 1], [2, 1]), Is.InstanceOf<Huber>());
        Assert.That(list.Items, Has.Count.EqualTo(3).And.ItemAt(1).Null);
        Assert.That(dictionary.ByOutput!.Keys, Is.EqualTo(new[] { "kind", "price" }));
        Assert.That(given.ByOutput!["kind"], Is.Not.Null);
        Assert.That(() => list.Resolve([2, 1], [2, 1]), Throws.InvalidOperationException);
    }

    [Test]
    public void ASerializedLossIsMadeAgain()
    {
        foreach (var loss in (Loss[])[new Huber(reduction: "sum"), Losses.get("mse"), new Dice(axis: [1, 2])])
        {
            var again = Losses.get(Losses.serialize(loss));
            Assert.That(again.GetType(), Is.EqualTo(loss.GetType()));
            Assert.That(again.get_config(), Is.EqualTo(loss.get_config()));
        }
        Assert.That(((LossFunctionWrapper)Losses.get(new Dictionary<string, object?> { ["class_name"] = "function", ["config"] = "hinge" })).FunctionName, Is.EqualTo("hinge"));
        Assert.That(() => Losses.serialize(new LossFunctionWrapper((t, p) => p)), Throws.InstanceOf<UnsupportedException>());
    }

    [TestCase(new long[] { 4, 1 }, new long[] { 4, 1 }, "binary_crossentropy")]
    [TestCase(new long[] { 4 }, new long[] { 4, 3 }, "sparse_categorical_crossentropy")]
    [TestCase(new long[] { 4, 1 }, new long[] { 4, 3 }, "sparse_categorical_crossentropy")]
    [TestCase(new long[] { 4, 3 }, new long[] { 4, 3 }, "categorical_crossentropy")]
    public void CrossentropyIsChosenByTheShapes(long[] truth, long[] predictions, string expected)
    {
        LossArg loss = "ce";
        Assert.That(((LossFunctionWrapper)loss.Resolve(truth, predictions)).FunctionName, Is.EqualTo(expected));
    }
}
