using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Every op of the table: eager, graph and XLA agree in values and gradients, whatever is known of the shapes; gradients are right.</summary>
sealed class OpTests(string engine) : EngineFixture(engine)
{
    static IEnumerable<OpCase> All => OpCases.All;

    static IEnumerable<OpCase> Differentiable => OpCases.All.Where(c => c.Inputs(new Numbers(0)).Any(i => i.HasGradient));

    static IEnumerable<OpCase> Smooth => Differentiable.Where(c => c.HasSecond);

    [TestCaseSource(nameof(All))]
    public void IsTheSameEagerInGraphsAndUnderXla(OpCase c)
    {
        var runner = new OpRunner(Runtime, c.MakeInputs());
        var program = new OpProgram(c, runner.Inputs);
        var values = runner.Eager(program.Values);
        var weights = Weights(c, values);
        var expected = runner.Eager(program.ValuesAndGradients, weights).Select(t => t.ToHost()).ToArray();
        foreach (var known in c.Relaxes ? Enum.GetValues<KnownDims>() : [KnownDims.Exact])
            foreach (var jit in c.Xla && known == (c.Relaxes ? KnownDims.Symbols : KnownDims.Exact) ? new[] { false, true } : [false])
            {
                var actual = runner.Compiled(program.ValuesAndGradients, jit, known, mustInfer: !c.IsDynamic, weights);
                for (var i = 0; i < expected.Length; i++)
                    OpRunner.AssertEqual(actual[i], expected[i], c.Tolerance, $"{(i < values.Length ? $"output {i}" : $"gradient {i - values.Length}")}, {(jit ? "xla" : "graph")}, dimensions {known}");
            }
    }

    [TestCaseSource(nameof(Differentiable))]
    public void GradientsAreFiniteDifferences(OpCase c)
    {
        var runner = new OpRunner(Runtime, c.MakeInputs());
        var program = new OpProgram(c, runner.Inputs);
        var weights = Weights(c, runner.Eager(program.Values));
        var gradients = runner.Eager(program.Gradients, weights);
        for (var s = 0; s < program.SourceCount; s++)
            CheckDifferences(c, runner.Inputs, program.InputOf(s), gradients[s].ToHost().ToDouble(),
                inputs => Dot(new OpRunner(Runtime, inputs).Eager(program.Values), weights), $"by input {program.InputOf(s)}");
    }

    [TestCaseSource(nameof(Smooth))]
    public void SecondDerivativesAreDifferencesOfGradients(OpCase c)
    {
        var runner = new OpRunner(Runtime, c.MakeInputs());
        var program = new OpProgram(c, runner.Inputs);
        var weights = Weights(c, runner.Eager(program.Values));
        var directions = Weights(c, runner.Eager(program.Gradients, weights), 1);
        Tensor[] Second(Tensor[] x) => program.Second(x, weights.Length);
        var second = runner.Eager(Second, [.. weights, .. directions]).Select(t => t.ToHost()).ToArray();
        OpInput[] all = [.. runner.Inputs, .. weights.Select(Numbers.Data)];
        double Along(OpInput[] inputs) => Dot(new OpRunner(Runtime, inputs[..runner.Inputs.Length]).Eager(program.Gradients,
            [.. inputs[runner.Inputs.Length..].Select(i => i.Value)]), directions);
        for (var i = 0; i < second.Length; i++)
            CheckDifferences(c, all, i < program.SourceCount ? program.InputOf(i) : runner.Inputs.Length + i - program.SourceCount, second[i].ToDouble(),
                Along, $"second, by {i}");

        var compiled = runner.Compiled(Second, jit: false, KnownDims.Exact, mustInfer: false, [.. weights, .. directions]);
        for (var i = 0; i < second.Length; i++) OpRunner.AssertEqual(compiled[i], second[i], c.Tolerance, $"second derivative {i} in a graph");
    }

    [Test]
    public void EveryOpHasACase()
    {
        var used = new HashSet<string>(OpCases.TestedElsewhere);
        var graph = new Graph(null);
        using (graph.Enter())
        {
            foreach (var c in OpCases.All)
            {
                var inputs = c.Inputs(new Numbers(0));
                var program = new OpProgram(c, inputs);
                Tensor[] x = [.. inputs.Select(i => i.IsConstant ? Tf.Constant(i.Value) : graph.AddParameter(i.Value.DType, i.Value.Shape))];
                var values = program.Values(x);
                if (program.SourceCount == 0) continue;
                Tensor[] weights = [.. values.Where(OpProgram.IsWeighted)];
                var gradients = program.Gradients([.. x, .. weights]);
                if (c.HasSecond) program.Second([.. x, .. weights, .. gradients], weights.Length);
            }
            used.UnionWith(graph.Nodes.Select(n => n.Op.Name));
        }
        Assert.That(OpTable.All.Select(o => o.Name).Except(used).Order(), Is.Empty);
    }

    static HostTensor[] Weights(OpCase c, EagerTensor[] outputs, int shift = 0)
    {
        var random = new Random(c.Seed + 1 + shift);
        return [.. outputs.Where(OpProgram.IsWeighted).Select(o =>
        {
            var values = Enumerable.Range(0, (int)o.shape.ElementCount).Select(_ => (random.NextDouble() * 2) - 1).ToArray();
            return o.dtype == DType.Float64 ? HostTensor.Of<double>(values, o.shape) : HostTensor.Of<float>([.. values.Select(v => (float)v)], o.shape);
        })];
    }

    static double Dot(EagerTensor[] outputs, HostTensor[] weights) =>
        outputs.Where(OpProgram.IsWeighted).Zip(weights, (o, w) => o.ToHost().ToDouble().Zip(w.ToDouble(), (a, b) => a * b).Sum()).Sum();

    static void CheckDifferences(OpCase c, OpInput[] inputs, int input, double[] gradient, Func<OpInput[], double> value, string what)
    {
        var (step, tolerance) = c.Differences;
        var x = inputs[input].Value.ToDouble();
        Assert.That(gradient, Has.Length.EqualTo(x.Length), what);
        double At(int element, double shift)
        {
            var moved = (double[])x.Clone();
            moved[element] += shift;
            var host = inputs[input].Value;
            var changed = (OpInput[])inputs.Clone();
            changed[input] = inputs[input] with
            {
                Value = host.DType == DType.Float64 ? HostTensor.Of<double>(moved, host.Shape)
                : HostTensor.Of<float>([.. moved.Select(m => (float)m)], host.Shape)
            };
            return value(changed);
        }
        for (var i = 0; i < x.Length; i++)
        {
            var difference = (At(i, step) - At(i, -step)) / (2 * step);
            if (!(Math.Abs(difference - gradient[i]) <= tolerance * (1 + Math.Abs(difference))))
                Assert.Fail($"{what}, element {i}: the gradient is {gradient[i]:R}, the difference {difference:R}");
        }
    }
}
