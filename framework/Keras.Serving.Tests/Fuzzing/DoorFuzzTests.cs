using Keras.Fuzz;
using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>A fixed set of broken requests and configs; tools/Keras.Fuzz makes as many as one likes.</summary>
[NonParallelizable]
public sealed class DoorFuzzTests
{
    const int Tries = 1000;

    static IEnumerable<string> Names => ServingTargets.All.Concat(RestTargets.All).Select(t => t.Name);

    [TestCaseSource(nameof(Names))]
    public void BrokenOnesAreReadOrRefused(string name)
    {
        var target = ServingTargets.All.Concat(RestTargets.All).Single(t => t.Name == name);
        using var folder = new TemporaryFolder();
        Assert.That(target.Made.Count(m => target.Try(folder.Path, m) is (true, null)), Is.GreaterThan(0));
        for (var seed = 0; seed < Tries; seed++) Assert.That(target.Try(folder.Path, Mutator.Make(new Random(seed), target.Made)).Fault, Is.Null, $"seed {seed}");
    }
}
