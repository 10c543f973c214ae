using Keras.Layers;
using Keras.Tests.Layers;

namespace Keras.Tests.Saving;

/// <summary>A layer of every class, and the shapes of its inputs with the batch.</summary>
static class NamedLayers
{
    static readonly Shape Row = new(2, 4), Sequence = new(2, 6, 4), Image = new(2, 8, 8, 4), Volume = new(2, 6, 6, 6, 4), Picture = new(2, 8, 8, 3), Film = new(2, 3, 6, 6, 4);

    const string Words = "What it has learned is no weight.";

    /// <summary>Layers whose weights are not those of their class.</summary>
    public static readonly IReadOnlyDictionary<Type, string> Without = new Dictionary<Type, string>
    {
        [typeof(TFSMLayer)] = "It has the weights of the SavedModel that it runs.",
        [typeof(TextVectorization)] = Words, [typeof(StringLookup)] = Words, [typeof(IntegerLookup)] = Words, [typeof(Hashing)] = Words, [typeof(HashedCrossing)] = Words, [typeof(Discretization)] = Words,
        [typeof(Keras.Utils.FeatureSpace)] = "It has the weights of the layers that it was given.",
        [typeof(Keras.Distillation.Distiller)] = "It is not saved; its student is.",
        [typeof(InputLayer)] = "Every functional model here begins with it.",
    };

    public static IEnumerable<(Layer Layer, Shape[] Inputs)> New() =>
    [
        .. On(Row, new Dense(3), new EinsumDense("ab,bc->ac", 3, bias_axes: "c"), new Embedding(10, 3), new ReversibleEmbedding(10, 3, tie_weights: false), new PReLU(), new BatchNormalization(), new LayerNormalization(),
            new GroupNormalization(groups: 2), new RMSNormalization(), new Normalization(), new SpectralNormalization(new Dense(3)), new Sequential([new Dense(3), new Dense(2)]), Inner(),
            new Activation("relu"), new ELU(), new LeakyReLU(), new ReLU(), new Softmax(), new Identity(), new Lambda(x => x), new UnitNormalization(), new CategoryEncoding(4), new Rescaling(2.0),
            new ActivityRegularization(0.1), new AlphaDropout(0.5), new Dropout(0.5), new GaussianDropout(0.5), new GaussianNoise(0.5), new Flatten(), new RepeatVector(2), new Reshape(new Shape(2, 2))),
        .. On(Sequence, new Conv1D(3, 3), new Conv1DTranspose(3, 3), new DepthwiseConv1D(3), new SeparableConv1D(3, 3), new SimpleRNN(3), new GRU(3), new LSTM(3), new Bidirectional(new LSTM(3)), new RNN(new GRUCell(3)),
            new SimpleRNNCell(3), new GRUCell(3), new LSTMCell(3), new StackedRNNCells([new GRUCell(3), new LSTMCell(2)]), new TimeDistributed(new Dense(3)),
            new Masking(), new AdaptiveAveragePooling1D(2), new AdaptiveMaxPooling1D(2), new AveragePooling1D(), new MaxPooling1D(), new GlobalAveragePooling1D(), new GlobalMaxPooling1D(), new SpatialDropout1D(0.5),
            new Cropping1D(), new UpSampling1D(), new ZeroPadding1D(), new Permute(new[] { 2, 1 })),
        .. On(Image, new Conv2D(3, 3), new Conv2DTranspose(3, 3), new DepthwiseConv2D(3), new SeparableConv2D(3, 3),
            new AdaptiveAveragePooling2D(2), new AdaptiveMaxPooling2D(2), new AveragePooling2D(), new MaxPooling2D(), new GlobalAveragePooling2D(), new GlobalMaxPooling2D(), new SpatialDropout2D(0.5),
            new Cropping2D(), new UpSampling2D(), new ZeroPadding2D(), new CenterCrop(4, 4), new Keras.Layers.Resizing(4, 4)),
        .. On(Picture, [.. AugmentedLayers.New().Select(a => a.Layer)]),
        .. On(Row, new MelSpectrogram(fft_length: 4, sequence_stride: 2, num_mel_bins: 3)), .. On(Sequence, new STFTSpectrogram(frame_length: 4)),
        .. On(Image, new ConvLSTM1D(3, 3)), .. On(Film, new ConvLSTM2D(3, 3)), .. On(Film[..2].Concat(Volume[1..]), new ConvLSTM3D(3, 3)),
        .. On(Volume, new Conv3D(3, 3), new Conv3DTranspose(3, 3),
            new AdaptiveAveragePooling3D(2), new AdaptiveMaxPooling3D(2), new AveragePooling3D(), new MaxPooling3D(), new GlobalAveragePooling3D(), new GlobalMaxPooling3D(), new SpatialDropout3D(0.5),
            new Cropping3D(), new UpSampling3D(), new ZeroPadding3D()),
        .. new Layer[] { new Attention(use_scale: true, score_mode: "concat"), new AdditiveAttention(), new MultiHeadAttention(2, 3), new GroupQueryAttention(3, 4, 2) }.Select(l => (l, new[] { Sequence, Sequence })),
        .. new Layer[] { new Add(), new Average(), new Concatenate(), new Dot(1), new Maximum(), new Minimum(), new Multiply(), new Subtract() }.Select(l => (l, new[] { Row, Row })),
    ];

    static IEnumerable<(Layer, Shape[])> On(Shape input, params Layer[] layers) => layers.Select(l => (l, new[] { input }));

    static Functional Inner()
    {
        var input = Api.keras.Input(4);
        return new(input, new Dense(2).Apply(new Dense(3).Apply(input)));
    }
}
