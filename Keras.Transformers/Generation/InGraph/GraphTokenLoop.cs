using static Keras.Api;

namespace Keras.Transformers;

/// <summary><see cref="TokenLoop"/> as a loop inside a graph.</summary>
/// <param name="decoder">The model.</param>
/// <param name="choice">How a token is chosen.</param>
/// <param name="seed">The seed of draws, int64 (); null without sampling.</param>
/// <param name="eos">Tokens that end a text.</param>
/// <param name="pad">The padding after a text that has ended before others.</param>
sealed class GraphTokenLoop(GraphDecoder decoder, Choice choice, Tensor? seed, IReadOnlyList<int> eos, int pad)
{
    readonly Tensor? _seeds = seed is null ? null : GraphTokenSeeds.Of(seed, decoder.Rows);

    /// <summary>All tokens, int32 (R, T + N), where N is the number of steps until all texts ended.</summary>
    public Tensor Run()
    {
        var (scores, cache) = decoder.Begin();
        var begun = Next(scores, cache, 0, decoder.History, ops.zeros([decoder.Rows], "bool"));
        var last = ops.while_loop(v => decoder.GoesOn(v["count"], v["ended"]), v =>
        {
            var step = decoder.Step(v["cache"], v["history"], v["count"]);
            return Next(step.Scores, step.Cache, v["count"], v["history"], v["ended"]);
        }, begun);
        return ops.slice(last["history"], [0, 0], [decoder.Rows, decoder.Length(last["count"])]);
    }

    Tensors Next(Tensor scores, Tensors cache, Tensor count, Tensor history, Tensor ended)
    {
        var inputs = choice.Inputs(history, decoder.Length(count), _seeds is null ? [] : [(SampleChoice.Draws, GraphTokenSeeds.Uniform(_seeds, count))]);
        var tokens = ops.where(ended, pad, choice.Run(scores, new Tensors(inputs))["tokens"]);
        return new Dictionary<string, Tensors>
        {
            ["count"] = count + 1,
            ["history"] = decoder.Added(history, count, tokens),
            ["ended"] = ops.logical_or(ended, TokenSums.IsAny(tokens, eos)),
            ["cache"] = cache,
        };
    }
}

/// <summary><see cref="TokenSeeds"/> inside a graph: the same numbers.</summary>
static class GraphTokenSeeds
{
    /// <summary>The seed of each row, derived from a common seed, int64 (R).</summary>
    public static Tensor Of(Tensor seed, Dim rows) => Mixed(ops.bitwise_xor(seed, Mixed(ops.cast(ops.arange(1, rows + 1, dtype: "int32"), "int64"))));

    /// <summary>Draws numbers in [0, 1), float32 (R).</summary>
    public static Tensor Uniform(Tensor seeds, Tensor step) => ops.cast(Shifted(Mixed(Mixed(seeds) + ops.cast(step, "int64")), 40), "float32") * (1f / (1 << 24));

    static Tensor Mixed(Tensor x)
    {
        x += Bits(0x9E3779B97F4A7C15);
        x = ops.bitwise_xor(x, Shifted(x, 30)) * Bits(0xBF58476D1CE4E5B9);
        x = ops.bitwise_xor(x, Shifted(x, 27)) * Bits(0x94D049BB133111EB);
        return ops.bitwise_xor(x, Shifted(x, 31));
    }

    /// <summary>A logical right shift; the engines' shift repeats the sign bit.</summary>
    static Tensor Shifted(Tensor x, int bits) => ops.bitwise_and(ops.right_shift(x, Bits((ulong)bits)), Bits(ulong.MaxValue >> bits));

    static Tensor Bits(ulong bits) => Tensor.Of(unchecked((long)bits));
}
