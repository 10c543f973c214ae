"""Makes folders.json with Keras 3: small files of images, sounds and texts, and what the loaders of folders make of them. Argument: the file to write."""
import base64
import json
import os
import sys
import tempfile
import wave

import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(3)
folder = tempfile.mkdtemp()
files = {}


def add(path, content):
    files[path] = base64.b64encode(content).decode()
    os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
    with open(os.path.join(folder, path), "wb") as f:
        f.write(content)


def sound(path, samples, rate):
    full = os.path.join(folder, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with wave.open(full, "wb") as f:
        f.setnchannels(samples.shape[1]), f.setsampwidth(2), f.setframerate(rate)
        f.writeframes((samples * 32767).astype("<i2").tobytes())
    with open(full, "rb") as f:
        files[path] = base64.b64encode(f.read()).decode()


for name, size in [("cat/a", (7, 5)), ("cat/in/b", (6, 9)), ("dog/c", (4, 4))]:
    add(f"images/{name}.png", tf.io.encode_png(rng.integers(0, 256, size + (3,), dtype=np.uint8)).numpy())
add("images/dog/d.jpg", tf.io.encode_jpeg(rng.integers(0, 256, (8, 6, 3), dtype=np.uint8), quality=95).numpy())
add("images/dog/not.txt", b"no image")
for name, text in [("pos/2", "two é"), ("pos/1", "one"), ("neg/3", "three words here"), ("other/4", "")]:
    add(f"texts/{name}.txt", text.encode())
sound("sounds/a/1.wav", np.sin(np.arange(20)[:, None] / 3), 8000)
sound("sounds/b/2.wav", np.cos(np.arange(14)[:, None] / 2), 8000)

cases = []


def case(kind, sub, **kwargs):
    data = getattr(keras.utils, f"{kind}_dataset_from_directory")(os.path.join(folder, sub), shuffle=False, verbose=False, **kwargs)
    batches = [b if isinstance(b, tuple) else (b,) for b in data]
    packed = lambda t: {"shape": list(t.shape), "dtype": t.dtype.name, "values": [v.decode() if isinstance(v, bytes) else v for v in t.numpy().ravel().tolist()]}
    cases.append({"kind": kind, "folder": sub, "kwargs": kwargs, "batches": [[packed(t) for t in b] for b in batches], "class_names": getattr(data, "class_names", None)})


for interpolation in ["bilinear", "nearest", "bicubic", "lanczos3"]:
    case("image", "images", image_size=(5, 6), interpolation=interpolation, batch_size=3)
case("image", "images", image_size=(4, 7), crop_to_aspect_ratio=True, label_mode="categorical")
case("image", "images", image_size=(9, 6), pad_to_aspect_ratio=True, label_mode="binary", data_format="channels_first")
case("image", "images", image_size=3, color_mode="grayscale", labels=None)
case("image", "images", image_size=(4, 4), color_mode="grayscale", labels=[3, 1, 1, 2], batch_size=2)
case("text", "texts")
case("text", "texts", class_names=["pos", "neg"], label_mode="binary", batch_size=2)
case("text", "texts", label_mode=None, max_length=3)
case("text", "texts", labels=[0, 1, 2, 0], label_mode="categorical")
case("audio", "sounds", output_sequence_length=16)
case("audio", "sounds", label_mode="categorical", batch_size=1)
with open(sys.argv[1], "w") as f:
    json.dump({"files": files, "cases": cases}, f, ensure_ascii=False, separators=(",", ":"))
