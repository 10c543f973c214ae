using static Keras.Api;

namespace Keras.Tests.HalfPrecision;

/// <summary>Numbers at the ends of a 16-bit float through everything that sums, squares, divides or exponentiates: values and gradients are those of float32.</summary>
public sealed class HalfHardInputTests
{
    /// <summary>Arrays (B, T, D), of which a step of squares, sums or exponentials leaves float16.</summary>
    static readonly (string Name, Func<Tensor> Make)[] Hard =
    [
        ("large", () => ops.reshape(new float[] { 30000, -30000, 30000, -30000, 30000, -30000, 30000, -30000 }, [1, 2, 4])),
        ("all large", () => ops.full([1, 2, 4], 30000.0)),
        ("tiny", () => ops.reshape(new float[] { 1e-7f, -1e-7f, 2e-7f, 0, 1e-7f, 1e-7f, 0, 3e-7f }, [1, 2, 4])),
        ("zeros", () => ops.zeros([1, 2, 4])),
        ("logits", () => ops.reshape(new float[] { 60000, -60000, 0, 1, -60000, -60000, -60000, -60000 }, [1, 2, 4])),
        ("shares", () => ops.reshape(new float[] { 0, 1, 0, 0, 1, 1, 0, 0.5f }, [1, 2, 4])),
        ("long along steps", () => ops.full([1, 4000, 4], 40.0)),
        ("long along features", () => ops.full([1, 2, 4000], 40.0)),
    ];

    static readonly (string Name, Func<Tensor, Tensor> Compute)[] Functions =
    [
        ("mean", x => ops.mean(x, 1)), ("mean of all", x => ops.mean(x)), ("sum", x => ops.sum(x, -1)), ("var", x => ops.var(x, -1)), ("std", x => ops.std(x, -1)), ("norm", x => ops.norm(x, axis: -1)),
        ("norm of all", x => ops.norm(x)), ("norm 1", x => ops.norm(x, ord: 1, axis: 1)), ("logsumexp", x => ops.logsumexp(x, -1)), ("softmax", x => ops.softmax(x)), ("log_softmax", x => ops.log_softmax(x)),
        ("moments", x => ops.moments(x, [1]).Mean),
        ("average", x => ops.average(x, -1, ops.ones_like(x))), ("cumsum", x => ops.cumsum(x * 0.001, 1)),
        ("normalize", x => ops.normalize(x, -1)), ("layer_normalization", x => ops.layer_normalization(x, epsilon: 1e-12)), ("rms_normalization", x => ops.rms_normalization(x, epsilon: 1e-12)),
        ("nanmean", x => ops.nanmean(x, -1)), ("logaddexp", x => ops.logaddexp(x, -x)), ("hypot", x => ops.hypot(x, x)), ("sigmoid", x => ops.sigmoid(x)), ("log_sigmoid", x => ops.log_sigmoid(x)),
        ("softplus", x => ops.softplus(x)), ("silu", x => ops.silu(x)), ("gelu", x => ops.gelu(x)), ("exact gelu", x => ops.gelu(x, approximate: false)), ("softsign", x => ops.softsign(x)), ("squareplus", x => ops.squareplus(x)), ("mish", x => keras.activations.mish(x)),
        ("tanh", x => ops.tanh(x)), ("tanh_shrink", x => ops.tanh_shrink(x)), ("elu", x => ops.elu(x)), ("selu", x => ops.selu(x)), ("celu", x => ops.celu(x)), ("sparsemax", x => ops.sparsemax(x)),
        ("max_pool", x => ops.max_pool(x, 2)), ("average_pool", x => ops.average_pool(x, 2)),
        ("attention", x => Attended(x.shape[1] > 40 ? x[.., ..40] : x)),
        ("sum of nothing", x => ops.sum(ops.where(ops.equal(x, 7.0), x, ops.zeros_like(x)), -1)),
    ];

    static readonly (string Name, Func<Layer> Make)[] Layers =
    [
        ("LayerNormalization", () => keras.layers.LayerNormalization(epsilon: 1e-12)), ("LayerNormalization over steps", () => keras.layers.LayerNormalization(axis: 1, epsilon: 1e-12)),
        ("LayerNormalization by the root", () => keras.layers.LayerNormalization(epsilon: 1e-12, rms_scaling: true)), ("RMSNormalization", () => keras.layers.RMSNormalization(epsilon: 1e-12)),
        ("GroupNormalization", () => keras.layers.GroupNormalization(groups: 2, epsilon: 1e-12)), ("BatchNormalization", () => keras.layers.BatchNormalization(epsilon: 1e-12)),
        ("UnitNormalization", () => keras.layers.UnitNormalization()), ("Softmax", () => keras.layers.Softmax()),
        ("GlobalAveragePooling1D", () => keras.layers.GlobalAveragePooling1D()), ("GlobalMaxPooling1D", () => keras.layers.GlobalMaxPooling1D()), ("AveragePooling1D", () => keras.layers.AveragePooling1D(2)),
        ("MaxPooling1D", () => keras.layers.MaxPooling1D(2)), ("AdaptiveAveragePooling1D", () => keras.layers.AdaptiveAveragePooling1D(1)),
    ];

    static IEnumerable<TestCaseData> FunctionCases => Functions.Select(f => new TestCaseData(f.Compute).SetArgDisplayNames(f.Name));

    static IEnumerable<TestCaseData> LayerCases => Layers.Select(l => new TestCaseData(l.Make).SetArgDisplayNames(l.Name));

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TearDown]
    public void RestorePolicy() => keras.config.set_dtype_policy("float32");

    [TestCaseSource(nameof(FunctionCases))]
    public void FunctionsAreAsInFloat32(Func<Tensor, Tensor> compute)
    {
        var found = new List<string>();
        foreach (var half in HalfComparison.Halves)
            foreach (var (name, make) in Hard)
                found.AddRange(Differences($"{name} {half}", half, Both(compute, HalfComparison.Narrow(make(), half)), Both(compute, HalfComparison.Rounded(make(), half))));
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    [TestCaseSource(nameof(LayerCases))]
    public void LayersAreAsInFloat32(Func<Layer> make)
    {
        var found = new List<string>();
        foreach (var half in HalfComparison.Halves)
        {
            foreach (var (name, array) in Hard)
            {
                Tensor[] Compute(DType dtype, Tensor x)
                {
                    keras.config.set_dtype_policy(dtype);
                    keras.utils.set_random_seed(1);
                    var layer = make();
                    return Both(t => layer.Apply(t, training: true).Single, x);
                }

                found.AddRange(Differences($"{name} {half}", half, Compute(half, HalfComparison.Narrow(array(), half)), Compute(DType.Float32, HalfComparison.Rounded(array(), half))));
            }
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    /// <summary>Rows of which nothing is left: finite, with gradients.</summary>
    [Test]
    public void WhatIsWhollyMaskedStaysFinite([Values("float16", "bfloat16", "mixed_float16")] string policy)
    {
        keras.config.set_dtype_policy(policy);
        bool[,] mask = { { true, true, false }, { false, false, false } };
        var x = ops.cast(ops.full([2, 3, 4], -60.0), policy == "bfloat16" ? policy : "float16");
        (string Name, Func<Tensor, Tensor> Compute)[] masked =
        [
            ("GlobalAveragePooling1D", t => keras.layers.GlobalAveragePooling1D().Apply(t, mask: mask)), ("BatchNormalization", t => keras.layers.BatchNormalization().Apply(t, mask: ops.zeros([2, 3], "bool"), training: true)),
            ("Softmax", t => keras.layers.Softmax().Apply(t, mask: ops.zeros([2, 3, 4], "bool"))), ("Attention", t => keras.layers.Attention().Apply((t, t), mask: [mask, mask])),
            ("AdditiveAttention", t => keras.layers.AdditiveAttention().Apply((t, t), mask: [mask, mask])),
            ("MultiHeadAttention", t => keras.layers.MultiHeadAttention(2, 2).Apply(t, t, attention_mask: ops.zeros([2, 3, 3], "bool"))),
            ("GroupQueryAttention", t => keras.layers.GroupQueryAttention(2, 2, 1).Apply(t, t, attention_mask: ops.zeros([2, 3, 3], "bool"))),
            ("LSTM", t => keras.layers.LSTM(2).Apply(t, mask: mask)), ("GRU", t => keras.layers.GRU(2, return_sequences: true).Apply(t, mask: mask)), ("SimpleRNN", t => keras.layers.SimpleRNN(2).Apply(t, mask: mask)),
        ];
        var found = masked.SelectMany(m => Both(m.Compute, x).Select(t => ops.cast(t, "float32").ToArray<float>()).Where(v => !v.All(float.IsFinite)).Select(v => $"{m.Name}: {string.Join(" ", v)}")).ToArray();
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    static Tensor Attended(Tensor x)
    {
        var heads = ops.expand_dims(x, 2);
        return ops.dot_product_attention(heads, heads, heads, scale: 1e-9);
    }

    /// <summary>The value, and the gradient of its sum.</summary>
    static Tensor[] Both(Func<Tensor, Tensor> compute, Tensor x)
    {
        using var tape = new GradientTape();
        tape.watch(x);
        var value = compute(x);
        return [value, tape.gradient(value, x) ?? ops.zeros_like(x)];
    }

    static IEnumerable<string> Differences(string where, DType half, Tensor[] actual, Tensor[] expected)
    {
        for (var i = 0; i < actual.Length; i++)
            if (HalfComparison.Difference(actual[i], expected[i], half, i == 0 ? 2 : 4) is { } difference) yield return $"{where} {(i == 0 ? "value" : "gradient")}: {difference}";
    }
}
