using System.Reflection;
using System.Text.RegularExpressions;

namespace Keras.Transformers.Tests.Boundaries;

/// <summary>The arrows of docs/architecture.md: between projects, between a project's folders, and to the engines.</summary>
public sealed partial class ArchitectureTests
{
    static readonly Dictionary<string, SourceArrows> Scanned = [];

    static SourceArrows Scan(string project) => Scanned.TryGetValue(project, out var known) ? known : Scanned[project] = new(SolutionProject.All.Single(p => p.Name == project));

    /// <summary>The documented arrows: "`A` -> {`B`, `C`} -> `D`" is one from every project of a step to every one of the next, and on to all that follow.</summary>
    static HashSet<(string From, string To)> Documented()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "architecture.md"));
        var arrows = new HashSet<(string, string)>();
        foreach (var chain in Chain().Matches(text[text.IndexOf("Arrows go one way", StringComparison.Ordinal)..text.IndexOf("| project |", StringComparison.Ordinal)]).Select(m => m.Value))
        {
            var steps = chain.Split("->").Select(s => Name().Matches(s).Select(m => m.Value).ToArray()).ToArray();
            for (var from = 0; from < steps.Length; from++)
                foreach (var to in steps[(from + 1)..].SelectMany(s => s))
                    arrows.UnionWith(steps[from].Select(f => (f, to)));
        }
        return arrows;
    }

    [Test]
    public void Shipped_projects_refer_to_each_other_only_along_the_documented_arrows()
    {
        var documented = Documented();
        var shipped = SolutionProject.All.Where(p => p.IsShipped).ToArray();
        Assert.That(documented.SelectMany(a => new[] { a.From, a.To }).Distinct(), Is.EquivalentTo(shipped.Select(p => p.Name)), "projects in docs/architecture.md");
        Assert.That(shipped.SelectMany(p => p.References.Select(r => (p.Name, r))).Where(a => !documented.Contains(a)), Is.Empty);
    }

    /// <summary>By project the arrows between its folders that lead back, which may only become fewer. "." holds the files beside the project's.</summary>
    static readonly ILookup<string, string> Circles = NameLists.Read("Keras.Transformers.Tests", "Boundaries", "circles.txt").Select(l => l.Split(": ")).ToLookup(l => l[0], l => l[1]);

    [TestCaseSource(nameof(Projects))]
    public void Folders_use_each_other_in_no_new_circle(string project)
    {
        var scan = Scan(project);
        var arrows = SourceArrows.InCycles(scan.Folders).ToDictionary(a => $"{a.From} -> {a.To}");
        var closing = arrows.Where(a => !Circles[project].Contains(a.Key)).Select(a => $"{project}: {a.Key} ({scan.Example(a.Value.From, a.Value.To)})").Order(StringComparer.Ordinal);
        Assert.That(closing, Is.Empty, "These arrows close a circle of folders: turn one of them round\n" + string.Join('\n', closing));
        Assert.That(Circles[project].Except(arrows.Keys), Is.Empty, "These are in no circle any more: take them out of circles.txt");
    }

    static IEnumerable<string> Projects => ["Keras.Core", "Keras", "Keras.Transformers"];

    /// <summary>The file that chooses the engine.</summary>
    static readonly string[] NamesEngines = ["Backend/EngineSelection.cs"];

    [Test]
    public void Only_the_selection_of_engines_names_an_engine()
    {
        Assembly[] engines = [typeof(Engines.TensorFlow.TensorFlowEngine).Assembly, typeof(Engines.Torch.TorchEngine).Assembly];
        var named = new[] { "Keras", "Keras.Transformers" }.SelectMany(p => Scan(p).Uses).Where(u => u.Used is "tensorflow" or "torch" || (u.Used is MemberInfo member && engines.Contains(member.Module.Assembly)));
        Assert.That(named.Select(u => u.File).Distinct(), Is.EquivalentTo(NamesEngines));
    }

    [GeneratedRegex(@"`[\w.]+`(?:\s*->\s*(?:`[\w.]+`|\{[^}]*\}))+")]
    private static partial Regex Chain();

    [GeneratedRegex(@"[\w.]+(?=`)")]
    private static partial Regex Name();
}
