"""Makes the folders beside this file: models of two models with Hugging Face's TensorFlow classes, what they take, and what they give.

    python make.py [folder]          needs transformers 4.46, tensorflow, safetensors

A case is a folder with config.json, weights (tf_model.h5, or model.safetensors with TensorFlow's names) and
tensors.safetensors: input.*, output.*, loss.* (with labels), generate.<options>.* ; case.json says the class and the options.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file
from transformers import (BertConfig, EncoderDecoderConfig, GPT2Config, TFEncoderDecoderModel, TFVisionEncoderDecoderModel,
                          TFVisionTextDualEncoderModel, ViTConfig, VisionEncoderDecoderConfig, VisionTextDualEncoderConfig)

root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
tf.random.set_seed(3)
numbers = np.random.default_rng(3)


def vit():
    return ViTConfig(image_size=8, patch_size=4, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, initializer_range=0.25)


def gpt2(width):
    return GPT2Config(vocab_size=41, n_positions=24, n_embd=width, n_layer=2, n_head=3, n_inner=20, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0,
                      initializer_range=0.25, bos_token_id=1, eos_token_id=2, pad_token_id=0)


def bert(width):
    return BertConfig(vocab_size=37, hidden_size=width, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, max_position_embeddings=24,
                      hidden_dropout_prob=0, attention_probs_dropout_prob=0, initializer_range=0.25, bos_token_id=1, eos_token_id=2, pad_token_id=0)


PIXELS = numbers.normal(size=(3, 3, 8, 8)).astype(np.float32)
TEXTS = numbers.integers(3, 37, size=(3, 6)).astype(np.int32)
MASK = np.array([[1] * 6, [1] * 4 + [0] * 2, [1] * 5 + [0]], np.int32)
WORDS = numbers.integers(3, 37, size=(3, 5)).astype(np.int32)
LABELS = np.where(np.array([[0] * 5, [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]) == 1, -100, WORDS).astype(np.int32)

VISION, TEXT = {"pixel_values": PIXELS}, {"input_ids": TEXTS, "attention_mask": MASK}
GENERATIONS = {"greedy": dict(max_length=10), "beams": dict(max_length=10, num_beams=3, num_return_sequences=2)}

CASES = {
    "vit-gpt2": (TFVisionEncoderDecoderModel, VisionEncoderDecoderConfig.from_encoder_decoder_configs(vit(), gpt2(12)), VISION),
    "vit-gpt2-projected": (TFVisionEncoderDecoderModel, VisionEncoderDecoderConfig.from_encoder_decoder_configs(vit(), gpt2(18)), VISION),
    "vit-bert": (TFVisionEncoderDecoderModel, VisionEncoderDecoderConfig.from_encoder_decoder_configs(vit(), bert(12)), VISION),
    "bert-bert": (TFEncoderDecoderModel, EncoderDecoderConfig.from_encoder_decoder_configs(bert(12), bert(12)), TEXT),
    "bert-gpt2-projected": (TFEncoderDecoderModel, EncoderDecoderConfig.from_encoder_decoder_configs(bert(12), gpt2(18)), TEXT),
    "vit-and-bert": (TFVisionTextDualEncoderModel, VisionTextDualEncoderConfig.from_vision_text_configs(vit(), bert(18), projection_dim=10), {**VISION, **TEXT}),
}


def flat(name, value, into):
    if value is None:
        return
    if isinstance(value, (tuple, list)):
        for i, item in enumerate(value):
            flat(f"{name}.{i}", item, into)
    elif hasattr(value, "items"):
        for key, item in value.items():
            flat(f"{name}.{key}", item, into)
    else:
        into[name] = np.ascontiguousarray(value.numpy() if hasattr(value, "numpy") else value)


for i, (name, (kind, config, inputs)) in enumerate(CASES.items()):
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 1, 0, 2
    model = kind(config)
    model.build_in_name_scope()
    # Biases and scales begin as zeros and ones, which would hide a weight in the wrong place.
    for weight in model.weights:
        if weight.shape.rank == 1 or weight.shape[0] == 1:
            weight.assign_add(tf.constant(numbers.normal(scale=0.1, size=weight.shape).astype(np.float32)))
    folder = os.path.join(root, name)
    model.save_pretrained(folder, safe_serialization=i % 2 == 1)
    tensors, seq2seq = {}, kind is not TFVisionTextDualEncoderModel
    given = {**inputs, "decoder_input_ids": WORDS} if seq2seq else inputs
    flat("input", given, tensors)
    flat("output", model(**given, output_attentions=True, output_hidden_states=True), tensors)
    if seq2seq:
        flat("input.labels", LABELS, tensors)
        flat("loss", model(**inputs, labels=LABELS, use_cache=False), tensors)
        for options, arguments in GENERATIONS.items():
            flat(f"generate.{options}", model.generate(**inputs, **arguments), tensors)
    else:
        flat("loss", model(**inputs, return_loss=True), tensors)
    tensors = {k: v for k, v in tensors.items() if "past_key_values" not in k}
    save_file({k: v for k, v in sorted(tensors.items())}, os.path.join(folder, "tensors.safetensors"))
    with open(os.path.join(folder, "case.json"), "w") as file:
        json.dump({"class": kind.__name__, "generate": GENERATIONS if seq2seq else {}}, file, indent=1)
    print(name, {k: v.shape for k, v in tensors.items() if k.startswith("generate") or k.endswith("logits")})
