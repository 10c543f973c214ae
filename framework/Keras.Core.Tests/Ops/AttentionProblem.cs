using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>An attention with random operands, and what it is by loops over doubles.</summary>
/// <param name="Seed">What the operands come from.</param>
/// <param name="Sizes">Batch, query heads, key heads, queries, keys, the size of a head of queries and keys, and of values.</param>
/// <param name="Form">How it is computed.</param>
/// <param name="Mask">The shape of what says which keys are seen; null for none.</param>
/// <param name="Bias">The shape of what is added to scores; null for none.</param>
/// <param name="HeadMask">The shape of the factors of probabilities; null for none.</param>
sealed record AttentionProblem(int Seed, (int B, int H, int G, int T, int S, int D, int Dv) Sizes, AttentionForm Form, Shape? Mask = null, Shape? Bias = null, Shape? HeadMask = null)
{
    /// <summary>One of the many that there are.</summary>
    public static AttentionProblem Random(int seed)
    {
        var random = new Random(seed);
        T Any<T>(params T[] choices) => choices[random.Next(choices.Length)];
        var (keyHeads, perKey) = Any((1, 1), (2, 1), (1, 2), (2, 2), (1, 3));
        var sizes = (B: random.Next(1, 3), H: keyHeads * perKey, G: keyHeads, T: random.Next(1, 6), S: random.Next(1, 7), D: random.Next(1, 5), Dv: random.Next(1, 5));
        Shape? Spread() => random.Next(2) == 0 ? null : Any([.. Spreads(sizes.B, sizes.H, sizes.T, sizes.S)]);
        return new(seed, sizes, new()
        {
            Scale = Any(1, 0.5, -0.75, 1 / Math.Sqrt(3)), Causal = Any(AttentionForm.All, AttentionForm.UpperLeft, AttentionForm.LowerRight), SoftCap = Any(0, 0, 0, 1.25f),
            Zeroes = Any(false, true), Rate = Any(0, 0, 0.25f, 0.5f),
        }, Spread(), Spread(), Spread());
    }

    /// <summary>Every shape that broadcasts to some dimensions.</summary>
    public static IEnumerable<Shape> Spreads(params long[] dims)
    {
        for (var rank = 0; rank <= dims.Length; rank++)
            for (var bits = 0; bits < 1 << rank; bits++) yield return new Shape([.. dims[^rank..].Select((d, i) => (bits >> i & 1) == 0 ? 1 : d)]);
    }

    /// <summary>Queries, keys and values, and bias and factors if there are any: what there are gradients by.</summary>
    public Shape[] SourceShapes => [.. new Shape?[]
    {
        new(Sizes.B, Sizes.H, Sizes.T, Sizes.D), new(Sizes.B, Sizes.G, Sizes.S, Sizes.D), new(Sizes.B, Sizes.G, Sizes.S, Sizes.Dv), Bias, HeadMask,
    }.OfType<Shape>()];

    public Shape[] OutputShapes => [new(Sizes.B, Sizes.H, Sizes.T, Sizes.Dv), Scores, Scores];

    Shape Scores => new(Sizes.B, Sizes.H, Sizes.T, Sizes.S);

    /// <summary>Values of the shapes in [-1, 1] that every dtype holds exactly.</summary>
    public double[][] Numbers(int salt, params Shape[] shapes)
    {
        var random = new Random((Seed * 31) + salt);
        return Array.ConvertAll(shapes, s => Enumerable.Range(0, (int)s.ElementCount).Select(_ => random.Next(-64, 65) / 64.0).ToArray());
    }

    public double[][] Sources() => Numbers(1, SourceShapes);

    /// <summary>Which keys are seen; some queries see none.</summary>
    public bool[]? Seen()
    {
        var random = new Random((Seed * 31) + 2);
        return Mask is null ? null : [.. Enumerable.Range(0, (int)Mask.ElementCount).Select(_ => random.Next(5) < 3)];
    }

    /// <summary>The composite.</summary>
    /// <param name="x">The sources, the mask if there is one, and with dropout its key and counter.</param>
    public Tensor[] Attend(Tensor[] x)
    {
        var next = 3;
        var (bias, headMask) = (Bias is null ? null : x[next++], HeadMask is null ? null : x[next++]);
        var mask = Mask is null ? null : x[next++];
        var (context, probabilities, weights) = Tf.Attention(Form.Rate > 0 ? new(x[0], x[1], x[2], mask, bias, headMask, x[next], x[next + 1]) : new(x[0], x[1], x[2], mask, bias, headMask), Form);
        return [context, probabilities, weights];
    }

    /// <summary>Context, probabilities and weights by the definition.</summary>
    /// <param name="x">The sources.</param>
    /// <param name="seen">Which keys are seen; null for all.</param>
    /// <param name="kept">What dropout makes of ones; null without it.</param>
    public double[][] Reference(double[][] x, bool[]? seen, double[]? kept)
    {
        var (batch, heads, keyHeads, queries, keys, size, valueSize) = Sizes;
        var (bias, headMask) = (Bias is null ? null : x[3], HeadMask is null ? null : x[^1]);
        var (context, probabilities, weights) = (new double[batch * heads * queries * valueSize], new double[Scores.ElementCount], new double[Scores.ElementCount]);
        for (var b = 0; b < batch; b++)
            for (var h = 0; h < heads; h++)
                for (var t = 0; t < queries; t++)
                {
                    var (row, keyHead) = ((((b * heads) + h) * queries) + t, (b * keyHeads) + (h / (heads / keyHeads)));
                    bool Sees(int s) => (seen is null || seen[Place(Mask!, b, h, t, s)]) && Form.Causal switch
                    {
                        AttentionForm.UpperLeft => s <= t,
                        AttentionForm.LowerRight => s <= t + keys - queries,
                        _ => true,
                    };
                    double Score(int s)
                    {
                        var score = 0.0;
                        for (var d = 0; d < size; d++) score += x[0][(row * size) + d] * x[1][(((keyHead * keys) + s) * size) + d];
                        score *= Form.Scale;
                        if (bias is not null) score += bias[Place(Bias!, b, h, t, s)];
                        return Form.SoftCap > 0 ? Math.Tanh(score / Form.SoftCap) * Form.SoftCap : score;
                    }
                    int[] all = [.. Enumerable.Range(0, keys)], visible = [.. all.Where(Sees)];
                    // A query that sees nothing attends to all keys alike, or to none.
                    var share = visible.Length > 0 ? visible.ToDictionary(s => s, s => Math.Exp(Score(s)))
                        : Form.Zeroes ? [] : all.ToDictionary(s => s, _ => 1.0);
                    var sum = share.Values.Sum();
                    foreach (var (s, part) in share)
                    {
                        var at = (row * keys) + s;
                        probabilities[at] = part / sum;
                        weights[at] = probabilities[at] * (kept is null ? 1 : kept[at]) * (headMask is null ? 1 : headMask[Place(HeadMask!, b, h, t, s)]);
                        for (var d = 0; d < valueSize; d++) context[(row * valueSize) + d] += weights[at] * x[2][(((keyHead * keys) + s) * valueSize) + d];
                    }
                }
        return [context, probabilities, weights];
    }

    /// <summary>Where the element for a score lies in what is broadcast to scores.</summary>
    static int Place(Shape shape, params int[] score)
    {
        var place = 0L;
        for (var axis = 0; axis < shape.Rank; axis++) place = (place * shape[axis]) + (shape[axis] == 1 ? 0 : score[score.Length - shape.Rank + axis]);
        return (int)place;
    }

    public override string ToString() => $"seed {Seed}: {Sizes}, scale {Form.Scale:0.##}, causal {Form.Causal}, cap {Form.SoftCap}, zeroes {Form.Zeroes}, rate {Form.Rate}, mask {Mask}, bias {Bias}, heads {HeadMask}";
}
