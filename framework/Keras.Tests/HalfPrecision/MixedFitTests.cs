using Keras.Layers;
using static Keras.Api;

namespace Keras.Tests.HalfPrecision;

/// <summary>Training with 16-bit floats inside and float32 weights: near the losses of float32, by each kind of layer, compiled by XLA too.</summary>
public sealed class MixedFitTests
{
    const int Samples = 16;

    /// <summary>Small models by what they are made of: the shape of a sample, whether it is of whole numbers, and the layers behind it.</summary>
    static readonly Dictionary<string, (int[] Shape, bool IsWhole, Func<Layer[]> Layers)> Models = new()
    {
        ["Dense, Dropout 0, activations"] = ([6], false, () => [keras.layers.Dense(8, activation: "gelu"), keras.layers.Dropout(0), keras.layers.PReLU(), keras.layers.Dense(8, activation: "softmax")]),
        ["EinsumDense, LayerNormalization"] = ([5, 4], false, () => [keras.layers.EinsumDense("abc,cd->abd", new Shape(-1, 6), bias_axes: "d"), keras.layers.LayerNormalization(), keras.layers.Flatten()]),
        ["RMSNormalization, UnitNormalization"] = ([6], false, () => [keras.layers.Dense(8), keras.layers.RMSNormalization(), keras.layers.Dense(8), keras.layers.UnitNormalization()]),
        ["GroupNormalization, SpectralNormalization"] = ([4, 6], false, () => [keras.layers.GroupNormalization(2), keras.layers.SpectralNormalization(keras.layers.Dense(4)), keras.layers.Flatten()]),
        ["Conv1D, pooling"] = ([12, 3], false, () => [keras.layers.Conv1D(6, 3, activation: "relu"), keras.layers.MaxPooling1D(2), keras.layers.Conv1DTranspose(4, 3), keras.layers.GlobalAveragePooling1D()]),
        ["Conv2D, BatchNormalization"] = ([8, 8, 3], false, () => [keras.layers.Conv2D(6, 3, strides: 2), keras.layers.BatchNormalization(), keras.layers.ReLU(), keras.layers.AveragePooling2D(2), keras.layers.Flatten()]),
        ["DepthwiseConv2D, SeparableConv2D, UpSampling2D"] = ([6, 6, 4], false, () => [keras.layers.DepthwiseConv2D(3), keras.layers.UpSampling2D(2), keras.layers.SeparableConv2D(5, 3), keras.layers.GlobalMaxPooling2D()]),
        ["Conv2DTranspose, ZeroPadding2D, Cropping2D"] = ([4, 4, 3], false, () => [keras.layers.Conv2DTranspose(4, 3, strides: 2), keras.layers.ZeroPadding2D(1), keras.layers.Cropping2D(1), keras.layers.Flatten()]),
        ["Conv3D"] = ([5, 5, 5, 2], false, () => [keras.layers.Conv3D(3, 3), keras.layers.MaxPooling3D(2), keras.layers.Flatten()]),
        ["LSTM"] = ([6, 4], false, () => [keras.layers.LSTM(5, return_sequences: true), keras.layers.LSTM(5)]),
        ["GRU, Bidirectional"] = ([6, 4], false, () => [keras.layers.Bidirectional(keras.layers.GRU(4))]),
        ["SimpleRNN, TimeDistributed"] = ([6, 4], false, () => [keras.layers.SimpleRNN(5, return_sequences: true), keras.layers.TimeDistributed(keras.layers.Dense(3)), keras.layers.Flatten()]),
        ["Embedding, mask, GRU"] = ([7], true, () => [keras.layers.Embedding(11, 6, mask_zero: true), keras.layers.GRU(5)]),
        ["Embedding, GlobalAveragePooling1D"] = ([7], true, () => [keras.layers.Embedding(11, 6, mask_zero: true), keras.layers.GlobalAveragePooling1D()]),
        ["attention"] = ([6, 8], false, () => [new SelfAttention(), keras.layers.GlobalAveragePooling1D()]),
    };

    sealed class SelfAttention() : Layer("self_attention")
    {
        readonly MultiHeadAttention _attention = keras.layers.MultiHeadAttention(2, 4);
        readonly GroupQueryAttention _grouped = keras.layers.GroupQueryAttention(4, 2, 1);

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var mixed = _attention.Apply(inputs, inputs).Single + inputs.Single;
            return _grouped.Apply(mixed, mixed).Single + mixed;
        }
    }

    static IEnumerable<TestCaseData> Cases =>
        from name in Models.Keys
        from policy in new[] { "mixed_float16", "mixed_bfloat16" }
        from jit in new[] { false, true }
        where !jit || policy == "mixed_float16"
        select new TestCaseData(name, policy, jit).SetArgDisplayNames(name, policy, jit ? "jit" : "graph");

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TearDown]
    public void RestorePolicy() => keras.config.set_dtype_policy("float32");

    [TestCaseSource(nameof(Cases))]
    public void Losses_are_near_those_of_float32(string name, string policy, bool jit)
    {
        var (exact, _) = Fit(name, "float32", false);
        var (mixed, model) = Fit(name, policy, jit);
        var tolerance = policy == "mixed_float16" ? 0.01 : 0.05;
        for (var epoch = 0; epoch < exact.Count; epoch++) Assert.That(mixed[epoch], Is.EqualTo(exact[epoch]).Within(tolerance * (0.1 + Math.Abs(exact[epoch]))), $"epoch {epoch}");
        foreach (var weight in model.trainable_weights)
        {
            Assert.That(weight.dtype, Is.EqualTo(DType.Float32), weight.path);
            Assert.That(weight.value.ToArray<float>(), Is.All.Matches<float>(float.IsFinite), weight.path);
        }
        Assert.That(exact[^1], Is.LessThan(exact[0]), "it learns");
    }

    static (IReadOnlyList<double> Losses, Model Model) Fit(string name, string policy, bool jit)
    {
        keras.utils.set_random_seed(5);
        keras.config.set_dtype_policy(policy);
        var (shape, isWhole, layers) = Models[name];
        var model = keras.Sequential([keras.Input([.. shape.Select(d => (int?)d)], dtype: isWhole ? "int32" : "float32"), .. layers(), keras.layers.Dense(1, dtype: "float32")]);
        // The scale that a policy begins with is too great for some first gradients: Keras leaves such steps out, and losses of fewer steps are no comparison.
        global::Keras.Optimizers.Optimizer adam = keras.optimizers.Adam(0.01);
        model.compile(optimizer: policy == "mixed_float16" ? keras.optimizers.LossScaleOptimizer(adam, initial_scale: 64) : adam, loss: "mse", jit_compile: jit);
        var count = Samples * shape.Aggregate(1, (a, b) => a * b);
        var x = isWhole ? ops.reshape(ops.cast(ops.arange(count), "int32") % 11, [Samples, .. shape.Select(d => (Dim)d)]) : ops.reshape(ops.sin(ops.cast(ops.arange(count), "float32") * 1.7), [Samples, .. shape.Select(d => (Dim)d)]);
        var y = ops.cos(ops.reshape(ops.cast(ops.arange(Samples), "float32"), [Samples, 1]));
        return (model.fit(x, y, batch_size: 8, epochs: 3, shuffle: false, verbose: 0).history["loss"], model);
    }
}
