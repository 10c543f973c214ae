"""Loads a model that was saved elsewhere, its export, and saves it again: file, export folder, file to write, inputs as JSON. Prints what each computes."""
import json
import sys

import keras
import numpy as np
import tensorflow as tf

source, export, target, described = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])


def array(x):
    return np.array(x["values"], object if x["dtype"] == "string" else x["dtype"]).reshape(x["shape"])


inputs = {k: array(v).astype(str) if v["dtype"] == "string" else array(v) for k, v in described.items()}
model = keras.models.load_model(source)
flat = lambda x: [float(v) for t in tf.nest.flatten(x) for v in np.asarray(t, "float64").ravel()]
is_space = isinstance(model, keras.utils.FeatureSpace)
given = inputs if is_space else [tf.constant(inputs[i.name]) for i in model.inputs]
result = {"file": flat(model(given if is_space or len(given) > 1 else given[0]))}
model.save(target)
loaded = tf.saved_model.load(export)
columns = {k: tf.constant(v if v.ndim > 1 or not is_space else v[:, None]) for k, v in inputs.items()}
result["signature"] = flat(loaded.signatures["serving_default"](**columns))
result["assets"] = len(tf.io.gfile.listdir(export + "/assets"))
print("RESULT " + json.dumps(result))
