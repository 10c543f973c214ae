"""Makes the HDF5 files of this folder with h5py: what readers of weights meet beside Keras' own files."""
import os

import h5py
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
x = np.arange(7 * 11, dtype="float32").reshape(7, 11) / 8

with h5py.File(os.path.join(here, "chunked.h5"), "w") as f:
    f.create_dataset("plain", data=x, chunks=(3, 4))
    f.create_dataset("gzip", data=x, chunks=(3, 4), compression="gzip")
    f.create_dataset("all", data=x, chunks=(3, 4), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("vector", data=x.ravel()[:20], chunks=(8,), shuffle=True)
    f.create_dataset("cube", data=x[:6, :10].reshape(3, 4, 5), chunks=(2, 3, 2), compression="gzip")

with h5py.File(os.path.join(here, "types.h5"), "w") as f:
    for name in ["float16", "float32", "float64", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool"]:
        f[name] = (x[:2, :3] * 8).astype(name)
    f["scalar"] = np.float32(2.5)
    f["empty"] = np.zeros((0, 4), "float32")
    f["big_endian"] = x[:2, :3].astype(">f4")
    f["complex"] = x[:2, :3].astype("complex64")
    f.attrs["text"] = "grün"
    f.attrs["bytes"] = b"plain"
    f.attrs["texts"] = ["a", "", "grün"]
    f.attrs["fixed"] = np.array([b"one", b"three"])
    f.attrs["none"] = []

with h5py.File(os.path.join(here, "many.h5"), "w") as f:
    for i in range(400):
        f.create_group(f"group{i}").attrs["number"] = f"{i}"

with h5py.File(os.path.join(here, "latest.h5"), "w", libver="latest") as f:
    group = f.create_group("layer")
    group["kernel"] = x
    group.attrs["name"] = "dense"

with h5py.File(os.path.join(here, "dense.h5"), "w", libver="latest", track_order=True) as f:
    for i in range(20):
        f[f"weight{i}"] = x[:2]

with h5py.File(os.path.join(here, "links.h5"), "w") as f:
    f["soft"] = h5py.SoftLink("/elsewhere")

with h5py.File(os.path.join(here, "external.h5"), "w") as f:
    f["other"] = h5py.ExternalLink("/etc/passwd", "/")

with h5py.File(os.path.join(here, "cycle.h5"), "w") as f:
    f.create_group("a")["again"] = f["/"]

with h5py.File(os.path.join(here, "userblock.h5"), "w", userblock_size=1024) as f:
    f["kernel"] = x
