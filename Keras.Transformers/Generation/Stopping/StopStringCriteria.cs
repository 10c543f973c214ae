using System.Text;

namespace Keras.Transformers;

/// <summary>Ends a text when a string ends in its last token; the string may begin and end within tokens.</summary>
/// <remarks>Only as many of the last tokens are turned into text as the longest string needs, so a long text costs no more than a short one. Source:
/// transformers/generation/stopping_criteria.py.</remarks>
public sealed class StopStringCriteria : StoppingCriteria
{
    /// <summary>The number of tokens at the edge whose text may depend on earlier ones: parts of a character, a word's first piece.</summary>
    const int Edge = 4;

    readonly ITextTokenizer _tokenizer;
    readonly string[] _strings;
    readonly int _longest;
    readonly int _tokens;

    /// <summary>Creates a criterion with one stop string.</summary>
    /// <inheritdoc cref="StopStringCriteria(ITextTokenizer, IEnumerable{string})"/>
    public StopStringCriteria(ITextTokenizer tokenizer, string stop_strings) : this(tokenizer, [stop_strings]) { }

    /// <summary>Creates a criterion with several stop strings.</summary>
    /// <param name="tokenizer">The tokenizer that the ids are of.</param>
    /// <param name="stop_strings">The strings.</param>
    /// <exception cref="ConfigException">There is no tokenizer, no string, or an empty one.</exception>
    public StopStringCriteria(ITextTokenizer? tokenizer, IEnumerable<string> stop_strings)
    {
        ArgumentNullException.ThrowIfNull(stop_strings);
        _tokenizer = tokenizer ?? throw new ConfigException("Stop strings are given without a tokenizer", "stop_strings", "the model's tokenizer beside them", "none", "Pass it as tokenizer.");
        _strings = [.. stop_strings];
        if (_strings.Length == 0 || _strings.Any(string.IsNullOrEmpty)) throw new ConfigException("There is no stop string, or an empty one", "stop_strings", "at least one string, none of them empty", Known.Say(_strings));
        _longest = _strings.Max(s => s.Length);
        _tokens = _strings.Max(Encoding.UTF8.GetByteCount) + (2 * Edge);
    }

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids)
    {
        if (input_ids.IsEmpty) return false;
        for (var count = _tokens; ; count *= 2)
        {
            var isWhole = count >= input_ids.Length;
            var tail = input_ids[(isWhole ? 0 : input_ids.Length - count)..].ToArray();
            var before = Text(tail[..^1]);
            if (isWhole) return Ends(before, Text(tail), 0);
            var edge = Text(tail[..Edge]).Length;
            // Tokens may have no text, so more of them are needed.
            if (before.Length - edge >= _longest) return Ends(before, Text(tail), edge);
        }
    }

    /// <summary>Whether a string ends after the end of the text without its last token.</summary>
    bool Ends(string before, string text, int edge)
    {
        // The last token may complete a character that was a replacement character before.
        var same = before.AsSpan().CommonPrefixLength(text);
        foreach (var stop in _strings)
            if (text.IndexOf(stop, Math.Min(text.Length, Math.Max(edge, same - stop.Length + 1)), StringComparison.Ordinal) >= 0) return true;
        return false;
    }

    string Text(int[] ids) => _tokenizer.decode(ids, clean_up_tokenization_spaces: false);
}
