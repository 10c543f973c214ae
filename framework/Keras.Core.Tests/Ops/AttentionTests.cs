using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>The composite of attention against loops over doubles: values, gradients and second derivatives by differences of the loops.</summary>
sealed class AttentionTests(string engine) : EngineFixture(engine)
{
    const int Count = 48;

    static readonly (int B, int H, int G, int T, int S, int D, int Dv) Small = (2, 2, 2, 3, 4, 4, 3);

    static IEnumerable<AttentionProblem> Problems => Enumerable.Range(0, Count).Select(AttentionProblem.Random);

    static IEnumerable<AttentionProblem> SomeProblems => Problems.Where(p => p.Seed % 6 == 0);

    static IEnumerable<AttentionProblem> Spreads => AttentionProblem.Spreads(Small.B, Small.H, Small.T, Small.S).SelectMany(shape => new AttentionProblem[]
    {
        new(1, Small, new() { Scale = 0.5 }, Mask: shape), new(2, Small, new() { Scale = 0.5 }, Bias: shape), new(3, Small, new(), HeadMask: shape),
        new(4, Small, new() { Rate = 0.5f, Causal = AttentionForm.LowerRight }, Mask: shape, Bias: shape, HeadMask: shape),
    });

    [TestCaseSource(nameof(Problems))]
    public void ValuesAndGradientsAreThoseOfLoops(AttentionProblem p)
    {
        foreach (var mode in p.Seed % 6 == 0 ? Enum.GetValues<Mode>() : [Mode.Eager, Mode.Graph])
            foreach (var all in new[] { false, true }) Check(p, DType.Float64, mode, all, 1e-7);
    }

    [TestCaseSource(nameof(Spreads))]
    public void MasksOfEveryShapeBroadcast(AttentionProblem p) => Check(p, DType.Float64, Mode.Graph, all: false, 1e-7);

    /// <summary>Scores here are at most 5, so each rounding of one (product, scale) makes a probability wrong by 5 units of rounding, and each of the few that
    /// follow by one; a gradient is a sum of some such errors that do not all point the same way.</summary>
    [Test]
    public void OtherDTypesAreAsNearAsTheyRound([ValueSource(nameof(SomeProblems))] AttentionProblem p,
        [Values("float32", "float16", "bfloat16")] string dtype, [Values(Mode.Eager, Mode.Graph)] Mode mode)
    {
        var unit = Math.Pow(2, dtype == "float32" ? -24 : dtype == "float16" ? -11 : -8);
        foreach (var all in new[] { false, true }) Check(p, dtype, mode, all, 48 * unit);
    }

    [TestCaseSource(nameof(Problems))]
    public void SecondDerivativesAreDifferencesOfLoops(AttentionProblem p)
    {
        var (sources, seen, kept) = (p.Sources(), p.Seen(), Kept(p));
        var (along, directions) = (p.Numbers(3, p.OutputShapes[0])[0], p.Numbers(4, p.SourceShapes));
        Tensor[] Second(Tensor[] x)
        {
            var count = sources.Length;
            using var outer = new GradientTape(watch_accessed_variables: false);
            foreach (var source in x[..count]) outer.watch(source);
            var gradients = Gradients(p, x, [Like(along, p.OutputShapes[0], DType.Float64)]);
            var sum = gradients.Select((g, i) => Tf.Sum(g * Like(directions[i], p.SourceShapes[i], DType.Float64), [.. Enumerable.Range(0, g.ndim)])).Aggregate((a, b) => a + b);
            return [.. outer.Gradients([sum], [null], x[..count]).Select((g, i) => g ?? Tf.ZerosLike(x[i]))];
        }
        const double step = 1e-4;
        double At(double[][] x) => Dot(p.Reference(x, seen, kept), [along]);
        double[][] Along(double[][] x, double by) => [.. x.Select((v, i) => v.Select((e, j) => e + (by * directions[i][j])).ToArray())];
        var (ahead, behind) = (Along(sources, step), Along(sources, -step));
        double[][] expected = [.. sources.Select((s, i) => s.Select((_, j) =>
            (At(Moved(ahead, i, j, step)) - At(Moved(ahead, i, j, -step)) - At(Moved(behind, i, j, step)) + At(Moved(behind, i, j, -step))) / (4 * step * step)).ToArray())];
        foreach (var mode in new[] { Mode.Eager, Mode.Graph })
            AssertNear(Run(mode, Second, Operands(p, DType.Float64)), expected, 1e-5, $"second derivative, {mode}");
    }

    static readonly (string Name, AttentionProblem Problem, bool IsAdded)[] Blind =
    [
        ("a mask", new(5, Small, new(), Mask: new(2, 1, 3, 4)), false), ("a mask that zeroes", new(5, Small, new() { Zeroes = true }, Mask: new(2, 1, 3, 4)), false),
        ("what is added", new(5, Small, new(), Bias: new(2, 1, 3, 4)), true), ("a mask with dropout", new(5, Small, new() { Rate = 0.5f }, Mask: new(2, 1, 3, 4)), false),
        ("both and the order", new(5, Small, new() { Causal = AttentionForm.UpperLeft }, Mask: new(2, 1, 3, 4), Bias: new(2, 1, 3, 4)), true),
    ];

    /// <summary>The first text's queries see nothing.</summary>
    [Test]
    public void QueriesThatSeeNothingStayFinite([ValueSource(nameof(Blind))] (string Name, AttentionProblem Problem, bool IsAdded) c,
        [Values("float64", "float32", "float16", "bfloat16")] string dtype, [Values] Mode mode)
    {
        var (p, x) = (c.Problem, Operands(c.Problem, dtype));
        var half = Enumerable.Range(0, 24).Select(i => i >= 12).ToArray();
        if (p.Mask is not null) x[^(p.Form.Rate > 0 ? 3 : 1)] = Tf.Constant(HostTensor.OfBytes(DType.Bool, p.Mask, [.. half.Select(seen => seen ? (byte)1 : (byte)0)]));
        var lowest = dtype == "float16" ? -65504 : dtype == "bfloat16" ? -3.38e38 : dtype == "float32" ? float.MinValue : -1e300;
        if (c.IsAdded) x[3] = Like([.. half.Select(seen => seen ? 0 : lowest)], p.Bias!, dtype);
        var results = Run(mode, i => [.. p.Attend(i), .. Gradients(p, i, [Like(p.Numbers(3, p.OutputShapes[0])[0], p.OutputShapes[0], dtype)])], x);
        for (var i = 0; i < results.Length; i++) Assert.That(Values(results[i]).Select(double.IsFinite), Is.All.True, $"result {i}");
        var probabilities = Values(results[1])[..24];
        if (p.Form.Zeroes) Assert.That(probabilities, Is.All.Zero);
        else for (var row = 0; row < 6; row++) Assert.That(probabilities[(row * 4)..((row * 4) + 4)].Sum(), Is.EqualTo(1).Within(0.01));
        // What cannot be seen does not move, and moves nothing.
        if (!c.IsAdded) Assert.That(Values(results[3])[..24], Is.All.Zero);
    }

    /// <summary>Products near float16's largest number, and its lowest added: no number of float16, and none is needed.</summary>
    [Test]
    public void SumsBeyondFloat16StayFinite([Values] Mode mode, [Values(1, -1)] int sign)
    {
        var p = new AttentionProblem(6, (1, 1, 1, 2, 3, 4, 1), new(), Bias: new(3));
        Tensor[] x = [Like([.. Enumerable.Repeat(100.0, 8)], p.SourceShapes[0], DType.Float16), Like([.. Enumerable.Repeat(sign * 150.0, 12)], p.SourceShapes[1], DType.Float16),
            Like([1, 2, 4], p.SourceShapes[2], DType.Float16), Like([0, 0, -65504], new(3), DType.Float16)];
        var results = Run(mode, i => [.. p.Attend(i), .. Gradients(p, i, [Like([1, 1], p.OutputShapes[0], DType.Float16)])], x);
        for (var i = 0; i < results.Length; i++) Assert.That(Values(results[i]).Select(double.IsFinite), Is.All.True, $"result {i}");
        AssertClose(results[0], [1.5, 1.5]);
        AssertClose(results[1], [0.5, 0.5, 0, 0.5, 0.5, 0]);
    }

    [Test]
    public void NaNStaysNaN([Values] Mode mode, [Values("float64", "float32", "float16")] string dtype, [Values(0, 1, 2)] int operand)
    {
        var p = new AttentionProblem(7, (2, 1, 1, 2, 3, 4, 4), new());
        var sources = p.Sources();
        sources[operand][0] = double.NaN;
        var results = Run(mode, i => [.. p.Attend(i)[..1], .. Gradients(p, i, [Like(p.Numbers(3, p.OutputShapes[0])[0], p.OutputShapes[0], dtype)])],
            [.. sources.Select((s, i) => Like(s, p.SourceShapes[i], dtype))]);
        var context = Values(results[0]);
        // A query is one row of the first text, a key all rows, a value one column.
        Assert.That(context.Select(double.IsNaN), Is.EqualTo(Enumerable.Range(0, 16).Select(i => operand == 0 ? i < 4 : i < 8 && (operand == 1 || i % 4 == 0))));
        Assert.That(Values(results[1])[..4].Select(double.IsNaN), Is.All.True, "the gradient by the query");
        Assert.That(Values(results[1])[8..].Select(double.IsNaN), Is.All.False, "the other text's gradient");
    }

    [Test]
    public void NothingGivesNothing([Values] Mode mode, [Values("float64", "float32", "float16")] string dtype, [Values(0, 3, 4, 6)] int empty)
    {
        int[] n = [2, 1, 1, 2, 3, 4, 2];
        n[empty] = 0;
        var p = new AttentionProblem(8, (n[0], n[1], n[2], n[3], n[4], n[5], n[6]), new());
        var results = Run(mode, i => [.. p.Attend(i), .. Gradients(p, i, [Like(p.Numbers(3, p.OutputShapes[0])[0], p.OutputShapes[0], dtype)])], Operands(p, dtype));
        Assert.That(results.Select(r => r.shape), Is.EqualTo([.. p.OutputShapes, .. p.SourceShapes]));
        if (empty == 4) Assert.That(Values(results[0]), Is.All.Zero);
    }

    void Check(AttentionProblem p, DType dtype, Mode mode, bool all, double tolerance)
    {
        var (sources, seen, kept) = (p.Sources(), p.Seen(), Kept(p));
        var weights = p.Numbers(3, all ? p.OutputShapes : p.OutputShapes[..1]);
        var results = Run(mode, x => [.. p.Attend(x), .. Gradients(p, x, [.. weights.Select((w, i) => Like(w, p.OutputShapes[i], dtype))])], Operands(p, dtype));
        const double step = 1e-5;
        double At(int i, int j, double by) => Dot(p.Reference(Moved(sources, i, j, by), seen, kept), weights);
        var gradients = sources.Select((s, i) => s.Select((_, j) => (At(i, j, step) - At(i, j, -step)) / (2 * step)).ToArray());
        Assert.That(results.Select(r => r.dtype), Is.All.EqualTo(dtype));
        AssertNear(results, [.. p.Reference(sources, seen, kept), .. gradients], tolerance, $"{mode}, {(all ? "all outputs" : "context")}");
    }

    /// <summary>The gradients of outputs times weights.</summary>
    static Tensor[] Gradients(AttentionProblem p, Tensor[] x, Tensor[] weights)
    {
        var sources = x[..p.SourceShapes.Length];
        using var tape = new GradientTape(watch_accessed_variables: false);
        foreach (var source in sources) tape.watch(source);
        var outputs = p.Attend(x)[..weights.Length];
        return [.. tape.Gradients(outputs, weights, sources).Select((g, i) => g ?? Tf.ZerosLike(sources[i]))];
    }

    static Tensor[] Operands(AttentionProblem p, DType dtype) =>
    [
        .. p.Sources().Select((s, i) => Like(s, p.SourceShapes[i], dtype)),
        .. p.Seen() is { } seen ? [Tf.Constant(HostTensor.OfBytes(DType.Bool, p.Mask!, [.. seen.Select(s => s ? (byte)1 : (byte)0)]))] : Array.Empty<Tensor>(),
        .. p.Form.Rate > 0 ? [Key, Counter] : Array.Empty<Tensor>(),
    ];

    static Tensor Key => Tf.Constant(HostTensor.Vector(77UL));

    static Tensor Counter => Tf.Constant(HostTensor.Vector(5UL, 0UL));

    /// <summary>What dropout leaves of ones.</summary>
    static double[]? Kept(AttentionProblem p) =>
        p.Form.Rate == 0 ? null : Values(Tf.Dropout(Like([.. Enumerable.Repeat(1.0, (int)p.OutputShapes[1].ElementCount)], p.OutputShapes[1], DType.Float64), p.Form.Rate, Key, Counter));

    static Tensor Like(double[] values, Shape shape, DType dtype) => Tf.Cast(Tf.Constant(HostTensor.Of<double>(values, shape)), dtype);

    static double[][] Moved(double[][] x, int input, int element, double by)
    {
        var moved = (double[][])x.Clone();
        moved[input] = (double[])x[input].Clone();
        moved[input][element] += by;
        return moved;
    }

    static double Dot(double[][] outputs, double[][] weights) => weights.Select((w, i) => w.Zip(outputs[i], (a, b) => a * b).Sum()).Sum();

    static void AssertNear(EagerTensor[] actual, double[][] expected, double tolerance, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < expected.Length; i++)
        {
            var within = tolerance * (1 + (expected[i].Length == 0 ? 0 : expected[i].Max(Math.Abs)));
            Assert.That(Values(actual[i]), Is.EqualTo(expected[i]).Within(within), $"{what}, result {i}");
        }
    }
}
