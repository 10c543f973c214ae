using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Beam search as a loop inside a graph: what <see cref="BeamLoop"/> and <see cref="BeamSearch"/> do, for one group of beams.</summary>
/// <param name="decoder">The model, with a row for each beam.</param>
/// <param name="choice">How continuations are chosen.</param>
/// <param name="seed">The seed of draws, int64 (); null without sampling.</param>
/// <param name="config">The options for beams and the end of texts.</param>
/// <param name="pad">The padding after the end of a text.</param>
sealed class GraphBeamLoop(GraphDecoder decoder, BeamChoice choice, Tensor? seed, GenerationConfig config, int pad)
{
    readonly int _beams = config.num_beams;

    /// <summary>The length of a text to the power of the penalty, by its number of new tokens; the same as on the host, to the last bit.</summary>
    readonly Tensor _powers = Graphs.Tf.Constant(HostTensor.Vector<double>([.. Enumerable.Range(0, (config.max_new_tokens ?? config.max_length) + 1).Select(n => Math.Pow(n, config.length_penalty))]));

    /// <summary>Selects rows of each text, (B, M, ...), from a tensor (B, N, ...).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="places">The selected rows of each text, int32 (B, M).</param>
    public static Tensor Rows(Tensor x, Tensor places) => Graphs.Tf.Gather(x, places, 1, batch_dims: 1);

    /// <summary>The best texts of each prompt, int32 (B · N, T + M), and their scores, float32 (B · N).</summary>
    public (Tensor Sequences, Tensor Scores) Run()
    {
        var (scores, cache) = decoder.Begin();
        Tensor first = ops.where(ops.equal(ops.arange(_beams, dtype: "int32"), 0), 0f, -1e9f);
        var begun = Next(scores, cache, new Dictionary<string, Tensors>
        {
            ["count"] = (Tensor)0,
            ["history"] = decoder.History,
            ["sums"] = ops.broadcast_to(ops.expand_dims(first, 0), [decoder.Texts, _beams]),
            ["done"] = ops.zeros([decoder.Texts], "bool"),
            ["kept"] = GraphHypotheses.None(decoder.Texts, _beams, decoder.Places).ToTensors(),
        });
        var last = ops.while_loop(v => decoder.GoesOn(v["count"], v["done"]), v =>
        {
            var step = decoder.Step(v["cache"], v["history"], v["count"], v["from"]);
            return Next(step.Scores, step.Cache, v);
        }, begun);
        return Best(last);
    }

    Tensor Power(Tensor length) => ops.take(_powers, length);

    /// <summary>Rows text by text, (B, K, L).</summary>
    Tensor ByText(Tensor history) => ops.reshape(history, [decoder.Texts, _beams, decoder.Places]);

    Tensors Next(Tensor scores, Tensors cache, Tensors state)
    {
        Tensor count = state["count"], done = state["done"];
        var (length, all) = (count + 1, ByText(state["history"]));
        var (values, beams, tokens) = Candidates(scores, state);
        var (ranks, isEnd) = (ops.expand_dims(ops.arange((int)values.shape[1], dtype: "int32"), 0), TokenSums.IsAny(tokens, config.eos_token_id));
        var kept = GraphHypotheses.Of(state["kept"]);
        // Only the best continuations may end a text.
        if (config.eos_token_id.Count > 0)
        {
            Tensor OfBest(Tensor x) => x[.., .._beams];
            var ended = decoder.Added(Rows(all, OfBest(beams)), count, ops.full_like(OfBest(tokens), config.eos_token_id[0]));
            kept = kept.With(ops.logical_and(OfBest(isEnd), ops.logical_not(ops.expand_dims(done, 1))), ops.cast(OfBest(values), "float64") / Power(length), ended, decoder.Length(length));
        }
        // The first continuations that do not end it go on; a complete text stays as it is.
        var (_, first) = ops.top_k(-(ranks + (ops.cast(isEnd, "int32") * (int)values.shape[1])), _beams);
        Tensor GoingOn(Tensor x, TensorLike whereDone) => ops.where(ops.expand_dims(done, 1), whereDone, ops.take_along_axis(x, first, 1));
        var own = ops.expand_dims(ops.arange(_beams, dtype: "int32"), 0);
        var from = GoingOn(beams, own);
        return new Dictionary<string, Tensors>
        {
            ["count"] = length,
            ["history"] = ops.reshape(decoder.Added(Rows(all, from), count, GoingOn(tokens, pad)), [decoder.Rows, decoder.Places]),
            ["sums"] = GoingOn(values, 0f),
            ["done"] = ops.logical_or(done, IsDone(kept, values[.., 0], length)),
            ["kept"] = kept.ToTensors(),
            ["from"] = ops.reshape(from + (ops.expand_dims(ops.arange(decoder.Texts, dtype: "int32"), 1) * _beams), [-1]),
            ["cache"] = cache,
        };
    }

    /// <summary>The best continuations of each text, the best first: their sums, the beam that each one continues, its token.</summary>
    (Tensor Values, Tensor Beams, Tensor Tokens) Candidates(Tensor scores, Tensors state)
    {
        Tensor count = state["count"];
        List<(string, Tensor)> extras = [("sums", ops.reshape(state["sums"], [-1]))];
        if (seed is not null) extras.Add(("seed", ops.stack([seed, ops.cast(count, "int64")], 0)));
        var chosen = choice.Run(scores, new Tensors(choice.Inputs(state["history"], decoder.Length(count), extras)));
        Tensor values = chosen["values"], beams = chosen["beams"], tokens = chosen["tokens"];
        if (seed is null) return (values, beams, tokens);
        var (falling, order) = ops.top_k(values, (int)values.shape[1]);
        return (falling, ops.take_along_axis(beams, order, 1), ops.take_along_axis(tokens, order, 1));
    }

    /// <summary>Whether no unfinished text can become better than those kept.</summary>
    Tensor IsDone(GraphHypotheses kept, Tensor best, Tensor length)
    {
        var rule = config.early_stopping;
        if (rule is { IsNever: false, Flag: true }) return kept.IsFull;
        var reach = rule.IsNever && config.length_penalty > 0 ? (decoder.Places - decoder.PromptLength).ToTensor() : length;
        return ops.logical_and(kept.IsFull, kept.Worst >= ops.cast(best, "float64") / Power(reach));
    }

    (Tensor Sequences, Tensor Scores) Best(Tensors last)
    {
        Tensor count = last["count"];
        var isOpen = ops.broadcast_to(ops.expand_dims(ops.logical_not(last["done"]), 1), [decoder.Texts, _beams]);
        var best = GraphHypotheses.Of(last["kept"]).With(isOpen, ops.cast(last["sums"], "float64") / Power(count), ByText(last["history"]), decoder.Length(count)).Best(config.num_return_sequences);
        var sequences = ops.where(decoder.Columns < ops.expand_dims(best.Lengths, 2), best.Texts, pad);
        var rows = decoder.Texts * config.num_return_sequences;
        return (ops.slice(ops.reshape(sequences, [rows, decoder.Places]), [0, 0], [rows, ops.max(best.Lengths)]), ops.cast(ops.reshape(best.Scores, [-1]), "float32"));
    }
}
