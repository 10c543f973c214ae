namespace Keras.Transformers;

/// <summary>Tokens [Start, Stop) of a sequence.</summary>
readonly record struct TokenSlice(int Start, int Stop)
{
    public int Length => Stop - Start;
}

/// <summary>Truncates sequences to a length, with the overflow in further slices that overlap by the stride.</summary>
/// <param name="Strategy">Which sequences to truncate.</param>
/// <param name="MaxLength">The maximum length of a row, including special tokens.</param>
/// <param name="Stride">The number of tokens that neighbouring slices share.</param>
/// <param name="FromLeft">Whether to cut the beginning instead of the end.</param>
readonly record struct Truncation(TruncationStrategy Strategy, int MaxLength, int Stride, bool FromLeft)
{
    /// <summary>Adds the rows for one sequence, or a pair (secondLength not -1): the main row, then its overflow in the reference's order.</summary>
    /// <exception cref="TokenizationException">The strategy cannot reach the length.</exception>
    public void Plan(int firstLength, int secondLength, int specialTokens, List<(TokenSlice First, TokenSlice Second)> rows)
    {
        var pair = secondLength >= 0;
        var (firstMax, secondMax) = (firstLength, secondLength);
        // As in the reference, a max_length that the special tokens alone exceed truncates nothing.
        if (Strategy.Truncates && MaxLength >= specialTokens)
            (firstMax, secondMax) = Lengths(firstLength, secondLength, pair, MaxLength - specialTokens);
        if (firstMax >= firstLength && secondMax >= secondLength)
        {
            rows.Add((new(0, firstLength), new(0, Math.Max(secondLength, 0))));
            return;
        }

        var first = Slices(firstLength, firstMax);
        var second = pair ? Slices(secondLength, secondMax) : [default];
        rows.Add((first[0], second[0]));
        foreach (var slice in first.AsSpan(1))
            foreach (var other in second) rows.Add((slice, other));
        foreach (var other in second.AsSpan(1)) rows.Add((first[0], other));
    }

    (int First, int Second) Lengths(int first, int second, bool pair, int max)
    {
        if (max == 0) return (0, 0);
        var excess = first + Math.Max(second, 0) - max;
        if (excess <= 0) return (first, second);
        if (Strategy == TruncationStrategy.LONGEST_FIRST) return pair ? LongestFirst(first, second, max) : (max, -1);
        if (Strategy == TruncationStrategy.ONLY_FIRST) return (Shortened(first, excess), second);
        if (!pair)
            throw new TokenizationException("There is no second sequence to truncate", "truncation: \"only_second\"",
                remedy: "Use \"only_first\" or \"longest_first\", or pass text_pair.");
        return (first, Shortened(second, excess));
    }

    int Shortened(int length, int excess) => length > excess
        ? length - excess
        : throw new TokenizationException("The sequence to truncate is too short to respect max_length", $"truncation: \"{Strategy}\"",
            $"a sequence of more than {excess} tokens", $"{length} tokens", "Use \"longest_first\", or a greater max_length.");

    static (int First, int Second) LongestFirst(int first, int second, int max)
    {
        var (shorter, longer) = first <= second ? (first, second) : (second, first);
        longer = shorter > max ? shorter : Math.Max(shorter, max - shorter);
        if (shorter + longer > max)
        {
            shorter = max / 2;
            longer = shorter + max % 2;
        }
        return first <= second ? (shorter, longer) : (longer, shorter);
    }

    TokenSlice[] Slices(int length, int max)
    {
        if (max >= length) return [new(0, length)];
        if (max == 0) return [new(0, 0), new(0, length)];
        if (Stride >= max)
            throw new TokenizationException("stride is not less than the number of tokens that remain of a sequence", null, $"stride below {max}", $"{Stride}",
                "Use a smaller stride or a greater max_length.");
        var slices = new List<TokenSlice>();
        var step = max - Stride;
        if (FromLeft)
            for (var stop = length; ; stop -= step)
            {
                var start = Math.Max(0, stop - max);
                slices.Add(new(start, stop));
                if (start == 0) break;
            }
        else
            for (var start = 0; ; start += step)
            {
                var stop = Math.Min(start + max, length);
                slices.Add(new(start, stop));
                if (stop == length) break;
            }
        return [.. slices];
    }
}
