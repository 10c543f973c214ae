using System.Text.RegularExpressions;
using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Native;

[NonParallelizable]
sealed class TorchSearchTests
{
    [TearDown]
    public void Forget()
    {
        Environment.SetEnvironmentVariable(TorchSearch.Variable, null);
        Environment.SetEnvironmentVariable("NUGET_PACKAGES", _packages);
    }

    readonly string? _packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES");

    [Test]
    public void ANamedFolderIsTheOnlyPlace()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable(TorchSearch.Variable, folder["lib"]);
        Assert.That(TorchSearch.Places().Select(p => p.Folder), Is.EqualTo(new[] { folder["lib"] }));
    }

    [Test]
    public void TheErrorNamesEveryPlaceAndWhatToDo()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable(TorchSearch.Variable, folder["lib"]);
        Assert.That(TorchSearch.Require, Throws.TypeOf<EngineNotFoundException>().With.Message.Contains(folder["lib"]).And.Message.Contains(TorchSearch.Package)
            .And.Message.Contains(TorchSearch.Variable));
    }

    [Test]
    public void ThePackagesFolderIsRespected()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable("NUGET_PACKAGES", folder["packages"]);
        Assert.That(TorchSearch.Places().Last().Folder, Does.StartWith(folder["packages"]));
    }

    [Test]
    public void APackageCountsWhenItIsUnpackedWhole()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable("NUGET_PACKAGES", folder["packages"]);
        var place = TorchSearch.Places().Last();
        Directory.CreateDirectory(place.Folder);
        foreach (var file in TorchFiles.Current.Required) File.WriteAllText(Path.Combine(place.Folder, file), "");
        Assert.That(TorchSearch.IsThere(place), Is.False, "NuGet still unpacks");
        Environment.SetEnvironmentVariable(TorchSearch.Variable, place.Folder);
        Assert.That(TorchSearch.Find(), Is.EqualTo(place.Folder), "a folder that is named is no package");
        File.WriteAllText(Path.Combine(folder["packages"], TorchSearch.Package, TorchSearch.Version, ".nupkg.metadata"), "{}");
        Assert.That(TorchSearch.IsThere(place), Is.True);
    }

    [TestCase("framework/Keras.Torch/Package/runtime.json", 3)]
    [TestCase("framework/Keras.Torch/Package/Keras.Torch.targets", 1)]
    [TestCase("Directory.Packages.props", 1)]
    public void TheVersionIsTheSameWhereverItStands(string file, int times)
    {
        var text = File.ReadAllText(Repository.PathOf(file));
        var versions = Regex.Matches(text, """libtorch-cpu-[a-z0-9-]+"?(?:: "|" Version="|/)([0-9.]+)""").Select(m => m.Groups[1].Value);
        Assert.That(versions, Is.EqualTo(Enumerable.Repeat(TorchSearch.Version, times)));
    }

    [Test]
    public void WithoutAPackageForASystemTheErrorSaysWhatElseRuns()
    {
        Assert.That(TorchSearch.Remedy("linux-arm64"), Does.Contain("no NuGet package with libtorch for linux-arm64").And.Contain("KERAS_LIBTORCH").And.Contain("provision_tensorflow"));
        Assert.That(TorchSearch.Remedy("win-x64"), Does.Contain("libtorch-cpu-win-x64 2.10.0"));
        var targets = File.ReadAllText(Repository.PathOf("framework", "Keras.Torch", "Package", "Keras.Torch.targets"));
        Assert.That(targets, Does.Contain($">{string.Join(';', TorchSearch.Packaged)}<"), "the systems that publishing accepts");
    }

    [Test]
    public void AFolderNeedsEveryLibrary()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["lib"]);
        foreach (var file in TorchFiles.Current.Required)
        {
            Assert.That(TorchSearch.IsComplete(folder["lib"]), Is.False);
            File.WriteAllText(Path.Combine(folder["lib"], file), "");
        }
        Assert.That(TorchSearch.IsComplete(folder["lib"]), Is.True);
    }
}
