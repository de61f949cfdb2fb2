"""Writes the reference files of the readers' tests, as NumPy and safetensors write them.

python3 reference_files.py ../resources/dev/activations/files/ReadersFuzzTestInputs

Made with NumPy 2.4, safetensors 0.8 and ml_dtypes 0.6. Every array has the shape (2, 3, 4); element
number i in row-major order is (i - 5) / 2, or i - 5 as a signed integer, i as an unsigned one, and
i % 3 != 0 as a truth value.
"""

import pathlib
import sys

import ml_dtypes
import numpy
import numpy.lib.format
import safetensors.numpy

SHAPE = (2, 3, 4)
INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


def array(dtype, order="C"):
    i = numpy.arange(24)
    kind = numpy.dtype(dtype).kind
    values = {"i": i - 5, "u": i, "b": i % 3 != 0}.get(kind, (i - 5) / 2)
    return numpy.asarray(values.reshape(SHAPE).astype(dtype), order=order)


def npy(path, values, version=(1, 0)):
    with open(path, "wb") as file:
        numpy.lib.format.write_array(file, values, version)


root = pathlib.Path(sys.argv[1])
for folder in ("npy", "npz", "safetensors"):
    (root / folder).mkdir(parents=True, exist_ok=True)

for size in ("f2", "f4", "f8"):
    for sign, name in (("<", "little"), (">", "big")):
        for order in ("C", "F"):
            npy(root / f"npy/{size}_{name}_{order}.npy", array(sign + size, order))
for dtype in INTEGERS + ["b1"]:
    npy(root / f"npy/{dtype}_little_C.npy", array(dtype))
npy(root / "npy/i4_big_F.npy", array(">i4", "F"))
npy(root / "npy/version2.npy", array("<f4"), (2, 0))
npy(root / "npy/version3.npy", array("<f4"), (3, 0))

numpy.savez(root / "npz/one.npz", array("<f4"))
numpy.savez(root / "npz/stored.npz", x=array("<f4"), y=array(">f8", "F"))
numpy.savez_compressed(root / "npz/deflated.npz", x=array("<f4"), y=array(">f8", "F"), z=array("i8"))

named = {dtype: array(dtype) for dtype in ["f2", "f4", "f8", "b1"] + INTEGERS}
named["bf16"] = array(ml_dtypes.bfloat16)
safetensors.numpy.save_file(named, root / "safetensors/all.safetensors", {"format": "np"})
safetensors.numpy.save_file({"x": array("<f4")}, root / "safetensors/one.safetensors")
numbers = {"scalar": numpy.array(1.5, "<f4"), "empty": numpy.zeros((0, 3), "<f8")}
safetensors.numpy.save_file(numbers, root / "safetensors/sizes.safetensors")
