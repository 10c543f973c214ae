using Keras.Fuzz;

namespace Keras.Transformers.Tests.Images;

/// <summary>A fixed set of broken images; tools/Keras.Fuzz makes as many as one likes.</summary>
[NonParallelizable]
sealed class ImageFuzzTests
{
    const int Tries = 300;

    static IEnumerable<string> Formats => ImageTargets.All.Select(t => t.Name);

    [TestCaseSource(nameof(Formats))]
    public void Broken_images_are_read_or_refused(string format)
    {
        var files = Directory.GetFiles(Path.Combine(GoldenFolder.Own, "images", "src"), $"*.{format}").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        Assert.That(files, Is.Not.Empty);
        var target = ImageTargets.All.Single(t => t.Name == format);
        using var folder = new TemporaryFolder();
        foreach (var whole in files) Assert.That(target.Try(folder.Path, whole).Fault, Is.Null);
        files.AddRange(target.Made);
        Assert.That(target.Made.Where(m => !target.Try(folder.Path, m).WasRead), Is.Empty);
        for (var seed = 0; seed < Tries; seed++) Assert.That(target.Try(folder.Path, Mutator.Make(new Random(seed), files)).Fault, Is.Null, $"seed {seed}");
    }
}
