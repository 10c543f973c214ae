using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Computes the number of tokens to keep in a text and its pair by longest-first truncation, as in the fast tokenizers.</summary>
static class GraphTruncation
{
    /// <param name="first">The lengths of the texts, (B), int32.</param>
    /// <param name="second">The lengths of their pairs, (B), int32.</param>
    /// <param name="room">The maximum number of tokens of both together.</param>
    public static (Tensor First, Tensor Second) LongestFirst(Tensor first, Tensor second, int room)
    {
        var (limit, half) = (Tf.Int32Scalar(room), Tf.Int32Scalar(room / 2));
        var shorter = Tf.Minimum(first, second);
        // The longer one is cut until both are equal, then both are cut.
        var longer = Tf.SelectV2(Tf.Greater(shorter, limit), shorter, Tf.Maximum(shorter, limit - shorter));
        var both = Tf.Greater(shorter + longer, limit);
        shorter = Tf.SelectV2(both, half, shorter);
        longer = Tf.SelectV2(both, Tf.Int32Scalar(room / 2 + room % 2), longer);
        var fits = Tf.LessEqual(first + second, limit);
        var firstIsLonger = Tf.Greater(first, second);
        return (Tf.SelectV2(fits, first, Tf.SelectV2(firstIsLonger, longer, shorter)), Tf.SelectV2(fits, second, Tf.SelectV2(firstIsLonger, shorter, longer)));
    }
}
