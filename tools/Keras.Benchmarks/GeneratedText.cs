using System.Globalization;
using System.Text;

namespace Keras.Benchmarks;

/// <summary>5 MB of text in lines of about 400 bytes: words of a vocabulary, frequent ones more often, drawn by a linear congruential generator.</summary>
/// <remarks>Any language can reproduce it: it depends only on integers and one cube.</remarks>
static class GeneratedText
{
    const int Size = 5_000_000;
    const int LineSize = 400;
    const int FirstWord = 1996;   // Earlier entries are special tokens and single characters.

    /// <summary>The file of the text; made once.</summary>
    public static string Find(string vocabulary)
    {
        var path = Path.Combine(ModelFolder.Work, "text5mb.txt");
        if (File.Exists(path)) return path;
        Directory.CreateDirectory(ModelFolder.Work);
        File.WriteAllText(path, string.Join('\n', Lines(Words(vocabulary))));
        return path;
    }

    static string[] Words(string vocabulary) =>
        [.. File.ReadAllText(vocabulary).Split('\n').Skip(FirstWord).Where(w => !w.StartsWith("##", StringComparison.Ordinal) && w.EnumerateRunes().Count() > 1)];

    static IEnumerable<string> Lines(string[] words)
    {
        var state = 12345UL;
        var (line, length) = (new List<string>(), 0);
        for (var size = 0; size < Size;)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            var word = Next(words, state);
            line.Add(word);
            length += Encoding.UTF8.GetByteCount(word) + 1;
            if (length <= LineSize) continue;
            yield return string.Join(' ', line);
            size += length;
            (line, length) = ([], 0);
        }
    }

    /// <summary>A word, sometimes with punctuation, a number instead, one that no vocabulary holds, or one with a capital.</summary>
    static string Next(string[] words, ulong state)
    {
        var share = (state >> 33) / 2147483648.0;
        var word = words[(int)(words.Length * Math.Pow(share, 3))];
        var kind = (state >> 20) & 63;
        if (kind == 0) word += string.Concat(word.EnumerateRunes().Reverse());
        if (kind < 4) word += ',';
        else if (kind < 7) word += '.';
        else if (kind == 7) word = (state >> 50).ToString(CultureInfo.InvariantCulture);
        return ((state >> 12) & 7) == 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word;
    }
}
