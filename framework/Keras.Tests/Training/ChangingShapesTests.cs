using static Keras.Api;

namespace Keras.Tests.Training;

/// <summary>Batches of different sizes and lengths: a compiled step computes what an eager one does, layer by layer.</summary>
public sealed class ChangingShapesTests
{
    static readonly (string Name, Func<Layer> Make)[] OfSequences =
    [
        ("Conv1D", () => keras.layers.Conv1D(3, 2)), ("Conv1D strided", () => keras.layers.Conv1D(3, 2, strides: 2, padding: "same")), ("Conv1D causal", () => keras.layers.Conv1D(3, 3, padding: "causal")),
        ("Conv1DTranspose", () => keras.layers.Conv1DTranspose(3, 2, strides: 2)), ("SeparableConv1D", () => keras.layers.SeparableConv1D(3, 2)), ("DepthwiseConv1D", () => keras.layers.DepthwiseConv1D(2)),
        ("MaxPooling1D", () => keras.layers.MaxPooling1D(2)), ("AveragePooling1D", () => keras.layers.AveragePooling1D(2, padding: "same")), ("UpSampling1D", () => keras.layers.UpSampling1D(2)),
        ("ZeroPadding1D", () => keras.layers.ZeroPadding1D((1, 2))), ("Cropping1D", () => keras.layers.Cropping1D((1, 1))),
        ("GRU", () => keras.layers.GRU(3, return_sequences: true)), ("Bidirectional", () => keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences: true))),
        ("TimeDistributed", () => keras.layers.TimeDistributed(keras.layers.Dense(2))),
        ("LayerNormalization", () => keras.layers.LayerNormalization()), ("GroupNormalization", () => keras.layers.GroupNormalization(2)), ("BatchNormalization", () => keras.layers.BatchNormalization()),
        ("RMSNormalization", () => keras.layers.RMSNormalization()), ("UnitNormalization", () => keras.layers.UnitNormalization(axis: 1)), ("PReLU", () => keras.layers.PReLU(shared_axes: new[] { 1 })),
        ("EinsumDense", () => keras.layers.EinsumDense("abc,cd->abd", new Shape(-1, 3), bias_axes: "d")), ("Softmax", () => keras.layers.Softmax(1)),
    ];

    static readonly (string Name, Func<Layer> Make)[] OfImages =
    [
        ("Conv2D", () => keras.layers.Conv2D(3, 2)), ("Conv2DTranspose", () => keras.layers.Conv2DTranspose(2, 3, strides: 2, padding: "same")), ("DepthwiseConv2D", () => keras.layers.DepthwiseConv2D(2, padding: "same")),
        ("SeparableConv2D", () => keras.layers.SeparableConv2D(2, 2)), ("MaxPooling2D", () => keras.layers.MaxPooling2D(2)), ("AveragePooling2D", () => keras.layers.AveragePooling2D(2, padding: "same")),
        ("UpSampling2D", () => keras.layers.UpSampling2D(2)), ("UpSampling2D bilinear", () => keras.layers.UpSampling2D(2, interpolation: "bilinear")), ("Resizing", () => keras.layers.Resizing(4, 5)),
        ("ZeroPadding2D", () => keras.layers.ZeroPadding2D(1)), ("Cropping2D", () => keras.layers.Cropping2D(1)), ("GroupNormalization", () => keras.layers.GroupNormalization(2)),
        ("LayerNormalization", () => keras.layers.LayerNormalization(axis: [-1])), ("SpatialDropout2D of 0", () => keras.layers.SpatialDropout2D(0)),
    ];

    static IEnumerable<TestCaseData> Cases =>
        OfSequences.Select(l => new TestCaseData(l.Make, new Shape([-1, 4]), new int[][] { [4, 5, 4], [4, 9, 4], [2, 7, 4], [4, 5, 4] }).SetArgDisplayNames(l.Name))
            .Concat(OfImages.Select(l => new TestCaseData(l.Make, new Shape([-1, -1, 4]), new int[][] { [3, 5, 6, 4], [3, 7, 8, 4], [2, 6, 5, 4], [3, 5, 6, 4] }).SetArgDisplayNames(l.Name + " of images")));

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Ramp(params int[] dims) => ops.sin(ops.reshape(ops.arange(dims.Aggregate((a, b) => a * b), dtype: DType.Float32), dims));

    [TestCaseSource(nameof(Cases))]
    public void FitComputesWhatEagerStepsDo(Func<Layer> make, Shape shape, int[][] sizes)
    {
        Model Make(bool eagerly)
        {
            keras.utils.set_random_seed(3);
            var x = keras.Input(shape);
            Tensor h = make().Apply(x);
            var model = keras.Model(x, keras.layers.Dense(1).Apply(ops.mean(h, axis: [.. Enumerable.Range(1, h.ndim - 2)])));
            model.compile(optimizer: keras.optimizers.SGD(0.1), loss: "mse", run_eagerly: eagerly);
            model.fit((Batch[])[.. sizes.Select(s => new Batch(Ramp(s), Ramp(s[0], 1)))], epochs: 2, verbose: 0);
            return model;
        }

        var (traced, eager) = (Make(false), Make(true));
        foreach (var (a, b) in traced.weights.Zip(eager.weights)) Assert.That(a.value.ToArray<float>(), Is.EqualTo(b.value.ToArray<float>()).Within(1e-5), a.path);
        foreach (var size in sizes) Assert.That(traced.predict(Ramp(size), verbose: 0).Single.ToArray<float>(), Is.EqualTo(eager.Apply(Ramp(size)).Single.ToArray<float>()).Within(1e-4));
    }
}
