namespace Keras.Transformers;

/// <summary>Finds the stem of an English word.</summary>
/// <remarks>Source: M. Porter, An algorithm for suffix stripping (1980), with what NLTK added: irregular words, short ones in -ies, -ied and -y, -alli again, -fulli, -logi.</remarks>
static class PorterStemmer
{
    static readonly Dictionary<string, string> Irregular = new()
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news", ["innings"] = "inning", ["inning"] = "inning", ["outings"] = "outing",
        ["outing"] = "outing", ["cannings"] = "canning", ["canning"] = "canning", ["howe"] = "howe", ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    static readonly (string Ending, string New)[] Double =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
        ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
        ("fulli", "ful"),
    ];

    static readonly (string Ending, string New)[] Single = [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    static readonly string[] Last = ["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"];

    public static string Stem(string word)
    {
        if (Irregular.TryGetValue(word, out var known)) return known;
        if (word.Length <= 2) return word;
        word = PastAndIng(Plural(word));
        if (word.Length > 2 && Ends(word, "y") && IsConsonant(word, word.Length - 2)) word = word[..^1] + "i";
        word = Suffixes(word);
        word = Replaced(word, Single);
        if (Last.FirstOrDefault(e => Ends(word, e)) is { } ending && word[..^ending.Length] is var stem && Measure(stem) > 1 && (ending != "ion" || (stem.Length > 0 && stem[^1] is 's' or 't'))) word = stem;
        return WithoutDoubleL(WithoutE(word));
    }

    static string Plural(string word) => Ends(word, "ies") ? word.Length == 4 ? word[..^1] : word[..^2]
        : Ends(word, "sses") ? word[..^2] : Ends(word, "ss") ? word : Ends(word, "s") ? word[..^1] : word;

    static string PastAndIng(string word)
    {
        if (Ends(word, "ied")) return word.Length == 4 ? word[..^1] : word[..^2];
        if (Ends(word, "eed")) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        var stem = Ends(word, "ed") ? word[..^2] : Ends(word, "ing") ? word[..^3] : null;
        if (stem is null || !HasVowel(stem)) return word;
        if (Ends(stem, "at") || Ends(stem, "bl") || Ends(stem, "iz")) return stem + "e";
        if (stem.Length > 1 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1)) return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && IsShort(stem) ? stem + "e" : stem;
    }

    static string Suffixes(string word)
    {
        if (Ends(word, "alli") && Measure(word[..^4]) > 0) return Suffixes(word[..^2]);
        // The l of -logi is a part of the stem: "geologi" and "theologi" as "archaeologi".
        if (Ends(word, "logi")) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        return Replaced(word, Double);
    }

    static string WithoutE(string word) => Ends(word, "e") && word[..^1] is var stem && (Measure(stem) > 1 || (Measure(stem) == 1 && !IsShort(stem))) ? stem : word;

    static string WithoutDoubleL(string word) => Ends(word, "ll") && Measure(word[..^1]) > 1 ? word[..^1] : word;

    /// <summary>Replaces the first matching ending, if a stem remains before it.</summary>
    static string Replaced(string word, (string Ending, string New)[] rules) =>
        rules.FirstOrDefault(r => Ends(word, r.Ending)) is { Ending: { } ending } rule && Measure(word[..^ending.Length]) > 0 ? word[..^ending.Length] + rule.New : word;

    static bool Ends(string word, string ending) => word.EndsWith(ending, StringComparison.Ordinal);

    /// <summary>Counts how often a consonant follows a vowel.</summary>
    static int Measure(string word) => Enumerable.Range(1, Math.Max(0, word.Length - 1)).Count(i => IsConsonant(word, i) && !IsConsonant(word, i - 1));

    static bool HasVowel(string word) => Enumerable.Range(0, word.Length).Any(i => !IsConsonant(word, i));

    /// <summary>Whether a word ends in consonant, vowel, consonant other than w, x, y; or is just a vowel and a consonant.</summary>
    static bool IsShort(string word) => (word.Length >= 3 && IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y'))
        || (word.Length == 2 && !IsConsonant(word, 0) && IsConsonant(word, 1));

    static bool IsConsonant(string word, int at)
    {
        // A y after a consonant is a vowel; a row of them alternates.
        var consonant = true;
        for (; at > 0 && word[at] == 'y'; at--) consonant = !consonant;
        return word[at] == 'y' || word[at] is not ('a' or 'e' or 'i' or 'o' or 'u') ? consonant : !consonant;
    }
}
