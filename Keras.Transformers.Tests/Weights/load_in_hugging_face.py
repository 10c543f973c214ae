"""Loads saved models with Hugging Face and prints their outputs. Standard input holds jobs as JSON: each a folder, a class, its keyword arguments and inputs by name."""
import json
import sys

import numpy as np
import transformers


def run(job):
    name = job["class"]
    model, info = getattr(transformers, name).from_pretrained(job["folder"], output_loading_info=True, **job["kwargs"])
    arrays = {key: np.array(value) for key, value in job["inputs"].items()}
    inputs = {key: value.astype(np.float32) if value.dtype == np.float64 else value for key, value in arrays.items()}
    if name.startswith("TF"):
        outputs = {key: np.array(value) for key, value in model(inputs).items() if not isinstance(value, (tuple, dict))}
    else:
        import torch

        found = model.eval()(**{key: torch.tensor(value) for key, value in inputs.items()})
        outputs = {key: value.detach().numpy() for key, value in found.items() if not isinstance(value, (tuple, dict))}
    return {
        "missing": list(info["missing_keys"]),
        "unexpected": list(info["unexpected_keys"]),
        "outputs": {key: {"shape": value.shape, "data": value.reshape(-1).tolist()} for key, value in outputs.items()},
    }


print("RESULT " + json.dumps([run(job) for job in json.load(sys.stdin)]))
