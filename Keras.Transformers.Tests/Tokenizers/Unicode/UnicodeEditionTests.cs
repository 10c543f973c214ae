using System.Text;

namespace Keras.Transformers.Tests;

public sealed class UnicodeEditionTests
{
    static readonly Random Random = new(7);

    static IEnumerable<TestCaseData> Editions =>
        [new TestCaseData(UnicodeEdition.Fast).SetArgDisplayNames("fast"), new TestCaseData(UnicodeEdition.Slow).SetArgDisplayNames("slow")];

    [SetUp]
    public void NeedsIcu() => Assume.That("é".Normalize(NormalizationForm.FormD), Has.Length.EqualTo(2), "The runtime runs without ICU, whose tables are the oracle here.");

    [TestCaseSource(nameof(Editions))]
    public void Every_decomposition_is_Unicodes(object edition)
    {
        var unicode = (UnicodeEdition)edition;
        Span<int> parts = stackalloc int[UnicodeEdition.LongestDecomposition];
        var checkedPoints = 0;
        for (var c = 0xA0; c < 0x30000; c++)
        {
            var count = unicode.Decompose(c, parts);
            if (count == 1 && parts[0] == c) continue;
            checkedPoints++;
            Assert.That(string.Concat(parts[..count].ToArray().Select(char.ConvertFromUtf32)), Is.EqualTo(char.ConvertFromUtf32(c).Normalize(NormalizationForm.FormD)), $"U+{c:X}");
        }
        Assert.That(checkedPoints, Is.GreaterThan(13_000));
    }

    [Test]
    public void Composition_is_Unicodes_form_C()
    {
        var target = new NormalizedText();
        for (var i = 0; i < 5000; i++)
        {
            var text = RandomText();
            CanonicalComposer.Compose(UnicodeEdition.Slow, text, target);
            Assert.That(target.Chars.ToString(), Is.EqualTo(text.Normalize(NormalizationForm.FormC)), Escaped(text));
        }
    }

    [Test]
    public void Stripping_accents_is_form_D_without_marks()
    {
        var normalizer = new BertNormalizer(UnicodeEdition.Slow, false, false, true, false);
        var target = new NormalizedText();
        for (var i = 0; i < 5000; i++)
        {
            var text = RandomText();
            normalizer.Normalize(text, 0, target);
            var expected = string.Concat(text.Normalize(NormalizationForm.FormD).EnumerateRunes().Where(r => !UnicodeEdition.Slow.Mark.Contains(r.Value)));
            Assert.That(target.Chars.ToString(), Is.EqualTo(expected), Escaped(text));
        }
    }

    /// <summary>Letters, composed letters, Hangul in both forms and marks in any order.</summary>
    static string RandomText()
    {
        var text = new StringBuilder();
        var composed = UnicodeEdition.Slow.Decomposable.ToList();
        var marks = UnicodeEdition.Slow.Combining.ToList();
        for (var n = Random.Next(1, 12); n > 0; n--)
            text.Append(char.ConvertFromUtf32(Random.Next(6) switch
            {
                0 => Random.Next('a', 'z'),
                1 => composed[Random.Next(composed.Count)],
                2 => Random.Next(0xAC00, 0xAC00 + 11172),
                3 => Random.Next(0x1100, 0x1200),
                _ => marks[Random.Next(marks.Count)],
            }));
        return text.ToString();
    }

    static string Escaped(string text) => string.Join(' ', text.EnumerateRunes().Select(r => $"U+{r.Value:X}"));
}
