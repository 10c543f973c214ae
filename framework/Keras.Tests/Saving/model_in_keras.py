"""Loads a whole model into Keras 3, trains it for one step on zeros, and saves it again: in, out, rows as JSON."""
import json
import sys

import keras
import numpy as np

source, target, rows = sys.argv[1], sys.argv[2], np.array(json.loads(sys.argv[3]), "float32")

model = keras.models.load_model(source)
before = np.asarray(model(rows)).ravel()
model.train_on_batch(rows, np.zeros((len(rows), 2), "float32"))
print("RESULT " + json.dumps(before.tolist() + np.asarray(model(rows)).ravel().tolist()))
model.save(target)
