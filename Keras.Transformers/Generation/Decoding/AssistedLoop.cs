namespace Keras.Transformers;

/// <summary>A source of guesses for the next tokens.</summary>
interface ITokenGuesses
{
    /// <summary>Guesses tokens that may follow.</summary>
    /// <param name="tokens">The text so far.</param>
    /// <param name="most">The maximum number of guesses.</param>
    int[] After(ReadOnlySpan<int> tokens, int most);

    /// <summary>Tells how many of the last guesses were right.</summary>
    void Learn(int guessed, int right);
}

/// <summary>Assisted decoding: guesses tokens and checks several at a time, which gives the same text with fewer model calls.</summary>
/// <param name="decoder">The model and the tokens of one text.</param>
/// <param name="choice">How a token is chosen; a guess is accepted if it is chosen, which also preserves the distribution when sampling.</param>
/// <param name="guesses">The source of guesses.</param>
/// <param name="most">The maximum number of guesses.</param>
/// <param name="limits">The conditions that end the text.</param>
/// <param name="record">The further outputs to record.</param>
/// <remarks>Source: Leviathan et al. 2022, "Fast Inference from Transformers via Speculative Decoding"; transformers/generation/utils.py, _assisted_decoding. When sampling,
/// each token's random number is that of its step, so the text is the same as without guesses.</remarks>
sealed class AssistedLoop(Decoder decoder, Choice choice, ITokenGuesses guesses, int most, TextLimits limits, StepRecord record)
{
    static readonly int[] FirstRow = [0];

    /// <summary>Yields the tokens one by one.</summary>
    public IEnumerable<int[]> Run(CancellationToken cancellation)
    {
        var first = decoder.Begin(choice);
        ScoreCheck.Require(decoder, first, choice, _ => true, 1);
        record.Add(first, decoder.Seen);
        var token = first["tokens"].Single.ToArray<int>()[0];
        for (var count = 1; ; count++)
        {
            decoder.Add([token]);
            yield return [token];
            if (count == limits.NewTokens || limits.Ends(decoder.Tokens(0), token)) yield break;
            cancellation.ThrowIfCancellationRequested();

            var room = limits.NewTokens - count - 1;
            var guess = guesses.After(decoder.Tokens(0), Math.Min(most, room));
            // Each number of guesses would need its own trace, so missing guesses are filled in.
            var computed = 1 + decoder.GuessesWithin(room);
            for (var i = 0; i < computed - 1; i++) decoder.Add([i < guess.Length ? guess[i] : token]);
            var step = decoder.Verify(computed, null, null);
            var logits = step["logits"].Single;
            var (length, right) = (decoder.Length - computed + 1, 0);
            for (var i = 0; ; i++)
            {
                var chosen = decoder.Choose(choice, logits[..1, i], FirstRow, length + i);
                ScoreCheck.Require(decoder, chosen, choice, _ => true, count + i + 1, FirstRow);
                record.Add(chosen, decoder.Seen);
                token = chosen["tokens"].Single.ToArray<int>()[0];
                if (i == guess.Length || token != guess[i]) break;
                right++;
            }
            guesses.Learn(guess.Length, right);
            decoder.Forget(computed - 1 - right);
            // The guesses that were right are already in the text; they are returned one by one like any other token.
            for (var i = 0; i < right; i++)
            {
                count++;
                yield return [guess[i]];
                if (!limits.Ends(decoder.Tokens(0)[..(length + i + 1)], guess[i])) continue;
                decoder.Forget(right - i - 1);
                yield break;
            }
        }
    }
}

/// <summary>Prompt lookup: guesses what followed an earlier occurrence of the last tokens.</summary>
/// <param name="longest">The maximum number of tokens to look up.</param>
/// <remarks>Source: transformers/generation/candidate_generator.py, PromptLookupCandidateGenerator.</remarks>
sealed class PromptLookup(int longest) : ITokenGuesses
{
    public int[] After(ReadOnlySpan<int> tokens, int most)
    {
        for (var size = Math.Min(longest, tokens.Length - 1); size > 0 && most > 0; size--)
        {
            var at = tokens[..^1].IndexOf(tokens[^size..]);
            if (at >= 0) return tokens[(at + size)..Math.Min(at + size + most, tokens.Length)].ToArray();
        }
        return [];
    }

    public void Learn(int guessed, int right) { }
}

/// <summary>Guesses by a smaller model.</summary>
/// <param name="decoder">The smaller model and the prompt.</param>
/// <param name="choice">How the smaller model chooses.</param>
/// <param name="count">The initial number of guesses.</param>
/// <param name="adapts">Whether that number grows with right guesses and falls with wrong ones.</param>
sealed class AssistantGuesses(Decoder decoder, Choice choice, int count, bool adapts) : ITokenGuesses, IDisposable
{
    double _count = count;
    bool _hasBegun;

    public int[] After(ReadOnlySpan<int> tokens, int most)
    {
        var guesses = new List<int>();
        // The common prefix of the two texts stays in the cache.
        var common = decoder.Tokens(0).CommonPrefixLength(tokens);
        if (decoder.Length > common) decoder.Forget(decoder.Length - common);
        Tensors? step = null;
        if (!_hasBegun)
        {
            step = decoder.Begin(tokens.Length == decoder.Length ? choice : null);
            _hasBegun = true;
        }
        foreach (var token in tokens[common..]) decoder.Add([token]);
        while (guesses.Count < Math.Min((int)_count, most))
        {
            var unseen = decoder.Unseen;
            if (unseen > 0) step = decoder.Verify(unseen, null, choice);
            guesses.Add(step!["tokens"].Single.ToArray<int>()[0]);
            decoder.Add([guesses[^1]]);
        }
        return [.. guesses];
    }

    public void Learn(int guessed, int right)
    {
        if (adapts) _count = right == guessed ? _count + 2 : Math.Max(1, _count - 1);
    }

    public void Dispose() => decoder.Dispose();
}
