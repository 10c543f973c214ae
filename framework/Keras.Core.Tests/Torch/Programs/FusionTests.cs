using Keras.Engines.Torch;
using Keras.Graphs;

namespace Keras.Tests.Torch.Programs;

/// <summary>What one kernel runs for a chain of nodes is what the nodes give one by one.</summary>
sealed class FusionTests : TorchFixture
{
    /// <summary>A chain: what it is called, its operands, and how many steps it takes fused.</summary>
    public sealed record Case(string Name, int Steps, (DType DType, Shape Shape)[] Parameters, Func<Tensor[], IEnumerable<Tensor>> Body)
    {
        public override string ToString() => Name;
    }

    static (DType, Shape) Floats32(params long[] dims) => (DType.Float32, new Shape(dims));

    static Tensor Product(Tensor[] x, bool ta = false, bool tb = false) => Tf.BiasAdd(Tf.MatMul(x[0], x[1], ta, tb), x[2]);

    static IEnumerable<Case> Cases()
    {
        // Of the ways to multiply each takes some: oneDNN, few rows with a wide result (whole tiles and edges), MKL.
        (long Rows, long Inner, long Columns)[] sizes = [(64, 48, 40), (1, 64, 200), (16, 64, 128), (37, 70, 151), (128, 300, 640), (257, 64, 130), (3, 2, 5), (5, 0, 3), (0, 4, 3)];
        foreach (var (rows, inner, columns) in sizes)
        {
            (DType, Shape)[] operands = [Floats32(rows, inner), Floats32(inner, columns), Floats32(columns)];
            yield return new($"bias {rows} {inner} {columns}", 1, operands, x => [Product(x)]);
            yield return new($"bias gelu {rows} {inner} {columns}", 1, operands, x => [Tf.Gelu(Product(x))]);
            yield return new($"left transposed {rows} {inner} {columns}", 1, [Floats32(inner, rows), operands[1], operands[2]], x => [Tf.Gelu(Product(x, ta: true))]);
            yield return new($"right transposed {rows} {inner} {columns}", 1, [operands[0], Floats32(columns, inner), operands[2]], x => [Tf.Gelu(Product(x, tb: true))]);
        }
        (DType, Shape)[] small = [Floats32(4, 8), Floats32(8, 6), Floats32(6)];
        yield return new("unknown rows", 1, [Floats32(-1, 8), small[1], small[2]], x => [Tf.Gelu(Product(x))]);
        yield return new("the sum is used twice", 3, small, x => { var y = Product(x); return [Tf.Gelu(y) + y]; });
        yield return new("the product is an output", 2, small, x => { var y = Tf.MatMul(x[0], x[1]); return [y, Tf.BiasAdd(y, x[2])]; });
        yield return new("in float64", 3, [.. small.Select(s => (DType.Float64, s.Item2))], x => [Tf.Gelu(Product(x))]);
    }

    [TestCaseSource(nameof(Cases))]
    public void FusedEqualsUnfused(Case c)
    {
        var function = Lowering.Lower(FunctionGraph.Trace("chain", c.Parameters.Select((p, i) => (p.DType, p.Shape, $"x{i}")), c.Body), Runtime.RunsNatively);
        var random = new Random(7);
        var inputs = c.Parameters.Select(p =>
        {
            var shape = p.Shape.IsFullyKnown ? p.Shape : new Shape(5, 8);
            return Tf.Cast(Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.NextSingle() - 0.5f)], shape)), p.DType).RequireEager();
        }).ToArray();
        HostTensor[] Outputs(bool fuses)
        {
            var results = new TorchValue[function.Outputs.Count];
            new TorchProgram(function, fuses).Run([.. inputs.Select(i => TorchValue.Of(i.Handle))], results);
            return [.. results.Select(r => new EagerTensor(r, Runtime).ToHost())];
        }
        var (fused, unfused) = (Outputs(true), Outputs(false));
        for (var i = 0; i < fused.Length; i++) Ops.OpRunner.AssertEqual(fused[i], unfused[i], 1e-5, $"output {i}");
        Assert.That(new ProgramBuilder(function, fuses: true).Items, Has.Count.EqualTo(c.Steps));
    }
}
