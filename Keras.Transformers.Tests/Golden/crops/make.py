"""Makes the files beside this one: what Hugging Face's processors make of images whose middle is cut out.

    python make.py [folder]          needs transformers 4.46, pillow, safetensors

cases.json lists calls: the image's height, width and channels (sample i is (37 i + 11) mod 256, channels last), and the arguments.
crops.safetensors holds the result of each by its key, channels first.
DeiT's processor does what ViT's does and cuts between resizing and scaling; it stands for the order, whose rule is that of all processors.
"""

import itertools
import json
import os
import sys

import numpy as np
from safetensors.numpy import save_file
from transformers import DeiTImageProcessor

root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))

SIZES = [1, 4, 7, 8]
CROPS = [1, 4, 5, 8, 11]
ACROSS = [(5, 8), (8, 5), (9, 4), (4, 9), (6, 6), (7, 2)]  # width, kept width

calls = [dict(height=height, width=width, channels=3, do_resize=False, crop_size=[kept, kept_width], floats=False)
         for height, kept, (width, kept_width) in itertools.product(SIZES, CROPS, ACROSS)]
for (height, width), size, crop, channels in itertools.product([(13, 10), (6, 17)], [(7, 9), (8, 8), (4, 3)], [(5, 5), (8, 6), (3, 12)], [1, 3]):
    calls.append(dict(height=height, width=width, channels=channels, do_resize=True, size=size, crop_size=crop, floats=True))

results = {}
for i, call in enumerate(calls):
    height, width, channels = call["height"], call["width"], call["channels"]
    image = ((np.arange(height * width * channels) * 37 + 11) % 256).astype(np.uint8).reshape(height, width, channels)
    call["key"] = f"{i:03}"
    processor = DeiTImageProcessor(
        do_resize=call["do_resize"], size=dict(zip(("height", "width"), call.get("size", (1, 1)))), resample=3,
        do_center_crop=True, crop_size=dict(zip(("height", "width"), call["crop_size"])),
        do_rescale=call["floats"], do_normalize=call["floats"], image_mean=[0.4, 0.5, 0.6][:channels], image_std=[0.2, 0.3, 0.4][:channels])
    results[call["key"]] = np.ascontiguousarray(processor(image, return_tensors="np", input_data_format="channels_last")["pixel_values"])

save_file(results, os.path.join(root, "crops.safetensors"))
with open(os.path.join(root, "cases.json"), "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join(json.dumps(call) for call in calls) + "\n]\n")
print(len(calls), "cases")
