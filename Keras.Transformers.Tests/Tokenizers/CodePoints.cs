namespace Keras.Transformers.Tests;

/// <summary>Offsets in code points, as Python counts, from and to UTF-16 units.</summary>
static class CodePoints
{
    public static int Count(string text, int units)
    {
        Assert.That(units == text.Length || units == 0 || !char.IsLowSurrogate(text[units]), $"Offset {units} of '{text}' lies inside a surrogate pair.");
        return units - text.AsSpan(0, units).ToArray().Count(char.IsLowSurrogate);
    }

    public static int Units(string text, int count)
    {
        var units = 0;
        for (; count > 0; count--) units += units + 1 < text.Length && char.IsSurrogatePair(text, units) ? 2 : 1;
        return units;
    }
}
