using Keras.Layers;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Layers: <c>keras.layers.Dense(64, activation: "relu")</c>.</summary>
        public LayersApi layers { get; } = new();
    }
}

namespace Keras.Layers
{
    /// <summary>keras.layers: makes layers, and finds them by the names of their classes.</summary>
    /// <remarks>Source: keras/src/layers.</remarks>
    public sealed partial class LayersApi
    {
        /// <summary>Every layer that a Keras config may name, except models.</summary>
        internal static readonly Type[] Classes =
        [
            typeof(Dense), typeof(EinsumDense), typeof(Embedding), typeof(Identity), typeof(InputLayer), typeof(Lambda), typeof(Masking),
            typeof(ReversibleEmbedding), typeof(Activation), typeof(ELU), typeof(LeakyReLU), typeof(PReLU), typeof(ReLU), typeof(Softmax),
            typeof(AdditiveAttention), typeof(Attention), typeof(GroupQueryAttention), typeof(MultiHeadAttention), typeof(Conv1D), typeof(Conv2D), typeof(Conv3D),
            typeof(Conv1DTranspose), typeof(Conv2DTranspose), typeof(Conv3DTranspose), typeof(DepthwiseConv1D), typeof(DepthwiseConv2D), typeof(SeparableConv1D), typeof(SeparableConv2D),
            typeof(Add), typeof(Average), typeof(Concatenate), typeof(Dot), typeof(Maximum), typeof(Minimum), typeof(Multiply),
            typeof(Subtract), typeof(BatchNormalization), typeof(GroupNormalization), typeof(LayerNormalization), typeof(RMSNormalization), typeof(SpectralNormalization), typeof(UnitNormalization),
            typeof(AdaptiveAveragePooling1D), typeof(AdaptiveAveragePooling2D), typeof(AdaptiveAveragePooling3D), typeof(AdaptiveMaxPooling1D), typeof(AdaptiveMaxPooling2D), typeof(AdaptiveMaxPooling3D), typeof(AveragePooling1D),
            typeof(AveragePooling2D), typeof(AveragePooling3D), typeof(GlobalAveragePooling1D), typeof(GlobalAveragePooling2D), typeof(GlobalAveragePooling3D), typeof(GlobalMaxPooling1D), typeof(GlobalMaxPooling2D),
            typeof(GlobalMaxPooling3D), typeof(MaxPooling1D), typeof(MaxPooling2D), typeof(MaxPooling3D), typeof(CategoryEncoding), typeof(CenterCrop), typeof(Normalization),
            typeof(Rescaling), typeof(Resizing), typeof(ActivityRegularization), typeof(AlphaDropout), typeof(Dropout), typeof(GaussianDropout), typeof(GaussianNoise),
            typeof(SpatialDropout1D), typeof(SpatialDropout2D), typeof(SpatialDropout3D), typeof(Cropping1D), typeof(Cropping2D), typeof(Cropping3D), typeof(Flatten),
            typeof(Permute), typeof(RepeatVector), typeof(Reshape), typeof(UpSampling1D), typeof(UpSampling2D), typeof(UpSampling3D), typeof(ZeroPadding1D),
            typeof(ZeroPadding2D), typeof(ZeroPadding3D), typeof(Bidirectional), typeof(GRU), typeof(GRUCell), typeof(LSTM), typeof(LSTMCell),
            typeof(ConvLSTM1D), typeof(ConvLSTM2D), typeof(ConvLSTM3D), typeof(MelSpectrogram), typeof(STFTSpectrogram),
            typeof(RNN), typeof(SimpleRNN), typeof(SimpleRNNCell), typeof(StackedRNNCells), typeof(TimeDistributed),
            .. Augmentation,
        ];

        internal LayersApi() { }

        /// <inheritdoc cref="KerasApi.Input"/>
        public Tensor Input(Shape? shape = null, int? batch_size = null, DType? dtype = null, string? name = null, Shape? batch_shape = null, bool optional = false) =>
            new InputLayer(shape, batch_size, dtype, batch_shape, optional, name).output;

        /// <summary>Makes a layer from its serialized form: class_name and config.</summary>
        /// <param name="config">The serialized form.</param>
        /// <param name="custom_objects">Classes of your own by their names in configs; default none.</param>
        /// <exception cref="ArgumentException">The class is unknown, or its config does not fit.</exception>
        public Layer deserialize(IReadOnlyDictionary<string, object?> config, IReadOnlyDictionary<string, Type>? custom_objects = null)
        {
            using var scope = CustomObjects.Enter(custom_objects);
            return LayerConfigs.Deserialize(config);
        }

        /// <summary>The serialized form of a layer or a model.</summary>
        public Dictionary<string, object?> serialize(Layer layer) => (layer ?? throw new ArgumentNullException(nameof(layer))).Serialized();
    }
}
