namespace Keras.Transformers;

/// <summary>Greedy search or sampling: adds one token to each row per step.</summary>
/// <param name="decoder">The model and the tokens so far.</param>
/// <param name="choice">How a token is chosen.</param>
/// <param name="limits">The conditions that end a text.</param>
/// <param name="record">The further outputs to record.</param>
sealed class TokenLoop(Decoder decoder, Choice choice, TextLimits limits, StepRecord record)
{
    /// <summary>Yields the tokens of each step, one for each row.</summary>
    public IEnumerable<int[]> Run(CancellationToken cancellation)
    {
        var ended = new bool[decoder.Rows];
        for (var count = 1; ; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = count == 1 ? decoder.Begin(choice) : decoder.Step(null, choice);
            ScoreCheck.Require(decoder, step, choice, row => !ended[row], count);
            record.Add(step, decoder.Seen);
            var tokens = step["tokens"].Single.ToArray<int>();
            for (var row = 0; row < tokens.Length; row++)
                if (ended[row]) tokens[row] = limits.Pad;
            decoder.Add(tokens);
            for (var row = 0; row < tokens.Length; row++) ended[row] |= limits.Ends(decoder.Tokens(row), tokens[row]);
            yield return tokens;
            if (count == limits.NewTokens || ended.All(e => e)) yield break;
        }
    }
}
