using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Beam search: keeps several rows for each text and continues the best.</summary>
/// <param name="decoder">The model and the tokens so far.</param>
/// <param name="search">The bookkeeping.</param>
/// <param name="choices">How continuations are chosen for each group of beams; with one group, part of the compiled step.</param>
/// <param name="limits">The conditions that end texts.</param>
/// <param name="record">The further outputs to record.</param>
sealed class BeamLoop(Decoder decoder, BeamSearch search, IReadOnlyList<BeamChoice> choices, TextLimits limits, StepRecord record)
{
    /// <summary>Runs all steps.</summary>
    /// <returns>The number of tokens that were added.</returns>
    public int Run(CancellationToken cancellation)
    {
        for (var count = 1; ; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            var inStep = choices.Count == 1 ? choices[0] : null;
            var step = count == 1 ? decoder.Begin(inStep) : decoder.Step(search.From, inStep);
            if (inStep is null) step = ChosenInGroups(step, count);
            else Choose(0, step, inStep, null, count);
            record.Add(step, decoder.Seen);
            decoder.Add(search.Tokens, search.From);
            if (search.IsDone || count == limits.NewTokens || limits.EndAll(decoder)) return count;
        }
    }

    void Choose(int group, Tensors step, BeamChoice choice, int[]? rows, int count)
    {
        ScoreCheck.Require(decoder, step, choice, search.IsOpen, count, rows);
        search.Choose(group, step["values"].Single.ToArray<float>(), step["beams"].Single.ToArray<int>(), step["tokens"].Single.ToArray<int>(), row => decoder.Tokens(row).ToArray(), count - 1);
    }

    /// <summary>Chooses group by group, since each choice depends on those of earlier groups.</summary>
    Tensors ChosenInGroups(Tensors step, int count)
    {
        var logits = step["logits"].Single[.., 0];
        var scores = new Tensor[search.RowsOf(0).Length * choices.Count];
        for (var group = 0; group < choices.Count; group++)
        {
            var rows = search.RowsOf(group);
            var chosen = decoder.Choose(choices[group], ops.take(logits, rows, 0), rows, decoder.Length);
            Choose(group, chosen, choices[group], rows, count);
            if (chosen.TryGet("scores", out var changed)) foreach (var (i, row) in rows.Index()) scores[row] = changed.Single[i];
        }
        var all = step.Named().Where(o => o.Key != "logits").Append(new("logits", logits));
        return new Tensors(scores[0] is null ? all : all.Append(new("scores", ops.stack(scores, 0))));
    }
}
