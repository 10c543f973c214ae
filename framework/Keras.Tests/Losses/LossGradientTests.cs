using Keras.Graphs;
using Keras.Losses;

namespace Keras.Tests.Losses;

/// <summary>Gradients of losses against central differences, in float64.</summary>
public sealed class LossGradientTests
{
    const int Rows = 3;
    const int Classes = 4;
    const double Step = 1e-6;

    static readonly Random Numbers = new(7);

    static IEnumerable<TestCaseData> Cases()
    {
        var (real, realTruth) = (Reals(), Reals());
        var (p, q) = (Distributions(), Distributions());
        var (hot, index) = (OneHot(), Indices());
        yield return Case(new MeanSquaredError(dtype: "float64"), realTruth, real);
        yield return Case(new MeanAbsoluteError(dtype: "float64"), realTruth, real);
        yield return Case(new MeanAbsolutePercentageError(dtype: "float64"), realTruth, real);
        yield return Case(new MeanSquaredLogarithmicError(dtype: "float64"), q, p);
        yield return Case(new LogCosh(dtype: "float64"), realTruth, real);
        yield return Case(new CosineSimilarity(dtype: "float64"), realTruth, real);
        yield return Case(new Huber(0.5, dtype: "float64"), realTruth, real);
        yield return Case(new Hinge(dtype: "float64"), hot, real);
        yield return Case(new SquaredHinge(dtype: "float64"), hot, real);
        yield return Case(new CategoricalHinge(dtype: "float64"), hot, real);
        yield return Case(new KLDivergence(dtype: "float64"), q, p);
        yield return Case(new Poisson(dtype: "float64"), q, p);
        yield return Case(new BinaryCrossentropy(dtype: "float64"), hot, p);
        yield return Case(new BinaryCrossentropy(from_logits: true, label_smoothing: 0.1, dtype: "float64"), hot, real);
        yield return Case(new BinaryFocalCrossentropy(apply_class_balancing: true, dtype: "float64"), hot, p);
        yield return Case(new CategoricalCrossentropy(dtype: "float64"), hot, p);
        yield return Case(new CategoricalCrossentropy(from_logits: true, label_smoothing: 0.1, dtype: "float64"), hot, real);
        yield return Case(new CategoricalFocalCrossentropy(from_logits: true, dtype: "float64"), hot, real);
        yield return Case(new SparseCategoricalCrossentropy(dtype: "float64"), index, p);
        yield return Case(new SparseCategoricalCrossentropy(from_logits: true, ignore_class: 1, dtype: "float64"), index, real);
        yield return Case(new CategoricalGeneralizedCrossEntropy(0.7, dtype: "float64"), index, p);
        yield return Case(new Dice(dtype: "float64"), hot, p);
        yield return Case(new Tversky(0.3, 0.7, dtype: "float64"), hot, p);
        yield return Case(new Circle(gamma: 4, dtype: "float64"), index, p);
        yield return Case(new Sequence(), new[,] { { 1, 1 } }, Reals());
        yield return Case(new Sequence(), new[,] { { 3, 0 } }, Reals());
    }

    static TestCaseData Case(Loss loss, Array truth, double[,] predictions) => new TestCaseData(loss, truth, predictions).SetArgDisplayNames(loss.name, string.Join(' ', truth.Cast<object>()));

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void GradientIsTheLimitOfDifferences(Loss loss, Array truth, double[,] predictions)
    {
        Tensor y_true = truth;
        Tensor y_pred = predictions;
        using var tape = new GradientTape();
        tape.watch(y_pred);
        var gradient = tape.gradient(loss.Apply(y_true, y_pred), y_pred)!.ToArray<double>();

        double Value(int at, double by)
        {
            var moved = (double[,])predictions.Clone();
            moved[at / predictions.GetLength(1), at % predictions.GetLength(1)] += by;
            return loss.Apply(y_true, moved).ToScalar<double>();
        }

        for (var i = 0; i < gradient.Length; i++)
            Assert.That(gradient[i], Is.EqualTo((Value(i, Step) - Value(i, -Step)) / (2 * Step)).Within(1e-6), $"element {i}");
    }

    [Test]
    public void GradientOfACircleWithoutPairsIsZeroNotNan()
    {
        Tensor embeddings = new float[,] { { 1, 0 }, { 0, 1 } };
        using var tape = new GradientTape();
        tape.watch(embeddings);
        var loss = new Circle(reduction: "none").Apply(new[] { 0, 1 }, embeddings);
        Assert.That(loss.ToArray<float>(), Is.All.Zero);
        Assert.That(tape.gradient(loss, embeddings)!.ToArray<float>(), Is.All.Zero);
    }

    [Test]
    public void SecondDerivativeOfCrossEntropyFromLogitsIsTheSoftmaxCovariance()
    {
        Tensor logits = new[,] { { 0.3, -0.2, 0.9 } };
        Tensor truth = new[,] { { 0.2, 0.5, 0.3 } };
        using var outer = new GradientTape();
        outer.watch(logits);
        Tensor first;
        using (var inner = new GradientTape())
        {
            inner.watch(logits);
            first = inner.gradient(Tf.SoftmaxCrossEntropyWithLogits(logits, truth), logits)!;
        }
        var second = outer.gradient(first * new[,] { { 1.0, 0, 0 } }, logits)!.ToArray<double>();
        var p = Tf.Softmax(logits).ToArray<double>();
        Assert.That(second, Is.EqualTo(new[] { p[0] * (1 - p[0]), -p[0] * p[1], -p[0] * p[2] }).Within(1e-12));
    }

    /// <summary>CTC of one sequence, whose steps are rows.</summary>
    sealed class Sequence() : Loss("ctc", dtype: "float64")
    {
        public override Tensor call(Tensor y_true, Tensor y_pred) => new CTC(dtype: "float64").Apply(y_true, Tf.ExpandDims(y_pred, 0));
    }

    static double[,] Fill(Func<double> value)
    {
        var filled = new double[Rows, Classes];
        for (var i = 0; i < Rows; i++)
            for (var k = 0; k < Classes; k++) filled[i, k] = value();
        return filled;
    }

    static double[,] Reals() => Fill(() => (Numbers.NextDouble() * 4) - 2);

    static double[,] Distributions()
    {
        var p = Fill(() => 0.1 + Numbers.NextDouble());
        for (var i = 0; i < Rows; i++)
        {
            var sum = Enumerable.Range(0, Classes).Sum(k => p[i, k]);
            for (var k = 0; k < Classes; k++) p[i, k] /= sum;
        }
        return p;
    }

    static double[,] OneHot()
    {
        var hot = new double[Rows, Classes];
        for (var i = 0; i < Rows; i++) hot[i, (i * 2) % Classes] = 1;
        return hot;
    }

    static int[] Indices() => [0, 1, 0];
}
