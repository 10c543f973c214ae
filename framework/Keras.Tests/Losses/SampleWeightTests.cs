using Keras.Losses;
using static Keras.Api;

namespace Keras.Tests.Losses;

/// <summary>Weights of samples, weights of classes and masks, at every rank, through losses and through training.</summary>
public sealed class SampleWeightTests
{
    const int Samples = 4, Classes = 3;

    static readonly float[] Weights = [2, 0, 1, 3];

    static readonly Dictionary<int, double> ClassWeights = new() { [0] = 0.5, [1] = 2, [2] = 3 };

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        keras.utils.set_random_seed(5);
    }

    static Dim[] Steps(int axes) => [.. Enumerable.Repeat<Dim>(Samples, axes)];

    static Tensor Index(int axes) => ops.cast(ops.floor(keras.random.uniform([.. Steps(axes)], 0, 2.99)), "int32");

    static Tensor Shares(int axes) => ops.softmax(keras.random.uniform([.. Steps(axes), Classes], -1, 2));

    /// <summary>Softmax(x · W) at every step.</summary>
    static Model Classifier(int axes, string loss, string? metric = null)
    {
        var inputs = keras.Input(new Shape([.. Enumerable.Repeat<long>(Samples, axes - 1), Classes]));
        var model = keras.Model(inputs, keras.layers.Dense(Classes, activation: "softmax").Apply(inputs));
        model.compile(optimizer: keras.optimizers.SGD(0.0), loss: loss, weighted_metrics: metric is null ? null : [metric]);
        return model;
    }

    [Test]
    public void EvaluateCountsASampleAsOftenAsItsWeight([Values(1, 2, 3)] int axes, [Values] bool sparse)
    {
        var (x, labels) = (keras.random.uniform([.. Steps(axes), Classes]), Index(axes));
        var y = sparse ? labels : ops.one_hot(labels, Classes);
        var model = Classifier(axes, sparse ? "sparse_categorical_crossentropy" : "categorical_crossentropy", "accuracy");
        int[] repeated = [.. Weights.SelectMany((w, i) => Enumerable.Repeat(i, (int)w))];

        var weighted = model.evaluate(x, y, sample_weight: Weights, batch_size: Samples, verbose: 0);
        var (rx, ry) = (ops.take(x, repeated, axis: 0), ops.take(y, repeated, axis: 0));
        var counted = model.evaluate(rx, ry, batch_size: repeated.Length, verbose: 0);

        // The loss is a mean over samples, whatever they weigh; a weighted metric is the mean of what they weigh.
        Assert.That(weighted["loss"] * Samples, Is.EqualTo(counted["loss"] * repeated.Length).Within(1e-4));
        Assert.That(weighted["accuracy"], Is.EqualTo(counted["accuracy"]).Within(1e-5));
    }

    [Test]
    public void AWeightOfAClassIsTheWeightOfItsSteps([Values(1, 2, 3)] int axes, [Values] bool sparse)
    {
        var (x, labels) = (keras.random.uniform([.. Steps(axes), Classes]), Index(axes));
        var y = sparse ? labels : ops.one_hot(labels, Classes);
        var model = Classifier(axes, sparse ? "sparse_categorical_crossentropy" : "categorical_crossentropy");
        var weights = ops.take((Tensor)ClassWeights.OrderBy(w => w.Key).Select(w => (float)w.Value).ToArray(), labels, axis: 0);

        var byClass = model.fit(x, y, class_weight: ClassWeights, shuffle: false, verbose: 0).history["loss"][0];
        var byStep = model.fit(x, y, sample_weight: weights, shuffle: false, verbose: 0).history["loss"][0];

        Assert.That(byClass, Is.EqualTo(byStep).Within(1e-5));
    }

    [Test]
    public void AMaskLeavesStepsOut([Values(2, 3)] int axes, [Values] bool sparse, [Values] bool weighted)
    {
        var (labels, shares) = (Index(axes), Shares(axes));
        var keep = ops.cast(keras.random.uniform([.. Steps(axes)]), "float32") > 0.4;
        Loss loss = sparse ? keras.losses.SparseCategoricalCrossentropy() : keras.losses.CategoricalCrossentropy();
        var y = sparse ? labels : ops.one_hot(labels, Classes);
        var values = loss.call(y, shares).ToArray<float>();
        bool[] kept = keep.ToArray<bool>();
        var perSample = values.Length / Samples;
        var terms = values.Select((v, i) => kept[i] ? (double)v * (weighted ? Weights[i / perSample] : 1) : 0).Sum();

        shares.KerasMask = keep;

        Assert.That(loss.Apply(y, shares, weighted ? (Tensor)Weights : null).ToScalar<float>(), Is.EqualTo(terms / kept.Count(k => k)).Within(1e-5));
    }
}
