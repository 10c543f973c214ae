"""Makes files as torch.save does, without torch: the same pickles, from modules of the same names. The layouts are those of torch/serialization.py."""
import collections
import io
import json
import os
import pickle
import struct
import sys
import types
import zipfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))

torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": utils})


def define(module, name, value):
    value.__module__, value.__qualname__, value.__name__ = module.__name__, name, name
    setattr(module, name, value)
    return value


STORAGES = {"float32": "FloatStorage", "float16": "HalfStorage", "uint16": "BFloat16Storage", "int64": "LongStorage", "uint8": "ByteStorage", "bool": "BoolStorage", "float64": "DoubleStorage"}
for storage_name in STORAGES.values():
    define(torch, storage_name, type(storage_name, (), {}))
rebuild = define(utils, "_rebuild_tensor_v2", lambda *a: None)
parameter = define(utils, "_rebuild_parameter", lambda *a: None)


class Storage:
    def __init__(self, array):
        self.array, self.key = array, None


class Tensor:
    """A view of a storage."""

    def __init__(self, storage, offset, size, stride):
        self.arguments = (storage, offset, size, stride, False, collections.OrderedDict())

    def __reduce_ex__(self, protocol):
        return rebuild, self.arguments


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce_ex__(self, protocol):
        return parameter, (self.tensor, True, collections.OrderedDict())


def whole(array):
    return Tensor(Storage(array), 0, array.shape, tuple(s // array.itemsize for s in array.strides))


class Pickler(pickle.Pickler):
    def __init__(self, file, old):
        super().__init__(file, protocol=2)
        self.old, self.storages = old, []

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        if value.key is None:
            value.key = str(len(self.storages))
            self.storages.append(value)
        kind = getattr(torch, STORAGES[value.array.dtype.name])
        return ("storage", kind, value.key, "cpu", value.array.size) + ((None,) if self.old else ())


def state():
    x = np.arange(12, dtype="float32").reshape(3, 4) / 4
    shared = Storage(np.arange(20, dtype="float32"))
    result = collections.OrderedDict()
    result["plain"] = whole(x)
    result["parameter"] = Parameter(whole(x + 1))
    result["transposed"] = Tensor(Storage(x.copy()), 0, (4, 3), (1, 4))
    result["slice"] = Tensor(shared, 5, (2, 3), (6, 2))
    result["row"] = Tensor(shared, 4, (4,), (1,))
    result["half"] = whole(x.astype("float16"))
    result["brain"] = whole((x.view("uint32") >> 16).astype("uint16"))
    result["long"] = whole(np.array([1, -2, 3], dtype="int64"))
    result["flags"] = whole(np.array([True, False, True]))
    result["scalar"] = whole(np.array(2.5, dtype="float32"))
    result["empty"] = whole(np.zeros((0, 4), dtype="float32"))
    return result


def save(path, value):
    data = io.BytesIO()
    pickler = Pickler(data, old=False)
    pickler.dump(value)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("state/data.pkl", data.getvalue())
        archive.writestr("state/byteorder", "little")
        for storage in pickler.storages:
            archive.writestr("state/data/" + storage.key, storage.array.tobytes())
        archive.writestr("state/version", "3\n")


def save_old(path, value):
    with open(path, "wb") as file:
        for head in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}):
            pickle.dump(head, file, protocol=2)
        pickler = Pickler(file, old=True)
        pickler.dump(value)
        keys = sorted(s.key for s in pickler.storages)
        pickle.dump(keys, file, protocol=2)
        for key in keys:
            array = next(s.array for s in pickler.storages if s.key == key)
            file.write(struct.pack("<q", array.size) + array.tobytes())


class System:
    def __reduce__(self):
        return os.system, ("echo harm > harm.txt",)


class Eval:
    def __reduce__(self):
        return eval, ("1 + 1",)


class Plain:
    pass


define(torch, "Size", type("Size", (tuple,), {}))
save(os.path.join(here, "state.bin"), state())
save_old(os.path.join(here, "old.bin"), state())
save(os.path.join(here, "system.bin"), collections.OrderedDict(weight=System()))
save(os.path.join(here, "eval.bin"), collections.OrderedDict(weight=Eval()))
save_old(os.path.join(here, "old-system.bin"), collections.OrderedDict(weight=System()))
save(os.path.join(here, "number.bin"), collections.OrderedDict(epoch=3))
save(os.path.join(here, "list.bin"), [whole(np.zeros(2, dtype="float32"))])
save(os.path.join(here, "outside.bin"), collections.OrderedDict(weight=Tensor(Storage(np.zeros(4, dtype="float32")), 0, (3, 2), (2, 1))))
save(os.path.join(here, "expanded.bin"), collections.OrderedDict(weight=Tensor(Storage(np.zeros(1, dtype="float32")), 0, (1 << 40,), (0,))))
with open(os.path.join(here, "index.json"), "w", encoding="ascii") as file:
    json.dump({"metadata": {"total_size": 8}, "weight_map": {"plain": "state.bin", "old": "old.bin", "other": "absent.bin"}}, file, indent=2)
