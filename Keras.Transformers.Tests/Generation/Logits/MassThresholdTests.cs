namespace Keras.Transformers.Tests.Generation;

/// <summary>top_p and typical_p of a whole vocabulary, which are not sorted, keep what sorting keeps.</summary>
sealed class MassThresholdTests : EngineFixture
{
    /// <summary>Where the masses of a reference come so near to the threshold, rounding decides.</summary>
    const double Near = 2e-5;

    /// <summary>Rows of every kind: far apart, equal ones in between, tokens that are out, all alike, one alone, both zeros, huge and tiny.</summary>
    static float[][] Rows(int count, int seed)
    {
        var random = new Random(seed);
        float[] Row(Func<int, double> score) => [.. Enumerable.Range(0, count).Select(i => (float)score(i))];
        double Normal(double spread) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * spread;
        var alone = random.Next(count);
        return
        [
            Row(_ => Normal(0.01)), Row(_ => Normal(1)), Row(_ => Normal(4) - 30), Row(_ => Normal(30)), Row(_ => Math.Round(Normal(2))), Row(_ => random.Next(3) - 1),
            Row(_ => random.Next(3) == 0 ? Normal(2) : double.NegativeInfinity), Row(i => i == alone ? 3 : double.NegativeInfinity), Row(_ => 2.5), Row(_ => random.Next(2) == 0 ? 0.0 : -0.0),
            Row(_ => Normal(1) * 1e-30), Row(_ => (Normal(1) * 10) + 3e7), Row(i => -Math.Log(i + 1)),
        ];
    }

    static Tensor Matrix(float[][] rows) => Api.ops.reshape(Tensor.Of(rows.SelectMany(r => r).ToArray()), [rows.Length, -1]);

    static double[] Probabilities(float[] row)
    {
        var greatest = row.Max();
        double[] weights = [.. row.Select(s => (double)MathF.Exp(s - greatest))];
        var sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    static int[] Order(IEnumerable<double> falling) => [.. falling.Index().OrderByDescending(f => f.Item).ThenBy(f => f.Index).Select(f => f.Index)];

    static IEnumerable<TestCaseData> Sizes => from count in new[] { 1, 2, 5, 256, 300, 5000 } from mode in new[] { RunMode.Eager, RunMode.Graph, RunMode.Xla } select new TestCaseData(count, mode);

    [TestCaseSource(nameof(Sizes))]
    public void Top_p_keeps_the_first_of_the_sorted(int count, RunMode mode)
    {
        var rows = Rows(count, count);
        foreach (var (kept, run) in new[] { 1, 2, 7 }.Select(k => (k, new ProcessorRun("top_p", mode))))
        {
            using (run)
                foreach (var p in new[] { 0, 1e-6, 0.1, 0.5, 0.9, 0.999, 1 })
                {
                    var got = Floats(run.Call(new TopPLogitsWarper(p, min_tokens_to_keep: kept), Tensor.Of(new int[rows.Length, 1]), 1, Matrix(rows))).Chunk(count).ToArray();
                    foreach (var (r, row) in rows.Index())
                    {
                        var (order, probabilities) = (Order(row.Select(s => (double)s)), Probabilities(row));
                        var rest = 1.0;
                        var (least, most) = (0, 0);
                        foreach (var place in order)
                        {
                            if (rest > 1 - p + Near) least++;
                            if (rest > 1 - p - Near && p > 0) most++;
                            rest -= probabilities[place];
                        }
                        AssertFirst(got[r], row, order, Math.Min(count, Math.Max(least, kept)), Math.Min(count, Math.Max(most, kept)), $"row {r}, p {p}, at least {kept}");
                    }
                }
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Typical_p_keeps_the_nearest_of_the_sorted(int count, RunMode mode)
    {
        var rows = Rows(count, count + 1);
        foreach (var (kept, run) in new[] { 1, 3 }.Select(k => (k, new ProcessorRun("typical_p", mode))))
        {
            using (run)
                foreach (var mass in new[] { 1e-6, 0.1, 0.5, 0.9, 0.9999 })
                {
                    var got = Floats(run.Call(new TypicalLogitsWarper(mass, min_tokens_to_keep: kept), Tensor.Of(new int[rows.Length, 1]), 1, Matrix(rows))).Chunk(count).ToArray();
                    foreach (var (r, row) in rows.Index())
                    {
                        var probabilities = Probabilities(row);
                        var entropy = -probabilities.Sum(q => q > 0 ? q * Math.Log(q) : 0);
                        double[] distance = [.. probabilities.Select(q => Math.Abs(Math.Log(q) + entropy))];
                        var last = 0.0;
                        var (sum, nearest, farthest) = (0.0, 0.0, 0.0);
                        foreach (var (i, place) in Order(distance.Select(d => -d)).Index())
                        {
                            last = distance[place];
                            if (i < kept || sum < mass - Near) nearest = last;
                            if (i < kept || sum < mass + Near) farthest = last;
                            sum += probabilities[place];
                        }
                        // Distances are differences of floats: those nearly as far as the last may stand on either side.
                        for (var i = 0; i < count; i++)
                        {
                            var margin = 1e-5 * Math.Max(1, Math.Abs(Math.Log(probabilities[i])) + entropy);
                            if (float.IsNegativeInfinity(row[i]) || distance[i] > farthest + margin) Assert.That(got[r][i], Is.EqualTo(float.NegativeInfinity), $"row {r}, mass {mass}, at least {kept}, element {i}");
                            else if (distance[i] < nearest - margin) Assert.That(got[r][i], Is.EqualTo(row[i]), $"row {r}, mass {mass}, at least {kept}, element {i}");
                        }
                        Assert.That(got[r].Count(s => !float.IsNegativeInfinity(s)), Is.GreaterThanOrEqualTo(Math.Min(kept, row.Count(s => !float.IsNegativeInfinity(s)))));
                    }
                }
        }
    }

    /// <summary>Sums of powers of two are exact: there is one answer.</summary>
    [Test]
    public void Of_equal_tokens_the_first_stay([Values] RunMode mode)
    {
        var scores = Matrix([[.. Enumerable.Repeat(1.5f, 1024)], [.. Enumerable.Range(0, 1024).Select(i => i % 2 == 0 ? float.NegativeInfinity : -7f)]]);
        foreach (var (p, first, second) in new[] { (0, 1, 1), (0.25, 256, 128), (0.5, 512, 256), (0.75, 768, 384), (1, 1024, 512) })
        {
            var got = Floats(ProcessorRun.Of(new TopPLogitsWarper(p), mode, Tensor.Of(new int[2, 1]), 1, scores)).Chunk(1024).ToArray();
            Assert.That(got[0].Index().Where(s => !float.IsNegativeInfinity(s.Item)).Select(s => s.Index), Is.EqualTo(Enumerable.Range(0, first)), $"p {p}");
            Assert.That(got[1].Index().Where(s => !float.IsNegativeInfinity(s.Item)).Select(s => s.Index), Is.EqualTo(Enumerable.Range(0, second).Select(i => (i * 2) + 1)), $"p {p}");
        }
    }

    /// <summary>A row keeps the first tokens of its order, so many as lie between two numbers, with their scores.</summary>
    static void AssertFirst(float[] got, float[] row, int[] order, int least, int most, string what)
    {
        var kept = order.TakeWhile(i => !float.IsNegativeInfinity(got[i])).Count();
        // Tokens that are out already are no less so.
        var real = row.Count(s => !float.IsNegativeInfinity(s));
        Assert.That(kept, Is.InRange(Math.Min(least, real), Math.Min(most, real)), what);
        Assert.That(order.Select(i => got[i]), Is.EqualTo(order.Select((i, n) => n < kept ? row[i] : float.NegativeInfinity)), what);
    }
}
