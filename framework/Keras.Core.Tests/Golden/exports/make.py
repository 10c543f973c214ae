"""Makes the SavedModels of this folder, and for each a call of serving_default as TensorFlow computes it.

Run with Keras 3 on TensorFlow: python make.py [folder]. Beside each folder NAME lies NAME.json: inputs and outputs by their names, with dtype, shape and flat data.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

F, I = tf.float32, tf.int32
random = np.random.default_rng(7)


def floats(*shape):
    return random.standard_normal(shape).astype(np.float32)


def described(value):
    value = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    if value.dtype.kind in "OSU":
        text = [v.decode("utf-8") if isinstance(v, bytes) else str(v) for v in value.ravel().tolist()]
        return {"dtype": "string", "shape": list(value.shape), "data": text}
    data = [str(float(v)) if not np.isfinite(v) else float(v) for v in value.ravel()] if value.dtype.kind == "f" else value.ravel().tolist()
    return {"dtype": value.dtype.name, "shape": list(value.shape), "data": data}


def record(folder, name, inputs):
    """Calls serving_default of what lies in folder/name."""
    loaded = tf.saved_model.load(os.path.join(folder, name))
    given = {k: tf.constant(v) for k, v in inputs.items()}
    outputs = loaded.signatures["serving_default"](**given)
    with open(os.path.join(folder, name + ".json"), "w") as file:
        json.dump({"inputs": {k: described(v) for k, v in given.items()}, "outputs": {k: described(v) for k, v in outputs.items()}}, file)
    assets = os.path.join(folder, name, "assets")
    if not os.listdir(assets):
        os.rmdir(assets)
    os.remove(os.path.join(folder, name, "fingerprint.pb"))
    prune(os.path.join(folder, name, "saved_model.pb"))


def prune(path):
    """Drops what only Python reads: the objects, where lines of code were, functions that no node of the graph calls (gradients among them)."""
    model = saved_model_pb2.SavedModel()
    with open(path, "rb") as file:
        model.ParseFromString(file.read())
    meta = model.meta_graphs[0]
    meta.ClearField("object_graph_def")
    meta.ClearField("meta_info_def")
    meta.meta_info_def.tags.append("serve")
    library = {f.signature.name: f for f in meta.graph_def.library.function}
    called, nodes = set(), list(meta.graph_def.node)
    while nodes:
        node = nodes.pop()
        for attribute in node.attr.values():
            for name in [attribute.func.name, *(f.name for f in attribute.list.func)]:
                if name in library and name not in called:
                    called.add(name)
                    nodes.extend(library[name].node_def)
    for node in [*meta.graph_def.node, *(n for f in library.values() for n in f.node_def)]:
        node.ClearField("experimental_debug_info")
        node.ClearField("experimental_type")
        node.attr.pop("_output_shapes", None)
    kept = [library[name] for name in sorted(called)]
    del meta.graph_def.library.function[:]
    meta.graph_def.library.function.extend(kept)
    meta.graph_def.library.ClearField("gradient")
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))


def export_function(folder, name, function, inputs, loosened=None):
    """A function of arrays; loosened gives the shapes that the export takes."""
    specs = {k: tf.TensorSpec((loosened or {}).get(k, np.shape(v)), tf.constant(v).dtype, name=k) for k, v in inputs.items()}
    module = tf.Module()
    module.run = tf.function(function, input_signature=list(specs.values()))
    tf.saved_model.save(module, os.path.join(folder, name), signatures={"serving_default": module.run.get_concrete_function()})
    record(folder, name, inputs)


def export_keras(folder, name, model, inputs):
    model.export(os.path.join(folder, name), verbose=False)
    names = list(tf.saved_model.load(os.path.join(folder, name)).signatures["serving_default"].structured_input_signature[1])
    record(folder, name, dict(zip(names, inputs)))


def map_fn(x):
    return {"y": tf.map_fn(lambda row: tf.reduce_sum(row * row) + row, x)}


def scan(x):
    return {"y": tf.scan(lambda a, row: a * 0.5 + row, x), "r": tf.scan(lambda a, row: a * 0.5 + row, x, reverse=True)}


def switch_case(x, which):
    return {"y": tf.switch_case(which, [lambda: x + 1.0, lambda: tf.nn.softmax(x), lambda: tf.reverse(x, [1])])}


def segments(x, ids):
    return {"sum": tf.math.segment_sum(x, ids), "mean": tf.math.segment_mean(x, ids), "max": tf.math.segment_max(x, ids),
            "min": tf.math.segment_min(x, ids), "prod": tf.math.segment_prod(x, ids)}


def arrays(x):
    """A list that grows, with elements of unequal length."""
    array = tf.TensorArray(F, size=0, dynamic_size=True, infer_shape=False)
    for i in tf.range(tf.shape(x)[0]):
        array = array.write(i, x[i, : i + 1])
    return {"y": array.concat(), "n": array.size()}


def growing(x):
    """A loop whose variable changes its shape in each round."""
    grown, _ = tf.while_loop(lambda a, i: i < 4, lambda a, i: (tf.concat([a, a[:, -1:] * 2.0], 1), i + 1), (x, tf.constant(0)),
                             shape_invariants=(tf.TensorShape([None, None]), tf.TensorShape([])))
    return {"y": grown}


def chosen(x, keep):
    """The older Select, and a branch that fills a list in a loop."""
    rows = tf.raw_ops.Select(condition=keep, x=x, y=-x)
    y = tf.cond(keep[0], lambda: tf.map_fn(tf.sin, rows), lambda: rows)
    return {"rows": rows, "y": y}


def dense_table(folder):
    """A dense table, of which the checkpoint holds all places, the empty and the deleted too."""
    module = tf.Module()
    module.table = tf.lookup.experimental.DenseHashTable(tf.string, tf.int64, default_value=-1, empty_key="", deleted_key="gone", initial_num_buckets=8)
    module.table.insert(tf.constant(["a", "b", "c"]), tf.constant([1, 2, 3], tf.int64))
    module.table.remove(tf.constant(["b"]))

    def look(words):
        keys, values = (tf.reshape(part, [-1]) for part in module.table.export())
        held = tf.logical_and(keys != "", keys != "gone")
        keys, values = tf.boolean_mask(keys, held), tf.boolean_mask(values, held)
        order = tf.argsort(values)
        return {"found": module.table.lookup(words), "size": module.table.size(), "axes": tf.rank(module.table.export()[0]), "keys": tf.gather(keys, order), "values": tf.gather(values, order)}

    function = tf.function(look, input_signature=[tf.TensorSpec([None], tf.string, name="words")])
    tf.saved_model.save(module, os.path.join(folder, "dense_table"), signatures={"serving_default": function.get_concrete_function()})
    record(folder, "dense_table", {"words": np.array(["a", "b", "c", "d"])})


def keras_lstm(folder):
    import keras
    keras.utils.set_random_seed(3)
    inputs = keras.Input((None, 3), name="x")
    y = keras.layers.LSTM(4, return_sequences=True)(keras.layers.Masking()(inputs))
    y = keras.layers.Bidirectional(keras.layers.GRU(3))(y)
    x = floats(2, 5, 3)
    x[1, 3:] = 0
    export_keras(folder, "keras_lstm", keras.Model(inputs, keras.layers.Dense(2)(y)), [x])


def keras_text(folder):
    """Words to numbers and to counts, with tables and ragged rows."""
    import keras
    inputs = keras.Input((), dtype="string", name="text")
    outputs = {}
    for mode in ("int", "count"):
        layer = keras.layers.TextVectorization(output_mode=mode, ngrams=2 if mode == "count" else None)
        layer.adapt(["the cat sat on the mat", "a dog, the dog!"])
        outputs[mode] = layer(inputs)
    export_keras(folder, "keras_text", keras.Model(inputs, outputs), [np.array(["The Cat & the dog", "mat?! xyz"])])


def keras_image(folder):
    """A layer that draws random numbers, though they count in training only."""
    import keras
    inputs = keras.Input((6, 5, 3), name="image")
    y = keras.layers.RandomFlip(seed=1)(keras.layers.Resizing(4, 4)(inputs))
    export_keras(folder, "keras_image", keras.Model(inputs, keras.layers.RandomContrast(0.3, seed=2)(y)), [floats(1, 6, 5, 3)])


def functions(folder):
    export_function(folder, "map_fn", map_fn, {"x": floats(5, 3)}, {"x": (None, 3)})
    export_function(folder, "scan", scan, {"x": floats(4, 2)}, {"x": (None, 2)})
    export_function(folder, "switch_case", switch_case, {"x": floats(2, 3), "which": np.int32(1)})
    export_function(folder, "segments", segments, {"x": floats(6, 2), "ids": np.array([0, 0, 1, 3, 3, 3], np.int32)}, {"x": (None, 2), "ids": (None,)})
    export_function(folder, "arrays", arrays, {"x": floats(4, 4)}, {"x": (None, 4)})
    export_function(folder, "growing", growing, {"x": floats(2, 1)})
    export_function(folder, "chosen", chosen, {"x": floats(3, 2), "keep": np.array([True, False, True])})


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    functions(target)
    dense_table(target)
    keras_lstm(target)
    keras_text(target)
    keras_image(target)
