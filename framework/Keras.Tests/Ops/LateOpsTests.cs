using static Keras.Api;

namespace Keras.Tests.Ops;

/// <summary>What the reference vectors of late.json do not show: functions as arguments, whole numbers, unknown sizes, errors.</summary>
public sealed class LateOpsTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Ramp(params int[] dims) => ops.reshape(ops.arange(dims.Aggregate((a, b) => a * b), dtype: DType.Float32), dims) / 10;

    static double[] Values(Tensor x) => x.RequireEager().ToHost().ToDouble();

    [Test]
    public void AFunctionOfScalarsIsOneOfTensors()
    {
        var calls = ops.vectorize(a => a[0] + a[1]);
        Assert.That(Values(calls(new[] { 1, 2, 3, 4 }, 2)), Is.EqualTo([3.0, 4, 5, 6]));
        Assert.That(Values(calls(new[,] { { 1 }, { 2 } }, new[] { 10, 20 })), Is.EqualTo([11.0, 21, 12, 22]));
        Assert.That(Values(calls(1, 2)), Is.EqualTo([3.0]));
        var several = ops.vectorize(a => new Tensors([a[0], a[0] * 2]))(new[] { 1, 2 }).Flatten();
        Assert.That(several.Select(Values), Is.EqualTo(new[] { new double[] { 1, 2 }, [2, 4] }));
    }

    [Test]
    public void ASignatureNamesTheAxesOfAFunction()
    {
        var product = ops.vectorize(a => ops.matmul(a[0], a[1]), signature: "(m,n),(n)->(m)");
        var (matrices, vector) = (Ramp(3, 2, 4), Ramp(4));
        var result = product(matrices, vector).Single;
        Assert.That(result.shape, Is.EqualTo(new Shape(3, 2)));
        Assert.That(Values(result), Is.EqualTo(Values(ops.matmul(matrices, vector))).Within(1e-5));
        var pooled = ops.vectorize(a => ops.sum(a[0]) + ops.max(a[1]), excluded: new HashSet<int> { 1 }, signature: "(n)->()");
        Assert.That(Values(pooled(Ramp(2, 3), vector)), Is.EqualTo([0.6, 1.5]).Within(1e-5));
        Assert.That(() => product(matrices, Ramp(3)), Throws.ArgumentException.With.Message.Contains("n of the signature"));
        Assert.That(() => product(matrices), Throws.ArgumentException.With.Message.Contains("2 inputs"));
        Assert.That(() => ops.vectorize(a => a[0], signature: "(n)->(m,n)")(vector), Throws.ArgumentException.With.Message.Contains("returned other axes"));
        Assert.That(() => ops.vectorize(a => a[0], signature: "n->n"), Throws.ArgumentException.With.Message.Contains("(m,n),(n)->(m)"));
        Assert.That(() => ops.vectorize(a => a[0] + a[1])(Ramp(3), Ramp(2)), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => ops.vectorize(a => a[0], excluded: new HashSet<int> { -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void AProductWithTheJacobianIsTheChangeAlongADirection(RunMode mode)
    {
        var results = GoldenList.Run(mode, new Tensors([Ramp(3), Ramp(3) + 1]), given =>
        {
            var (x, direction) = (given.Flatten()[0], given.Flatten()[1]);
            var (value, change) = ops.jvp(p => new Tensors([ops.sin(p.Single), ops.sum(p.Single * p.Single), ops.zeros(2)]), x, direction);
            return new Tensors([.. value.Flatten(), .. change.Flatten()]);
        }).Flatten();
        double[] places = [0, 0.1, 0.2], directions = [1, 1.1, 1.2];
        Assert.That(Values(results[0]), Is.EqualTo(places.Select(Math.Sin)).Within(1e-6));
        Assert.That(Values(results[3]), Is.EqualTo(places.Zip(directions, (p, d) => Math.Cos(p) * d)).Within(1e-6));
        Assert.That(Values(results[4]), Is.EqualTo([places.Zip(directions, (p, d) => 2 * p * d).Sum()]).Within(1e-6));
        Assert.That(Values(results[5]), Is.EqualTo([0.0, 0]), "what does not depend on the primals does not change");
    }

    [Test]
    public void AProductWithTheJacobianTakesStructuresAndWhatIsBeside()
    {
        var (value, change, aux) = ops.jvp(p => ((Tensors)(p[0].Single * p[1].Single), (Tensors)(p[0].Single + 1)), new Tensors([ops.ones(2), Ramp(2)]), new Tensors([ops.ones(2), ops.ones(2)]));
        Assert.That((Values(value), Values(change), Values(aux)), Is.EqualTo((Values(Ramp(2)), Values(Ramp(2) + 1), new[] { 2.0, 2 })));
        Assert.That(() => ops.jvp(p => p, ops.ones(2), ops.ones(3)), Throws.InstanceOf<ShapeMismatchException>());
        Assert.That(() => ops.jvp(p => p, ops.ones(2), new Tensors([ops.ones(2), ops.ones(2)])), Throws.ArgumentException);
        Assert.That(() => ops.jvp(p => p, ops.ones(2, "int32"), ops.ones(2)), Throws.InstanceOf<DTypeMismatchException>());
    }

    [Test]
    public void WholeNumbersThatAreScaledAreRounded()
    {
        var images = ops.cast(Ramp(4, 4) * 100, "uint8");
        var (scale, move) = (new float[] { 1.7f, 0.6f }, new float[] { -0.3f, 0.2f });
        var whole = ops.image.scale_and_translate(images, (5, 3), scale, move, (0, 1), "cubic");
        var real = ops.image.scale_and_translate(ops.cast(images, "float32"), (5, 3), scale, move, (0, 1), "cubic");
        Assert.That(whole.dtype, Is.EqualTo(DType.UInt8));
        Assert.That(Values(whole), Is.EqualTo(Values(ops.clip(ops.round(real), 0, 150))));
        Assert.That(Values(ops.image.scale_and_translate(images, (-1, -1), Array.Empty<float>(), Array.Empty<float>(), Array.Empty<int>(), "linear")), Is.EqualTo(Values(images)));
    }

    [Test]
    public void FoldAddsWhatUnfoldTookApart()
    {
        var images = Ramp(2, 3, 6, 5);
        var columns = ops.unfold(images, (3, 2), 1, (1, 0), (2, 1));
        var counts = ops.fold(ops.unfold(ops.ones_like(images), (3, 2), 1, (1, 0), (2, 1)), (6, 5), (3, 2), 1, (1, 0), (2, 1));
        Assert.That(Values(ops.fold(columns, (6, 5), (3, 2), 1, (1, 0), (2, 1))), Is.EqualTo(Values(images * counts)).Within(1e-4));
    }

    /// <summary>Every path of few steps and classes, counted one by one.</summary>
    [Test]
    public void ABeamThatKeepsEverythingFindsTheMostLikely()
    {
        const int steps = 5, classes = 3;
        var logits = ops.sin(Ramp(1, steps, classes) * 37) * 2;
        var (labels, scores) = ops.ctc_decode(logits, new[] { steps }, "beam_search", beam_width: 60, top_paths: 10, mask_index: 1);
        var log = Values(ops.log_softmax(logits));
        var sums = new Dictionary<string, double>();
        for (var path = 0; path < Math.Pow(classes, steps); path++)
        {
            int[] states = [.. Enumerable.Range(0, steps).Select(t => path / (int)Math.Pow(classes, t) % classes)];
            var text = string.Concat(states.Where((s, t) => s != 1 && (t == 0 || states[t - 1] != s)));
            sums[text] = sums.GetValueOrDefault(text) + Math.Exp(states.Select((s, t) => log[(t * classes) + s]).Sum());
        }
        var expected = sums.OrderByDescending(s => s.Value).Take(10).ToArray();
        Assert.That(Values(scores), Is.EqualTo(expected.Select(e => Math.Log(e.Value))).Within(1e-4));
        var found = Values(labels).Chunk(steps).Select(row => string.Concat(row.Where(l => l >= 0)));
        Assert.That(found, Is.EqualTo(expected.Select(e => e.Key)));
    }

    [Test]
    public void ThereMayBeFewerSequencesThanAskedFor()
    {
        var (labels, scores) = ops.ctc_decode(ops.zeros((1, 1, 2)), new[] { 1 }, "beam_search", beam_width: 5, top_paths: 4);
        Assert.That(Values(scores)[..2], Is.EqualTo(new[] { Math.Log(0.5), Math.Log(0.5) }).Within(1e-5));
        Assert.That(Values(scores)[2..], Is.EqualTo(new[] { double.NegativeInfinity, double.NegativeInfinity }));
        Assert.That(Values(labels).Order(), Is.EqualTo([-1.0, -1, -1, 1]));
    }

    [Test]
    public void ImagesOfWholeNumbersAreAlikeInFloats()
    {
        var images = ops.cast(Ramp(1, 12, 12, 1) * 10, "uint8");
        Assert.That(ops.image.ssim(images, images, max_val: 255).dtype, Is.EqualTo(DType.Float32));
        Assert.That(Values(ops.image.ssim(images, images, max_val: 255)), Is.EqualTo([1.0]).Within(1e-5));
    }

    static IEnumerable<TestCaseData> Mistakes => new (string Said, Action Call)[]
    {
        ("rank 4", () => ops.image.sobel_edges(Ramp(4, 4, 3))),
        ("at least 2", () => ops.image.sobel_edges(Ramp(1, 1, 4, 3))),
        ("floating", () => ops.image.sobel_edges(ops.ones((1, 4, 4, 3), "int32"))),
        ("filter_size", () => ops.image.ssim(Ramp(4, 4, 3), Ramp(4, 4, 3))),
        ("differ in shape", () => ops.image.ssim(Ramp(12, 12, 3), Ramp(12, 12, 1))),
        ("filter_sigma", () => ops.image.ssim(Ramp(12, 12, 3), Ramp(12, 12, 3), filter_sigma: 0)),
        ("rank 4, or 5", () => ops.image.extract_patches_3d(Ramp(4, 4, 3), 2)),
        ("1 or 3 numbers", () => ops.image.extract_patches_3d(Ramp(4, 4, 4, 3), (2, 2))),
        ("not scaled", () => ops.image.scale_and_translate(Ramp(4, 4, 3), (4, 4, 2), new[] { 1f }, new[] { 0f }, 0, "linear")),
        ("scale does not have a number", () => ops.image.scale_and_translate(Ramp(4, 4, 3), (4, 4, 3), new[] { 1f, 2f }, new[] { 0f }, 0, "linear")),
        ("Did you mean", () => ops.image.scale_and_translate(Ramp(4, 4, 3), (4, 4, 3), new[] { 1f }, new[] { 0f }, 0, "linaer")),
        ("rank 3", () => ops.fold(Ramp(4, 4), 4, 2)),
        ("multiple of 4", () => ops.fold(Ramp(1, 6, 4), 4, 2, stride: 2)),
        ("4 windows", () => ops.fold(Ramp(1, 4, 9), 4, 2, stride: 2)),
        ("larger than the image", () => ops.fold(Ramp(1, 25, 1), 4, 5)),
        ("top_paths", () => ops.ctc_decode(Ramp(1, 4, 3), new[] { 4 }, "beam_search", beam_width: 2, top_paths: 3)),
        ("mask_index", () => ops.ctc_decode(Ramp(1, 4, 3), new[] { 4 }, mask_index: 3)),
        ("sequence_lengths", () => ops.ctc_decode(Ramp(1, 4, 3), 4)),
    }.Select(m => new TestCaseData(m.Said, m.Call).SetArgDisplayNames(m.Said));

    [TestCaseSource(nameof(Mistakes))]
    public void MistakesAreNamed(string said, Action call) =>
        Assert.That(() => call(), Throws.Exception.With.Message.Contains(said).And.Matches<Exception>(e => e is KerasException or ArgumentException));
}
