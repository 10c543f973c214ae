namespace Keras.Transformers;

/// <summary>Checks that scores leave a token to choose.</summary>
static class ScoreCheck
{
    /// <summary>Throws if a row's scores are unusable, naming the cause: the model, or the first processor after which they are.</summary>
    /// <exception cref="ValueRangeException">A row that counts holds NaN, or every token is forbidden.</exception>
    public static void Require(Decoder decoder, Tensors step, Choice choice, Func<int, bool> counts, int number, int[]? rowsOfStep = null)
    {
        var bad = step["bad"].Single.ToArray<bool>();
        var at = Enumerable.Range(0, bad.Length).FirstOrDefault(i => bad[i] && counts(rowsOfStep?[i] ?? i), -1);
        if (at < 0) return;
        decoder.MarkFaulty();
        var row = rowsOfStep?[at] ?? at;
        throw Found(choice, step["logits"].Single[at..(at + 1)], decoder.Tokens(row), $"generate, step {number}, row {row}");
    }

    /// <summary>Makes the error for scores that leave no token to choose.</summary>
    /// <param name="choice">The choice that the scores are for.</param>
    /// <param name="raw">The model's scores, (1, V).</param>
    /// <param name="tokens">The tokens so far.</param>
    /// <param name="place">The call, step and row.</param>
    public static ValueRangeException Found(Choice choice, Tensor raw, ReadOnlySpan<int> tokens, string place)
    {
        var scores = choice.Prepared(raw);
        var history = Prompt.Tensor(tokens.ToArray(), 1, tokens.Length);
        var culprit = Fault(scores) is null ? null : "the model";
        foreach (var processor in choice.Processors)
        {
            if (culprit is not null) break;
            scores = processor.Apply(history, scores);
            if (Fault(scores) is not null) culprit = processor.GetType().Name;
        }
        return new ValueRangeException("The scores of the next token leave none to choose", $"{place}, scores of {culprit ?? "the processors"}", "at least one finite score and no NaN",
            Fault(scores) ?? "NaN", culprit == "the model" ? "The model's weights or inputs are not numbers; remove_invalid_values: true goes on nevertheless." : "Let the processor leave a token, or set remove_invalid_values: true for NaN and infinity.");
    }

    static string? Fault(Tensor scores)
    {
        var values = scores.ToArray<float>();
        return Array.Exists(values, float.IsNaN) ? "NaN" : Array.TrueForAll(values, float.IsNegativeInfinity) ? "-infinity for every token" : null;
    }
}
