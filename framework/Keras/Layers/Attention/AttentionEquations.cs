namespace Keras.Layers;

/// <summary>The einsum equations of an attention over tensors (batch..., attended..., heads, channels).</summary>
/// <param name="Scores">From key and query to scores (batch..., heads, attended of the query..., attended of the key...).</param>
/// <param name="Combination">From scores and value to the result, in the form of the query.</param>
/// <param name="SoftmaxAxes">The axes of the scores that add up to 1 together.</param>
sealed record AttentionEquations(string Scores, string Combination, int[] SoftmaxAxes)
{
    const string Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>The equations for projected tensors of a rank.</summary>
    public static AttentionEquations Of(int rank, int[]? axes)
    {
        int[] attended = axes is null ? [.. Enumerable.Range(1, rank - 3)] : Array.ConvertAll(axes, a => a < 0 ? rank - 1 + a : a);
        var query = Letters[..rank];
        var next = rank;
        var key = string.Concat(query.Select((letter, i) => attended.Contains(i) ? Letters[next++] : letter));
        int[] batch = [.. Enumerable.Range(0, rank - 1).Where(i => !attended.Contains(i))];
        var scores = string.Concat([.. batch.Select(i => query[i]), .. attended.Select(i => query[i]), .. attended.Select(i => key[i])]);
        return new($"{key},{query}->{scores}", $"{scores},{key}->{query}", [.. Enumerable.Range(scores.Length - attended.Length, attended.Length)]);
    }

    /// <summary>A projection that keeps the first axes, sums over some and ends in new ones; and the letters of its bias.</summary>
    public static (string Equation, string BiasAxes) Projection(int free, int bound, int output)
    {
        var (kept, summed, made) = (Letters[..free], Letters[free..(free + bound)], Letters[(free + bound)..(free + bound + output)]);
        return ($"{kept}{summed},{summed}{made}->{kept}{made}", made);
    }

    /// <summary>A number of unknown dimensions, then these.</summary>
    public static Shape Last(int unknown, params long[] sizes) => new([.. Enumerable.Repeat(-1L, unknown), .. sizes]);
}
