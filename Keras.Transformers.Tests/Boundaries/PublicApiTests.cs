using System.Reflection;

namespace Keras.Transformers.Tests.Boundaries;

/// <summary>The public API of every package stands in a file beside this test; a change of it is a change of that file.</summary>
public sealed class PublicApiTests
{
    static IEnumerable<string> Shipped => SolutionProject.All.Where(p => p.IsShipped).Select(p => p.Name);

    [TestCaseSource(nameof(Shipped))]
    public void The_public_API_is_what_its_file_says(string assembly) =>
        Snapshot.Check(PublicApi.Of(Assembly.Load(assembly)), "KERAS_ACCEPT_API", "Keras.Transformers.Tests", "Boundaries", $"{assembly}.txt");

    [Test]
    public void No_file_is_left_of_a_package_that_is_gone() =>
        Assert.That(Directory.GetFiles(Repository.PathOf("Keras.Transformers.Tests", "Boundaries"), "Keras*.txt").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Shipped));
}
