using Keras.Fuzz;
using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>A fixed set of broken files for every reader; tools/Keras.Fuzz makes as many as one likes.</summary>
sealed class FuzzTests
{
    const int Tries = 800;

    static string[] RealFiles(string target) => target switch
    {
        "safetensors" => Directory.GetFiles(Golden("safetensors"), "*.safetensors", SearchOption.AllDirectories),
        "index" => [Golden("torch/index.json")],
        "torch" => [Golden("torch/state.bin"), Golden("torch/old.bin")],
        "tf_h5" => [Golden("h5/tf_model.h5")],
        _ => [Golden("h5/chunked.h5"), Golden("h5/types.h5"), Golden("h5/latest.h5"), Golden("h5/userblock.h5")],
    };

    static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    [TestCaseSource(nameof(Targets))]
    public void Broken_files_are_read_or_refused_soon_and_without_much_memory(string name)
    {
        var target = WeightTargets.All.Single(t => t.Name == name);
        var files = RealFiles(name).Select(File.ReadAllBytes).Where(f => f.Length < 100_000).ToList();
        using var folder = new TemporaryFolder();
        var refused = 0;
        for (var seed = 0; seed < Tries; seed++)
        {
            var (wasRead, fault) = target.Try(folder[""], Mutator.Make(new Random(seed), files));
            if (fault is not null) throw new AssertionException($"Seed {seed}: {fault}");
            if (!wasRead) refused++;
        }
        Assert.That(refused, Is.GreaterThan(Tries / 4), "The changes are felt.");
    }

    static IEnumerable<string> Targets => WeightTargets.All.Select(t => t.Name);
}
