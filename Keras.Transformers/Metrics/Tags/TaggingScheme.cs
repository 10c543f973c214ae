namespace Keras.Transformers;

/// <summary>Rules for where an entity begins and ends, from the previous prefix, the prefix, and whether both have one type.</summary>
/// <remarks>Source: the schemes as seqeval 1.2 defines them. A rule is "BI=": after B an I of the same type; "!" another type, "*" any; "?" is any prefix.</remarks>
sealed record TaggingScheme(string Name, string Prefixes, string Starts, string Insides, string Ends)
{
    static readonly TaggingScheme[] All =
    [
        new("IOB1", "IOB", "OI* II! BI* IB= BB=", "BI= II=", "II! IO* IB* BO* BI! BB="),
        new("IOB2", "IOB", "?B*", "BI= II=", "IO* II! IB* BO* BI! BB*"),
        new("IOE1", "IOE", "OI* II! EI* EE=", "II= IE=", "II! IO* IE! EI= EE="),
        new("IOE2", "IOE", "OI* OE* EI* EE* II! IE!", "IE= II=", "E?*"),
        new("IOBES", "IOBES", "?B* ?S*", "BI= BE= II= IE=", "S?* E?*"),
        new("BILOU", "BILOU", "?B* ?U*", "BI= BL= II= IL=", "U?* L?*"),
    ];

    readonly string[] _starts = Starts.Split(' '), _insides = Insides.Split(' '), _ends = Ends.Split(' ');

    /// <summary>The names of all schemes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(s => s.Name)];

    public static TaggingScheme Of(string name) => All.FirstOrDefault(s => s.Name == name) ?? throw Known.NoneOf(name, "scheme", [.. Names]);

    /// <summary>The scheme that the prefixes of texts suggest: IOB2, IOE2, IOBES or BILOU.</summary>
    /// <exception cref="ArgumentException">The prefixes match none of these schemes.</exception>
    public static TaggingScheme Detect(IEnumerable<string> tags, bool suffix)
    {
        var present = string.Concat(tags.Select(t => new Tag(t, suffix, "references").Prefix).Distinct().Order());
        bool Fits(string allowed, string needed) => present.All(allowed.Contains) && needed.All(present.Contains);
        return Of(Fits("IOB", "B") ? "IOB2" : Fits("IOE", "E") ? "IOE2" : Fits("IOBES", "BE") || present == "S" ? "IOBES" : Fits("BILOU", "BL") || present == "U" ? "BILOU"
            : throw new ArgumentException($"No scheme can be told from these prefixes of tags: {present}. Give scheme, one of {Known.List(Names)}.", "scheme"));
    }

    /// <summary>The entities of a text, with their positions.</summary>
    /// <exception cref="ArgumentException">A tag's prefix is not one of the scheme's.</exception>
    public IEnumerable<(string Type, int Start, int End)> Entities(IReadOnlyList<string> texts, bool suffix, string input)
    {
        Tag[] tags = [.. texts.Select(t => new Tag(t, suffix, input)), new("O", suffix, input)];
        var before = tags[^1];
        for (var i = 0; i < tags.Length;)
        {
            if (!Prefixes.Contains(tags[i].Prefix)) throw new ArgumentException($"A tag does not belong to the scheme {Name}. Expected: one that begins with one of {Known.List(Prefixes.AsEnumerable())}. Received: {Known.Say(texts[i])}.", "scheme");
            if (!Is(_starts, before, tags[i]))
            {
                before = tags[i++];
                continue;
            }
            var end = i + 1;
            while (end < tags.Length && Is(_insides, tags[end - 1], tags[end])) end++;
            if (Is(_ends, tags[end - 1], tags[end])) yield return (tags[i].Type, i, end);
            i = end;
            before = tags[i - 1];
        }
    }

    static bool Is(string[] rules, Tag before, Tag tag)
    {
        foreach (var rule in rules)
            if ((rule[0] == '?' || rule[0] == before.Prefix) && (rule[1] == '?' || rule[1] == tag.Prefix) && (rule[2] == '*' || rule[2] == '=' == (before.Type == tag.Type))) return true;
        return false;
    }

    /// <summary>A tag split into its parts.</summary>
    readonly record struct Tag
    {
        public Tag(string text, bool suffix, string input)
        {
            if (text.Length == 0 || !"IOBESUL".Contains(suffix ? text[^1] : text[0]))
                throw new ArgumentException($"A tag has no known prefix. Expected: one of I, O, B, E, S, U, L. Received: {Known.Say(text)}.{(suffix ? "" : " Give suffix: true where tags end in it.")}", input);
            Prefix = suffix ? text[^1] : text[0];
            Type = (suffix ? text[..^1] : text[1..]).Trim('-') is { Length: > 0 } type ? type : "_";
        }

        public char Prefix { get; }

        public string Type { get; }
    }
}
