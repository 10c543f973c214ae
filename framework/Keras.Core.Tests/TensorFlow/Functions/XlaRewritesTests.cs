using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>What XLA is given in other words computes the same.</summary>
sealed class XlaRewritesTests : TensorFlowFixture
{
    static FunctionGraph Trace(Func<Tensor, Tensor> body) =>
        FunctionGraph.Trace("test", [(DType.Float32, new Shape(4, 3), "x")], x => [body(x[0])]);

    [Test]
    public void OpsThatCompileSlowlyAreReplaced()
    {
        var rewritten = XlaRewrites.Apply(Trace(x => Tf.Rsqrt(x) + Tf.Cast(Tf.IsNan(x), DType.Float32) + Dispatch.RunAll(OpNamed("BiasAddGrad"), [x], Attributes.Of(("data_format", "NHWC")))[0]));
        Assert.That(rewritten.LiveNodes().Select(n => n.Op.Name), Has.None.AnyOf("Rsqrt", "IsNan", "BiasAddGrad"));
    }

    [Test]
    public void ValuesAreThoseOfTheOps([Values("NHWC", "NCHW")] string format)
    {
        IEnumerable<Tensor> Body(Tensor[] x) => [Tf.Rsqrt(x[0]), Dispatch.RunAll(OpNamed("BiasAddGrad"), [x[0]], Attributes.Of(("data_format", format)))[0]];
        using var x = (EagerTensor)Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(1, 24).Select(i => i * i * 0.37f)], new Shape(2, 3, 2, 2)));
        using var compiled = Compile(jit: true, Body, (DType.Float32, x.shape));
        var results = Run(compiled, 2, x);
        var expected = Body([x]).ToArray();
        Assert.That(Floats(results[0]), Is.EqualTo(Floats(expected[0])).Within(2).Ulps);
        Assert.That(Floats(results[1]), Is.EqualTo(Floats(expected[1])).Within(4).Ulps);
    }

    [Test]
    public void ABiasIsAddedToTheLastBitAndNotByAnAddition([Values("NHWC", "NCHW")] string format, [Values(1, 5)] int rows)
    {
        Tensor Body(Tensor[] x) => Tf.BiasAdd(x[0], x[1], format);
        using var x = (EagerTensor)Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, rows * 8).Select(i => i % 7 == 0 ? -0f : (i - 5) * 0.37f)], new Shape(rows, 2, 2, 2)));
        foreach (var values in new float[][] { [-0f, 1e-8f], [float.NaN, float.PositiveInfinity] })
        {
            using var bias = (EagerTensor)Vector(values);
            using var compiled = Compile(jit: true, x => [Body(x)], (DType.Float32, x.shape), (DType.Float32, bias.shape));
            Assert.That(Floats(Run(compiled, 1, x, bias)[0]).Select(BitConverter.SingleToInt32Bits), Is.EqualTo(Floats(Body([x, bias])).Select(BitConverter.SingleToInt32Bits)));
        }
        var rewritten = XlaRewrites.Apply(FunctionGraph.Trace("test", [(DType.Float32, x.shape, "x"), (DType.Float32, new Shape(2), "b")], x => [Body([.. x])]));
        Assert.That(rewritten.LiveNodes().Select(n => n.Op.Name), Has.None.AnyOf("BiasAdd", "AddV2").And.Contains("Sub"));
    }

    [Test]
    public void ABiasWithoutASignIsAdded()
    {
        using var x = (EagerTensor)Tf.Constant(HostTensor.Of<byte>([250, 2, 3, 4], new Shape(2, 2)));
        using var bias = (EagerTensor)Tf.Constant(HostTensor.Of<byte>([10, 20], new Shape(2)));
        using var compiled = Compile(jit: true, x => [Tf.Cast(Tf.BiasAdd(x[0], x[1]), DType.Float32)], (DType.UInt8, x.shape), (DType.UInt8, bias.shape));
        Assert.That(Floats(Run(compiled, 1, x, bias)[0]), Is.EqualTo(new[] { 4f, 22, 13, 24 }));
    }

    [Test]
    public void ZeroAndNegativeNumbersHaveTheRootsOfTheOp()
    {
        using var compiled = Compile(jit: true, x => [Tf.Rsqrt(x[0])], (DType.Float32, new Shape(4)));
        Assert.That(Floats(Run(compiled, 1, Vector(0, -1, float.PositiveInfinity, float.NaN))[0]), Is.EqualTo(new[] { float.PositiveInfinity, float.NaN, 0, float.NaN }));
    }

    [Test]
    public void NaNIsFound()
    {
        using var compiled = Compile(jit: true, x => [Tf.Cast(Tf.IsNan(x[0]), DType.Float32)], (DType.Float32, new Shape(4)));
        Assert.That(Floats(Run(compiled, 1, Vector(float.NaN, -float.NaN, float.PositiveInfinity, 0))[0]), Is.EqualTo(new[] { 1f, 1, 0, 0 }));
    }

    static OpDefinition OpNamed(string name) => OpTable.TryGet(name, out var op) ? op : throw new InvalidOperationException(name);
}
