"""Loads a BERT sequence classifier from a folder with Hugging Face and prints its logits: folder, class, keyword arguments as JSON, ids as JSON."""
import json
import sys

import numpy as np
import transformers

folder, name, kwargs, ids = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), np.array(json.loads(sys.argv[4]))
model, info = getattr(transformers, name).from_pretrained(folder, output_loading_info=True, **kwargs)
if name.startswith("TF"):
    logits = model(ids).logits.numpy()
else:
    import torch

    logits = model.eval()(torch.tensor(ids)).logits.detach().numpy()
print("RESULT " + json.dumps({"logits": logits.tolist(), "missing": list(info["missing_keys"]), "unexpected": list(info["unexpected_keys"])}))
