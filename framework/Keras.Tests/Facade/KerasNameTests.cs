namespace Keras.Tests.Facade;

/// <summary>Keras' public names against ours: what is missing and what is more stands in a list with the reason.</summary>
public sealed class KerasNameTests
{
    static readonly string[] Folder = ["framework", "Keras.Tests", "Facade"];

    static readonly IReadOnlySet<string> Theirs = NameLists.Read([.. Folder, "keras-3.15.txt"]);

    static readonly IReadOnlyList<(string Reason, string Name)> Missing = NameLists.ReadReasons([.. Folder, "keras-missing.txt"]), More = NameLists.ReadReasons([.. Folder, "keras-more.txt"]);

    static string ModuleOf(string name) => name[..name.LastIndexOf('.')];

    [Test]
    public void Every_name_of_Keras_is_here_or_listed_as_missing()
    {
        var absent = Theirs.Where(n => !FacadeNames.Has(n)).ToArray();
        foreach (var module in absent.GroupBy(ModuleOf).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            TestContext.Out.WriteLine($"{module.Key}: {module.Count()} missing");
            foreach (var reason in module.GroupBy(n => Missing.FirstOrDefault(m => NameLists.Covers(m.Name, n)).Reason ?? "not listed"))
                TestContext.Out.WriteLine($"    {reason.Key}: {string.Join(", ", reason.Select(n => n[(module.Key.Length + 1)..]))}");
        }
        Assert.That(absent.Where(n => !Missing.Any(m => NameLists.Covers(m.Name, n))), Is.Empty, "Missing, and in keras-missing.txt neither");
    }

    [Test]
    public void What_is_listed_as_missing_is_missing()
    {
        Assert.That(Missing.Select(m => m.Name).Where(e => !Theirs.Any(n => NameLists.Covers(e, n))), Is.Empty, "Keras has no such name: take it out of the list");
        Assert.That(from entry in Missing from name in Theirs where NameLists.Covers(entry.Name, name) && FacadeNames.Has(name) select name, Is.Empty, "Here by now: take it out of keras-missing.txt");
        Assert.That(Missing.CountBy(m => m.Name).Where(c => c.Value > 1), Is.Empty, "listed twice");
    }

    [Test]
    public void Every_name_of_the_facade_is_Keras_or_listed_as_more()
    {
        Assert.That(FacadeNames.Members.Where(n => !Theirs.Contains(n)).Order(), Is.EquivalentTo(More.Select(m => m.Name)), "keras-more.txt lists what the facade has beyond Keras");
        Assert.That(FacadeNames.Modules.Keys.Where(m => !Theirs.Concat(More.Select(n => n.Name)).Any(n => ModuleOf(n) == m)), Is.Empty, "modules that neither Keras nor keras-more.txt has");
    }
}
