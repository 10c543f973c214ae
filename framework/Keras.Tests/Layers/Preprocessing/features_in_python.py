"""Makes features.json and the files beside it with Keras 3: cases of the layers of texts and features, and saved models of them. Argument: the folder."""
import json
import os
import sys

import keras
import numpy as np

folder = sys.argv[1]
L = keras.layers
words = ["the", "cat", "dog", "sat", "ran"]
texts = ["The cat sat on the mat.", "a DOG, a dog!", "", "ÄÖ ünïcode  tabs\tand\nlines", "the-cat the"]
table = [["the", "cat", "the"], ["bird", "dog", "ran"], ["the", "", "sat"]]
numbers = [[12, 36, 5], [42, 7, -3], [12, 12, 1138]]
rng = np.random.default_rng(1)
floats = np.round(rng.normal(size=(70, 2)) * 3, 3).astype("float32")


def packed(x):
    x = np.asarray(x)
    if x.dtype.kind in "USO":
        return {"shape": list(x.shape), "dtype": "string", "values": [v.decode() if isinstance(v, bytes) else str(v) for v in x.ravel()]}
    return {"shape": list(x.shape), "dtype": str(x.dtype), "values": x.ravel().tolist()}


cases = []


def case(name, kwargs, inputs, adapt=None):
    layer = getattr(L, name)(**{k: tuple(v) if k == "ngrams" and isinstance(v, list) else v for k, v in kwargs.items()})
    if adapt is not None:
        layer.adapt(np.array(adapt))
    arrays = [np.array(i) for i in inputs]
    output = layer(arrays if len(arrays) > 1 else arrays[0])
    entry = {"id": f"{name}/{len(cases)}", "class": name, "kwargs": kwargs, "inputs": [packed(a) for a in arrays], "output": packed(np.array(output))}
    if adapt is not None:
        entry["adapt"] = packed(adapt)
    if hasattr(layer, "get_vocabulary"):
        entry["vocabulary"] = [v if isinstance(v, str) else int(v) for v in layer.get_vocabulary()]
    if name == "Discretization":
        entry["boundaries"] = [float(b) for b in layer.bin_boundaries]
    cases.append(entry)


for mode in ["int", "multi_hot", "count"]:
    for mask in [None, "", "the"]:
        vocabulary = [w for w in words if w != mask]
        case("StringLookup", {"vocabulary": vocabulary, "mask_token": mask, "num_oov_indices": 2, "output_mode": mode}, [table])
case("StringLookup", {"vocabulary": words, "num_oov_indices": 4, "salt": [7, 9]}, [table])
case("StringLookup", {"vocabulary": words, "num_oov_indices": 4, "salt": 11}, [table])
case("StringLookup", {"vocabulary": words, "output_mode": "one_hot"}, [[["cat"], ["x"]]])
case("StringLookup", {"vocabulary": words, "output_mode": "multi_hot", "max_tokens": 9, "pad_to_max_tokens": True}, [table])
case("StringLookup", {"vocabulary": ["", "[UNK]"] + words, "mask_token": "", "invert": True}, [[[0, 1, 2], [6, 7, 3]]])
case("StringLookup", {"output_mode": "tf_idf"}, [table], adapt=table)
case("StringLookup", {"output_mode": "tf_idf", "max_tokens": 8, "pad_to_max_tokens": True, "mask_token": ""}, [table], adapt=table)
case("StringLookup", {"max_tokens": 4}, [table], adapt=table)
case("StringLookup", {"vocabulary": words, "output_mode": "multi_hot"}, [["the", "sat"]])
case("StringLookup", {"vocabulary": words}, ["cat"])
case("IntegerLookup", {"vocabulary": [12, 36, 1138], "num_oov_indices": 3}, [numbers])
case("IntegerLookup", {"vocabulary": [12, 36, 1138], "num_oov_indices": 3, "oov_method": "farmhash"}, [numbers])
case("IntegerLookup", {"vocabulary": [12, 36, 1138], "num_oov_indices": 3, "oov_method": "farmhash", "salt": [5, 6]}, [numbers])
case("IntegerLookup", {"vocabulary": [12, 36, 1138], "mask_token": 0, "oov_token": -9, "invert": True}, [[[0, 1, 2], [3, 4, 9]]])
case("IntegerLookup", {"output_mode": "count", "mask_token": 12}, [numbers], adapt=numbers)
case("IntegerLookup", {"output_mode": "tf_idf", "max_tokens": 5}, [numbers], adapt=numbers)
for split in ["whitespace", "character"]:
    for standardize in ["lower_and_strip_punctuation", "lower", "strip_punctuation", None]:
        case("TextVectorization", {"split": split, "standardize": standardize}, [texts], adapt=texts)
case("TextVectorization", {"ngrams": 2, "output_mode": "multi_hot"}, [texts], adapt=texts)
case("TextVectorization", {"ngrams": [1, 3], "output_sequence_length": 4}, [texts], adapt=texts)
case("TextVectorization", {"output_mode": "tf_idf", "max_tokens": 6}, [texts], adapt=texts)
case("TextVectorization", {"output_mode": "tf_idf", "max_tokens": 30, "pad_to_max_tokens": True}, [texts], adapt=texts)
case("TextVectorization", {"output_mode": "count"}, [[[t] for t in texts]], adapt=[[t] for t in texts])
case("TextVectorization", {"output_sequence_length": 3, "max_tokens": 5}, [texts], adapt=texts)
case("TextVectorization", {"output_sequence_length": 9}, [texts], adapt=texts)
case("TextVectorization", {"split": None, "standardize": "lower", "output_sequence_length": 4}, [table], adapt=table)
case("TextVectorization", {"split": None, "ngrams": 2}, [table], adapt=table)
case("TextVectorization", {"vocabulary": words, "output_mode": "tf_idf", "idf_weights": [0.5, 1.5, 2.5, 1.0, 0.25]}, [texts])
for mode in ["int", "one_hot", "multi_hot", "count"]:
    case("Hashing", {"num_bins": 6, "output_mode": mode}, [table])
case("Hashing", {"num_bins": 6, "mask_value": "the"}, [table])
case("Hashing", {"num_bins": 9, "mask_value": 12, "salt": 3}, [numbers])
case("Hashing", {"num_bins": 9, "salt": [133, 137]}, [table])
case("Hashing", {"num_bins": 9}, [floats[:6]])
case("Hashing", {"num_bins": 4, "output_mode": "one_hot"}, [[["a"], ["b"], ["c"]]])
case("HashedCrossing", {"num_bins": 1000}, [["a", "b", "", "long text of many words, more than thirty-two bytes"], [1, -2, 3, 2**40]])
case("HashedCrossing", {"num_bins": 77}, [[["a"], ["b"]], [["x"], ["y"]], [[5], [6]]])
case("HashedCrossing", {"num_bins": 5, "output_mode": "one_hot"}, [[["a"], ["b"]], [["x"], ["y"]]])
case("HashedCrossing", {"num_bins": 5, "output_mode": "one_hot"}, [["a", "b"], ["x", "y"]])
for bins in [2, 5, 16]:
    for epsilon in [0.01, 0.1]:
        case("Discretization", {"num_bins": bins, "epsilon": epsilon}, [floats[:9]], adapt=floats)
case("Discretization", {"bin_boundaries": [-1.0, 0.0, 2.5], "output_mode": "count"}, [floats[:9]])
case("Discretization", {"bin_boundaries": [-1.0, 0.0, 2.5], "output_mode": "one_hot"}, [floats[:9, :1]])
case("Discretization", {"bin_boundaries": [-1.0, 0.0, 2.5]}, [numbers])

with open(os.path.join(folder, "features.json"), "w") as f:
    json.dump({"cases": cases}, f, ensure_ascii=False, separators=(",", ":"))

vectorize = L.TextVectorization(output_mode="tf_idf", max_tokens=7)
vectorize.adapt(texts)
text = keras.Input((), dtype="string", name="text")
job = keras.Input((1,), dtype="string", name="job")
lookup = L.StringLookup(output_mode="one_hot")
lookup.adapt(["b", "a", "b"])
keras.utils.set_random_seed(1)
model = keras.Model([text, job], L.Dense(2)(L.concatenate([vectorize(text), keras.ops.cast(lookup(job), "float32")])))
model.save(os.path.join(folder, "text.keras"))
jobs = [["a"], ["b"], ["c"], ["a"], ["b"]]
results = {"text.keras": {"inputs": {"text": packed(texts), "job": packed(jobs)}, "output": packed(model([np.array(texts), np.array(jobs)]))}}

F = keras.utils.FeatureSpace
rows = {"age": [10.0, 20, 30, 40], "plain": [1.0, 2, 3, 4], "scaled": [1.0, 2, 3, 4], "bins": [0.1, 0.2, 0.9, 1.4], "job": ["a", "b", "a", "c"], "zip": [1, 2, 3, 1], "city": ["x", "y", "z", "x"], "code": [5, 6, 7, 8]}
rows = {k: np.array(v) if k in ("job", "city") else np.array(v, "int32" if k in ("zip", "code") else "float32") for k, v in rows.items()}
kinds = {"age": "float_normalized", "plain": F.float(), "scaled": F.float_rescaled(scale=0.5), "bins": F.float_discretized(num_bins=3), "job": "string_categorical", "zip": F.integer_categorical(max_tokens=5),
         "city": F.string_hashed(num_bins=6), "code": F.integer_hashed(num_bins=4)}
space = F(features=kinds, crosses=[("job", "zip"), F.cross(("city", "code"), 7)], crossing_dim=9)
space.adapt(rows)
space.save(os.path.join(folder, "space.keras"))
results["space.keras"] = {"inputs": {k: packed(v) for k, v in rows.items()}, "output": packed(space(rows))}
with open(os.path.join(folder, "files.json"), "w") as f:
    json.dump(results, f, ensure_ascii=False, separators=(",", ":"))
