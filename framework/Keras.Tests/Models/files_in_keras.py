"""Loads every .keras file of a folder into Keras 3 and compares its outputs with those in the .json file beside it: folder. Prints what differs, by file."""
import json
import os
import sys

import keras
import numpy as np

folder = sys.argv[1]


def array(value):
    dtype = "float32" if value["dtype"] == "bfloat16" else value["dtype"]
    return np.asarray(value["data"], dtype).reshape([int(d) for d in value["shape"]])


def flat(outputs):
    if isinstance(outputs, dict):
        return [t for key in sorted(outputs) for t in flat(outputs[key])]
    return [t for item in outputs for t in flat(item)] if isinstance(outputs, (list, tuple)) else [outputs]


problems = {}
files = sorted(f for f in os.listdir(folder) if f.endswith(".keras"))
for name in files:
    with open(os.path.join(folder, name[: -len(".keras")] + ".json")) as f:
        case = json.load(f, parse_int=float)
    try:
        model = keras.models.load_model(os.path.join(folder, name))
        inputs = [keras.ops.convert_to_tensor(array(v)) for v in case["inputs"]]
        outputs = flat(model(inputs if len(inputs) > 1 else inputs[0]))
        assert len(outputs) == len(case["outputs"]), f"{len(outputs)} outputs, not {len(case['outputs'])}"
        for i, (actual, expected) in enumerate(zip(outputs, case["outputs"])):
            actual, expected = np.asarray(keras.ops.cast(actual, "float64")), array({**expected, "dtype": "float64"})
            np.testing.assert_allclose(actual, expected, 1e-3, 1e-4, err_msg=f"output {i}")
    except Exception as e:
        problems[name] = f"{type(e).__name__}: {e}"[:400]
print("RESULT " + json.dumps({"files": len(files), "problems": problems}))
