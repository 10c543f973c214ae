using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Keras.Transformers;

/// <summary>
/// The properties of code points in a reference implementation, in our own tables, so that results depend neither on ICU (without which String.Normalize does
/// nothing) nor on the Unicode edition of the runtime.
/// </summary>
/// <remarks>The data is in text files; make_unicode_editions.py next to them shows how it was collected.</remarks>
sealed class UnicodeEdition
{
    /// <summary>The longest canonical decomposition of one code point.</summary>
    public const int LongestDecomposition = 4;

    /// <summary>The Hangul syllables, which decompose by rule.</summary>
    public const int HangulBase = 0xAC00, HangulCount = 11172;

    const int LeadBase = 0x1100, LeadCount = 19, VowelBase = 0x1161, VowelCount = 21, TrailBase = 0x11A7, TrailCount = 28;

    static readonly Lazy<UnicodeEdition> LazyFast = new(() => new("UnicodeFast.txt")), LazySlow = new(() => new("UnicodeSlow.txt"));

    readonly Dictionary<int, int[]> _decompositions;
    readonly Dictionary<int, byte> _combiningClasses;
    readonly Dictionary<(int, int), int> _compositions;

    UnicodeEdition(string resource)
    {
        var lines = ReadLines(resource);
        Removed = CodePointSet.Parse(lines["removed"]);
        Space = CodePointSet.Parse(lines["space"]);
        Punctuation = CodePointSet.Parse(lines["punctuation"]);
        Ideograph = CodePointSet.Parse(lines["ideograph"]);
        Mark = CodePointSet.Parse(lines["mark"]);
        Letter = lines.TryGetValue("letter", out var letters) ? CodePointSet.Parse(letters) : CodePointSet.Empty;
        Number = lines.TryGetValue("number", out var numbers) ? CodePointSet.Parse(numbers) : CodePointSet.Empty;
        _decompositions = ReadDecompositions(lines["decomposition"]);
        _combiningClasses = ReadCombiningClasses(lines);
        _compositions = ReadCompositions(lines.GetValueOrDefault("composition", ""));
    }

    /// <summary>The edition that the fast tokenizer uses.</summary>
    public static UnicodeEdition Fast => LazyFast.Value;

    /// <summary>The edition that the slow tokenizer uses (Unicode 14).</summary>
    public static UnicodeEdition Slow => LazySlow.Value;

    /// <summary>The code points dropped when text is cleaned.</summary>
    public CodePointSet Removed { get; }

    /// <summary>The code points that are white space.</summary>
    public CodePointSet Space { get; }

    /// <summary>Characters that form separate words.</summary>
    public CodePointSet Punctuation { get; }

    /// <summary>Chinese characters, which get spaces around them.</summary>
    public CodePointSet Ideograph { get; }

    /// <summary>Non-spacing marks, dropped when accents are stripped.</summary>
    public CodePointSet Mark { get; }

    /// <summary>What a regular expression's \p{L} takes; only the fast edition knows.</summary>
    public CodePointSet Letter { get; }

    /// <summary>What a regular expression's \p{N} takes; only the fast edition knows.</summary>
    public CodePointSet Number { get; }

    /// <summary>The code points that the table decomposes.</summary>
    public IEnumerable<int> Decomposable => _decompositions.Keys;

    /// <summary>The code points whose combining class is not 0.</summary>
    public IEnumerable<int> Combining => _combiningClasses.Keys;

    /// <summary>Tables that others derive from this edition, by key.</summary>
    public ConcurrentDictionary<int, char[]> CharacterMaps { get; } = new();

    /// <summary>The canonical combining class; 0 if it starts a new cluster.</summary>
    public byte CombiningClass(int codePoint) => _combiningClasses.GetValueOrDefault(codePoint);

    /// <summary>Writes the full canonical decomposition and returns its length; without one, it is the code point itself.</summary>
    public int Decompose(int codePoint, Span<int> parts)
    {
        var syllable = codePoint - HangulBase;
        if ((uint)syllable < HangulCount)
        {
            parts[0] = LeadBase + syllable / (VowelCount * TrailCount);
            parts[1] = VowelBase + syllable % (VowelCount * TrailCount) / TrailCount;
            parts[2] = TrailBase + syllable % TrailCount;
            return parts[2] == TrailBase ? 2 : 3;
        }
        if (_decompositions.TryGetValue(codePoint, out var decomposition))
        {
            decomposition.CopyTo(parts);
            return decomposition.Length;
        }
        parts[0] = codePoint;
        return 1;
    }

    /// <summary>The code point that two compose to; -1 if they do not.</summary>
    public int Compose(int first, int second)
    {
        if ((uint)(first - LeadBase) < LeadCount && (uint)(second - VowelBase) < VowelCount)
            return HangulBase + ((first - LeadBase) * VowelCount + second - VowelBase) * TrailCount;
        if ((uint)(first - HangulBase) < HangulCount && (first - HangulBase) % TrailCount == 0 && (uint)(second - TrailBase - 1) < TrailCount - 1)
            return first + second - TrailBase;
        return _compositions.GetValueOrDefault((first, second), -1);
    }

    /// <summary>The simple lower-case form; only İ has a longer one, which callers handle.</summary>
    public static int ToLower(int codePoint) => Rune.IsValid(codePoint) ? Rune.ToLowerInvariant(new Rune(codePoint)).Value : codePoint;

    /// <summary>Whether a regular expression's \w matches the code point: letters, marks, decimal digits, connectors and joiners.</summary>
    public static bool IsWordCharacter(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.LetterNumber => true, // Lu, Ll, Lt, Lm, Lo, Mn, Mc, Me, Nd, Nl
        UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.Format => codePoint is 0x200C or 0x200D,
        UnicodeCategory.OtherSymbol => codePoint
            is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        _ => false,
    };

    static Dictionary<string, string> ReadLines(string resource)
    {
        using var stream = typeof(UnicodeEdition).Assembly.GetManifestResourceStream(resource)!;
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

    static Dictionary<int, int[]> ReadDecompositions(ReadOnlySpan<char> line)
    {
        var result = new Dictionary<int, int[]>(2100);
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

    static Dictionary<(int, int), int> ReadCompositions(ReadOnlySpan<char> line)
    {
        var result = new Dictionary<(int, int), int>();
        if (line.IsEmpty) return result;
        foreach (var entry in line.Split(' '))
        {
            var text = line[entry];
            var (dot, equals) = (text.IndexOf('.'), text.IndexOf('='));
            result.Add((CodePointSet.Hex(text[..dot]), CodePointSet.Hex(text[(dot + 1)..equals])), CodePointSet.Hex(text[(equals + 1)..]));
        }
        return result;
    }

    static Dictionary<int, byte> ReadCombiningClasses(Dictionary<string, string> lines)
    {
        var result = new Dictionary<int, byte>(1000);
        foreach (var (key, ranges) in lines)
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
