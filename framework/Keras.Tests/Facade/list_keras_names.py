"""Lists the public names of the installed Keras, one a line: python list_keras_names.py > keras-3.15.txt.

A module is public where it has a folder beside keras/src; its names are what it shows, without the modules below it.
"""
import importlib
import pathlib
import types

import keras

root = pathlib.Path(keras.__file__).parent
hidden = {"src", "_tf_keras", "__pycache__"}

for file in sorted(root.rglob("__init__.py")):
    parts = file.relative_to(root).parts[:-1]
    if hidden & set(parts):
        continue
    name = ".".join(("keras", *parts))
    module = importlib.import_module(name)
    for member in dir(module):
        if not member.startswith("_") and not isinstance(getattr(module, member), types.ModuleType):
            print(f"{name}.{member}")
