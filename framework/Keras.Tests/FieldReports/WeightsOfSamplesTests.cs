using Keras.Callbacks;
using static Keras.Api;

namespace Keras.Tests.FieldReports;

/// <summary>Weights that belong to samples, where values belong to steps; and what callbacks know of metrics.</summary>
sealed class WeightsOfSamplesTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static readonly string[] Losses =
    [
        "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "huber", "log_cosh", "hinge", "squared_hinge",
        "categorical_hinge", "kl_divergence", "poisson", "binary_crossentropy", "categorical_crossentropy", "cosine_similarity",
    ];

    /// <summary>Of any rank, a weight of shape (B), (B, 1, ...) or of all values multiplies the values of its sample.</summary>
    [Test]
    public void EachLossTimesItsWeights([ValueSource(nameof(Losses))] string name, [Values(1, 2, 3)] int axes, [Values] bool whole)
    {
        keras.utils.set_random_seed(axes);
        Dim[] shape = [.. Enumerable.Repeat<Dim>(3, axes), 2];
        Tensor truth = keras.random.uniform([.. shape], 0.1, 0.9), guess = keras.random.uniform([.. shape], 0.1, 0.9);
        var loss = keras.losses.get(name);
        var values = loss.call(truth, guess).ToArray<float>();
        float[] weights = [1, 0, 3];
        var per = values.Length / weights.Length;
        var expected = values.Select((v, i) => (double)v * weights[i / per]).Sum() / values.Length;
        Tensor weight = whole ? ops.broadcast_to(ops.reshape((Tensor)weights, [3, .. Enumerable.Repeat<Dim>(1, axes - 1)]), [.. shape[..^1]]) : weights;
        Assert.That(loss.Apply(truth, guess, sample_weight: weight).ToScalar<float>(), Is.EqualTo(expected).Within(1e-5 * Math.Max(1, Math.Abs(expected))));
    }

    [Test]
    public void AutoModeAsksWhereNothingTells([Values] bool stop)
    {
        float[,] x = { { 0 }, { 1 } };
        var model = keras.Sequential([keras.Input([1]), keras.layers.Dense(1)]);
        model.compile(optimizer: "sgd", loss: "mse");
        var log = new LambdaCallback(on_epoch_end: (epoch, logs) => logs["something"] = epoch);
        Callback watch = stop ? new EarlyStopping(monitor: "something") : new ReduceLROnPlateau(monitor: "something");
        Assert.That(() => model.fit(x, x, epochs: 2, verbose: 0, callbacks: [log, watch]), Throws.ArgumentException.With.Message.Contains("mode"));
    }

    [Test]
    public void AnOutputPaddingIsBelowTheStride([Values(1, 2, 3)] int rank, [Values(0, 1, 2)] int padding)
    {
        Layer Make() => rank switch
        {
            1 => keras.layers.Conv1DTranspose(1, 3, strides: 2, output_padding: padding),
            2 => keras.layers.Conv2DTranspose(1, 3, strides: 2, output_padding: padding),
            _ => keras.layers.Conv3DTranspose(1, 3, strides: 2, output_padding: padding),
        };
        if (padding == 2) Assert.That(Make, Throws.ArgumentException.With.Message.Contains("output_padding"));
        else Assert.That(Make().compute_output_shape([2, .. Enumerable.Repeat(4L, rank), 1]), Is.EqualTo(new Shape([2, .. Enumerable.Repeat(9L + padding, rank), 1])));
    }
}
