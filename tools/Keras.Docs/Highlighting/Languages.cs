namespace Keras.Docs.Highlighting;

/// <summary>The properties of a language that highlighting needs.</summary>
sealed record Language(string Name, (string Open, string Close)[] Comments, string Quotes, string TextPrefixes, bool HasTypes, HashSet<string> Keywords);

static class Languages
{
    static HashSet<string> Words(string words) => [.. words.Split(' ')];

    static readonly Language csharp = new("C#", [("//", "\n"), ("/*", "*/")], "\"'", "$@", true, Words(
        "abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get global goto if implicit " +
        "in init int interface internal is lock long namespace new not null object operator or and out override params partial private protected public readonly record ref required return sbyte sealed set short sizeof static string " +
        "struct switch this throw true try typeof uint ulong using value var virtual void when where while with yield"));

    static readonly Language python = new("Python", [("#", "\n")], "\"'", "rfb", true, Words(
        "and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield self"));

    static readonly Dictionary<string, Language> all = new()
    {
        ["csharp"] = csharp,
        ["cs"] = csharp,
        ["python"] = python,
        ["sh"] = new("Shell", [("#", "\n")], "\"'", "", false, Words("cd dotnet docker curl export if then fi for do done")),
        ["json"] = new("JSON", [], "\"", "", false, Words("true false null")),
        ["xml"] = new("XML", [("<!--", "-->")], "\"", "", false, []),
    };

    public static Language? Find(string name) => all.GetValueOrDefault(name);
}
