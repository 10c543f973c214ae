using static Keras.Api;

namespace Keras.Transformers;

/// <summary><see cref="BeamHypotheses"/> as tensors: each text's best finished candidates in order of arrival, after free slots.</summary>
/// <param name="Scores">float64 (B, K); infinity in a free slot.</param>
/// <param name="Texts">int32 (B, K, L).</param>
/// <param name="Lengths">The number of their tokens, int32 (B, K).</param>
sealed record GraphHypotheses(Tensor Scores, Tensor Texts, Tensor Lengths)
{
    /// <summary>The state in which no text has ended yet.</summary>
    public static GraphHypotheses None(Dim texts, int beams, Dim places) =>
        new(ops.full([texts, beams], double.PositiveInfinity, "float64"), ops.zeros([texts, beams, places], "int32"), ops.zeros([texts, beams], "int32"));

    /// <summary>Whether all slots are filled, bool (B).</summary>
    public Tensor IsFull => FullOf(Scores);

    /// <summary>The worst kept score, (B).</summary>
    public Tensor Worst => ops.min(Scores, 1);

    static Tensor FullOf(Tensor scores) => ops.logical_not(ops.any(ops.equal(scores, double.PositiveInfinity), 1));

    /// <summary>Adds further texts one by one, if they are better.</summary>
    /// <param name="mask">Which of them are texts, bool (B, K).</param>
    /// <param name="scores">float64 (B, K).</param>
    /// <param name="texts">int32 (B, K, L).</param>
    /// <param name="length">The number of their tokens, int32 ().</param>
    public GraphHypotheses With(Tensor mask, Tensor scores, Tensor texts, Tensor length)
    {
        var beams = (int)Scores.shape[1];
        var places = ops.expand_dims(ops.arange(beams, dtype: "int32"), 0);
        var (kept, sources) = (Scores, ops.broadcast_to(places, ops.shape(Scores)));
        for (var i = 0; i < beams; i++)
        {
            var (score, isFull) = (scores[.., i], FullOf(kept));
            var isTaken = ops.logical_and(mask[.., i], ops.logical_or(ops.logical_not(isFull), score > ops.min(kept, 1)));
            // Removes a free slot or the worst text, and appends the new one at the end.
            var gap = ops.where(isFull, ops.cast(ops.argmin(kept, 1), "int32"), 0);
            var from = places + ops.cast(ops.logical_and(ops.expand_dims(isTaken, 1), places >= ops.expand_dims(gap, 1)), "int32");
            Tensor Moved(Tensor x, Tensor last) => ops.take_along_axis(ops.concatenate([x, ops.expand_dims(last, 1)], 1), from, 1);
            kept = Moved(kept, score);
            sources = Moved(sources, ops.full_like(gap, beams + i));
        }
        Tensor Chosen(Tensor old, Tensor added) => GraphBeamLoop.Rows(ops.concatenate([old, added], 1), sources);
        return new(kept, Chosen(Texts, texts), Chosen(Lengths, ops.zeros_like(Lengths) + length));
    }

    /// <summary>Converts the state to variables of a loop.</summary>
    public Tensors ToTensors() => new Dictionary<string, Tensors> { ["scores"] = Scores, ["texts"] = Texts, ["lengths"] = Lengths };

    /// <summary>Converts the variables of a loop back to the state.</summary>
    public static GraphHypotheses Of(Tensors tensors) => new(tensors["scores"], tensors["texts"], tensors["lengths"]);

    /// <summary>The best of each text, the best first.</summary>
    /// <param name="count">The number of texts, N.</param>
    public GraphHypotheses Best(int count)
    {
        var (scores, places) = ops.top_k(Scores, count);
        return new(scores, GraphBeamLoop.Rows(Texts, places), GraphBeamLoop.Rows(Lengths, places));
    }
}
