"""Makes recurrent_more.json and sound.json of Keras 3.15 on TensorFlow: python make_recurrent_and_sound.py FOLDER.

The form is that of the other lists of this folder. SciPy's windows, which STFTSpectrogram asks for by name, are given by formula, so that SciPy is not needed.
"""
import json
import os
import pathlib
import sys
import types

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np


def window(name, length, periodic=True):
    places = np.arange(length) / max(1, length if periodic else length - 1)
    a, b = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46)}[name]
    return np.ones(1) if length == 1 else a - b * np.cos(2 * np.pi * places)


signal = types.ModuleType("scipy.signal")
signal.get_window = window
scipy = types.ModuleType("scipy")
scipy.signal = signal
sys.modules.setdefault("scipy", scipy)
sys.modules.setdefault("scipy.signal", signal)

import keras
import tensorflow as tf
from safetensors.numpy import save_file

rng = np.random.default_rng(20)


def floats(*shape):
    return rng.standard_normal(shape).astype("float32")


def layer_of(name, kwargs):
    made = {k: [layer_of(i["class"], i["kwargs"]) for i in v] if isinstance(v, list) and v and isinstance(v[0], dict)
            else layer_of(v["class"], v["kwargs"]) if isinstance(v, dict) and "class" in v else v for k, v in kwargs.items()}
    return getattr(keras.layers, name)(**made)


class Maker:
    def __init__(self, name):
        self.name, self.cases, self.tensors = name, [], {}

    def array(self, key, value):
        value = np.asarray(value)
        if value.ndim == 0:
            return {"shape": [], "dtype": str(value.dtype), "value": float(value)}
        self.tensors[key] = np.ascontiguousarray(value)
        return {"tensor": key, "shape": list(value.shape), "dtype": str(value.dtype)}

    def case(self, name, kwargs, *inputs, call=None, gradients=True):
        keras.utils.clear_session()
        number = sum(c["class"] == name for c in self.cases)
        case = f"{name}/{number}"
        layer = layer_of(name, kwargs)
        call = call or {}
        args = [tf.constant(i) for i in inputs]
        named = {k: [tf.constant(i) for i in v] if isinstance(v, list) else tf.constant(v) for k, v in call.items()}
        layer(*args, **named)
        weights = [w for w in layer.weights if w.dtype == "float32"]
        if name != "STFTSpectrogram":
            for w in weights:
                w.assign(floats(*w.shape) * 0.5)
        flat = args + [t for v in named.values() for t in (v if isinstance(v, list) else [v])]
        with tf.GradientTape() as tape:
            for t in flat:
                if t.dtype.is_floating:
                    tape.watch(t)
            outputs = keras.tree.flatten(layer(*args, **named))
            r = [floats(*o.shape) for o in outputs]
            total = tf.add_n([tf.reduce_sum(o * f) for o, f in zip(outputs, r)])
        values = [w.value for w in weights]
        found = tape.gradient(total, flat + values)
        row = {"id": case, "class": name, "kwargs": kwargs, "args": [self.array(f"{case}/arg{i}", a.numpy()) for i, a in enumerate(args)]}
        if call:
            row["call_kwargs"] = {k: [self.array(f"{case}/{k}{i}", t.numpy()) for i, t in enumerate(v)] if isinstance(v, list)
                                  else self.array(f"{case}/{k}", v.numpy()) for k, v in named.items()}
        row["weights"] = [{"name": w.name, "path": w.path, "trainable": w.trainable, **self.array(f"{case}/w{i}", w.numpy())} for i, w in enumerate(weights)]
        row["outputs"] = [self.array(f"{case}/out{i}", o.numpy()) for i, o in enumerate(outputs)]
        if gradients:
            parts = [None if g is None else self.array(f"{case}/g{i}", tf.convert_to_tensor(g).numpy()) for i, g in enumerate(found)]
            row["grads"] = {"r": [self.array(f"{case}/r{i}", v) for i, v in enumerate(r)], "inputs": parts[:len(flat)], "weights": parts[len(flat):]}
        row["config"] = json.loads(json.dumps(keras.layers.serialize(layer)["config"]))
        self.cases.append(row)

    def write(self, folder):
        save_file(self.tensors, str(folder / f"{self.name}.safetensors"))
        content = {"backend": "tensorflow", "keras": keras.__version__, "tensors": f"{self.name}.safetensors", "cases": self.cases}
        (folder / f"{self.name}.json").write_text(json.dumps(content) + "\n")
        print(self.name, len(self.cases))


def recurrent():
    m = Maker("recurrent_more")
    line, picture, volume = floats(2, 3, 6, 2), floats(2, 3, 5, 6, 2), floats(1, 2, 4, 3, 4, 2)
    mask = np.array([[True, True, False], [True, False, True]])
    m.case("ConvLSTM1D", {"filters": 3, "kernel_size": 2}, line)
    m.case("ConvLSTM1D", {"filters": 2, "kernel_size": 3, "padding": "same", "strides": 2, "return_sequences": True, "return_state": True}, line)
    m.case("ConvLSTM1D", {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "go_backwards": True, "use_bias": False, "activation": "relu"}, line)
    m.case("ConvLSTM1D", {"filters": 2, "kernel_size": 2, "return_sequences": True}, line, call={"mask": mask})
    m.case("ConvLSTM1D", {"filters": 2, "kernel_size": 2, "return_sequences": True, "zero_output_for_mask": True, "unroll": True}, line, call={"mask": mask})
    m.case("ConvLSTM2D", {"filters": 3, "kernel_size": [2, 3], "return_state": True}, picture)
    m.case("ConvLSTM2D", {"filters": 2, "kernel_size": 3, "strides": [2, 1], "padding": "same", "return_sequences": True, "recurrent_activation": "hard_sigmoid", "unit_forget_bias": False}, picture)
    m.case("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "padding": "same"}, picture, call={"initial_state": [floats(2, 5, 6, 2), floats(2, 5, 6, 2)]})
    m.case("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "kernel_regularizer": "l2", "bias_constraint": "non_neg", "dropout": 0.3, "recurrent_dropout": 0.2, "seed": 3}, picture)
    m.case("ConvLSTM3D", {"filters": 2, "kernel_size": 2, "return_sequences": True}, volume)
    m.case("ConvLSTM3D", {"filters": 2, "kernel_size": [2, 1, 3], "padding": "same", "go_backwards": True}, volume)
    rows = floats(2, 4, 3)
    steps = np.array([[True, True, False, True], [True, False, True, False]])
    for name in ("SimpleRNN", "GRU", "LSTM"):
        m.case(name, {"units": 3, "unroll": True, "return_sequences": True, "go_backwards": True, "return_state": True}, rows, call={"mask": steps})
        m.case(name, {"units": 3, "unroll": True, "zero_output_for_mask": True, "return_sequences": True}, rows, call={"mask": steps})
    cells = [{"class": "GRUCell", "kwargs": {"units": 3, "reset_after": False}}, {"class": "LSTMCell", "kwargs": {"units": 2}}, {"class": "SimpleRNNCell", "kwargs": {"units": 4}}]
    m.case("RNN", {"cell": {"class": "StackedRNNCells", "kwargs": {"cells": cells}}, "return_sequences": True, "return_state": True}, rows)
    m.case("RNN", {"cell": {"class": "LSTMCell", "kwargs": {"units": 2}}, "go_backwards": True, "unroll": True}, rows, call={"mask": steps})
    m.case("Bidirectional", {"layer": {"class": "GRU", "kwargs": {"units": 2, "return_sequences": True, "unroll": True}}, "merge_mode": "ave"}, rows)
    m.case("Bidirectional", {"layer": {"class": "ConvLSTM1D", "kwargs": {"filters": 2, "kernel_size": 2, "return_sequences": True}}}, line)
    return m


def sound():
    m = Maker("sound")
    waves = (np.sin(np.arange(600) * np.array([[0.2], [0.71]])) + 0.1 * rng.standard_normal((2, 600))).astype("float32")
    mel = {"fft_length": 128, "sequence_stride": 50, "num_mel_bins": 10, "sampling_rate": 4000}
    m.case("MelSpectrogram", mel, waves, gradients=False)
    m.case("MelSpectrogram", {**mel, "power_to_db": False, "mag_exp": 1.0, "window": "hamming"}, waves, gradients=False)
    m.case("MelSpectrogram", {**mel, "power_to_db": False, "window": None, "sequence_length": 100, "min_freq": 100.0, "max_freq": 1500.0}, waves * np.float32(0.1))
    m.case("MelSpectrogram", {**mel, "top_db": 30.0, "ref_power": 4.0, "min_power": 1e-5}, waves[0], gradients=False)
    two = np.ascontiguousarray(np.stack([waves, waves[::-1] * 0.5], 2))
    stft = {"frame_length": 32, "frame_step": 20}
    for mode in ("log", "magnitude", "psd", "real", "imag", "stft"):
        m.case("STFTSpectrogram", {**stft, "mode": mode}, two[:, :200])
    m.case("STFTSpectrogram", {**stft, "mode": "angle"}, two[:, :100, :1], gradients=False)
    m.case("STFTSpectrogram", {"mode": "magnitude", "frame_length": 30, "expand_dims": True, "padding": "same", "scaling": "spectrum", "window": "hamming", "periodic": True}, two[:, :100])
    m.case("STFTSpectrogram", {"mode": "psd", "frame_length": 24, "fft_length": 64, "scaling": None, "window": None, "expand_dims": True}, two[:, :100])
    return m


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    recurrent().write(target)
    sound().write(target)
