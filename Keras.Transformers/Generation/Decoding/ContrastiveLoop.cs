using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Contrastive search: among the most probable tokens, chooses the one whose state is least similar to those of the text so far.</summary>
/// <param name="decoder">The model, which returns hidden states, and the tokens so far; with a row for each candidate, or in low-memory mode one for each text.</param>
/// <param name="choice">Which tokens are candidates.</param>
/// <param name="candidates">How many there are for each text, k.</param>
/// <param name="alpha">The weight of similarity against probability.</param>
/// <param name="prompt">The prompt, whose padding is not part of the text.</param>
/// <param name="limits">The conditions that end texts.</param>
/// <param name="record">The further outputs to record.</param>
/// <remarks>Source: Su et al. 2022, "A Contrastive Framework for Neural Text Generation", section 3.2; transformers/generation/utils.py, _contrastive_search.</remarks>
sealed class ContrastiveLoop(Decoder decoder, CandidateChoice choice, int candidates, double alpha, Prompt prompt, TextLimits limits, StepRecord record)
{
    readonly int _texts = prompt.Batch;
    readonly int _perText = decoder.Rows / prompt.Batch;

    /// <summary>The tokens of each step, one for each text.</summary>
    public IEnumerable<int[]> Run(CancellationToken cancellation)
    {
        var step = decoder.Begin(null);
        int[] rows = [.. Enumerable.Range(0, _texts).Select(text => text * _perText)];
        var context = Unit(ops.take(LastStates(step), rows, 0)[.., ..prompt.Length]);
        var hidden = (1 - ops.cast(Prompt.Tensor(prompt.Mask, _texts, prompt.Length), "float32")) * -1e9;
        var logits = ops.take(step["logits"].Single[.., 0], rows, 0);
        var ended = new bool[_texts];
        for (var count = 1; ; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            var chosen = decoder.Choose(choice, logits, rows, decoder.Length);
            ScoreCheck.Require(decoder, chosen, choice, row => !ended[row / _perText], count, rows);
            record.Add(chosen, decoder.Seen);
            var tokens = chosen["tokens"].Single.ToArray<int>();
            var (states, next) = Tried(tokens, count == 1 ? null : rows);
            var penalty = ops.max(ops.matmul(states, ops.transpose(context, [0, 2, 1])) + ops.expand_dims(hidden, 1), -1);
            var best = ops.cast(ops.argmax((chosen["probabilities"].Single * (1 - alpha)) - (penalty * alpha), -1), "int32").ToArray<int>();
            int[] places = [.. best.Select((b, text) => (text * candidates) + b)];
            int[] added = [.. places.Select((place, text) => ended[text] ? limits.Pad : tokens[place])];
            (rows, logits) = Taken(tokens, places, rows, next, count);
            context = ops.concatenate([context, ops.expand_dims(ops.take(ops.reshape(states, [_texts * candidates, -1]), places, 0), 1)], 1);
            hidden = ops.concatenate([hidden, ops.zeros([_texts, 1])], 1);
            for (var text = 0; text < _texts; text++) ended[text] = ended[text] || limits.Ends(decoder.Tokens(rows[text]), added[text]);
            yield return added;
            if (count == limits.NewTokens || ended.All(e => e)) yield break;
        }
    }

    /// <summary>The last states of each candidate, (texts, k, C) of length 1, and the scores that follow it, (texts · k, V).</summary>
    (Tensor States, Tensor Logits) Tried(int[] tokens, int[]? rows)
    {
        if (_perText == candidates)
        {
            // The rows of a text's other candidates continue from the chosen one.
            int[]? from = rows is null ? null : [.. rows.SelectMany(row => Enumerable.Repeat(row, candidates))];
            decoder.Add(tokens, from);
            var step = decoder.Step(from, null);
            return (Unit(ops.reshape(LastStates(step), [_texts, candidates, -1])), step["logits"].Single[.., 0]);
        }
        var (states, logits) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < candidates; i++)
        {
            decoder.Add([.. Enumerable.Range(0, _texts).Select(text => tokens[(text * candidates) + i])]);
            var step = decoder.Step(null, null);
            states.Add(LastStates(step)[.., 0]);
            logits.Add(step["logits"].Single[.., 0]);
            decoder.Forget(1);
        }
        return (Unit(ops.stack([.. states], 1)), ops.reshape(ops.stack([.. logits], 1), [_texts * candidates, -1]));
    }

    /// <summary>The rows of the chosen candidates, and the scores of their next tokens.</summary>
    (int[] Rows, Tensor Logits) Taken(int[] tokens, int[] places, int[] rows, Tensor next, int count)
    {
        if (_perText == candidates) return (places, ops.take(next, places, 0));
        // The cache holds the last candidate, so the chosen one is computed again.
        decoder.Add([.. places.Select(place => tokens[place])]);
        if (count < limits.NewTokens) decoder.Step(null, null);
        return (rows, ops.take(next, places, 0));
    }

    static Tensor LastStates(Tensors step) => ops.cast(step["hidden_states"][^1].Single, "float32");

    static Tensor Unit(Tensor states) => states / ops.norm(states, axis: -1, keepdims: true);
}
