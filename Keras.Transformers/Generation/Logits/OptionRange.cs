namespace Keras.Transformers;

/// <summary>Rejects option values that are out of range.</summary>
static class OptionRange
{
    /// <exception cref="ValueRangeException">The value is out of range, or not a number.</exception>
    public static double Ensure(Type type, string option, double value, double least, double most, bool above = false, bool below = false)
    {
        if (Holds(value, least, most, above, below)) return value;
        throw new ValueRangeException("An option is out of range", $"{type.Name}, {option}", Text(least, most, above, below), Known.Say(value));
    }

    /// <summary>Whether a number is in a range.</summary>
    public static bool Holds(double value, double least, double most, bool above, bool below) => value >= least && value <= most && !(above && value == least) && !(below && value == most);

    /// <exception cref="ValueRangeException">There is no id, or a negative one.</exception>
    public static void EnsureIds(Type type, string option, IReadOnlyCollection<int>? ids)
    {
        if (ids is not { Count: > 0 } || ids.Any(i => i < 0)) throw new ValueRangeException("An option needs token ids", $"{type.Name}, {option}", "at least one id, each from 0", Known.Say(ids));
    }

    /// <summary>Checks a text length, which may be known only when a graph runs, and returns it as int32 ().</summary>
    /// <param name="type">The processor.</param>
    /// <param name="option">The name of the length.</param>
    /// <param name="length">The length.</param>
    /// <param name="more">The number of tokens to add to it.</param>
    /// <exception cref="ValueRangeException">The length is negative.</exception>
    public static Tensor Length(Type type, string option, Dim length, long more) => length.Known is { } known
        ? (int)Math.Min((long)Ensure(type, option, known, 0, int.MaxValue) + more, int.MaxValue)
        : length + Math.Min(more, int.MaxValue / 2);

    /// <summary>The description of a range, for error messages.</summary>
    public static string Text(double least, double most, bool above, bool below)
    {
        string[] parts = [double.IsNegativeInfinity(least) ? "" : $"{(above ? "above" : "from")} {Known.Say(least)}", most >= int.MaxValue ? "" : $"{(below ? "below" : "up to")} {Known.Say(most)}"];
        return parts.All(p => p.Length == 0) ? "a finite number" : $"a number {string.Join(" and ", parts.Where(p => p.Length > 0))}";
    }
}
