"""Loads a model of layers that change images into Keras 3, applies it at inference and in training, and saves it again: in, out, images as JSON."""
import json
import sys

import keras
import numpy as np

source, target, images = sys.argv[1], sys.argv[2], np.array(json.loads(sys.argv[3]), "float32").reshape((-1, 8, 9, 3))

model = keras.models.load_model(source)
outputs = np.asarray(model(images, training=False))
model(images, training=True)
model.save(target)
print("RESULT " + json.dumps({"outputs": outputs.ravel().tolist()}))
