using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>What training in half precision needs runs in it, with gradients of its dtype, close to float32.</summary>
sealed class MixedPrecisionTests(string engine) : EngineFixture(engine)
{
    static readonly (string Name, Func<Tensor, Tensor> Run)[] Programs =
    [
        ("gelu", Tf.Gelu), ("gelu by tanh", Tf.GeluTanh), ("relu", Tf.Relu), ("tanh", Tf.Tanh), ("softmax", Tf.Softmax), ("mean", x => Tf.Mean(x, [1])), ("max", x => Tf.Max(x, [1])),
        ("exp", Tf.Exp), ("rsqrt", x => Tf.Rsqrt(Tf.Square(x) + 1)),
        ("layer norm", x => Tf.LayerNorm(x, Ones(x, 8), Ones(x, 8), 1e-3f)), ("matmul", x => Tf.MatMul(x, x, transpose_b: true)),
        ("batch matmul", x => Tf.BatchMatMul(Tf.ExpandDims(x, 0), Tf.ExpandDims(x, 0), adj_y: true)),
        ("bias", x => Tf.BiasAdd(x, Ones(x, 8))), ("gather", x => Tf.Gather(x, Tf.Int32(2, 0, 2), 0)),
        ("cross entropy", x => Tf.SoftmaxCrossEntropy(x, Tf.Int32(1, 0, 5, 7))), ("concat", x => Tf.Concat([x, x], 1)),
        ("dropout", x => Tf.Dropout(x, 0.5f, Tf.Constant(HostTensor.Vector(3UL)), Tf.Constant(HostTensor.Vector(0UL, 0UL)))),
        ("convolution", x => Tf.Convolve2D(Tf.Reshape(x, Tf.Int32(1, 4, 4, 2)), Ones(x, 2, 2, 2, 3), [1, 2, 2, 1], "VALID")),
        ("silu", x => x * Tf.Sigmoid(x)), ("where", x => Tf.SelectV2(Tf.Greater(x, Tf.ZerosLike(x)), x, x * 0.1)),
        ("einsum", x => Tf.Einsum("ab,cb->ac", x, x)),
    ];

    static Tensor Ones(Tensor like, params int[] dims) => Tf.Fill(Tf.Int32(dims), Tf.Constant(1, like.dtype));

    [Test]
    public void IsCloseToSinglePrecision([ValueSource(nameof(Programs))] (string Name, Func<Tensor, Tensor> Run) program,
        [Values("bfloat16", "float16")] string dtype, [Values] Mode mode)
    {
        Tensor[] Body(Tensor[] x)
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            var y = program.Run(x[0]);
            return [y, tape.gradient(y, x[0])!];
        }
        var random = new Random(5);
        var x = Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, 32).Select(_ => (float)(random.NextDouble() * 2) - 1)], (4, 8)));
        var half = Tf.Cast(x, dtype);
        var expected = Run(Mode.Eager, Body, Tf.Cast(half, DType.Float32));
        var actual = Run(mode, Body, half);
        for (var i = 0; i < 2; i++)
        {
            Assert.That(actual[i].dtype.Name, Is.EqualTo(dtype));
            Assert.That(Values(actual[i]), Is.EqualTo(Values(expected[i])).Within(dtype == "float16" ? 0.02 : 0.15), i == 0 ? program.Name
                : $"gradient of {program.Name}");
        }
    }
}
