namespace Keras.Transformers;

/// <summary>Finds entities as conlleval does: for any scheme, even if a prefix is wrong.</summary>
/// <remarks>Source: the script of CoNLL-2000's shared task, with E and S as seqeval has them.</remarks>
static class Chunks
{
    public static IEnumerable<(string Type, int Start, int End)> Of(IReadOnlyList<string> texts, bool suffix, string input)
    {
        var (before, start) = (('O', "_"), 0);
        for (var i = 0; i <= texts.Count; i++)
        {
            var tag = i == texts.Count ? ('O', "_") : Parts(texts[i], suffix, input);
            if (Ends(before, tag)) yield return (before.Item2, start, i);
            if (Starts(before, tag)) start = i;
            before = tag;
        }
    }

    static (char Prefix, string Type) Parts(string text, bool suffix, string input)
    {
        if (text.Length == 0) throw new ArgumentException("A tag is empty. Expected: a text such as \"B-PER\" or \"O\".", input);
        var (prefix, rest) = suffix ? (text[^1], text[..^1]) : (text[0], text[1..]);
        var dash = suffix ? rest.LastIndexOf('-') : rest.IndexOf('-', StringComparison.Ordinal);
        var type = dash < 0 ? rest : suffix ? rest[..dash] : rest[(dash + 1)..];
        return (prefix, type.Length == 0 ? "_" : type);
    }

    static bool Ends((char Prefix, string Type) before, (char Prefix, string Type) tag) =>
        before.Prefix is 'E' or 'S' || (before.Prefix is 'B' or 'I' && tag.Prefix is 'B' or 'S' or 'O') || (before.Prefix is not ('O' or '.') && before.Type != tag.Type);

    static bool Starts((char Prefix, string Type) before, (char Prefix, string Type) tag) =>
        tag.Prefix is 'B' or 'S' || (before.Prefix is 'E' or 'S' or 'O' && tag.Prefix is 'E' or 'I') || (tag.Prefix is not ('O' or '.') && before.Type != tag.Type);
}
