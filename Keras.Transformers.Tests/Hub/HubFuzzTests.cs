using Keras.Fuzz;

namespace Keras.Transformers.Tests.Hub;

/// <summary>A fixed set of broken cards, answers of a hub and caches; tools/Keras.Fuzz makes as many as one likes.</summary>
[NonParallelizable]
public sealed class HubFuzzTests
{
    const int Tries = 150;

    [TestCaseSource(nameof(Targets))]
    public void What_is_broken_is_read_or_refused_soon_and_without_much_memory(string name)
    {
        var target = HubTargets.All.Single(t => t.Name == name);
        using var folder = new TemporaryFolder();
        foreach (var whole in target.Made) Assert.That(target.Try(folder.Path, whole).Fault, Is.Null);
        for (var seed = 0; seed < Tries; seed++)
            if (target.Try(folder.Path, Mutator.Make(new Random(seed), target.Made)).Fault is { } fault) throw new AssertionException($"Seed {seed}: {fault}");
    }

    static IEnumerable<string> Targets => HubTargets.All.Select(t => t.Name);
}
