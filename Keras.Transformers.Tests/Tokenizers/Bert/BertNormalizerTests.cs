namespace Keras.Transformers.Tests;

public sealed class BertNormalizerTests
{
    static readonly BertNormalizer Uncased = new(UnicodeEdition.Fast, true, true, true, true);

    [TestCase("Hello", "hello")]
    [TestCase("É\u0301x", "ex")]
    [TestCase("İ", "i")]
    [TestCase("a\u0000b\u200Bc\uFFFDd", "abcd")]
    [TestCase("a\tb\u3000c", "a b c")]
    [TestCase("x日y", "x 日 y")]
    [TestCase("한", "\u1112\u1161\u11AB")]
    [TestCase("a\uD800b", "ab", TestName = "half a pair counts as U+FFFD, which is dropped")]
    [TestCase("😀A", "😀a")]
    [TestCase("𐐀", "𐐨")]
    [TestCase("", "")]
    public void Text_takes_its_normal_form(string text, string expected)
    {
        var target = new NormalizedText();
        Uncased.Normalize(text, 0, target);
        Assert.That(target.Chars.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Without_stripping_the_dotted_capital_i_becomes_two_characters_from_one_place()
    {
        var target = new NormalizedText();
        new BertNormalizer(UnicodeEdition.Fast, true, true, false, true).Normalize("xİ", 10, target);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(target.Chars.ToString(), Is.EqualTo("xi\u0307"));
            Assert.That((target.Start(1), target.End(1)), Is.EqualTo((11, 12)));
            Assert.That((target.Start(2), target.End(2)), Is.EqualTo((11, 12)));
        }
    }

    [Test]
    public void Plain_text_stores_no_places()
    {
        var target = new NormalizedText();
        Uncased.Normalize("Ordinary Text, naïve 😀", 3, target);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(target.IsIdentity);
            Assert.That((target.Start(4), target.End(4)), Is.EqualTo((7, 8)));
        }
    }

    [Test]
    public void Every_unit_comes_from_inside_the_text()
    {
        var random = new Random(3);
        var target = new NormalizedText();
        for (var i = 0; i < 2000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(30)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x300, 0x370) : random.Next(0x10000)))]);
            Uncased.Normalize(text, 5, target);
            for (var k = 0; k < target.Length; k++)
            {
                Assert.That(target.Start(k), Is.InRange(5, text.Length + 4));
                Assert.That(target.End(k), Is.InRange(target.Start(k) + 1, text.Length + 5));
            }
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public void A_hundred_thousand_marks_on_one_letter_take_no_quadratic_time(CancellationToken cancelled)
    {
        var marks = string.Concat(Enumerable.Range(0, 100_000).Select(i => i % 2 == 0 ? "\u0301" : "\u302E"));
        var target = new NormalizedText();
        Uncased.Normalize("a" + marks, 0, target);
        Assert.That(target.Chars.ToString(), Is.EqualTo("a" + new string('\u302E', 50_000)));
        Assert.That(cancelled.IsCancellationRequested, Is.False);
    }
}
