using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Quantised numbers that an operation or a function returns: they can go on into the next operation, but not be read.</summary>
sealed class QuantizedResultTests(string engine) : EngineFixture(engine)
{
    [Test]
    public void TheyCannotBeRead([Values("qint8", "quint8", "qint16", "quint16", "qint32")] string name, [Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        var results = Run(mode, x => Dispatch.RunAll(Graphs.GraphFixture.Op("QuantizeV2"), [x[0], Floats(0)[0], Floats(2)[0]], Attributes.Of(("T", DType.OfRegistry(name)))), Floats(0.5f, 1.5f));
        var quantized = results[0];
        Assert.Multiple(() =>
        {
            Assert.That(quantized.ToString(), Is.EqualTo($"<{name} {new Shape(2)}>"));
            foreach (var read in new Action[] { () => quantized.ToArray<sbyte>(), () => quantized.ToArray<float>(), () => quantized.ToArray<int>(), () => quantized.ToArray<string>(), () => quantized.numpy(),
                () => quantized.RequireEager().ToHost(), () => _ = (float)quantized, () => Tf.Cast(quantized, DType.Float32) })
                Assert.That(read, Throws.TypeOf<UnsupportedException>().With.Message.Contains(name).And.Message.Contains("Dequantize"));
            AssertClose(Dispatch.Run(Graphs.GraphFixture.Op("Dequantize"), results), [0.5, 1.5], 0.02);
        });
    }
}
