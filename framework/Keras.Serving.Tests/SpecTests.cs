namespace Keras.Serving.Tests;

public sealed class SpecTests
{
    [Test]
    public void TheNewestVersionIsServedByDefault() => Assert.That(new ModelConfig("a", "/models/a").Policy, Is.EqualTo(VersionPolicy.Newest));
}
