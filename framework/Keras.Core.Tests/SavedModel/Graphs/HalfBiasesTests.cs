using Keras.Graphs;
using Keras.Tests.TensorFlow;

namespace Keras.Tests.SavedModels;

/// <summary>Products of float16 and their biases stay apart in what TensorFlow is given, and compute the same.</summary>
sealed class HalfBiasesTests : TensorFlowFixture
{
    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Forms = new()
    {
        ["bias"] = (product, bias) => Tf.BiasAdd(product, bias),
        ["bias of channels that come first"] = (product, bias) => Tf.BiasAdd(product, bias, "NCHW"),
        ["sum"] = (product, bias) => product + bias,
        ["sum from the left"] = (product, bias) => bias + product,
        ["sum of two products"] = (product, _) => product + Tf.MatMul(product, product, transpose_b: true) * Tf.Constant(0.125, product.dtype),
        ["sum with itself"] = (product, _) => product + product,
    };

    static FunctionGraph Trace(string form, DType dtype) => FunctionGraph.Trace("biased", [(dtype, new Shape(3, 3), "x"), (dtype, 3, "bias")],
        x => [Tf.Relu(Forms[form](Tf.MatMul(x[0], x[0]), x[1]))]);

    static bool IsJoined(FunctionGraph function) => function.LiveNodes().Any(n => n.Op.Name is "BiasAdd" or "AddV2" && n.Inputs.Cast<SymbolicTensor>().Any(i => i.Node.Op.Name == "MatMul"));

    [Test]
    public void NothingIsAddedToAProductOfFloat16Directly([ValueSource(nameof(Names))] string form)
    {
        Assert.That(IsJoined(Trace(form, DType.Float16)));
        var apart = HalfBiases.Apply(Trace(form, DType.Float16));
        Assert.That(IsJoined(apart), Is.False);
        Assert.That(apart.Outputs[0].shape, Is.EqualTo(new Shape(3, 3)));
    }

    static IEnumerable<string> Names => Forms.Keys;

    [Test]
    public void OtherProductsStayAsTheyAre([Values("float32", "bfloat16")] string dtype)
    {
        var function = Trace("bias", DType.Parse(dtype));
        Assert.That(HalfBiases.Apply(function), Is.SameAs(function));
    }

    [Test]
    public void ValuesAreThoseOfSinglePrecision([ValueSource(nameof(Names))] string form, [Values] bool isKnown)
    {
        Tensor[] inputs = [Matrix(3, 3, i => (i % 5) - 2), Vector(0.5f, -1, 2)];
        float[] Computed(DType dtype)
        {
            var shape = isKnown ? new Shape(3, 3) : new Shape(-1, -1);
            using var compiled = Compile(jit: false, x => [Tf.Cast(Tf.Relu(Forms[form](Tf.MatMul(x[0], x[0]), x[1])), DType.Float32)], (dtype, shape), (dtype, 3));
            return Floats(Run(compiled, 1, [.. inputs.Select(i => Tf.Cast(i, dtype))])[0]);
        }
        Assert.That(Computed(DType.Float16), Is.EqualTo(Computed(DType.Float32)), "all numbers are exact in float16");
    }

    [Test]
    public void SumsWithMoreDimensionsKeepTheirShape([Values(1, 2)] int batch)
    {
        using var x = (EagerTensor)Tf.Cast(Matrix(3, 3, i => i % 3), DType.Float16);
        using var other = (EagerTensor)Tf.Cast(Tf.Reshape(Matrix(batch * 3, 3, i => i), new Shape(batch, 3, 3)), DType.Float16);
        using var compiled = Compile(jit: false, p => [Tf.MatMul(p[0], p[0]) + p[1]], (x.dtype, x.shape), (other.dtype, other.shape));
        var result = Run(compiled, 1, x, other)[0];
        Assert.That(result.shape, Is.EqualTo(new Shape(batch, 3, 3)));
        Assert.That(Floats(Tf.Cast(result, DType.Float32)), Is.EqualTo(Floats(Tf.Cast(Tf.MatMul(x, x) + other, DType.Float32))));
    }

    [Test]
    public void LargeOnesAreNotHundredsOfTimesSlower()
    {
        // 1.5 s where they are joined, 3 ms where they are not; a machine without float16 joins none.
        Tensor x = Tf.Cast(Matrix(32, 768, i => i % 3), DType.Float16), kernel = Tf.Cast(Matrix(768, 3072, i => i % 2), DType.Float16), bias = Tf.Cast(Matrix(1, 3072, i => i), DType.Float16);
        using var compiled = Compile(jit: false, p => [Tf.BiasAdd(Tf.MatMul(p[0], p[1]), Tf.Reshape(p[2], [3072]))], (x.dtype, x.shape), (x.dtype, kernel.shape), (x.dtype, bias.shape));
        Run(compiled, 1, x, kernel, bias);
        var least = Enumerable.Range(0, 3).Min(_ =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Run(compiled, 1, x, kernel, bias)[0].ToHost();
            return clock.ElapsedMilliseconds;
        });
        Assert.That(least, Is.LessThan(500));
    }
}
