"""Makes late.json and late.safetensors with Keras 3: edges, similarity, patches of volumes, scaled images, folded windows and decoded labels: folder."""
import json
import os
import struct
import sys

import keras
import numpy as np

rng = np.random.default_rng(5)
arrays, cases = {}, []


def stored(key, value):
    array = np.asarray(value)
    wide = "float32" if array.dtype.kind == "f" else "int32"
    arrays[key] = np.ascontiguousarray(array.astype(wide))
    return {"tensor": key, "shape": list(array.shape), "dtype": "float32" if array.dtype.name == "float64" else array.dtype.name}


def symbolic(call, args, kwargs):
    given = [keras.KerasTensor((None,) + a.shape[1:], a.dtype.name) if isinstance(a, np.ndarray) else a for a in args]
    outputs = call(*given, **kwargs)
    return [{"shape": list(o.shape), "dtype": o.dtype} for o in (outputs if isinstance(outputs, tuple) else (outputs,))]


def case(function, *args, opens=True, **kwargs):
    call = keras.ops
    for part in function.split("."):
        call = getattr(call, part)
    name = f"{function}/{sum(c['function'] == function for c in cases)}"
    outputs = call(*args, **kwargs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    cases.append({"id": name, "function": function,
                  "args": [stored(f"{name}/a{i}", a) if isinstance(a, np.ndarray) else a for i, a in enumerate(args)], "kwargs": kwargs,
                  "outputs": [stored(f"{name}/o{i}", keras.ops.convert_to_numpy(o)) for i, o in enumerate(outputs)]})
    if opens:
        cases[-1]["symbolic_first_dim_none"] = symbolic(call, args, kwargs)


def floats(*shape):
    return rng.random(shape, "float32")


case("image.sobel_edges", floats(2, 5, 7, 3))
case("image.sobel_edges", floats(2, 3, 4, 6), data_format="channels_first")
case("image.sobel_edges", floats(1, 2, 2, 1))

first = floats(2, 13, 15, 3)
near = np.clip(first + 0.1 * floats(2, 13, 15, 3), 0, 1).astype("float32")
case("image.ssim", first, near)
case("image.ssim", first * 255, near * 255, max_val=255.0, filter_size=5, filter_sigma=0.8, k1=0.02, k2=0.05)
case("image.ssim", first.transpose(0, 3, 1, 2).copy(), near.transpose(0, 3, 1, 2).copy(), data_format="channels_first", filter_size=7)
case("image.ssim", first[0], near[0], opens=False)
case("image.ssim", first, first, filter_size=1)

case("image.extract_patches_3d", floats(2, 6, 5, 7, 2), 3)
case("image.extract_patches_3d", floats(2, 5, 6, 4, 1), [2, 3, 2], strides=[1, 2, 2], padding="same")
case("image.extract_patches_3d", floats(5, 5, 4, 2), [2, 2, 3], strides=1, opens=False)
case("image.extract_patches_3d", floats(1, 2, 5, 4, 4), 2, strides=2, data_format="channels_first")

scale, translation = np.array([1.7, 0.6], "float32"), np.array([-1.3, 0.4], "float32")
for method in ["linear", "bilinear", "trilinear", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5"]:
    case("image.scale_and_translate", floats(2, 6, 7, 3), [2, 9, 5, 3], scale, translation, spatial_dims=[1, 2], method=method, opens=False)
case("image.scale_and_translate", floats(6, 7), [5, 4], scale, translation, spatial_dims=[0, 1], method="cubic", antialias=False, opens=False)
case("image.scale_and_translate", floats(3, 3, 3), [3, 3, 6], np.array([2.0], "float32"), np.array([3.0], "float32"), [2], "linear", opens=False)

case("fold", floats(2, 12, 4), output_size=4, kernel_size=2, stride=2)
case("fold", floats(2, 12, 24), output_size=[6, 5], kernel_size=[3, 2], padding=[1, 0], stride=[1, 1], dilation=[1, 1])
case("fold", floats(1, 8, 9), output_size=[7, 9], kernel_size=2, dilation=[2, 3], padding=[0, 1], stride=[2, 3])
case("fold", rng.integers(0, 9, (2, 9, 4)).astype("int32"), output_size=[4, 4], kernel_size=3)

logits = (3 * rng.standard_normal((3, 9, 5))).astype("float32")
lengths = np.array([9, 6, 1], "int32")
case("ctc_decode", logits, lengths)
case("ctc_decode", logits, lengths, merge_repeated=False, mask_index=2)
case("ctc_decode", np.repeat(logits, 2, 1), lengths * 2, mask_index=-1)
case("ctc_decode", logits, lengths, strategy="beam_search", beam_width=300, top_paths=3, mask_index=0)
case("ctc_decode", logits / 3, lengths, strategy="beam_search", beam_width=4, top_paths=2, mask_index=4)
case("ctc_decode", np.repeat(logits[:2], 2, 1), lengths[:2] * 2, strategy="beam_search", beam_width=300, mask_index=2)
case("ctc_decode", logits[:, :, :3] / 4, lengths, strategy="beam_search")

folder = sys.argv[1]
header, data = {}, b""
for key, array in sorted(arrays.items()):
    header[key] = {"dtype": {"float32": "F32", "int32": "I32"}[array.dtype.name], "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
    data += array.tobytes()
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(folder, "late.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
with open(os.path.join(folder, "late.json"), "w") as f:
    json.dump({"backend": "tensorflow", "keras": keras.__version__, "tensors": "late.safetensors", "cases": cases}, f, indent=1)
    f.write("\n")
