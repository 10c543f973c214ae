using Keras.Engines;
using Keras.Engines.TensorFlow;

namespace Keras.Tests.TensorFlow;

/// <summary>XLA's own start is made once, beside the first trace.</summary>
sealed class XlaStartTests : TensorFlowFixture
{
    [Test]
    public void What_starts_XLA_compiles_and_leaves_nothing() => AssertLeavesNothing(() => XlaStart.CompileSmall(Runtime));

    [Test]
    public void It_happens_once_in_a_process_and_only_for_XLA()
    {
        Assert.That(Runtime.PrepareToCompile(new CompileOptions(Jit: false)), Is.Null);
        Runtime.PrepareToCompile(new CompileOptions(Jit: true))?.Dispose(); // another test may have been first
        Assert.That(Runtime.PrepareToCompile(new CompileOptions(Jit: true)), Is.Null);
    }
}
