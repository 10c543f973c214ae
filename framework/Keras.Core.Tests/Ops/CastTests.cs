using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Only numbers are cast: elements without a size would be written beyond their memory.</summary>
sealed class CastTests(string engine) : EngineFixture(engine)
{
    static readonly DType[] Others = [DType.String, DType.Variant, DType.Resource];

    [Test]
    public void NumbersToOtherElementsAreATypedError([Values(Mode.Eager, Mode.Graph, Mode.Xla)] Mode mode, [ValueSource(nameof(Others))] DType to, [Values(1, 1000)] int count)
    {
        var x = Tf.Constant(HostTensor.Of<double>(new double[count], new Shape(count)));
        var error = Assert.Throws<DTypeMismatchException>(() => Run(mode, t => [Tf.Cast(t[0], to)], x))!;
        Assert.That(error.Message, Does.Contain("float64").And.Contain(to.Name));
    }

    [Test]
    public void StringsToNumbersAreATypedError([Values(Mode.Eager, Mode.Graph, Mode.Xla)] Mode mode) =>
        Assert.That(() => Run(mode, t => [Tf.Cast(t[0], DType.Float32)], Strings("1", "2")), Throws.TypeOf<DTypeMismatchException>().With.Message.Contains("string"));
}
