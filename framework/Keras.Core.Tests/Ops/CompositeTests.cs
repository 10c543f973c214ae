using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Composites, and methods that are several ops, against numbers that were computed otherwise.</summary>
sealed class CompositeTests(string engine) : EngineFixture(engine)
{
    [Test]
    public void GeluIsXTimesTheNormalDistribution([Values] Mode mode) => AssertClose(Run(mode, x => Tf.Gelu(x[0]), Doubles(-3, -1, -0.5, 0, 0.5, 1, 2)),
        [-0.004049694096, -0.158655253931, -0.154268769363, 0, 0.345731230637, 0.841344746069, 1.954499736104], 1e-11);

    [Test]
    public void LayerNormNormalisesTheLastAxis([Values] Mode mode)
    {
        double[] x = [1, 2, 4, -3, 0.5, 7], gamma = [2, -1, 0.5], beta = [0.1, 0.2, 0.3];
        var expected = x.Chunk(3).SelectMany(row =>
        {
            var mean = row.Average();
            var deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + 1e-3f);
            return row.Select((v, i) => ((v - mean) / deviation * gamma[i]) + beta[i]);
        });
        AssertClose(Run(mode, i => Tf.LayerNorm(i[0], i[1], i[2], 1e-3f), Matrix(3, x), Doubles(gamma), Doubles(beta)), [.. expected], 1e-12);
    }

    [Test]
    public void CrossEntropyIsTheLogarithmOfTheSoftmax([Values] Mode mode)
    {
        double[] logits = [1, -2, 0.5, 3, 0, 100];
        int[] labels = [2, 0];
        var expected = logits.Chunk(3).Select((row, i) => Math.Log(row.Sum(v => Math.Exp(v - row.Max()))) + row.Max() - row[labels[i]]).ToArray();
        AssertClose(Run(mode, x => Tf.SoftmaxCrossEntropy(x[0], x[1]), Matrix(3, logits), Tf.Int32(labels)), expected, 1e-12);
        var distributions = Matrix(3, 0, 0, 1, 1, 0, 0);
        AssertClose(Run(mode, x => Tf.SoftmaxCrossEntropyWithLogits(x[0], x[1]), Matrix(3, logits), distributions), expected, 1e-12);
    }

    [Test]
    public void EinsumOfThreeIsTwoProducts([Values] Mode mode)
    {
        var (a, b, c) = (Matrix(2, 1, 2, 3, 4, 5, 6), Matrix(3, 1, -1, 2, 0, 3, 1), Matrix(2, 1, 2, 3, 4, 5, 6));
        AssertClose(Run(mode, x => Tf.Einsum("ij,jk,kl->il", x), a, b, c), Values(Tf.MatMul(Tf.MatMul(a, b), c)));
    }

    [Test]
    public void DilatedConvolutionsSkipElements([Values] Mode mode)
    {
        // One channel, one row: y[i] = x[i] · 1 + x[i + 2] · 10.
        var x = Tf.Reshape(Doubles(1, 2, 3, 4, 5), Tf.Int32(1, 1, 5, 1));
        var filter = Tf.Reshape(Doubles(1, 10), Tf.Int32(1, 2, 1, 1));
        AssertClose(Run(mode, i => Tf.Convolve2D(i[0], i[1], [1, 1, 1, 1], "VALID", [1, 1, 2, 1]), x, filter), [31, 42, 53]);
        AssertClose(Run(mode, i => Tf.ConvolveDepthwise(i[0], i[1], [1, 1, 1, 1], "VALID", [1, 1, 2, 1]), x, filter), [31, 42, 53]);
        AssertClose(Run(mode, i => Tf.Convolve2DTranspose(Tf.Int32(1, 1, 5, 1), i[1], i[0], [1, 1, 1, 1], "VALID", [1, 1, 2, 1]),
            Tf.Reshape(Doubles(1, 2, 3), Tf.Int32(1, 1, 3, 1)), filter), [1, 2, 13, 20, 30]);
    }

    [Test]
    public void SpectraOfRealSignalsAreCutOrFilledUp()
    {
        var signal = Doubles(1, 2, 3, 4);
        AssertClose(Tf.Real(Tf.Rfft(signal, 2)), [3, -1]);
        AssertClose(Tf.Real(Tf.Rfft(signal, 6)), [10, -3.5, 2.5, -2]);
        AssertClose(Tf.Irfft(Tf.Rfft(signal, 4), 4), [1, 2, 3, 4]);
        AssertClose(Tf.Irfft(Tf.Rfft(Doubles(1, 2, 3, 4, 5), 5), 5), [1, 2, 3, 4, 5]);
    }
}
