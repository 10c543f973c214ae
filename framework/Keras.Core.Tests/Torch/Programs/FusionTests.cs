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
            yield return new($"bias gelu by tanh {rows} {inner} {columns}", 1, operands, x => [Tf.GeluTanh(Product(x))]);
            yield return new($"left transposed {rows} {inner} {columns}", 1, [Floats32(inner, rows), operands[1], operands[2]], x => [Tf.Gelu(Product(x, ta: true))]);
            yield return new($"right transposed {rows} {inner} {columns}", 1, [operands[0], Floats32(columns, inner), operands[2]], x => [Tf.Gelu(Product(x, tb: true))]);
        }
        (DType, Shape)[] small = [Floats32(4, 8), Floats32(8, 6), Floats32(6)];
        yield return new("unknown rows", 1, [Floats32(-1, 8), small[1], small[2]], x => [Tf.Gelu(Product(x))]);
        yield return new("the sum is used twice", 3, small, x => { var y = Product(x); return [Tf.Gelu(y) + y]; });
        yield return new("the product is an output", 2, small, x => { var y = Tf.MatMul(x[0], x[1]); return [y, Tf.BiasAdd(y, x[2])]; });
        foreach (var c in AttentionCases()) yield return c;
        foreach (var c in NormCases()) yield return c;
        yield return new("in float64", 3, [.. small.Select(s => (DType.Float64, s.Item2))], x => [Tf.Gelu(Product(x))]);
    }

    /// <summary>A sum, normalised, of which nothing else is read.</summary>
    static IEnumerable<Case> NormCases()
    {
        static Tensor Norm(Tensor[] x) => Tf.LayerNorm(x[0] + x[1], x[2], x[3], 1e-5f);
        foreach (var columns in new[] { 1, 5, 16, 40, 384 })
            yield return new($"norm of a sum of {columns}", 1, [Floats32(4, 6, columns), Floats32(4, 6, columns), Floats32(columns), Floats32(columns)], x => [Norm(x)]);
        (DType, Shape)[] both = [Floats32(-1, 8), Floats32(-1, 8), Floats32(8), Floats32(8)];
        yield return new("norm of a sum of unknown rows", 1, both, x => [Norm(x)]);
        yield return new("norm of a sum of a matrix and a row", 1, [both[0], Floats32(8), both[2], both[3]], x => [Norm(x)]);
        yield return new("norm of a sum of a column and a row", 1, [Floats32(6, 1), Floats32(1, 8), both[2], both[3]], x => [Norm(x)]);
        yield return new("norm of a sum that is used twice", 3, both, x => { var sum = x[0] + x[1]; return [Tf.LayerNorm(sum, x[2], x[3], 1e-5f) + sum]; });
        yield return new("norm of a sum of nothing", 1, [Floats32(0, 8), Floats32(0, 8), both[2], both[3]], x => [Norm(x)]);
        yield return new("norm of a sum in float64", 1, [.. both.Select(s => (DType.Float64, s.Item2))], x => [Norm(x)]);
    }

    /// <summary>Attention of 3 texts, 2 heads of 4, 5 places to 7.</summary>
    static IEnumerable<Case> AttentionCases()
    {
        var (queries, keys, turned) = (Floats32(3, 5, 2, 4), Floats32(3, 7, 2, 4), Floats32(3, 2, 7, 4));
        static Tensor Heads(Tensor x) => Tf.Transpose(x, 0, 2, 1, 3);
        static Tensor Joined(Tensor scores, Tensor v) => Heads(Tf.BatchMatMul(Tf.Softmax(scores), v));
        static Tensor Scores(Tensor q, Tensor k) => Tf.BatchMatMul(q, k, adj_y: true);
        yield return new("attention", 1, [queries, keys, keys], x => [Joined(Scores(Heads(x[0]), Heads(x[1])) * 0.5, Heads(x[2]))]);
        yield return new("attention without a factor", 1, [queries, keys, keys], x => [Joined(Scores(Heads(x[0]), Heads(x[1])), Heads(x[2]))]);
        yield return new("attention to heads that are parted", 1, [queries, turned, turned], x => [Joined(Scores(Heads(x[0]), x[1]) * 0.5, x[2])]);
        foreach (var mask in (Shape[])[new(3, 1, 1, 7), new(3, 2, 5, 7), new(5, 7), new(1, 1, 5, 1), new(7)])
            yield return new($"attention with a mask {mask}", 1, [queries, keys, keys, (DType.Float32, mask)], x => [Joined((Scores(Heads(x[0]), Heads(x[1])) * 0.5) + x[3], Heads(x[2]))]);
        foreach (var shape in (Shape[])[new(7), new(5, 7), new(3, 1, 1, 7), new(3, 2, 5, 7), new(2, 1, 7), new(1)])
            foreach (var masked in new[] { 1, 7, 12, 40 })
                yield return new($"attention with -inf in {masked} places of {shape}", 1, [queries, keys, keys], x => [Joined(Scores(Heads(x[0]), Heads(x[1])) + Blocked(shape, masked), Heads(x[2]))]);
        // Logarithms of random numbers around 0 and of chosen ones give NaN, infinities and numbers.
        foreach (var (operand, name) in new[] { "queries", "keys", "values" }.Index())
            foreach (var chosen in (float[][])[[-1], [0], [1, 1, 1, -1, 1, 1, 1, 1], [1, 1, 1, 0, 1, 1, 1, 1], [float.PositiveInfinity, 1, 1, 1, 1, 1, 1, 1]])
                yield return new($"attention with logarithms of {string.Join(' ', chosen)} in {name}", 2, [queries, keys, keys], x =>
                {
                    var y = x.ToArray();
                    y[operand] += Tf.Reshape(Tf.Log(Floats(chosen)), chosen.Length == 1 ? new Shape(1) : new Shape(1, 1, 2, 4));
                    return [Joined(Scores(Heads(y[0]), Heads(y[1])), Heads(y[2]))];
                });
        foreach (var chosen in (float[][])[[-1, 1, 1, 1, 1, 1, 1], [float.PositiveInfinity, 1, 1, 1, 1, 1, 1], [0, -1, 0, 0, 0, 0, 0]])
            yield return new($"attention with logarithms of {string.Join(' ', chosen)} as mask", 1, [queries, keys, keys], x => [Joined(Scores(Heads(x[0]), Heads(x[1])) + Tf.Log(Floats(chosen)), Heads(x[2]))]);
        foreach (var (size, other) in new[] { (1e20f, -1e20f), (1e20f, 1e20f), (1e18f, 1e18f) })
            yield return new($"attention of products of {size} and {other}", 5, [queries, keys, keys], x => [Joined(Scores(Heads((x[0] * 0.01f) + size), Heads((x[1] * 0.01f) + other)), Heads(x[2]))]);
        foreach (var chosen in (float[][])[[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, -1], [1, 1, 1, 1, 1, 1, float.PositiveInfinity], [1, -1, 1, 1, 1, 1, 1]])
            yield return new($"attention chosen by truth values, logarithms of {string.Join(' ', chosen)} in keys", 2, [queries, keys, keys], x =>
            {
                var y = x[1] + Tf.Reshape(Tf.Log(Floats(chosen)), new Shape(1, 7, 1, 1));
                return [Joined(Tf.SelectV2(Tf.Less(Floats([0, 1, 2, 3, 4, 5, 6]), Tf.Constant(HostTensor.Scalar(6f))), Scores(Heads(x[0]), Heads(y)), Tf.Constant(HostTensor.Scalar(-3e38f))), Heads(x[2]))];
            });
        yield return new("attention of long texts", 1, [Floats32(2, 130, 3, 64), Floats32(2, 600, 3, 64), Floats32(2, 600, 3, 64)], x => [Joined(Scores(Heads(x[0]), Heads(x[1])) * 0.125, Heads(x[2]))]);
        foreach (var (rows, columns) in new[] { (1, 7), (1, 600), (3, 40) })
            yield return new($"attention of {rows} to {columns}", 1, [Floats32(2, rows, 3, 64), Floats32(2, columns, 3, 64), Floats32(2, columns, 3, 64)], x => [Joined(Scores(Heads(x[0]), Heads(x[1])) * 0.125, Heads(x[2]))]);
        foreach (var causal in new[] { AttentionForm.All, AttentionForm.LowerRight })
            foreach (var scale in new[] { 1, 0.5 })
            {
                Tensor Whole(Tensor[] x, Tensor? bias = null) => Heads(Tf.Attention(new(Heads(x[0]), Heads(x[1]), Heads(x[2]), Bias: bias), new() { Causal = causal, Scale = scale }).Context);
                yield return new($"whole attention, causal {causal}, by {scale}", 1, [queries, keys, keys], x => [Whole(x)]);
                yield return new($"whole attention, causal {causal}, by {scale}, with a bias", 1, [queries, keys, keys], x => [Whole(x, Blocked(new(3, 1, 1, 7), 1))]);
            }
        yield return new("attention to nothing", 1, [queries, Floats32(3, 0, 2, 4), Floats32(3, 0, 2, 4)], x => [Joined(Scores(Heads(x[0]), Heads(x[1])), Heads(x[2]))]);
        yield return new("keys that heads share", 7, [queries, Floats32(3, 7, 1, 4), Floats32(3, 7, 1, 4)], x => [Joined(Scores(Heads(x[0]), Heads(x[1])), Heads(x[2]))]);
        yield return new("attention whose weights are an output", 8, [queries, keys, keys], x => { var p = Tf.Softmax(Scores(Heads(x[0]), Heads(x[1])) * 0.5); return [p, Heads(Tf.BatchMatMul(p, Heads(x[2])))]; });
    }

    static Tensor Floats(float[] values) => Tf.Constant(HostTensor.Of<float>(values, new Shape(values.Length)));

    static Tensor Blocked(Shape shape, int places) =>
        Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => i < places ? float.NegativeInfinity : 0)], shape));

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
        // Without own products attention runs node by node.
        if (Gemm.IsSupported || !c.Name.Contains("attention")) Assert.That(new ProgramBuilder(function, fuses: true).Items, Has.Count.EqualTo(c.Steps));
    }

    static IEnumerable<TestCaseData> HalfCases() => from c in Cases()
                                                    where c.Name.StartsWith("bias", StringComparison.Ordinal) || c.Name.Contains("transposed") || c.Name.StartsWith("whole", StringComparison.Ordinal)
                                                    from dtype in new[] { DType.BFloat16, DType.Float16 }
                                                    select new TestCaseData(c, dtype).SetArgDisplayNames(c.Name, dtype.Name);

    [TestCaseSource(nameof(HalfCases))]
    public void SixteenBitsAreComputedInFloat32(Case c, DType dtype)
    {
        var random = new Random(8);
        var inputs = c.Parameters.Select(p => Tf.Cast(Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, (int)p.Shape.ElementCount).Select(_ => random.NextSingle() - 0.5f)], p.Shape)), dtype)).ToArray();
        double[] Output(DType computed)
        {
            var function = Lowering.Lower(FunctionGraph.Trace("chain", c.Parameters.Select((p, i) => (computed, p.Shape, $"x{i}")), c.Body), Runtime.RunsNatively);
            Assert.That(new ProgramBuilder(function, fuses: true).Items, Has.Count.EqualTo(1));
            var results = new TorchValue[1];
            new TorchProgram(function, true).Run([.. inputs.Select(x => TorchValue.Of(Tf.Cast(x, computed).RequireEager().Handle))], results);
            return new EagerTensor(results[0], Runtime).ToHost().ToDouble();
        }
        var (halves, expected) = (Output(dtype), Output(DType.Float32));
        // Rounded once, or twice where libtorch multiplies and a bias follows.
        var step = dtype == DType.Float16 ? 1.0 / 2048 : 1.0 / 256;
        for (var i = 0; i < expected.Length; i++) Assert.That(halves[i], Is.EqualTo(expected[i]).Within(2 * step * (1 + Math.Abs(expected[i]))), $"element {i}");
    }
}
