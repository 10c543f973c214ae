using Keras.Metrics;
using static Keras.Api;

namespace Keras.Tests.Metrics;

/// <summary>A weight of 0, 1, 2... on a sample is that sample left out, once, twice..., for every metric at every rank.</summary>
public sealed class MetricWeightTests
{
    const int Samples = 4, Classes = 3;

    static readonly float[] Weights = [2, 0, 1, 3];

    /// <summary>What a metric compares: values, shares of classes, class indices, yes or no, labels of several classes.</summary>
    enum Data
    {
        Numbers,
        Shares,
        Indices,
        OneIndexOfShares,
        Binary,
        OneHot,
        Matrix,
    }

    static readonly Dictionary<string, (Func<Metric> Make, Data Data)> Table = new()
    {
        ["AUC"] = (() => keras.metrics.AUC(), Data.Binary),
        ["AUC of labels"] = (() => keras.metrics.AUC(multi_label: true, num_labels: Classes), Data.Matrix),
        ["Accuracy"] = (() => keras.metrics.Accuracy(), Data.Indices),
        ["BinaryAccuracy"] = (() => keras.metrics.BinaryAccuracy(), Data.Binary),
        ["BinaryCrossentropy"] = (() => keras.metrics.BinaryCrossentropy(), Data.Binary),
        ["BinaryIoU"] = (() => keras.metrics.BinaryIoU(), Data.Binary),
        ["CategoricalAccuracy"] = (() => keras.metrics.CategoricalAccuracy(), Data.OneHot),
        ["CategoricalCrossentropy"] = (() => keras.metrics.CategoricalCrossentropy(), Data.OneHot),
        ["CategoricalHinge"] = (() => keras.metrics.CategoricalHinge(), Data.OneHot),
        ["CosineSimilarity"] = (() => keras.metrics.CosineSimilarity(), Data.Numbers),
        ["ConcordanceCorrelation"] = (() => keras.metrics.ConcordanceCorrelation(axis: -1), Data.Numbers),
        ["F1Score"] = (() => keras.metrics.F1Score(average: "macro"), Data.Matrix),
        ["FBetaScore"] = (() => keras.metrics.FBetaScore(average: "weighted", beta: 2), Data.Matrix),
        ["FalseNegatives"] = (() => keras.metrics.FalseNegatives(), Data.Binary),
        ["FalsePositives"] = (() => keras.metrics.FalsePositives(thresholds: new[] { 0.3, 0.6 }), Data.Binary),
        ["Hinge"] = (() => keras.metrics.Hinge(), Data.Numbers),
        ["IoU"] = (() => keras.metrics.IoU(Classes, [0, 2]), Data.Indices),
        ["KLDivergence"] = (() => keras.metrics.KLDivergence(), Data.Shares),
        ["LogCoshError"] = (() => keras.metrics.LogCoshError(), Data.Numbers),
        ["MeanAbsoluteError"] = (() => keras.metrics.MeanAbsoluteError(), Data.Numbers),
        ["MeanAbsolutePercentageError"] = (() => keras.metrics.MeanAbsolutePercentageError(), Data.Numbers),
        ["MeanIoU"] = (() => keras.metrics.MeanIoU(Classes), Data.Indices),
        ["MeanSquaredError"] = (() => keras.metrics.MeanSquaredError(), Data.Numbers),
        ["MeanSquaredLogarithmicError"] = (() => keras.metrics.MeanSquaredLogarithmicError(), Data.Numbers),
        ["OneHotIoU"] = (() => keras.metrics.OneHotIoU(Classes, [1]), Data.OneHot),
        ["OneHotMeanIoU"] = (() => keras.metrics.OneHotMeanIoU(Classes), Data.OneHot),
        ["PearsonCorrelation"] = (() => keras.metrics.PearsonCorrelation(axis: -1), Data.Numbers),
        ["Poisson"] = (() => keras.metrics.Poisson(), Data.Shares),
        ["Precision"] = (() => keras.metrics.Precision(), Data.Binary),
        ["Precision of a class"] = (() => keras.metrics.Precision(class_id: 1), Data.OneHot),
        ["Precision of the best"] = (() => keras.metrics.Precision(top_k: 2), Data.OneHot),
        ["PrecisionAtRecall"] = (() => keras.metrics.PrecisionAtRecall(0.4), Data.Binary),
        ["R2Score"] = (() => keras.metrics.R2Score(), Data.Matrix),
        ["Recall"] = (() => keras.metrics.Recall(), Data.Binary),
        ["RecallAtPrecision"] = (() => keras.metrics.RecallAtPrecision(0.4), Data.Binary),
        ["RootMeanSquaredError"] = (() => keras.metrics.RootMeanSquaredError(), Data.Numbers),
        ["SensitivityAtSpecificity"] = (() => keras.metrics.SensitivityAtSpecificity(0.4), Data.Binary),
        ["SparseCategoricalAccuracy"] = (() => keras.metrics.SparseCategoricalAccuracy(), Data.OneIndexOfShares),
        ["SparseCategoricalCrossentropy"] = (() => keras.metrics.SparseCategoricalCrossentropy(), Data.OneIndexOfShares),
        ["SparseTopKCategoricalAccuracy"] = (() => keras.metrics.SparseTopKCategoricalAccuracy(k: 2), Data.OneIndexOfShares),
        ["SpecificityAtSensitivity"] = (() => keras.metrics.SpecificityAtSensitivity(0.4), Data.Binary),
        ["SquaredHinge"] = (() => keras.metrics.SquaredHinge(), Data.Numbers),
        ["TopKCategoricalAccuracy"] = (() => keras.metrics.TopKCategoricalAccuracy(k: 2), Data.OneHot),
        ["TrueNegatives"] = (() => keras.metrics.TrueNegatives(), Data.Binary),
        ["TruePositives"] = (() => keras.metrics.TruePositives(), Data.Binary),
    };

    static IEnumerable<TestCaseData> Cases => from row in Table
                                              from axes in row.Value.Data == Data.Matrix ? new[] { 1 } : [1, 2, 3]
                                              select new TestCaseData(row.Key, axes);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    /// <summary>Truth and predictions whose first axes are samples and steps: as many samples as steps, so that a mix-up of the two is silent.</summary>
    static (Tensor Truth, Tensor Guess) Make(Data data, int axes)
    {
        keras.utils.set_random_seed(axes);
        Dim[] steps = [.. Enumerable.Repeat<Dim>(Samples, axes)], values = [.. steps, Classes];
        Tensor Uniform(Dim[] shape, double low = 0.05, double high = 0.95) => keras.random.uniform([.. shape], low, high);
        Tensor Index() => ops.cast(ops.floor(Uniform(steps, 0, 2.99)), "int32");
        Tensor Share() => ops.softmax(Uniform(values, -1, 2));
        return data switch
        {
            Data.Numbers => (Uniform(values), Uniform(values)),
            Data.Shares => (Share(), Share()),
            Data.Indices => (Index(), Index()),
            Data.OneIndexOfShares => (Index(), Share()),
            Data.Binary => (ops.cast(Uniform(values) > 0.5, "float32"), Uniform(values)),
            Data.OneHot => (ops.one_hot(Index(), Classes), Share()),
            _ => (ops.cast(Uniform(values) > 0.5, "float32"), Uniform(values)),
        };
    }

    [TestCaseSource(nameof(Cases))]
    public void AWeightIsThatManySamples(string name, int axes)
    {
        var (make, data) = Table[name];
        var (truth, guess) = Make(data, axes);
        int[] repeated = [.. Weights.SelectMany((w, i) => Enumerable.Repeat(i, (int)w))];
        var expected = make().Apply(ops.take(truth, repeated, axis: 0), ops.take(guess, repeated, axis: 0)).Single.ToArray<float>();
        foreach (Tensor weight in new Tensor[] { Weights, ops.reshape((Tensor)Weights, (Samples, 1)), Steps(axes) })
            Assert.That(make().Apply(truth, guess, weight).Single.ToArray<float>(), Is.EqualTo(expected).Within(1e-5 * Math.Max(1, expected.Max(Math.Abs))), $"weights of shape {weight.shape}");
    }

    /// <summary>The weights for each step.</summary>
    static Tensor Steps(int axes) =>
        ops.broadcast_to(ops.reshape((Tensor)Weights, [Samples, .. Enumerable.Repeat<Dim>(1, axes - 1)]), [.. Enumerable.Repeat<Dim>(Samples, axes)]);

    [Test]
    public void EveryMetricIsTried() =>
        Assert.That(Table.Keys.Select(k => k.Split(' ')[0]).Distinct().Append("Mean").Append("Sum"), Is.EquivalentTo(MetricsApi.Classes.Keys));
}
