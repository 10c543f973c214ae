"""Makes augmentations.json and augmentations.safetensors with Keras 3: for each layer a drawn transformation, and what becomes of images, labels, boxes and masks with it: folder."""
import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf

L = keras.layers
rng = np.random.default_rng(11)
arrays, same, cases = {}, {}, []


def stored(key, value):
    """A value as the golden lists have it; dictionaries and lists of values stay as they are."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {k: stored(f"{key}/{k}", v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not all(isinstance(v, (int, float)) for v in value):
        return [stored(f"{key}/{i}", v) for i, v in enumerate(value)]
    array = np.asarray(keras.ops.convert_to_numpy(value) if keras.ops.is_tensor(value) else value)
    name = array.dtype.name
    wide = "float32" if array.dtype.kind == "f" else name if name in ("bool", "int64") else "int32"
    if name == "float64":
        name = "float32"
    if array.ndim == 0:
        return {"shape": [], "dtype": name, "value": array.item()}
    kept = np.ascontiguousarray(array.astype(wide))
    key = same.setdefault((kept.tobytes(), wide, kept.shape), key)
    arrays[key] = kept
    return {"tensor": key, "shape": list(array.shape), "dtype": name}


def picture(shape, scale, first):
    """Blobs of colour: smooth, so that a pixel's rounding is no other colour, and different everywhere."""
    height, width = shape[-3:-1]
    y, x = np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")
    planes = [[0.5 + 0.5 * np.sin(2.1 * (b + 1) * x + 3.3 * y + 1.7 * c + b) * np.cos(2.7 * y - c * x) for c in range(shape[-1])] for b in range(shape[0] if len(shape) == 4 else 1)]
    images = np.stack([np.stack(p, -1) for p in planes])
    images = images if len(shape) == 4 else images[0]
    images = np.round(images * 255) / 255 * scale
    return np.moveaxis(images, -1, -3) if first else images


def boxes_of(form, height, width, batch):
    corners = np.array([[[1, 1, 5, 4], [3, 2, 8, 6], [0, 0, width, height]], [[2, 0, 6, 5], [4, 3, 7, 7], [1, 2, 3, 3]]], "float32")[:batch]
    return np.asarray(keras.utils.bounding_boxes.convert_format(corners, "xyxy", form, height=height, width=width))


def composed(layer, transformation):
    """Transformations that Keras draws while it transforms, fixed: color jitter's parts, the noise of elastic transforms."""
    if isinstance(layer, L.RandomColorJitter):
        for key, own in transformation.items():
            part = getattr(layer, key)
            part.get_random_transformation = lambda *a, own=own, **k: dict(own)
    return transformation


def draw(layer, images, kind):
    if kind == "RandomColorJitter":
        parts = ["random_brightness", "random_contrast", "random_saturation", "random_hue"]
        return {p: getattr(layer, p).get_random_transformation(images) for p in parts if getattr(layer, p) is not None}
    if kind == "AugMix":
        names = list(layer._augment_layers)

        def step(chain, depth):
            number = (5 * chain + 3 * depth + 2) % (len(names) + 1)
            return {"layer_idx": number, "transforms": {n: getattr(layer, n).get_random_transformation(images) for n in names}}

        drawn = layer.get_random_transformation(images)
        return {"chain_mixing_weights": drawn["chain_mixing_weights"], "weight_sample": drawn["weight_sample"],
                "chain_transforms": [[step(c, d) for d in range(layer.chain_depth)] for c in range(layer.num_chains)]}
    return layer.get_random_transformation(images)


def theirs(layer, transformation, kind):
    """What Keras itself takes of a transformation."""
    if kind == "AugMix":
        names = list(layer._augment_layers)
        chains = [[{"layer_name": names[s["layer_idx"]], "transformation": s["transforms"][names[s["layer_idx"]]]} for s in chain if s["layer_idx"] < len(names)]
                  for chain in transformation["chain_transforms"]]
        return {**transformation, "chain_transforms": chains}
    return composed(layer, transformation) if kind == "RandomColorJitter" else transformation


def ours(transformation, kind):
    """Without what is no tensor; rand_augment's layers that draw nothing have nothing."""
    if isinstance(transformation, dict):
        return {k: ours(v, kind) for k, v in transformation.items() if v is not None}
    if isinstance(transformation, list) and transformation and isinstance(transformation[0], (dict, list)):
        return [ours(v, kind) for v in transformation]
    return transformation


def case(kind, shape=(2, 7, 9, 3), dtype="float32", boxes=None, classes=4, mask=True, index=None, **kwargs):
    first = kwargs.get("data_format") == "channels_first"
    scale = (kwargs.get("value_range") or (0, 255))[1]
    if kind == "RandomSaturation" and "value_range" not in kwargs:
        scale = 255
    images = picture(shape, scale, first).astype(dtype)
    mask = mask and kind != "ContrastLimitedAdaptiveHistogramEqualization"  # Keras has none there
    id_ = f"{kind}/{sum(c['class'] == kind for c in cases)}"
    keras.utils.set_random_seed(len(cases) + 3)
    extra = {"bounding_box_format": boxes} if boxes else {}
    layer = getattr(L, kind)(**kwargs, **extra)
    batched = images.ndim == 4
    transformation = draw(layer, keras.ops.convert_to_tensor(images), kind)
    noise = []
    if kind == "RandomElasticTransform":
        batch, height, width = (images.shape[0] if batched else 1), shape[-3], shape[-2]
        noise = [rng.standard_normal((batch, height, width)).astype("float32") for _ in range(2)]
        transformation = {"apply_transform": transformation["apply_transform"], "distortion_factor": transformation["distortion_factor"], "dx": noise[0], "dy": noise[1]}
    golden = {"id": id_, "class": kind, "kwargs": {**kwargs, **extra}, "images": stored(f"{id_}/images", images), "transformation": stored(f"{id_}/t", ours(transformation, kind))}
    if kind == "RandomElasticTransform":
        transformation = {**transformation, "seed": 1}
    given = theirs(layer, transformation, kind)
    original, queue = tf.random.stateless_normal, list(noise) * 2
    if noise:
        tf.random.stateless_normal = lambda *a, **k: tf.constant(queue.pop(0))
    try:
        apply = layer.transform_images if batched else layer.transform_single_image
        golden["images_after"] = stored(f"{id_}/images_after", apply(keras.ops.convert_to_tensor(images), given))
        if mask:
            masks = rng.integers(0, classes, (*shape[:-1], shape[-1] if kind == "CutMix" else 1)).astype("float32")  # Keras repeats a mask of CutMix for each channel of the images
            masks = np.moveaxis(masks, -1, -3) if first else masks
            apply = layer.transform_segmentation_masks if batched else layer.transform_single_segmentation_mask
            golden["masks"] = stored(f"{id_}/masks", masks)
            golden["masks_after"] = stored(f"{id_}/masks_after", apply(keras.ops.convert_to_tensor(masks), given))
    finally:
        tf.random.stateless_normal = original
    labels = np.eye(classes, dtype="float32")[: shape[0] if batched else 1]
    if batched and kind != "ContrastLimitedAdaptiveHistogramEqualization":
        golden["labels"], golden["labels_after"] = stored(f"{id_}/labels", labels), stored(f"{id_}/labels_after", layer.transform_labels(keras.ops.convert_to_tensor(labels), given))
    if boxes:
        numbers = boxes_of(boxes, shape[-3], shape[-2], shape[0] if batched else 1)
        kinds = np.array([[1, 2, 3], [0, 1, 2]], "int32")[: len(numbers)]
        golden["boxes"] = {"boxes": stored(f"{id_}/boxes", numbers), "labels": stored(f"{id_}/box_labels", kinds)}
        after = layer.transform_bounding_boxes({"boxes": keras.ops.convert_to_tensor(numbers), "labels": keras.ops.convert_to_tensor(kinds)}, given)
        golden["boxes_after"] = {k: stored(f"{id_}/{k}_after", after[k]) for k in ("boxes", "labels")}
    config = layer.get_config()
    golden["config"] = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)["config"], default=lambda v: v.tolist() if hasattr(v, "tolist") else list(v)))
    if kind == "RandomCrop" and "seed" not in kwargs:
        del golden["config"]
    del config
    cases.append(golden)


first, single, small = {"data_format": "channels_first"}, (7, 9, 3), {"value_range": (0, 1)}
forms = ["xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh"]

for mode in ("horizontal", "vertical", "horizontal_and_vertical"):
    case("RandomFlip", mode=mode, boxes="xyxy")
    case("RandomFlip", mode=mode, **first, boxes="rel_xywh")
for form in forms:
    case("RandomFlip", boxes=form)
    case("RandomTranslation", height_factor=0.3, width_factor=0.2, boxes=form)
    case("RandomZoom", height_factor=0.4, width_factor=0.3, boxes=form)
    case("RandomShear", x_factor=0.4, y_factor=0.3, boxes=form)
    case("RandomRotation", factor=0.1, boxes=form)
    case("RandomCrop", height=4, width=5, seed=3, boxes=form)
case("RandomFlip", shape=single)
case("RandomFlip", dtype="uint8")
for fill in ("reflect", "wrap", "constant", "nearest"):
    for interpolation in ("bilinear", "nearest"):
        options = {"fill_mode": fill, "interpolation": interpolation, "fill_value": 7.0}
        case("RandomRotation", factor=(0.05, 0.4), **options)
        case("RandomZoom", height_factor=(-0.5, 0.9), **options)
        case("RandomTranslation", height_factor=(-0.7, 0.4), width_factor=(0.1, 0.6), **options)
        case("RandomShear", x_factor=(0.1, 0.8), y_factor=(0.0, 0.5), **options)
for name, options in (("RandomRotation", {"factor": 0.2}), ("RandomZoom", {"height_factor": 0.3, "width_factor": (0.1, 0.5)}), ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3}), ("RandomShear", {"x_factor": 0.5})):
    case(name, **options, **first)
    case(name, **options, shape=single)
    case(name, **options, dtype="uint8")
for height, width in ((4, 5), (9, 4), (3, 12), (10, 12), (7, 9), (6, 8)):
    case("RandomCrop", height=height, width=width, seed=3)
    case("RandomCrop", height=height, width=width, seed=5, **first)
case("RandomCrop", height=4, width=5, seed=1, shape=single)
case("RandomCrop", height=4, width=5, seed=1, dtype="uint8")

colors = [
    ("RandomBrightness", [{"factor": 0.4}, {"factor": (0.1, 0.9)}, {"factor": (-1.0, -0.2)}]),
    ("RandomContrast", [{"factor": 0.6}, {"factor": (0.2, 0.8)}, {"factor": 1.0}]),
    ("RandomHue", [{"factor": 0.5}, {"factor": (0.2, 1.0)}]),
    ("RandomSaturation", [{"factor": 0.6}, {"factor": (0.2, 0.9)}]),
    ("RandomGrayscale", [{"factor": 0.5}, {"factor": 1.0}, {"factor": 0.0}]),
    ("RandomInvert", [{"factor": 0.5}, {"factor": (1.0, 1.0)}]),
    ("RandomColorDegeneration", [{"factor": 0.7}, {"factor": (0.5, 1.0)}]),
    ("RandomSharpness", [{"factor": 1.0}, {"factor": (0.0, 0.4)}]),
    ("RandomPosterization", [{"factor": 4}, {"factor": (2, 7)}, {"factor": 1}, {"factor": (8, 8)}]),
    ("RandomErasing", [{"factor": 1.0}, {"factor": (1.0, 1.0), "fill_value": 9.0}, {"factor": (1.0, 1.0), "scale": (0.2, 0.6), "fill_value": (1.0, 2.0, 3.0)}]),
    ("RandomGaussianBlur", [{"factor": (1.0, 1.0)}, {"factor": 0.6, "kernel_size": 5, "sigma": (0.4, 1.0)}, {"factor": (1.0, 1.0), "kernel_size": (3, 5), "sigma": (0.5, 0.9)}]),
    ("Solarization", [{"addition_factor": 0.3, "threshold_factor": 0.6}, {"addition_factor": (0.1, 0.2), "threshold_factor": (0.3, 0.9)}, {}]),
    ("RandomColorJitter", [{"brightness_factor": 0.3, "contrast_factor": 0.4, "saturation_factor": (0.3, 0.7), "hue_factor": 0.2}, {"contrast_factor": (0.1, 0.5)}, {"saturation_factor": (0.4, 0.6), "hue_factor": (0.1, 0.3)}, {}]),
    ("AutoContrast", [{}]),
    ("Equalization", [{}, {"bins": 64}]),
    ("ContrastLimitedAdaptiveHistogramEqualization", [{"tile_grid_size": (2, 3)}, {"clip_limit": 0.0, "tile_grid_size": (3, 2)}, {"clip_limit": 1.5, "tile_grid_size": (1, 1)}, {}]),
    ("RandAugment", [{}, {"num_ops": 4, "factor": 0.8}, {"num_ops": 1, "interpolation": "nearest"}]),
    ("AugMix", [{"num_chains": 2, "chain_depth": 2}, {"num_chains": 1, "chain_depth": 2, "all_ops": False, "factor": 0.6}]),
]
ranged = {"RandomGrayscale", "AugMix"}
unfit_first = {"Solarization", "AutoContrast", "RandomBrightness", "RandomContrast"}
for name, all_options in colors:
    for options in all_options:
        case(name, **options)
    options = all_options[0]
    if name not in ranged:
        case(name, **options, **small)
    if name not in ("AugMix", "RandAugment", "RandomErasing", "RandomColorJitter"):
        case(name, **options, **first)
    if name not in ("AugMix",):
        case(name, **options, shape=(1, *single))
    if name not in ("RandomBrightness", "RandomContrast", "RandomSaturation", "RandomErasing"):
        case(name, **options, dtype="uint8")
case("RandomErasing", factor=(1.0, 1.0), fill_value=3.0, **first)
for number in range(6):
    case("RandAugment", num_ops=3, factor=0.6, boxes=forms[number], shape=(2, 8, 8, 3))
for options in ({}, {"factor": (0.4, 0.6)}, {"scale": 0.4, "interpolation": "nearest", "fill_value": 5.0}, {"scale": 0.7, **first}):
    case("RandomPerspective", **options, boxes="xyxy")
case("RandomPerspective", shape=single)
case("RandomPerspective", boxes="rel_xyxy")
for fill in ("reflect", "constant", "nearest", "wrap"):
    case("RandomElasticTransform", shape=(2, 21, 25, 2), fill_mode=fill, fill_value=4.0)
    case("RandomElasticTransform", shape=(1, 41, 44, 1), fill_mode=fill, interpolation="nearest", scale=(0.99, 1.0), factor=(1.0, 1.0), mask=fill == "wrap")
case("RandomElasticTransform", shape=(2, 25, 22, 1), scale=(1.0, 1.0), factor=0.8, **first)
case("RandomElasticTransform", shape=(24, 21, 1))
case("MixUp", mask=False)
case("MixUp", mask=False, alpha=2.0, **first)
case("CutMix")
case("CutMix", factor=(0.3, 0.9), **first)
case("MaxNumBoundingBoxes", max_number=2, boxes="xyxy")
case("MaxNumBoundingBoxes", max_number=5, boxes="rel_xywh")

functions = []


def function(name, **kwargs):
    key = f"{name}/{len(functions)}"
    result = getattr(keras.utils.bounding_boxes, name)(**kwargs)
    entry = {"id": key, "function": name, "kwargs": {}, "result": None}
    for k, v in kwargs.items():
        entry["kwargs"][k] = stored(f"{key}/{k}", v) if isinstance(v, (np.ndarray, dict)) else v
    entry["result"] = stored(f"{key}/result", result)
    functions.append(entry)


a = rng.uniform(0, 20, (2, 5, 4)).astype("float32")
a[..., 2:] += a[..., :2]
b = rng.uniform(0, 20, (2, 3, 4)).astype("float32")
b[..., 2:] += b[..., :2]
for source in forms:
    for target in forms:
        function("convert_format", boxes=a, source=source, target=target, height=30, width=40)
boxed = {"boxes": a, "labels": np.arange(10, dtype="int32").reshape(2, 5)}
function("clip_to_image_size", bounding_boxes=dict(boxed), height=12, width=15)
function("clip_to_image_size", bounding_boxes={**boxed, "boxes": a / 20}, bounding_box_format="rel_xyxy")
two = lambda x, y: np.array([x, y], "float32")
function("affine_transform", boxes=a, angle=two(20, -35), translate_x=two(0.1, 0), translate_y=two(0, -0.2), scale=two(1.1, 0.8), shear_x=two(5, 0), shear_y=two(-3, 10), height=30, width=40)
function("affine_transform", boxes=a, angle=two(20, -35), translate_x=two(0.1, 0), translate_y=two(0, -0.2), scale=two(1.1, 0.8), shear_x=two(5, 0), shear_y=two(-3, 10), height=30, width=40, center_x=0.3, center_y=0.7)
function("crop", boxes=a, top=3, left=5, height=14, width=16)
function("pad", boxes=a, top=3, left=5)
for form in ("xyxy", "yxyx", "xywh", "center_xywh"):
    function("compute_iou", boxes1=a, boxes2=b, bounding_box_format=form)
    function("compute_iou", boxes1=a[0], boxes2=b[0], bounding_box_format=form)
    function("compute_ciou", boxes1=a[:, :3], boxes2=b, bounding_box_format=form)
    function("encode_box_to_deltas", anchors=b[0], boxes=a[0, :3], anchor_format=form, box_format="xyxy")
    function("encode_box_to_deltas", anchors=b[0], boxes=a[0, :3], anchor_format=form, box_format="yxyx", encoding_format="center_xywh", variance=[0.1, 0.1, 0.2, 0.2])
    function("decode_deltas_to_boxes", anchors=b[0], boxes_delta=a[0, :3] / 20, anchor_format=form, box_format="xywh", variance=[0.1, 0.1, 0.2, 0.2])
function("compute_iou", boxes1=a / 30, boxes2=b / 30, bounding_box_format="rel_xyxy", image_shape=[30, 40, 3])
negative = a.copy()
negative[:, 2] = -1
function("compute_iou", boxes1=negative[:, :3], boxes2=b, bounding_box_format="yxyx", use_masking=True, mask_val=-2)


def written(path, values):
    """safetensors: the length of a JSON header, the header, the arrays one behind the other."""
    kinds = {"float32": "F32", "int32": "I32", "int64": "I64", "bool": "BOOL"}
    header, at = {}, 0
    for key, value in values.items():
        header[key] = {"dtype": kinds[value.dtype.name], "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]}
        at += value.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text + b"".join(v.tobytes() for v in values.values()))


folder = sys.argv[1]
written(os.path.join(folder, "augmentations.safetensors"), arrays)
with open(os.path.join(folder, "augmentations.json"), "w") as f:
    json.dump({"keras": keras.__version__, "tensors": "augmentations.safetensors", "cases": cases, "functions": functions}, f)
print(len(cases), "cases,", len(functions), "functions")
