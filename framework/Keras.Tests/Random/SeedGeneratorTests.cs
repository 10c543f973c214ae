using Keras.Graphs;

namespace Keras.Tests;

public sealed class SeedGeneratorTests
{
    static RandomApi Random => Api.keras.random;

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    /// <summary>Draws that must be the same bits everywhere.</summary>
    static Tensors ExactDraws(SeedGenerator seeds, Tensor x) => new Tensor[]
    {
        Random.uniform((4, 5), seed: seeds),
        Random.uniform((3, 3), -2, 2, "float64", seeds),
        Random.randint(7, -5, 90, seed: seeds),
        Random.dropout(x, 0.3, seed: seeds),
        Random.dropout(x, 0.5, noise_shape: (6, 1), seed: seeds),
        Random.shuffle(x, seed: seeds),
        Random.shuffle(x, axis: 1, seed: seeds),
    };

    static Tensors RealDraws(SeedGenerator seeds, Tensor x) => new Tensor[]
    {
        Random.normal((4, 5), seed: seeds),
        Random.truncated_normal(50, 1, 2, seed: seeds),
        Random.gamma(50, 2.5, seed: seeds),
        Random.beta(50, 0.5, 2, seed: seeds),
    };

    [TestCase("float32")]
    [TestCase("float64")]
    [TestCase("float16")]
    public void DrawsOfASmallAlphaArePositiveNumbers(string dtype)
    {
        double[] Values(Tensor x) => Api.ops.cast(x, "float64").ToArray<double>();
        Assert.That(Values(Random.gamma(200, 1e-3, dtype, seed: 3)), Has.All.GreaterThan(0));
        Assert.That(Values(Random.beta(200, 1e-3, 1e-3, dtype, seed: 3)), Has.All.InRange(0, 1));
    }

    static Tensor Input => Api.ops.reshape(Api.ops.arange(1.0, 43), (6, 7));

    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void BitsUniformsAndMasksAreTheSameInEveryMode(RunMode mode)
    {
        var (first, second) = (new SeedGenerator(17), new SeedGenerator(17));
        for (var step = 0; step < 3; step++)
        {
            var expected = ExactDraws(first, Input).Flatten();
            var actual = GoldenList.Run(mode, Input, x => ExactDraws(second, x)).Flatten();
            for (var i = 0; i < expected.Count; i++)
                Assert.That(actual[i].RequireEager().ReadBytes(), Is.EqualTo(expected[i].RequireEager().ReadBytes()), $"draw {i} of step {step}");
        }
        Assert.That(second.state.value.ToArray<long>(), Is.EqualTo(first.state.value.ToArray<long>()));
    }

    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void RealDistributionsAgreeInEveryMode(RunMode mode)
    {
        var (first, second) = (new SeedGenerator(23), new SeedGenerator(23));
        var expected = RealDraws(first, Input).Flatten();
        var actual = GoldenList.Run(mode, Input, x => RealDraws(second, x)).Flatten();
        for (var i = 0; i < expected.Count; i++)
            Assert.That(actual[i].ToArray<float>(), Is.EqualTo(expected[i].ToArray<float>()).Within(1e-5), $"draw {i}");
    }

    [Test]
    public void EachDrawOfATracedFunctionIsAnother()
    {
        var seeds = new SeedGenerator(5);
        using var function = new TracedFunction("draws", x => ExactDraws(seeds, x), new(Jit: false));
        var (first, second) = (function.Call(Input).Flatten(), function.Call(Input).Flatten());
        Assert.That(function.TraceCount, Is.EqualTo(1));
        for (var i = 0; i < first.Count; i++) Assert.That(second[i].RequireEager().ReadBytes(), Is.Not.EqualTo(first[i].RequireEager().ReadBytes()), $"draw {i}");
    }

    [Test]
    public void ANumberAsSeedGivesTheSameOnEveryCall()
    {
        Assert.That(Random.normal(5, seed: 1).ToArray<float>(), Is.EqualTo(Random.normal(5, seed: 1).ToArray<float>()));
        Assert.That(Random.normal(5, seed: 1).ToArray<float>(), Is.Not.EqualTo(Random.normal(5, seed: 2).ToArray<float>()));
    }

    [Test]
    public void TheGlobalSeedDecidesEverythingThatHasNone()
    {
        float[] Draws()
        {
            Api.keras.utils.set_random_seed(99);
            return [.. Random.uniform(3).ToArray<float>(), .. Random.uniform(3).ToArray<float>(), .. new Keras.Initializers.HeNormal().call((2, 2), "float32").ToArray<float>()];
        }
        var first = Draws();
        Assert.That(Draws(), Is.EqualTo(first));
        Assert.That(first[..3], Is.Not.EqualTo(first[3..6]), "two draws of the global generator");
    }

    [Test]
    public void DropoutOfNothingAndOfEverything()
    {
        Assert.That(Random.dropout(Input, 0).ToArray<float>(), Is.EqualTo(Input.ToArray<float>()));
        Assert.That(Random.dropout(Input, 1).ToArray<float>(), Has.All.Zero);
        Assert.That(() => Random.dropout(Input, 1.5), Throws.InstanceOf<ValueRangeException>());
    }
}
