"""Loads an export into TensorFlow: calls an endpoint and its signature, and takes a gradient step on its variables: folder, endpoint, inputs as JSON."""
import json
import sys

import keras
import numpy as np
import tensorflow as tf

folder, endpoint, described = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def structure(value):
    """A dictionary with shape and data is a tensor; others and lists are structures."""
    if isinstance(value, list):
        return [structure(v) for v in value]
    if "data" not in value:
        return {k: structure(v) for k, v in value.items()}
    return np.array(value["data"], value["dtype"]).reshape(value["shape"])


def flat(outputs):
    return [float(v) for t in tf.nest.flatten(outputs) for v in np.asarray(t, "float64").ravel()]


inputs = structure(described["inputs"])
named = {k: tf.constant(structure(v)) for k, v in described["named"].items()}
loaded = tf.saved_model.load(folder)
function = getattr(loaded, endpoint)
called = flat(function(inputs))
result = {"called": called, "signature": flat(loaded.signatures[endpoint](**named)), "layer": flat(keras.layers.TFSMLayer(folder, call_endpoint=endpoint)(inputs))}

with tf.GradientTape() as tape:
    outputs = [t for t in tf.nest.flatten(function(inputs)) if t.dtype.is_floating]
    loss = tf.add_n([tf.reduce_mean(tf.cast(t, "float32") ** 2) for t in outputs])
trainable = list(loaded.trainable_variables)
gradients = tape.gradient(loss, trainable)
result["without_gradient"] = [v.name for v, g in zip(trainable, gradients) if g is None]
for variable, gradient in zip(trainable, gradients):
    if gradient is not None:
        variable.assign_sub(1e-3 * tf.convert_to_tensor(gradient))
after = tf.add_n([tf.reduce_mean(tf.cast(t, "float32") ** 2) for t in tf.nest.flatten(function(inputs)) if t.dtype.is_floating])
result["losses"] = [float(loss), float(after)]
result["attributes"] = {n: len(getattr(loaded, n)) for n in described.get("lists", []) + ["variables", "trainable_variables", "non_trainable_variables"]}
print("RESULT " + json.dumps(result))
