using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Tensors that nobody disposes, on every engine.</summary>
sealed class NativePressureTests(string engine) : EngineFixture(engine)
{
    const int Count = 300;
    const int Elements = 1 << 20;

    [Test]
    public void ForgottenTensorsDoNotPileUp()
    {
        NativePressure.Collect();
        var (live, resident, most) = (NativePressure.Live, Environment.WorkingSet, 0L);
        for (var i = 0; i < Count; i++)
        {
            Tf.Fill(Tf.Int32(Elements), Tf.Constant(1, DType.Float32));
            most = Math.Max(most, NativePressure.Live - live);
        }
        Assert.That(most, Is.LessThan(260L << 20), $"bytes of {Count} forgotten tensors of 4 MB that were held at once");
        Assert.That(Environment.WorkingSet - resident, Is.LessThan(600L << 20), "resident bytes added");
    }

    [Test]
    public void TensorsThatAreHeldAreKept()
    {
        var held = Enumerable.Range(0, 70).Select(i => Tf.Fill(Tf.Int32(Elements), Tf.Constant(i, DType.Float32))).ToArray();
        Assert.That(held.Select(t => Tf.Sum(t).ToScalar<float>()), Is.EqualTo(Enumerable.Range(0, 70).Select(i => (float)i * Elements)));
    }
}
