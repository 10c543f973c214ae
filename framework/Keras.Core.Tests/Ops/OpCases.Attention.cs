using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Attention in its forms.</summary>
static partial class OpCases
{
    static IEnumerable<OpCase> Attentions => AttentionForms.SelectMany(f => new[]
    {
        // Gradients of the result alone go by the composite's rule, those of the weights through its decomposition.
        new OpCase($"attention {f.Name}", f.Inputs, x => [f.Run(x).Context]),
        new OpCase($"attention {f.Name}, its weights too", f.Inputs, x => { var (context, probabilities, weights) = f.Run(x); return [context, probabilities, weights]; }),
    });

    static IEnumerable<(string Name, Func<Numbers, OpInput[]> Inputs, Func<Tensor[], (Tensor Context, Tensor Probabilities, Tensor Weights)> Run)> AttentionForms =>
    [
        Attention("plain", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 3)], x => new(x[0], x[1], x[2])),
        Attention("of one head", n => [n.X(2, 3, 4), n.X(2, 5, 4), n.X(2, 5, 3)], x => new(x[0], x[1], x[2])),
        Attention("with a mask", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.Bools(2, 1, 1, 5)], x => new(x[0], x[1], x[2], Mask: x[3])),
        Attention("with a mask that zeroes", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), Nowhere(2, 1, 3, 5)], x => new(x[0], x[1], x[2], Mask: x[3]), new() { Zeroes = true }),
        Attention("to nothing that is seen", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), Nowhere(2, 1, 3, 5)], x => new(x[0], x[1], x[2], Mask: x[3])),
        Attention("with a bias", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.X(2, 3, 5)], x => new(x[0], x[1], x[2], Bias: x[3])),
        Attention("with a mask and a bias", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.Bools(3, 5), n.X(2, 1, 1, 5)], x => new(x[0], x[1], x[2], x[3], x[4])),
        Attention("with factors of heads", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.X(1, 2, 1, 1)], x => new(x[0], x[1], x[2], HeadMask: x[3])),
        Attention("with factors of heads as data", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.X(1, 2, 1, 1).WithoutGradient()], x => new(x[0], x[1], x[2], HeadMask: x[3])),
        Attention("causal", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4)], x => new(x[0], x[1], x[2]), new() { Causal = AttentionForm.UpperLeft }),
        Attention("causal behind a past", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.Bools(2, 1, 1, 5)], x => new(x[0], x[1], x[2], x[3]), new() { Causal = AttentionForm.LowerRight }),
        Attention("causal with more queries than keys", n => [n.X(2, 2, 5, 4), n.X(2, 2, 3, 4), n.X(2, 2, 3, 4)], x => new(x[0], x[1], x[2]), new() { Causal = AttentionForm.LowerRight }),
        Attention("with a soft cap", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.Bools(2, 1, 3, 5)], x => new(x[0], x[1], x[2], x[3]), new() { SoftCap = 1.5f }),
        Attention("with dropout", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), Key, Counter], x => new(x[0], x[1], x[2], Seed: x[3], Counter: x[4]), new() { Rate = 0.3f }),
        Attention("with everything", n => [n.X(2, 2, 3, 4), n.X(2, 2, 5, 4), n.X(2, 2, 5, 4), n.Bools(2, 1, 3, 5), n.X(2, 1, 5), n.X(2, 1, 1).WithoutGradient(), Key, Counter],
            x => new(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]), new() { Rate = 0.3f, Causal = AttentionForm.LowerRight }),
        Attention("of heads that share keys", n => [n.X(2, 4, 3, 4).Knowing(1), n.X(2, 2, 5, 4).Knowing(1), n.X(2, 2, 5, 3).Knowing(1), n.Bools(2, 4, 3, 5).Knowing(1), Key, Counter],
            x => new(x[0], x[1], x[2], x[3], Seed: x[4], Counter: x[5]), new() { Rate = 0.3f }),
        Attention("of heads that share one key head", n => [n.X(2, 3, 2, 4).Knowing(1), n.X(2, 1, 5, 4).Knowing(1), n.X(2, 1, 5, 3).Knowing(1), n.Bools(2, 1, 1, 5)],
            x => new(x[0], x[1], x[2], x[3])),
    ];

    static (string, Func<Numbers, OpInput[]>, Func<Tensor[], (Tensor, Tensor, Tensor)>) Attention(string name, Func<Numbers, OpInput[]> inputs,
        Func<Tensor[], AttentionInputs<Tensor>> of, AttentionForm? form = null) => (name, inputs, x => Tf.Attention(of(x), (form ?? new()) with { Scale = 0.5 }));

    /// <summary>A mask of which the first rows see nothing.</summary>
    static OpInput Nowhere(params long[] dims)
    {
        var count = (int)new Shape(dims).ElementCount;
        return Numbers.Data(HostTensor.OfBytes(DType.Bool, new Shape(dims), [.. Enumerable.Range(0, count).Select(i => (byte)(i < count / 2 ? 0 : i % 2))]));
    }
}
