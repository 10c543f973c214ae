using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Einsum: one matrix product for the forms of transformers, unknown dimensions, gradients, refusals.</summary>
public sealed class EinsumTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Numbers(int seed, params long[] dims) => Api.keras.random.normal(new Shape(dims), seed: seed);

    static FunctionGraph Traced(string equation, Shape a, Shape b) => FunctionGraph.Trace("einsum", [(DType.Float32, a, "a"), (DType.Float32, b, "b")], x => [Api.ops.einsum(equation, x[0], x[1])]);

    static int Count(FunctionGraph function, params string[] ops) => function.LiveNodes().Count(n => ops.Contains(n.Op.Name));

    // equation, shapes, transposes that remain
    [TestCase("abc,cd->abd", new long[] { -1, -1, 8 }, new long[] { 8, 4 }, 0)]
    [TestCase("abc,cde->abde", new long[] { -1, -1, 8 }, new long[] { 8, 2, 4 }, 0)]
    [TestCase("abcd,cde->abe", new long[] { -1, -1, 2, 4 }, new long[] { 2, 4, 8 }, 0)]
    [TestCase("BTNH,BSNH->BNTS", new long[] { -1, -1, 2, 4 }, new long[] { -1, -1, 2, 4 }, 2)]
    [TestCase("aecd,abcd->acbe", new long[] { -1, -1, 2, 4 }, new long[] { -1, -1, 2, 4 }, 2)]
    [TestCase("BNTS,BSNH->BTNH", new long[] { -1, 2, -1, -1 }, new long[] { -1, -1, 2, 4 }, 2)]
    [TestCase("bij,bjk->bik", new long[] { -1, 3, 4 }, new long[] { -1, 4, 5 }, 0)]
    [TestCase("bij,bkj->bik", new long[] { -1, 3, 4 }, new long[] { -1, 5, 4 }, 0)]
    [TestCase("bji,bjk->bik", new long[] { -1, 4, 3 }, new long[] { -1, 4, 5 }, 0)]
    public void IsOneMatrixProduct(string equation, long[] a, long[] b, int transposes)
    {
        var function = Traced(equation, a, b);
        Assert.That(Count(function, "MatMul", "BatchMatMulV2"), Is.EqualTo(1));
        Assert.That(Count(function, "Transpose"), Is.LessThanOrEqualTo(transposes));
        Assert.That(Count(function, "Sum", "Mul", "Einsum"), Is.Zero);
    }

    [Test]
    public void KnownDimensionsStayKnown()
    {
        var output = Traced("BTNH,BSNH->BNTS", new Shape(-1, 3, 2, 4), new Shape(-1, 5, 2, 4)).Outputs[0];
        Assert.That(output.shape.ToString(), Is.EqualTo("(None, 2, 3, 5)"));
    }

    [TestCase("abc,cd->abd", new long[] { 2, 3, 4 }, new long[] { 4, 5 })]
    [TestCase("BTNH,BSNH->BNTS", new long[] { 2, 3, 2, 4 }, new long[] { 2, 5, 2, 4 })]
    [TestCase("acbe,aecd->abcd", new long[] { 2, 2, 3, 5 }, new long[] { 2, 5, 2, 4 })]
    [TestCase("...ij,jk->...ik", new long[] { 2, 2, 3, 4 }, new long[] { 4, 5 })]
    [TestCase("b...d,de->b...e", new long[] { 2, 3, 2, 4 }, new long[] { 4, 5 })]
    [TestCase("...ij,...jk->...ik", new long[] { 2, 1, 3, 4 }, new long[] { 5, 4, 2 })]
    [TestCase("ij,ij->i", new long[] { 3, 4 }, new long[] { 3, 4 })]
    [TestCase("i,j->ij", new long[] { 3 }, new long[] { 4 })]
    [TestCase("ii,ij->j", new long[] { 3, 3 }, new long[] { 3, 4 })]
    [TestCase("abc,abd->cd", new long[] { 2, 3, 4 }, new long[] { 2, 3, 5 })]
    public void GradientsAreFiniteDifferences(string equation, long[] a, long[] b)
    {
        Tensor[] inputs = [Numbers(1, a), Numbers(2, b)];
        var weights = Numbers(3, Api.ops.einsum(equation, inputs).shape.ToArray());
        Tensor Loss(Tensor[] x) => Api.ops.sum(Api.ops.einsum(equation, x) * weights);
        using var tape = new GradientTape();
        foreach (var input in inputs) tape.watch(input);
        var gradients = tape.gradient(Loss(inputs), inputs);
        for (var i = 0; i < 2; i++)
        {
            var direction = Numbers(10 + i, inputs[i].shape.ToArray());
            Tensor[] Moved(double by) => [.. inputs.Select((x, k) => k == i ? x + (direction * by) : x)];
            const double Step = 1e-2;
            var expected = (Loss(Moved(Step)).ToScalar<float>() - Loss(Moved(-Step)).ToScalar<float>()) / (2 * Step);
            Assert.That(Api.ops.sum(gradients[i]! * direction).ToScalar<float>(), Is.EqualTo(expected).Within(2e-3 * (1 + Math.Abs(expected))), $"operand {i}");
        }
    }

    [TestCase("ij,jk->il")]
    [TestCase("ij,jk->iik")]
    [TestCase("ijk,jk->i")]
    [TestCase("ij->i")]
    [TestCase("i.j,jk->ik")]
    [TestCase("i1,jk->ik")]
    public void AnEquationThatDoesNotFitIsRefused(string equation) =>
        Assert.That(() => Api.ops.einsum(equation, Numbers(1, 2, 3), Numbers(2, 3, 4)), Throws.InstanceOf<ShapeMismatchException>());
}
