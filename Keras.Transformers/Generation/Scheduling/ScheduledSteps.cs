using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Runs the steps of a scheduler between two checks of its requests.</summary>
/// <remarks>An error in one text (its scores, its own functions) ends that text, an error in the model ends all texts of the batch; later texts get a new batch.</remarks>
sealed class ScheduledSteps(TFPreTrainedModel model) : IDisposable
{
    readonly TextBatch _batch = new((ICausalLanguageModel)model, model.Decoders, model.compute_dtype, model.run_eagerly);

    /// <summary>The number of unfinished texts in the batch.</summary>
    public int Count => _batch.Texts.Count(t => !t.HasEnded);

    /// <summary>Computes a text's prompt and its first token; if that is not the last, the text joins the batch.</summary>
    public void Join(ScheduledText text)
    {
        Tensors begun;
        try
        {
            begun = _batch.Begin(text);
        }
        catch (Exception e)
        {
            text.End(e);
            return;
        }
        Choose([text], begun["logits"].Single);
        if (!text.HasEnded) ForAll(() => _batch.Arrange(Going, (text, begun["keys_values"])), text);
    }

    /// <summary>Adds the next token to each text.</summary>
    public void Step() => ForAll(() =>
    {
        if (_batch.Texts.Any(t => t.HasEnded)) _batch.Arrange(Going);
        if (_batch.Texts.Count == 0) return;
        var step = _batch.Step();
        var (greedy, bad) = (step["tokens"].Single.ToArray<int>(), step["bad"].Single.ToArray<bool>());
        foreach (var group in Enumerable.Range(0, greedy.Length).GroupBy(row => _batch.Texts[row].CommonForm ?? $"row {row}"))
        {
            int[] rows = [.. group];
            if (_batch.Texts[rows[0]].Choice is GreedyChoice { Processors.Count: 0 })
                foreach (var row in rows) Take(_batch.Texts[row], step["logits"].Single, row, greedy[row], bad[row]);
            else Choose([.. rows.Select(row => _batch.Texts[row])], rows.Length == greedy.Length ? step["logits"].Single : ops.take(step["logits"].Single, Prompt.Tensor(rows, rows.Length), 0));
        }
    });

    /// <summary>Chooses tokens for one text, or for several whose choices have a common form.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="raw">The model's scores of each, (R, V).</param>
    void Choose(ScheduledText[] texts, Tensor raw)
    {
        try
        {
            var chosen = model.Decoders.Choose(texts[0].Choice, raw, texts.Length == 1 ? texts[0].ChoiceInputs : Choice.InputsOf(texts.Select(t => t.Choice)), model.run_eagerly);
            var (tokens, bad) = (chosen["tokens"].Single.ToArray<int>(), chosen["bad"].Single.ToArray<bool>());
            foreach (var (i, text) in texts.Index()) Take(text, raw, i, tokens[i], bad[i]);
        }
        catch (Exception e)
        {
            foreach (var text in texts) text.End(e);
        }
    }

    static void Take(ScheduledText text, Tensor logits, int row, int token, bool isBad)
    {
        try
        {
            if (isBad) text.End(ScoreCheck.Found(text.Choice, logits[row..(row + 1)], text.Tokens, $"GenerationScheduler, token {text.NewCount + 1}"));
            else text.Add(token);
        }
        catch (Exception e)
        {
            // A user's criterion.
            text.End(e);
        }
    }

    void ForAll(Action work, ScheduledText? newcomer = null)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            newcomer?.End(e);
            End(e);
        }
    }

    /// <summary>Ends all texts and forgets them.</summary>
    public void End(Exception error)
    {
        foreach (var text in _batch.Texts) text.End(error);
        _batch.Dispose();
    }

    int[] Going => [.. Enumerable.Range(0, _batch.Texts.Count).Where(row => !_batch.Texts[row].HasEnded)];

    /// <summary>Releases the memory of texts, none of which goes on.</summary>
    public void Dispose() => _batch.Dispose();
}
