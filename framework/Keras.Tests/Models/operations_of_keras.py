"""Makes operations_of_keras.json with Keras 3: a functional model with operations between its layers and a model within it, its weights, inputs and outputs: target."""
import json
import sys

import keras
import numpy as np
from keras import ops

keras.utils.set_random_seed(7)
x = keras.Input((4, 3), name="x")
h = keras.layers.Dense(3, name="d")(x)
a = h + 1
c = ops.relu(1 - a)
inner_input = keras.Input((4, 3), name="inner_x")
inner = keras.Model(inner_input, [ops.tanh(keras.layers.Dense(3, name="e")(inner_input)), inner_input * 2], name="inner")
first, second = inner(c)
third = inner(first - second)[0]
outputs = [
    ops.concatenate([c[:, 0], c[..., -1]], axis=-1),
    ops.reshape(c, (-1, 12)),
    ops.sum(c, axis=(1, 2), keepdims=True),
    ops.where(c > 0.5, c, 0.0),
    ops.transpose(c[:, 1:3, ::2], (0, 2, 1)),
    ops.cast(h > 0, "float32"),
    ops.layer_normalization(h, epsilon=1e-3),
    ops.einsum("btc,bsc->bts", h, c),
    ops.split(h, 3, axis=-1)[1],
    ops.top_k(h, 2)[0],
    ops.add(h, np.arange(3, dtype="float32")),
    h[:, None, 0],
    third % 2 / (ops.abs(third) + 1),
    ops.one_hot(ops.argmax(h, axis=-1), 3),
    ops.clip(h, -0.5, 0.5) ** 2,
]
model = keras.Model(x, outputs)
value = np.random.default_rng(3).standard_normal((2, 4, 3)).astype("float32")
with open(sys.argv[1], "w") as f:
    json.dump(
        {
            "config": json.loads(model.to_json()),
            "weights": [w.tolist() for w in model.get_weights()],
            "input": value.tolist(),
            "outputs": [np.asarray(o, "float32").ravel().tolist() for o in model(value)],
        },
        f,
    )
