namespace Keras.Tests;

/// <summary>Lines that a test wrote once into a file of the sources, which then must not change unnoticed.</summary>
static class Snapshot
{
    /// <summary>Compares lines with the file that holds them, or writes them where the variable is 1.</summary>
    /// <param name="lines">What is there now.</param>
    /// <param name="variable">The environment variable that accepts changes.</param>
    /// <param name="path">The parts of the file's path in the repository.</param>
    public static void Check(IEnumerable<string> lines, string variable, params string[] path)
    {
        string[] now = [.. lines];
        var file = Repository.PathOf(path);
        if (Environment.GetEnvironmentVariable(variable) == "1")
        {
            File.WriteAllText(file, string.Concat(now.Select(l => l + "\n")));
            return;
        }
        var before = File.Exists(file) ? File.ReadAllLines(file) : [];
        if (before.SequenceEqual(now)) return;
        string[] changes = [.. Difference(before, now)];
        Assert.Fail($"{string.Join('/', path)} differs ({changes.Length} lines; - was, + is). If this is meant, run the test with {variable}=1 and commit the file.\n{string.Join('\n', changes)}");
    }

    /// <summary>Lines that only one side has, each under the last line without indentation before it; all lines where only their order differs.</summary>
    static IEnumerable<string> Difference(string[] before, string[] now)
    {
        var (was, isNow) = (Headed(before), Headed(now));
        string[] changes = [.. Only(was, isNow, '-'), .. Only(isNow, was, '+')];
        return changes.Length > 0 ? changes : [.. before.Select(l => $"- {l}"), .. now.Select(l => $"+ {l}")];
    }

    static IEnumerable<string> Only((string Head, string Line)[] these, (string Head, string Line)[] those, char sign)
    {
        var known = those.CountBy(l => l).ToDictionary();
        foreach (var line in these)
            if (known.GetValueOrDefault(line) > 0) known[line]--;
            else yield return line.Head.Length == 0 ? $"{sign} {line.Line}" : $"{sign} {line.Line.Trim()}    in {line.Head}";
    }

    static (string Head, string Line)[] Headed(string[] lines)
    {
        var head = "";
        return [.. lines.Select(l => (l.StartsWith(' ') ? head : (head = l)[..0], l))];
    }
}
