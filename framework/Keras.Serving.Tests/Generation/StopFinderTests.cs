namespace Keras.Serving.Tests;

public sealed class StopFinderTests
{
    [TestCase("abc", "abc", false)]
    [TestCase("ab|st|op|x", "ab", true)]
    [TestCase("a|s|t|o|x", "astox", false)]
    [TestCase("ab|EN|ab|END", "abENab", true)]
    [TestCase("sto|", "sto", false)]
    public void Stop_texts_are_found_over_parts_and_nothing_is_lost(string parts, string expected, bool stops)
    {
        var finder = new StopFinder(["stop", "END"]);
        var text = string.Concat(parts.Split('|').Select(finder.Push)) + finder.Flush();
        Assert.That(text, Is.EqualTo(expected));
        Assert.That(finder.HasStopped, Is.EqualTo(stops));
    }
}
