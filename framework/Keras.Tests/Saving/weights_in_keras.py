"""Loads a file of weights into Keras 3, computes, and saves the weights again: in, out, rows as JSON; the model is fixed."""
import json
import sys

import keras
import numpy as np
from keras import layers

source, target, rows = sys.argv[1], sys.argv[2], np.array(json.loads(sys.argv[3]), "float32")


class Wrapped(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Dense(4, activation="tanh")
        self.blocks = [layers.LayerNormalization(), layers.Dense(3)]
        self.named = {"a": layers.Dense(2), "b": layers.Dense(2)}

    def call(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return self.named["b"](x) + self.named["a"](x)


model = Wrapped()
model(rows)
model.load_weights(source)
print("RESULT " + json.dumps(np.asarray(model(rows)).ravel().tolist()))
model.set_weights([w + 1 for w in model.get_weights()])
model.save_weights(target)
