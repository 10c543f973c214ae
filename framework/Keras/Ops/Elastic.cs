using Keras.Graphs;

namespace Keras;

/// <summary>Elastic deformation: moves pixels by noise that is smoothed with a Gaussian.</summary>
static class Elastic
{
    /// <summary>Deforms images.</summary>
    /// <param name="images">(B, H, W, C), or channels first.</param>
    /// <param name="dx">Noise for the columns, (B, H, W).</param>
    /// <param name="dy">Noise for the rows, (B, H, W).</param>
    /// <param name="alpha">How far, a scalar.</param>
    /// <param name="sigma">The Gaussian's standard deviation, a scalar; its radius is three times the integer part.</param>
    /// <param name="interpolation">"bilinear" or "nearest".</param>
    /// <param name="fill_mode">The values outside, as in <c>map_coordinates</c>.</param>
    /// <param name="fill_value">The constant.</param>
    /// <param name="channelsFirst">The position of the channel axis.</param>
    /// <param name="weight">The Gaussian's total weight, a scalar; null if it is no wider than the images.</param>
    public static Tensor Bend(Tensor images, Tensor dx, Tensor dy, Tensor alpha, Tensor sigma, string interpolation, string fill_mode, double fill_value, bool channelsFirst, Tensor? weight = null)
    {
        var batch = channelsFirst ? Tf.Transpose(images, 0, 2, 3, 1) : images;
        var (height, width) = (Tf.DimOf(batch, 1), Tf.DimOf(batch, 2));
        Tensor Moved(Tensor noise) => alpha * Blurred(Tf.Cast(noise, DType.Float32) * sigma, sigma, weight);
        static Tensor Numbers(Tensor count) => Tf.Cast(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), DType.Float32);
        var (x, y) = (Numbers(width) + Moved(dx), Tf.ExpandDims(Numbers(height), -1) + Moved(dy));
        var bent = Sampling.Planes(batch, y, x, interpolation == "nearest" ? 0 : 1, fill_mode, fill_value);
        return channelsFirst ? Tf.Transpose(bent, 0, 3, 1, 2) : bent;
    }

    /// <summary>Blurs planes (B, H, W) along both axes, with zeros outside: one product with a band matrix per axis.</summary>
    static Tensor Blurred(Tensor planes, Tensor sigma, Tensor? weight)
    {
        var (rows, columns) = (Band(Tf.DimOf(planes, 1), sigma, weight), Band(Tf.DimOf(planes, 2), sigma, weight));
        return Einsum.Contract(Tf.Transpose(Einsum.Contract(rows, planes, [1], [1]), 1, 0, 2), columns, [2], [0]);
    }

    /// <summary>The band matrix of weights: a truncated Gaussian of total weight 1.</summary>
    static Tensor Band(Tensor length, Tensor sigma, Tensor? weight)
    {
        var places = Tf.Cast(Tf.Range(Tf.Int32Scalar(0), length, Tf.Int32Scalar(1)), DType.Float32);
        var reach = Tf.Floor(sigma) * 3;
        return Bell(Tf.ExpandDims(places, 1) - Tf.ExpandDims(places, 0), sigma, reach) / (weight ?? ((Tf.Sum(Bell(places, sigma, reach)) * 2) - 1));
    }

    static Tensor Bell(Tensor distance, Tensor sigma, Tensor reach) =>
        Tf.SelectV2(Tf.LessEqual(Tf.Abs(distance), reach), Tf.Exp(Tf.Square(Tf.DivNoNan(distance, sigma)) * -0.5), Tf.ZerosLike(distance));

    /// <summary>The total weight of a Gaussian.</summary>
    public static double WeightOf(double sigma) => 1 + (2 * Enumerable.Range(1, 3 * (int)sigma).Sum(k => Math.Exp(-0.5 * k * k / (sigma * sigma))));
}
