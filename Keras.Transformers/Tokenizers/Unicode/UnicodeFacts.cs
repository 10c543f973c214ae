using System.Globalization;
using System.Text;

namespace Keras.Transformers;

/// <summary>
/// What the BERT reference knows about code points: own tables, so that the result depends neither on ICU (whose absence makes
/// String.Normalize do nothing) nor on the Unicode edition of the runtime.
/// </summary>
/// <remarks>The facts lie in UnicodeFacts.txt; make_unicode_facts.py beside it says how they were found.</remarks>
static class UnicodeFacts
{
    /// <summary>The longest canonical decomposition of one code point.</summary>
    public const int LongestDecomposition = 4;

    /// <summary>The Hangul syllables, which decompose by rule.</summary>
    public const int HangulBase = 0xAC00, HangulCount = 11172;

    const int LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7, VowelTrailCount = 588, TrailCount = 28;

    static readonly Dictionary<string, string> Lines = ReadLines();

    /// <summary>Dropped when text is cleaned: controls, formats and private use.</summary>
    public static readonly CodePointSet Removed = CodePointSet.Parse(Lines["removed"]);

    /// <summary>White space.</summary>
    public static readonly CodePointSet Space = CodePointSet.Parse(Lines["space"]);

    /// <summary>Characters that are words of their own.</summary>
    public static readonly CodePointSet Punctuation = CodePointSet.Parse(Lines["punctuation"]);

    /// <summary>Chinese characters, which get spaces around them.</summary>
    public static readonly CodePointSet Ideograph = CodePointSet.Parse(Lines["ideograph"]);

    /// <summary>Non-spacing marks, dropped when accents are stripped.</summary>
    public static readonly CodePointSet Mark = CodePointSet.Parse(Lines["mark"]);

    static readonly Dictionary<int, int[]> Decompositions = ReadDecompositions();
    static readonly Dictionary<int, byte> CombiningClasses = ReadCombiningClasses();

    /// <summary>The code points that the table decomposes.</summary>
    public static IEnumerable<int> Decomposable => Decompositions.Keys;

    /// <summary>The code points whose combining class is not 0.</summary>
    public static IEnumerable<int> Combining => CombiningClasses.Keys;

    /// <summary>The canonical combining class; 0 for what starts a new cluster.</summary>
    public static byte CombiningClass(int codePoint) => CombiningClasses.GetValueOrDefault(codePoint);

    /// <summary>Writes the full canonical decomposition and returns its length; one code point is its own if it has none.</summary>
    public static int Decompose(int codePoint, Span<int> parts)
    {
        var syllable = codePoint - HangulBase;
        if ((uint)syllable < HangulCount)
        {
            parts[0] = LeadBase + syllable / VowelTrailCount;
            parts[1] = VowelBase + syllable % VowelTrailCount / TrailCount;
            parts[2] = TrailBase + syllable % TrailCount;
            return parts[2] == TrailBase ? 2 : 3;
        }
        if (Decompositions.TryGetValue(codePoint, out var decomposition))
        {
            decomposition.CopyTo(parts);
            return decomposition.Length;
        }
        parts[0] = codePoint;
        return 1;
    }

    /// <summary>The simple lower-case form; only İ has a longer one, which callers handle.</summary>
    public static int ToLower(int codePoint) => Rune.IsValid(codePoint) ? Rune.ToLowerInvariant(new Rune(codePoint)).Value : codePoint;

    /// <summary>Whether a regular expression's \w takes the code point: letters, marks, decimal digits, connectors and joiners.</summary>
    public static bool IsWordCharacter(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.LetterNumber => true, // Lu, Ll, Lt, Lm, Lo, Mn, Mc, Me, Nd, Nl
        UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.Format => codePoint is 0x200C or 0x200D,
        UnicodeCategory.OtherSymbol => codePoint is >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
        _ => false,
    };

    static Dictionary<string, string> ReadLines()
    {
        using var stream = typeof(UnicodeFacts).Assembly.GetManifestResourceStream("UnicodeFacts.txt")!;
        using var reader = new StreamReader(stream);
        var lines = new Dictionary<string, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var space = line.IndexOf(' ');
            if (line.StartsWith("class ", StringComparison.Ordinal)) space = line.IndexOf(' ', space + 1);
            lines.Add(line[..space], line[(space + 1)..]);
        }
        return lines;
    }

    static Dictionary<int, int[]> ReadDecompositions()
    {
        var result = new Dictionary<int, int[]>(2100);
        var line = Lines["decomposition"].AsSpan();
        Span<int> parts = stackalloc int[LongestDecomposition];
        foreach (var entry in line.Split(' '))
        {
            var text = line[entry];
            var equals = text.IndexOf('=');
            var values = text[(equals + 1)..];
            var count = 0;
            foreach (var part in values.Split('.')) parts[count++] = CodePointSet.Hex(values[part]);
            result.Add(CodePointSet.Hex(text[..equals]), parts[..count].ToArray());
        }
        return result;
    }

    static Dictionary<int, byte> ReadCombiningClasses()
    {
        var result = new Dictionary<int, byte>(1000);
        foreach (var (key, ranges) in Lines)
        {
            if (!key.StartsWith("class ", StringComparison.Ordinal)) continue;
            var value = byte.Parse(key.AsSpan(6), CultureInfo.InvariantCulture);
            var set = CodePointSet.Parse(ranges);
            for (var i = 0; i < set.RangeCount; i++)
                for (var (c, end) = set.Range(i); c <= end; c++) result.Add(c, value);
        }
        return result;
    }
}
