"""Makes SavedModels with Python's libraries, each with a call and what Python answers, for Keras.Survey to run.

    python make_exports.py hf|layers|functions OUT [--only TEXT]

`hf` (Hugging Face's TensorFlow classes, small) and `functions` (tf.function) need TensorFlow 2.21 with transformers 4.46, `layers` needs Keras 3.
An export is OUT/NAME, its call OUT/NAME.call: input.*.pb and output.*.pb, each a TensorProto. What is there already is not made again.
"""
import os
import shutil
import sys
import traceback

import numpy as np
import tensorflow as tf

CASES = {"hf": [], "layers": [], "functions": []}


def case(group, name, make):
    CASES[group].append((name, make))


def spec_of(value, free=True):
    """Batches may be of any size; scalars stay."""
    value = tf.convert_to_tensor(value)
    shape = value.shape.as_list()
    return tf.TensorSpec([None] + shape[1:] if free and shape else shape, value.dtype)


def record(path, inputs):
    """Python's own answer by the signature that it loads again."""
    loaded = tf.saved_model.load(path)
    function = loaded.signatures["serving_default"]
    outputs = function(**{k: tf.constant(v) for k, v in inputs.items()})
    os.makedirs(path + ".call", exist_ok=True)
    for kind, tensors in (("input", inputs), ("output", outputs)):
        for name, value in tensors.items():
            with open(os.path.join(path + ".call", f"{kind}.{name}.pb"), "wb") as file:
                file.write(tf.make_tensor_proto(tf.convert_to_tensor(value).numpy()).SerializeToString())


def export_function(path, function, inputs, module=None, free=True):
    """A function of named tensors that returns a tensor or a dictionary."""
    module = module or tf.Module()

    def serve(**named):
        result = function(**named)
        return result if isinstance(result, dict) else {"output": result}

    module.serve = tf.function(serve)
    signature = module.serve.get_concrete_function(**{k: spec_of(v, free) if not isinstance(v, tf.TypeSpec) else v for k, v in inputs.items()})
    tf.saved_model.save(module, path, signatures=signature)
    record(path, inputs)


def flat(outputs):
    """The tensors of a model's output, one level deep."""
    items = outputs.items() if hasattr(outputs, "items") else enumerate(outputs if isinstance(outputs, (list, tuple)) else [outputs])
    return {str(k) if isinstance(k, str) else f"output_{k}": tf.identity(v) for k, v in items if isinstance(v, tf.Tensor)}


# Hugging Face ------------------------------------------------------------------------------------------------------------------

SMALL = {
    32: "hidden_size d_model n_embd dim embedding_size emb_dim decoder_hidden_size projection_dim conv_dim",
    2: "n_layer n_layers num_layers encoder_layers decoder_layers num_decoder_layers num_attention_heads n_head n_heads num_heads encoder_attention_heads "
       "decoder_attention_heads num_hidden_groups",
    64: "intermediate_size d_ff ffn_dim encoder_ffn_dim decoder_ffn_dim hidden_dim d_inner dff",
    16: "d_kv d_head",
    500: "vocab_size",
}
UNFIT = ("Rag", "Tapas", "TransfoXL", "PreTrained", "Pretrained", "TFAuto", "Sharded", "EncoderDecoder", "DualEncoder", "MainLayer", "TFSam", "Idefics", "TFWav2Vec2ForSequence")


def small(config):
    for value, names in SMALL.items():
        for name in names.split():
            if isinstance(getattr(config, name, None), int):
                setattr(config, name, value)
    if not hasattr(config, "block_sizes") and isinstance(getattr(config, "num_hidden_layers", None), int):
        config.num_hidden_layers = 2
    for part in ("text_config", "vision_config"):
        if hasattr(getattr(config, part, None), "to_dict"):
            small(getattr(config, part))
    for token in ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id", "forced_eos_token_id", "sep_token_id", "cls_token_id", "mask_token_id"):
        if isinstance(getattr(config, token, None), int) and getattr(config, token) >= 500:
            setattr(config, token, 1)
    return config


def hugging_face(cls):
    def make(path):
        config = small(cls.config_class())
        if cls.__name__ in ("TFLongformerModel",) or "Longformer" in cls.__name__ or cls.__name__.startswith("TFLED"):
            config.attention_window = [4] * 2
        tf.random.set_seed(7)
        model = cls(config)
        given = {k: v for k, v in model.dummy_inputs.items() if isinstance(v, (tf.Tensor, np.ndarray))}
        # Signatures name what their models are called with; wide integers are what Python makes.
        given = {k: (tf.cast(v, tf.int32) if v.dtype == tf.int64 else v) for k, v in {k: tf.convert_to_tensor(v) for k, v in given.items()}.items()}
        model(given, training=False)
        export_function(path, lambda **named: flat(model(named, training=False)), given, module=model)
    return make


def add_hugging_face():
    import transformers
    seen = set()
    for name in sorted(dir(transformers)):
        if not name.startswith("TF") or any(u in name for u in UNFIT) or not ("For" in name or name.endswith("Model")):
            continue
        try:
            cls = getattr(transformers, name)
        except Exception:
            continue
        family = getattr(getattr(cls, "config_class", None), "model_type", None)
        if family is None:
            continue
        # All heads of the families that Keras.Transformers has; of others the model and its first head.
        kind = (family, name.endswith("Model"))
        if family in ("bert", "gpt2", "vit", "clip", "clip_text_model", "clip_vision_model") or kind not in seen:
            case("hf", name, hugging_face(cls))
        seen.add(kind)


# Keras 3 -----------------------------------------------------------------------------------------------------------------------

def rng():
    return np.random.default_rng(3)


def floats(*shape):
    return rng().normal(size=shape).astype("float32")


def ints(limit, *shape):
    return rng().integers(0, limit, size=shape).astype("int32")


def texts(*values):
    return np.array([[v] for v in values], dtype=object)


def keras_model(build, *values):
    """A functional model of some inputs; `build` gets their symbolic tensors."""
    def make(path):
        import keras
        keras.utils.set_random_seed(5)
        inputs = [keras.Input(v.shape[1:], dtype="string" if v.dtype == object else v.dtype.name, name=f"x{i}") for i, v in enumerate(values)]
        model = keras.Model(inputs, build(*inputs))
        model.export(path, verbose=False)
        names = sorted(tf.saved_model.load(path).signatures["serving_default"].structured_input_signature[1])
        record(path, dict(zip(names, values)))
    return make


def add_layers():
    import keras
    L = keras.layers

    def adapted(layer, data):
        layer.adapt(data)
        return layer

    image, series, volume = floats(2, 8, 8, 3), floats(2, 6, 4), floats(2, 4, 4, 4, 2)
    rows, tokens, words = floats(3, 5), ints(9, 2, 6), texts("the cat sat", "a dog", "cat")
    one = [
        ("Dense", lambda: L.Dense(4, activation="gelu"), rows), ("EinsumDense", lambda: L.EinsumDense("abc,cd->abd", (None, 7), bias_axes="d"), series), ("Identity", lambda: L.Identity(), rows),
        ("Embedding", lambda: L.Embedding(9, 4), tokens), ("Lambda", lambda: L.Lambda(lambda x: x * 2), rows), ("Masking", lambda: L.Masking(), series),
        *[(f"Activation_{a}", (lambda a=a: L.Activation(a)), rows) for a in "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid log_softmax mish relu relu6 "
            "selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus tanh tanh_shrink threshold".split() if a != "glu"],
        ("ELU", lambda: L.ELU(), rows), ("LeakyReLU", lambda: L.LeakyReLU(), rows), ("PReLU", lambda: L.PReLU(), rows), ("ReLU", lambda: L.ReLU(2.0, 0.1, 0.3), rows), ("Softmax", lambda: L.Softmax(), rows),
        ("Conv1D", lambda: L.Conv1D(4, 3, padding="causal"), series), ("Conv2D", lambda: L.Conv2D(4, 3, strides=2, padding="same"), image), ("Conv3D", lambda: L.Conv3D(3, 2), volume),
        ("Conv2D_dilated", lambda: L.Conv2D(4, 3, dilation_rate=2), image), ("Conv2D_groups", lambda: L.Conv2D(6, 3, groups=3), image),
        ("Conv1DTranspose", lambda: L.Conv1DTranspose(4, 3, strides=2), series), ("Conv2DTranspose", lambda: L.Conv2DTranspose(4, 3, strides=2, padding="same"), image), ("Conv3DTranspose", lambda: L.Conv3DTranspose(3, 2), volume),
        ("DepthwiseConv1D", lambda: L.DepthwiseConv1D(3), series), ("DepthwiseConv2D", lambda: L.DepthwiseConv2D(3, depth_multiplier=2), image),
        ("SeparableConv1D", lambda: L.SeparableConv1D(4, 3), series), ("SeparableConv2D", lambda: L.SeparableConv2D(4, 3), image),
        *[(f"{k}Pooling{d}D", (lambda k=k, d=d: getattr(L, f"{k}Pooling{d}D")(2)), v) for k in ("Average", "Max") for d, v in ((1, series), (2, image), (3, volume))],
        *[(f"Global{k}Pooling{d}D", (lambda k=k, d=d: getattr(L, f"Global{k}Pooling{d}D")()), v) for k in ("Average", "Max") for d, v in ((1, series), (2, image), (3, volume))],
        *[(f"Adaptive{k}Pooling{d}D", (lambda k=k, d=d: getattr(L, f"Adaptive{k}Pooling{d}D")(2)), v) for k in ("Average", "Max") for d, v in ((1, series), (2, image))],
        ("LSTM", lambda: L.LSTM(4), series), ("LSTM_sequences", lambda: L.LSTM(4, return_sequences=True), series), ("GRU", lambda: L.GRU(4), series), ("GRU_unrolled", lambda: L.GRU(4, unroll=True), series), ("SimpleRNN", lambda: L.SimpleRNN(4), series),
        ("Bidirectional", lambda: L.Bidirectional(L.LSTM(4)), series), ("TimeDistributed", lambda: L.TimeDistributed(L.Dense(3)), series), ("RNN_stacked", lambda: L.RNN([L.LSTMCell(4), L.GRUCell(3)]), series),
        ("ConvLSTM1D", lambda: L.ConvLSTM1D(2, 3), floats(2, 3, 6, 2)), ("ConvLSTM2D", lambda: L.ConvLSTM2D(2, 3), floats(2, 3, 6, 6, 2)),
        ("BatchNormalization", lambda: L.BatchNormalization(), image), ("GroupNormalization", lambda: L.GroupNormalization(3), image), ("LayerNormalization", lambda: L.LayerNormalization(), rows), ("RMSNormalization", lambda: L.RMSNormalization(), rows),
        ("UnitNormalization", lambda: L.UnitNormalization(), rows), ("SpectralNormalization", lambda: L.SpectralNormalization(L.Dense(3)), rows),
        ("Dropout", lambda: L.Dropout(0.5), rows), ("GaussianNoise", lambda: L.GaussianNoise(0.5), rows), ("AlphaDropout", lambda: L.AlphaDropout(0.5), rows), ("SpatialDropout1D", lambda: L.SpatialDropout1D(0.5), series), ("ActivityRegularization", lambda: L.ActivityRegularization(0.1), rows),
        ("Flatten", lambda: L.Flatten(), image), ("Permute", lambda: L.Permute((2, 1)), series), ("RepeatVector", lambda: L.RepeatVector(3), rows), ("Reshape", lambda: L.Reshape((-1, 2)), series), ("Cropping1D", lambda: L.Cropping1D(1), series), ("Cropping2D", lambda: L.Cropping2D(1), image), ("Cropping3D", lambda: L.Cropping3D(1), volume),
        ("UpSampling1D", lambda: L.UpSampling1D(2), series), ("UpSampling2D", lambda: L.UpSampling2D(2, interpolation="bilinear"), image), ("UpSampling3D", lambda: L.UpSampling3D(2), volume), ("ZeroPadding1D", lambda: L.ZeroPadding1D(1), series), ("ZeroPadding2D", lambda: L.ZeroPadding2D(1), image), ("ZeroPadding3D", lambda: L.ZeroPadding3D(1), volume),
        ("Rescaling", lambda: L.Rescaling(0.5, 1), image), ("Resizing", lambda: L.Resizing(5, 6), image), ("Resizing_bicubic", lambda: L.Resizing(5, 6, interpolation="bicubic", antialias=True), image), ("Resizing_pad", lambda: L.Resizing(5, 7, pad_to_aspect_ratio=True), image), ("CenterCrop", lambda: L.CenterCrop(5, 6), image),
        ("RandomFlip", lambda: L.RandomFlip(), image), ("RandomRotation", lambda: L.RandomRotation(0.2), image), ("RandomZoom", lambda: L.RandomZoom(0.2), image), ("RandomContrast", lambda: L.RandomContrast(0.2), image), ("RandomBrightness", lambda: L.RandomBrightness(0.2), image), ("RandomCrop", lambda: L.RandomCrop(5, 6), image), ("RandomTranslation", lambda: L.RandomTranslation(0.2, 0.2), image),
        ("AutoContrast", lambda: L.AutoContrast(), image), ("Equalization", lambda: L.Equalization(), image), ("Solarization", lambda: L.Solarization(), image), ("RandomPosterization", lambda: L.RandomPosterization(3), image), ("RandomGrayscale", lambda: L.RandomGrayscale(), image), ("RandAugment", lambda: L.RandAugment(), image), ("MaxNumBoundingBoxes", lambda: L.Identity(), image),
        ("Normalization", lambda: adapted(L.Normalization(), rows), rows), ("Discretization", lambda: L.Discretization([-1.0, 0.0, 0.5]), rows), ("Discretization_one_hot", lambda: L.Discretization([-1.0, 0.0], output_mode="one_hot"), rows[:, :1]), ("CategoryEncoding", lambda: L.CategoryEncoding(9, output_mode="multi_hot"), tokens), ("CategoryEncoding_count", lambda: L.CategoryEncoding(9, output_mode="count"), tokens),
        ("Hashing", lambda: L.Hashing(7), words), ("Hashing_salt", lambda: L.Hashing(7, salt=[1, 2]), words), ("Hashing_multi_hot", lambda: L.Hashing(7, output_mode="multi_hot"), words), ("StringLookup", lambda: L.StringLookup(vocabulary=["the cat sat", "cat"]), words), ("StringLookup_multi_hot", lambda: L.StringLookup(vocabulary=["cat"], output_mode="multi_hot"), words), ("StringLookup_inverse", lambda: L.StringLookup(vocabulary=["cat", "dog"], invert=True), ints(3, 2, 2)),
        ("StringLookup_tf_idf", lambda: L.StringLookup(vocabulary=["cat", "dog"], output_mode="tf_idf", idf_weights=[0.3, 0.4]), words), ("IntegerLookup", lambda: L.IntegerLookup(vocabulary=[3, 5, 7]), tokens), ("IntegerLookup_oov", lambda: L.IntegerLookup(vocabulary=[3, 5], num_oov_indices=2), tokens),
        *[(f"TextVectorization_{m}", (lambda m=m: adapted(L.TextVectorization(output_mode=m, **({"output_sequence_length": 4} if m == "int" else {})), ["the cat sat", "a dog"])), words) for m in ("int", "multi_hot", "count", "tf_idf")],
        ("TextVectorization_ngrams", lambda: adapted(L.TextVectorization(ngrams=2), ["the cat sat", "a dog"]), words), ("TextVectorization_characters", lambda: adapted(L.TextVectorization(split="character"), ["the cat sat"]), words), ("TextVectorization_ragged", lambda: adapted(L.TextVectorization(standardize="lower_and_strip_punctuation"), ["the cat"]), words),
        ("MelSpectrogram", lambda: L.MelSpectrogram(fft_length=64, sequence_stride=16, sequence_length=64, num_mel_bins=8), floats(2, 256)), ("STFTSpectrogram", lambda: L.STFTSpectrogram(frame_length=32, frame_step=16, fft_length=32), floats(2, 128, 1)),
    ]
    for name, layer, value in one:
        case("layers", name, keras_model(lambda x, layer=layer: layer()(x), value))
    a, b = floats(3, 5), floats(3, 5) + 1
    for name in "Add Average Concatenate Maximum Minimum Multiply Subtract".split():
        case("layers", name, keras_model(lambda x, y, name=name: getattr(L, name)()([x, y]), a, b))
    case("layers", "Dot", keras_model(lambda x, y: L.Dot(1)([x, y]), a, b))
    case("layers", "MultiHeadAttention", keras_model(lambda x: L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True), series))
    case("layers", "GroupQueryAttention", keras_model(lambda x: L.GroupQueryAttention(4, 4, 2)(x, x), series))
    case("layers", "Attention", keras_model(lambda x: L.Attention()([x, x]), series))
    case("layers", "AdditiveAttention", keras_model(lambda x: L.AdditiveAttention()([x, x]), series))
    case("layers", "HashedCrossing", keras_model(lambda x, y: L.HashedCrossing(7)((x, y)), texts("a", "b", "c"), texts("x", "y", "x")))
    case("layers", "HashedCrossing_one_hot", keras_model(lambda x, y: L.HashedCrossing(7, output_mode="one_hot")((x, y)), texts("a", "b", "c"), ints(4, 3, 1).astype("int64")))

    def space(path):
        data = {"a": np.array([1.0, 2, 3], "float32"), "b": np.array(["x", "y", "x"], object), "c": np.array([1, 2, 1], "int64")}
        features = keras.utils.FeatureSpace({"a": "float_normalized", "b": "string_categorical", "c": "integer_categorical"}, crosses=[("b", "c")], crossing_dim=8, output_mode="concat")
        features.adapt(tf.data.Dataset.from_tensor_slices(data).batch(3))
        inputs = features.get_inputs()
        model = keras.Model(inputs, features.get_encoded_features())
        model.export(path, verbose=False)
        record(path, {k: v.reshape(-1, 1) for k, v in data.items()})

    case("layers", "FeatureSpace", space)


# tf.function -------------------------------------------------------------------------------------------------------------------

def add_functions():
    def function(name, body, free=True, **inputs):
        case("functions", name, lambda path: export_function(path, body, inputs, free=free))

    x, m, big, words = floats(3, 4), floats(4, 4), floats(2, 8, 8, 3), np.array(["the cat sat", "a  dog", ""], object)
    uneven = tf.RaggedTensor.from_row_splits
    splits = np.array([0, 2, 2, 5], "int64")
    values = floats(5)
    sparse = lambda v: tf.sparse.from_dense(tf.where(v > 0, v, 0.0))
    sparse_text = lambda w: tf.strings.split(w).to_sparse()

    function("map_fn", lambda x: tf.map_fn(lambda r: r * tf.reduce_sum(r), x), x=x)
    function("map_fn_ragged", lambda v, s: tf.map_fn(tf.reduce_sum, uneven(v, s), fn_output_signature=tf.float32), free=False, v=values, s=splits)
    function("map_fn_to_ragged", lambda x: tf.map_fn(lambda r: tf.RaggedTensor.from_tensor(tf.boolean_mask(r, r > 0)[None]), x, fn_output_signature=tf.RaggedTensorSpec([1, None], tf.float32)).to_tensor(), x=x)
    function("scan", lambda x: tf.scan(lambda a, r: a + r, x), x=x)
    function("foldl", lambda x: tf.foldl(lambda a, r: a + r, x), x=x)
    function("while_loop", lambda x: tf.while_loop(lambda i, v: i < 4, lambda i, v: (i + 1, v * 1.5), (0, x))[1], x=x)
    function("while_tensor_array", lambda x: tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t.write(i, x[i] * 2)), (0, tf.TensorArray(tf.float32, 3)))[1].stack(), x=x)
    function("cond", lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: x + 1, lambda: x - 1), x=x)
    function("switch_case", lambda i: tf.switch_case(i, [lambda: 1.0, lambda: 2.0, lambda: 3.0]), i=np.int32(1))
    function("case", lambda x: tf.case([(x[0, 0] > 9, lambda: x), (x[0, 0] < 9, lambda: -x)]), x=x)
    function("vectorized_map", lambda x: tf.vectorized_map(lambda r: r - tf.reduce_mean(r), x), x=x)

    function("ragged_to_tensor", lambda v, s: uneven(v, s).to_tensor(-1.0), free=False, v=values, s=splits)
    function("ragged_to_sparse", lambda v, s: tf.sparse.to_dense(uneven(v, s).to_sparse()), free=False, v=values, s=splits)
    function("ragged_gather", lambda v, s: tf.gather(uneven(v, s), [2, 0, 2]).to_tensor(), free=False, v=values, s=splits)
    function("ragged_range", lambda n: tf.ragged.range(n).to_tensor(), n=np.array([2, 0, 3], "int32"))
    function("ragged_reduce", lambda v, s: {"sum": tf.reduce_sum(uneven(v, s), 1), "mean": tf.reduce_mean(uneven(v, s), 1), "max": tf.reduce_max(uneven(v, s), 1)}, free=False, v=values, s=splits)
    function("ragged_concat", lambda v, s: tf.concat([uneven(v, s), uneven(v, s)], 1).to_tensor(), free=False, v=values, s=splits)
    function("ragged_stack", lambda v, s: tf.stack([uneven(v, s), uneven(v * 2, s)]).to_tensor(), free=False, v=values, s=splits)
    function("ragged_boolean_mask", lambda x: tf.ragged.boolean_mask(x, x > 0).to_tensor(), x=x)
    function("ragged_from_tensor", lambda x: tf.RaggedTensor.from_tensor(x, padding=0.0).to_tensor(), x=x)
    function("ragged_from_sparse", lambda w: tf.RaggedTensor.from_sparse(sparse_text(w)).to_tensor("-"), w=words)
    function("ragged_slice", lambda v, s: uneven(v, s)[:, :1].to_tensor(), free=False, v=values, s=splits)
    function("ragged_cross", lambda w: tf.ragged.cross([tf.strings.split(w), tf.strings.split(w)]).to_tensor(), w=words)
    function("ragged_cross_hashed", lambda w: tf.ragged.cross_hashed([tf.strings.split(w), tf.strings.split(w)], 10).to_tensor(), w=words)
    function("ragged_segment_ids", lambda s: tf.ragged.row_splits_to_segment_ids(s), free=False, s=splits)

    function("sparse_to_dense", lambda x: tf.sparse.to_dense(sparse(x)), x=x)
    function("sparse_matmul", lambda x: tf.sparse.sparse_dense_matmul(sparse(x), tf.transpose(x)), x=x)
    function("sparse_matmul_adjoint", lambda x: tf.sparse.sparse_dense_matmul(sparse(x), x, adjoint_a=True), x=x)
    function("sparse_reduce", lambda x: {"sum": tf.sparse.reduce_sum(sparse(x), 1), "max": tf.sparse.reduce_max(sparse(x), 1, keepdims=True)}, x=x)
    function("sparse_reduce_sparse", lambda x: tf.sparse.to_dense(tf.sparse.reduce_sum(sparse(x), 1, output_is_sparse=True)), x=x)
    function("sparse_reshape", lambda x: tf.sparse.to_dense(tf.sparse.reshape(sparse(x), [-1, 2])), x=x)
    function("sparse_concat", lambda x: tf.sparse.to_dense(tf.sparse.concat(1, [sparse(x), sparse(-x)])), x=x)
    function("sparse_slice", lambda x: tf.sparse.to_dense(tf.sparse.slice(sparse(x), [0, 1], [2, 2])), x=x)
    function("sparse_split", lambda x: tf.sparse.to_dense(tf.sparse.split(sp_input=sparse(x), num_split=2, axis=1)[1]), x=x)
    function("sparse_fill_empty", lambda w: tf.sparse.to_dense(tf.sparse.fill_empty_rows(sparse_text(w), "none")[0], ""), w=words)
    function("sparse_transpose", lambda x: tf.sparse.to_dense(tf.sparse.transpose(sparse(x))), x=x)
    function("sparse_add", lambda x: tf.sparse.to_dense(tf.sparse.add(sparse(x), sparse(-x))), x=x)
    function("sparse_add_dense", lambda x: tf.sparse.add(sparse(x), x), x=x)
    function("sparse_maximum", lambda x: tf.sparse.to_dense(tf.sparse.maximum(sparse(x), sparse(-x))), x=x)
    function("sparse_softmax", lambda x: tf.sparse.to_dense(tf.sparse.softmax(sparse(x))), x=x)
    function("sparse_mul_dense", lambda x: tf.sparse.to_dense(sparse(x) * x), x=x)
    function("sparse_reset_shape", lambda x: tf.sparse.to_dense(tf.sparse.reset_shape(sparse(x), [5, 6])), free=False, x=x)
    function("sparse_retain", lambda x: tf.sparse.to_dense(tf.sparse.retain(sparse(x), sparse(x).values > 0.5)), x=x)
    function("sparse_cross", lambda w: tf.sparse.to_dense(tf.sparse.cross([sparse_text(w), sparse_text(w)]), ""), w=words)
    function("sparse_cross_hashed", lambda w: tf.sparse.to_dense(tf.sparse.cross_hashed([sparse_text(w), sparse_text(w)], 12)), w=words)
    function("sparse_bincount", lambda i: tf.sparse.to_dense(tf.sparse.bincount(i, axis=-1, minlength=5)), i=ints(4, 2, 6))
    function("sparse_indicator", lambda i: tf.sparse.to_indicator(tf.sparse.from_dense(tf.cast(i, tf.int64)), 5), i=ints(4, 2, 6))
    function("embedding_lookup_sparse", lambda i: tf.nn.embedding_lookup_sparse(tf.constant(floats(9, 3)), tf.sparse.from_dense(tf.cast(i, tf.int64)), None, combiner="sqrtn"), i=ints(8, 2, 6) + 1)
    function("safe_embedding_lookup_sparse", lambda i: tf.nn.safe_embedding_lookup_sparse(tf.constant(floats(9, 3)), tf.sparse.from_dense(tf.cast(i, tf.int64))), i=ints(3, 4, 2))
    function("sparse_sets", lambda i: {"both": tf.sparse.to_dense(tf.sets.intersection(i, i[:, ::-1])), "all": tf.sparse.to_dense(tf.sets.union(i, i + 1)), "size": tf.sets.size(tf.sets.difference(i, i + 1))}, i=ints(9, 2, 4))

    function("strings_basic", lambda w: {"lower": tf.strings.lower(w), "length": tf.strings.length(w), "join": tf.strings.join([w, w], "-"), "strip": tf.strings.strip(w), "sub": tf.strings.substr(w, 0, 0)}, w=words)
    function("strings_regex", lambda w: {"replaced": tf.strings.regex_replace(w, "[aeiou]+", "_"), "match": tf.strings.regex_full_match(w, ".*cat.*")}, w=words)
    function("strings_split", lambda w: tf.strings.split(w).to_tensor("-"), w=words)
    function("strings_split_v1", lambda w: tf.sparse.to_dense(tf.compat.v1.string_split(w, " ", skip_empty=False), "?"), w=words)
    function("strings_bytes_split", lambda w: tf.strings.bytes_split(w).to_tensor(), w=words)
    function("strings_unicode", lambda w: {"code": tf.strings.unicode_decode(w, "UTF-8").to_tensor(), "split": tf.strings.unicode_split(w, "UTF-8").to_tensor()}, w=words)
    function("strings_unicode_script", lambda w: tf.strings.unicode_script(tf.strings.unicode_decode(w, "UTF-8").to_tensor()), w=words)
    function("strings_hash", lambda w: {"old": tf.raw_ops.StringToHashBucket(string_tensor=w, num_buckets=50), "fast": tf.strings.to_hash_bucket_fast(w, 50), "strong": tf.strings.to_hash_bucket_strong(w, 50, [1, 2])}, w=words)
    function("strings_numbers", lambda w: {"n": tf.strings.to_number(w), "t": tf.strings.as_string(tf.strings.to_number(w), precision=2), "s": tf.strings.as_string(tf.strings.to_number(w), scientific=True), "k": tf.strings.as_string(tf.strings.to_number(w), shortest=True)}, w=np.array(["1.5", "-2", " 3e2 "], object))
    function("strings_ngrams", lambda w: tf.strings.ngrams(tf.strings.split(w), 2).to_tensor(), w=words)
    function("strings_reduce_join", lambda w: tf.strings.reduce_join(w, separator="|"), w=words)
    function("strings_format", lambda x: tf.strings.format("x={}", x), free=False, x=x[:1, :2])
    function("strings_base64", lambda w: tf.io.decode_base64(tf.io.encode_base64(w)), w=words)
    function("strings_unsorted_segment_join", lambda w: tf.strings.unsorted_segment_join(w, [1, 0, 1], 2, "+"), free=False, w=words)
    function("strings_less", lambda w: tf.strings.upper(w), w=words)
    function("edit_distance", lambda w: tf.edit_distance(sparse_text(w), sparse_text(w[::-1]), normalize=False), w=np.array(["a b c", "a d", "q"], object))

    def table(path):
        lookup = tf.lookup.StaticVocabularyTable(tf.lookup.KeyValueTensorInitializer(["cat", "dog"], tf.constant([0, 1], tf.int64)), 3)
        module = tf.Module()
        module.table = lookup
        export_function(path, lambda w: lookup.lookup(w), {"w": np.array(["cat", "bird", "dog"], object)}, module=module)

    case("functions", "table_static_vocabulary", table)

    def file_table(path):
        name = path + ".words.txt"
        with open(name, "w") as file:
            file.write("cat\ndog\n")
        lookup = tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(name, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1)
        module = tf.Module()
        module.table = lookup
        export_function(path, lambda w: lookup.lookup(w), {"w": np.array(["cat", "bird", "dog"], object)}, module=module)

    case("functions", "table_of_asset", file_table)

    def dense_table(path):
        module = tf.Module()
        module.table = tf.lookup.experimental.DenseHashTable(tf.string, tf.int64, -1, "", "?")
        module.table.insert(tf.constant(["cat", "dog"]), tf.constant([4, 5], tf.int64))
        export_function(path, lambda w: module.table.lookup(w), {"w": np.array(["cat", "bird"], object)}, module=module)

    case("functions", "table_dense", dense_table)

    function("image_resize", lambda x: {m: tf.image.resize(x, [5, 6], m) for m in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "gaussian")}, x=big)
    function("image_color", lambda x: {"hsv": tf.image.rgb_to_hsv(x), "gray": tf.image.rgb_to_grayscale(x), "yiq": tf.image.rgb_to_yiq(x), "sat": tf.image.adjust_saturation(x, 0.5), "hue": tf.image.adjust_hue(x, 0.1), "con": tf.image.adjust_contrast(x, 2.0), "gam": tf.image.adjust_gamma(x, 2.0)}, x=np.abs(big))
    function("image_gradients", lambda x: {"sobel": tf.image.sobel_edges(x), "dy": tf.image.image_gradients(x)[0], "tv": tf.image.total_variation(x)}, x=big)
    function("image_quality", lambda x: {"psnr": tf.image.psnr(x, x + 0.1, 1.0), "ssim": tf.image.ssim(x, x + 0.1, 1.0, filter_size=3)}, x=np.abs(big))
    function("image_patches", lambda x: tf.image.extract_patches(x, [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"), x=big)
    function("image_glimpse", lambda x: tf.image.extract_glimpse(x, [3, 3], [[0.0, 0.0], [0.1, 0.2]], noise="zero"), x=big)
    function("image_crop_and_resize", lambda x: tf.image.crop_and_resize(x, [[0.1, 0.1, 0.7, 0.8]], [1], [4, 4]), free=False, x=big)
    boxes, scores = np.sort(np.abs(floats(2, 6, 2, 2)), 2).reshape(2, 6, 4).astype("float32"), np.abs(floats(2, 6, 3))
    function("image_combined_nms", lambda b, s: tf.image.combined_non_max_suppression(b[:, :, None], s, 3, 4, 0.4, 0.1)._asdict(), b=boxes, s=scores)
    function("image_nms", lambda b, s: tf.image.non_max_suppression(b[0], s[0, :, 0], 4, 0.5), b=boxes, s=scores)
    function("image_nms_scores", lambda b, s: dict(zip("abc", tf.image.non_max_suppression_with_scores(b[0], s[0, :, 0], 4, 0.5, soft_nms_sigma=0.3))), b=boxes, s=scores)
    function("image_nms_padded", lambda b, s: dict(zip("ab", tf.image.non_max_suppression_padded(b, s[:, :, 0], 4, pad_to_max_output_size=True))), b=boxes, s=scores)
    function("image_nms_overlaps", lambda s: tf.image.non_max_suppression_overlaps(tf.matmul(s[0], s[0], transpose_b=True), s[0, :, 0], 3, 0.5), s=scores)
    function("image_boxes", lambda x: tf.image.draw_bounding_boxes(x, [[[0.1, 0.1, 0.7, 0.8]], [[0.2, 0.2, 0.9, 0.9]]], [[1.0, 0.0, 0.0]]), free=False, x=big)
    function("image_decode", lambda b: tf.io.decode_image(b, expand_animations=False), free=False, b=tf.io.encode_png(tf.cast(np.abs(big[0]) * 90, tf.uint8)).numpy())
    function("image_jpeg", lambda b: tf.io.decode_jpeg(b), free=False, b=tf.io.encode_jpeg(tf.cast(np.abs(big[0]) * 90, tf.uint8)).numpy())
    function("image_transform", lambda x: tf.raw_ops.ImageProjectiveTransformV3(images=x, transforms=[[1.0, 0.1, 0, 0, 0.9, 0, 0, 0]], output_shape=[8, 8], fill_value=0.0, interpolation="BILINEAR", fill_mode="REFLECT"), x=big)

    wave = floats(2, 256)
    function("signal_stft", lambda w: {"abs": tf.abs(tf.signal.stft(w, 64, 16)), "back": tf.signal.inverse_stft(tf.signal.stft(w, 64, 16), 64, 16)}, w=wave)
    function("signal_mfcc", lambda w: tf.signal.mfccs_from_log_mel_spectrograms(tf.math.log(tf.abs(tf.signal.stft(w, 64, 32))[..., :16] + 1e-6)), w=wave)
    function("signal_mel", lambda w: tf.tensordot(tf.abs(tf.signal.stft(w, 64, 32)), tf.signal.linear_to_mel_weight_matrix(8, 33, 8000, 100.0, 3000.0), 1), w=wave)
    function("signal_dct", lambda w: {"dct": tf.signal.dct(w), "idct": tf.signal.idct(w), "mdct": tf.signal.mdct(w, 64)}, w=wave)
    function("signal_frame", lambda w: {"frame": tf.signal.frame(w, 64, 32), "add": tf.signal.overlap_and_add(tf.signal.frame(w, 64, 32), 32)}, w=wave)
    function("signal_rfft", lambda x: {"one": tf.abs(tf.signal.rfft(x)), "two": tf.abs(tf.signal.rfft2d(x)), "back": tf.signal.irfft2d(tf.signal.rfft2d(x)), "three": tf.abs(tf.signal.rfft3d(x)), "back3": tf.signal.irfft3d(tf.signal.rfft3d(x))}, x=floats(2, 4, 8, 8))
    function("signal_fft", lambda x: {k: tf.abs(f(tf.cast(x, tf.complex64))) for k, f in (("one", tf.signal.fft), ("two", tf.signal.fft2d), ("three", tf.signal.fft3d), ("back", tf.signal.ifft2d))}, x=floats(2, 4, 8, 8))
    function("signal_shift", lambda x: {"shift": tf.signal.fftshift(x), "back": tf.signal.ifftshift(x)}, free=False, x=floats(4, 8))
    function("signal_windows", lambda x: tf.signal.hann_window(8) + tf.signal.kaiser_window(8) + tf.signal.vorbis_window(8) + x[0, 0], x=x)
    function("audio_wav", lambda b: dict(zip(("audio", "rate"), tf.audio.decode_wav(b))), free=False, b=tf.audio.encode_wav(np.clip(wave.T, -1, 1), 8000).numpy())

    def example(**features):
        return tf.train.Example(features=tf.train.Features(feature={k: (
            tf.train.Feature(bytes_list=tf.train.BytesList(value=v)) if v and isinstance(v[0], bytes) else
            tf.train.Feature(float_list=tf.train.FloatList(value=v)) if v and isinstance(v[0], float) else
            tf.train.Feature(int64_list=tf.train.Int64List(value=v))) for k, v in features.items()})).SerializeToString()

    records = np.array([example(a=[1.0, 2.0], b=[b"x", b"y"], c=[4]), example(a=[3.0, 4.0], c=[5, 6, 7], f=[1.0, 2.0, 3.0]), example(b=[b"z"], a=[5.0, 6.0])], object)

    def parse(e):
        parsed = tf.io.parse_example(e, {"a": tf.io.FixedLenFeature([2], tf.float32), "b": tf.io.VarLenFeature(tf.string), "d": tf.io.FixedLenFeature([], tf.int64, 9), "c": tf.io.FixedLenSequenceFeature([], tf.int64, True), "r": tf.io.RaggedFeature(tf.float32, "f")})
        return {"a": parsed["a"], "b": tf.sparse.to_dense(parsed["b"], ""), "d": parsed["d"], "c": parsed["c"], "r": parsed["r"].to_tensor()}

    function("parse_example", parse, e=records)
    function("parse_single_example", lambda e: tf.io.parse_single_example(e, {"a": tf.io.FixedLenFeature([2], tf.float32), "c": tf.io.FixedLenFeature([1], tf.int64)}), free=False, e=records[0])
    function("parse_example_v1", lambda e: tf.compat.v1.parse_example(e, {"a": tf.io.FixedLenFeature([2], tf.float32)}), e=records)
    function("parse_sequence_example", lambda e: tf.io.parse_single_sequence_example(e, {"a": tf.io.FixedLenFeature([2], tf.float32)}, {})[0], free=False, e=records[0])
    function("parse_map_fn", lambda e: tf.map_fn(lambda s: tf.io.parse_single_example(s, {"a": tf.io.FixedLenFeature([2], tf.float32)})["a"], e, fn_output_signature=tf.float32), e=records)
    function("decode_csv", lambda w: dict(zip("abc", tf.io.decode_csv(w, [[0], [1.5], ["-"]]))), w=np.array(["1,2.5,x", ",,\"a,b\""], object))
    function("decode_json", lambda w: tf.io.decode_json_example(w), free=False, w=np.array(['{"features":{"feature":{"a":{"int64List":{"value":["1"]}}}}}'], object))
    function("decode_raw", lambda w: {"one": tf.io.decode_raw(w, tf.uint8), "padded": tf.io.decode_raw(w, tf.int16, fixed_length=4)}, w=np.array(["abcd", "efgh"], object))
    function("parse_tensor", lambda b: tf.io.parse_tensor(b, tf.float32), free=False, b=tf.io.serialize_tensor(x).numpy())
    function("serialize_tensor", lambda x: tf.io.serialize_tensor(x), x=x)
    function("decode_compressed", lambda b: tf.io.decode_compressed(b, "ZLIB"), free=False, b=np.array([__import__("zlib").compress(b"hello")], object))

    function("math_segments", lambda x: {"sum": tf.math.segment_sum(x, [0, 0, 1]), "mean": tf.math.unsorted_segment_mean(x, [1, 0, 1], 2), "sqrt": tf.math.unsorted_segment_sqrt_n(x, [1, 0, 1], 2), "max": tf.math.unsorted_segment_max(x, [1, 0, 1], 2)}, free=False, x=x)
    function("math_special", lambda x: {n: getattr(tf.math, n)(tf.abs(x) + 0.1) for n in "lgamma digamma erf erfc erfinv bessel_i0 bessel_i1e ndtri expm1 log1p rsqrt sinh cosh asinh".split() if n not in ("erfinv", "ndtri")}, x=x)
    function("math_special_more", lambda x: {n: getattr(tf.math.special, n)(tf.abs(x) + 0.1) for n in "dawsn expint fresnel_cos fresnel_sin spence bessel_j0 bessel_j1 bessel_k0 bessel_k0e bessel_k1 bessel_y0 bessel_y1".split()}, x=x)
    function("math_betainc", lambda x: {"b": tf.math.betainc(tf.abs(x) + 0.1, 2.0, tf.sigmoid(x)), "p": tf.math.igamma(2.0, tf.abs(x)), "q": tf.math.igammac(2.0, tf.abs(x)), "z": tf.math.zeta(tf.abs(x) + 2, 1.5), "g": tf.math.polygamma(1.0, tf.abs(x) + 1)}, x=x)
    function("math_top", lambda x: {"k": tf.math.top_k(x, 2)[0], "in": tf.math.in_top_k([1, 2, 0], x, 2), "sort": tf.sort(x), "arg": tf.argsort(x, direction="DESCENDING")}, x=x)
    function("math_unique", lambda i: {"u": tf.unique(i)[0], "c": tf.unique_with_counts(i)[2], "b": tf.math.bincount(i), "s": tf.raw_ops.ListDiff(x=i, y=i[:2])[0]}, i=ints(5, 8))
    function("math_cumulative", lambda x: {"sum": tf.cumsum(x, 1, True, True), "prod": tf.math.cumprod(x), "lse": tf.math.cumulative_logsumexp(x, 1)}, x=x)
    function("math_histogram", lambda x: {"h": tf.histogram_fixed_width(x, [-2.0, 2.0], 5), "b": tf.histogram_fixed_width_bins(x, [-2.0, 2.0], 5), "s": tf.searchsorted([-1.0, 0.0, 1.0], x[0]), "q": tf.quantization.quantize_and_dequantize_v2(x, -1.0, 1.0)}, x=x)
    function("math_confusion", lambda i: tf.math.confusion_matrix(i, i[::-1], 5), i=ints(5, 8))
    function("math_bits", lambda i: {"a": tf.bitwise.bitwise_and(i, 3), "s": tf.bitwise.left_shift(i, 2), "i": tf.bitwise.invert(i), "p": tf.raw_ops.PopulationCount(x=i)}, i=ints(50, 8))
    function("math_complex", lambda x: {"a": tf.math.angle(tf.complex(x, x + 1)), "r": tf.math.real(tf.complex(x, x) * tf.complex(x, -x)), "c": tf.abs(tf.math.conj(tf.complex(x, x)))}, x=x)
    function("linalg", lambda m: {"inv": tf.linalg.inv(m), "det": tf.linalg.det(m), "chol": tf.linalg.cholesky(m @ tf.transpose(m) + tf.eye(4)), "solve": tf.linalg.solve(m, m[:, :1]), "lstsq": tf.linalg.lstsq(m, m[:, :1]), "expm": tf.linalg.expm(m), "logdet": tf.linalg.logdet(m @ tf.transpose(m) + tf.eye(4))}, free=False, m=m)
    function("linalg_bands", lambda m: {"part": tf.linalg.band_part(m, 1, 0), "diag": tf.linalg.diag(m), "set": tf.linalg.set_diag(m, m[0]), "trace": tf.linalg.trace(m), "tri": tf.linalg.tridiagonal_solve(tf.stack([m[0], m[1] + 9, m[2]]), m[3])}, free=False, m=m)
    function("linalg_more", lambda m: {"sqrtm": tf.linalg.sqrtm(m @ tf.transpose(m) + tf.eye(4)), "svd": tf.linalg.svd(m, compute_uv=False), "eig": tf.linalg.eigvalsh(m + tf.transpose(m)), "cross": tf.linalg.cross(m[:, :3], m[:, 1:])}, free=False, m=m)
    function("einsum", lambda x: tf.einsum("ab,cb->ac", x, x), x=x)
    function("shapes", lambda x: {"t": tf.tile(x, [2, 1]), "r": tf.roll(x, 1, 1), "p": tf.pad(x, [[0, 0], [1, 1]], "REFLECT"), "rev": tf.reverse(x, [1]), "m": tf.meshgrid(x[0], x[1])[0], "rep": tf.repeat(x, 2, 1), "sd": tf.space_to_batch(x[:, :, None, None], [2, 1], [[0, 0], [0, 0]])}, free=False, x=x)
    function("depth_space", lambda x: {"d": tf.nn.space_to_depth(x, 2), "s": tf.nn.depth_to_space(tf.concat([x, x[..., :1]], -1), 2)}, x=big)
    function("gather_scatter", lambda x: {"g": tf.gather(x, [1, 0], batch_dims=0), "n": tf.gather_nd(x, [[0, 1], [2, 3]]), "s": tf.scatter_nd([[1], [3]], x[:2], [5, 4]), "u": tf.tensor_scatter_nd_add(x, [[0]], x[1:2]), "b": tf.boolean_mask(x, x[:, 0] > 0), "w": tf.where(x > 0)}, free=False, x=x)
    function("partition_stitch", lambda x: tf.dynamic_stitch([[0, 2], [1]], tf.dynamic_partition(x, [0, 1, 0], 2)), free=False, x=x)
    function("nn_activations", lambda x: {n: getattr(tf.nn, n)(x) for n in "relu relu6 elu selu crelu swish gelu leaky_relu softplus softsign log_softmax".split()}, x=x)
    function("nn_losses", lambda x: {"ce": tf.nn.softmax_cross_entropy_with_logits(tf.nn.softmax(x), x), "sig": tf.nn.sigmoid_cross_entropy_with_logits(tf.nn.sigmoid(x), x), "sp": tf.nn.sparse_softmax_cross_entropy_with_logits([1, 2, 0], x), "w": tf.nn.weighted_cross_entropy_with_logits(tf.nn.sigmoid(x), x, 2.0)}, free=False, x=x)
    function("nn_ctc", lambda x: tf.nn.ctc_loss(tf.constant([[1, 2]]), tf.transpose(x[None], [1, 0, 2]), [2], [3], blank_index=0), free=False, x=x)
    function("nn_ctc_decode", lambda x: {"g": tf.sparse.to_dense(tf.nn.ctc_greedy_decoder(x[:, None], [3])[0][0]), "b": tf.sparse.to_dense(tf.nn.ctc_beam_search_decoder(x[:, None], [3])[0][0])}, free=False, x=x)
    function("nn_pool", lambda x: {"m": tf.nn.max_pool2d(x, 2, 2, "SAME"), "a": tf.nn.avg_pool2d(x, 3, 1, "SAME"), "w": tf.nn.max_pool_with_argmax(x, 2, 2, "VALID", include_batch_in_index=True)[1], "v": tf.nn.max_pool_with_argmax(x, 2, 2, "VALID")[0]}, x=big)
    function("nn_fractional_pool", lambda x: tf.nn.fractional_max_pool(x, [1, 1.4, 1.4, 1], seed=3)[0], x=big)
    function("nn_dilation", lambda x: {"d": tf.nn.dilation2d(x, floats(2, 2, 3), [1, 1, 1, 1], "SAME", "NHWC", [1, 1, 1, 1]), "e": tf.nn.erosion2d(x, floats(2, 2, 3), [1, 1, 1, 1], "SAME", "NHWC", [1, 1, 1, 1])}, x=big)
    function("nn_norms", lambda x: {"lrn": tf.nn.local_response_normalization(x), "l2": tf.nn.l2_normalize(x, -1), "mom": tf.nn.moments(x, [1, 2])[1], "bn": tf.nn.batch_normalization(x, 0.1, 2.0, 0.3, 1.5, 1e-3)}, x=big)
    function("nn_conv", lambda x: {"c": tf.nn.conv2d(x, floats(3, 3, 3, 4), 1, "SAME"), "d": tf.nn.depthwise_conv2d(x, floats(3, 3, 3, 2), [1, 1, 1, 1], "SAME"), "a": tf.nn.atrous_conv2d(x, floats(3, 3, 3, 4), 2, "SAME")}, x=big)
    function("fake_quant", lambda x: {"args": tf.quantization.fake_quant_with_min_max_args(x, -1, 1.5), "vars": tf.quantization.fake_quant_with_min_max_vars(x, -0.7, 1.5, narrow_range=True), "channel": tf.quantization.fake_quant_with_min_max_vars_per_channel(x, [-1.0, -2, -0.5, -1], [1.0, 1, 2, 0.3], num_bits=4)}, x=x)
    function("quantize", lambda x: tf.quantization.dequantize(*tf.quantization.quantize(x, -2.0, 2.0, tf.qint8)), x=x)
    function("stateless_random", lambda s: {"u": tf.random.stateless_uniform([3, 2], s), "n": tf.random.stateless_normal([3, 2], s), "t": tf.random.stateless_truncated_normal([3, 20], s), "i": tf.random.stateless_uniform([4], s, 0, 9, tf.int32), "c": tf.random.stateless_categorical([[0.1, 0.9]], 5, s)}, free=False, s=np.array([1, 2], "int32"))
    function("stateless_random_more", lambda s: {"b": tf.random.stateless_binomial([5], s, 5.0, 0.3), "g": tf.random.stateless_gamma([5], s, 2.0), "p": tf.random.stateless_poisson([5], s, 3.0)}, free=False, s=np.array([1, 2], "int32"))
    function("stateless_shuffle", lambda x: tf.random.experimental.stateless_shuffle(x, [1, 2]), x=x)
    function("random_shuffle_sorted", lambda x: tf.sort(tf.random.shuffle(x[:, 0])), x=x)
    function("random_uniform_shape", lambda x: tf.shape(tf.random.uniform([3, 2]) + tf.random.normal([3, 2]) + tf.random.truncated_normal([3, 2])), x=x)
    function("dropout_shape", lambda x: tf.shape(tf.nn.dropout(x, 0.5)), x=x)
    function("assertions", lambda x: tf.debugging.assert_shapes([(x, ("N", 4))]) or tf.debugging.check_numerics(x, "bad"), x=x)
    function("tensor_equal", lambda x: {"e": x == x, "n": tf.math.is_nan(x), "a": tf.reduce_all(x > -9), "s": tf.size(x), "r": tf.rank(x)}, x=x)
    function("clip", lambda x: {"v": tf.clip_by_value(x, -0.5, 0.5), "n": tf.clip_by_norm(x, 1.0), "g": tf.clip_by_global_norm([x], 1.0)[0][0]}, x=x)
    function("cast", lambda x: {t.name: tf.cast(tf.cast(x * 10, t), tf.float32) for t in (tf.int8, tf.int32, tf.float16, tf.bfloat16, tf.float64, tf.bool, tf.uint8)}, x=x)
    function("bitcast", lambda x: tf.bitcast(x, tf.int32), x=x)
    function("print", lambda x: (tf.print("x", tf.shape(x)), x)[1], x=x)
    function("gradient", lambda x: tf.gradients(tf.reduce_sum(tf.sin(x) * x), x)[0], x=x)
    function("dataset_reduce", lambda x: tf.data.Dataset.from_tensor_slices(x).reduce(tf.zeros([4]), lambda a, r: a + r), free=False, x=x)
    function("read_file", lambda n: tf.io.read_file(n), free=False, n=b"/etc/hostname")
    function("numpy_function", lambda x: tf.numpy_function(lambda v: v, [x], tf.float32), x=x)


def main():
    group, out = sys.argv[1], sys.argv[2]
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    {"hf": add_hugging_face, "layers": add_layers, "functions": add_functions}[group]()
    os.makedirs(out, exist_ok=True)
    made = 0
    for name, make in CASES[group]:
        path = os.path.join(out, f"{group}-{name}")
        if only not in name or os.path.isdir(path + ".call"):
            continue
        try:
            make(path)
            made += 1
            print("made", name, flush=True)
        except Exception as error:
            shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(path + ".call", ignore_errors=True)
            print("not made", name, type(error).__name__, str(error).splitlines()[:1], flush=True)
            if "--verbose" in sys.argv:
                traceback.print_exc()
    print(made, "made of", len(CASES[group]))


if __name__ == "__main__":
    main()
