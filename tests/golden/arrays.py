"""Writes arrays.npz, deflated.npz, array.npy, far.npy and arrays.json: arrays of NumPy 2.4.6 of each type, order of bytes
and order of axes.

    pip install numpy==2.4.6
    python arrays.py

arrays.json holds the type, the shape and the elements in row-major order of each array, as NumPy reads them back from the
archives; of a refused array it holds the type alone. dropgrid-core/tests/files/npy.rs reads the same archives.
"""

import io
import json
import math
import pathlib
import warnings
import zipfile

import numpy as np

assert np.__version__ == "2.4.6", np.__version__

FOLDER = pathlib.Path(__file__).parent
draw = np.random.default_rng(16)

arrays = {}
for descr in ["|b1", "|i1", "|u1"] + [f"{order}{ty}" for order in "<>" for ty in ["i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8"]]:
    dtype = np.dtype(descr)
    if dtype.kind == "b":
        values = draw.integers(0, 2, (3, 4)) == 1
    elif dtype.kind in "iu":
        info = np.iinfo(dtype)
        values = draw.integers(info.min, info.max, (3, 4), dtype=dtype.newbyteorder("="), endpoint=True)
        values[0, :2] = info.min, info.max
    else:
        info = np.finfo(dtype)
        values = draw.normal(size=(3, 4)) * 100
        values[0] = [info.max, -info.tiny, info.smallest_subnormal, 0.1]
    arrays[f"c{descr}"] = np.ascontiguousarray(values.astype(dtype))
    arrays[f"f{descr}"] = np.asfortranarray(values.astype(dtype))
images = draw.integers(0, 256, (2, 3, 4, 5), dtype=np.uint8)
arrays["images"] = images
arrays["images in Fortran's order"] = np.asfortranarray(images)
arrays["strided"] = images[::-1, 1:, ::2, 3]
arrays["column"] = np.arange(5.0)
arrays["scalar"] = np.array(7)
arrays["no rows"] = np.zeros((0, 3))
arrays["no columns"] = np.zeros((3, 0))
arrays["not finite"] = np.array([[1.0, 2.0], [3.0, np.nan]])
arrays["names in größe"] = np.array([1, 2])

arrays["labels"] = np.array([0, 2, 1, 2])
arrays["labels as floats"] = np.array([[0.0], [2.0], [1.0], [2.0]])
arrays["labels below zero"] = np.array([0, -1])
arrays["labels with a half"] = np.array([0, 0.5])
arrays["flags"] = np.array([[True, False], [True, True]])

refused = {
    "objects": np.array([1, "a"], dtype=object),
    "texts": np.array(["setosa", "virginica"]),
    "bytes": np.array([b"a", b"bc"]),
    "dates": np.array(["2021-03-04"], dtype="datetime64[ns]"),
    "spans": np.array([1], dtype="timedelta64[s]"),
    "complex": np.array([1 + 2j]),
    "records": np.array([(1, 2.5)], dtype=[("a", "<i4"), ("größe", "<f8")]),
    "long double": np.zeros(1, dtype=np.longdouble),
}


def npy(array, version=None):
    """The bytes of a .npy file."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


expected = {}
for name, array in arrays.items():
    elements = array.ravel(order="C").tolist()
    kept = array.dtype.kind == "f"
    # Infinity and NaN are texts, which JSON has; whole numbers are exact.
    elements = [str(it) if kept and not math.isfinite(it) else it for it in elements]
    expected[name] = {"dtype": array.dtype.str, "shape": array.shape, "elements": elements}

np.savez(FOLDER / "arrays.npz", **arrays)
with zipfile.ZipFile(FOLDER / "arrays.npz", "a") as archive:
    for version in [(2, 0), (3, 0)]:
        name = f"version {version[0]}"
        archive.writestr(zipfile.ZipInfo(f"{name}.npy"), npy(arrays["c<f4"], version))
        expected[name] = expected["c<f4"]
    for name, array in refused.items():
        archive.writestr(zipfile.ZipInfo(f"{name}.npy"), npy(array))
        expected[name] = {"dtype": array.dtype.str if array.dtype.names is None else str(np.lib.format.dtype_to_descr(array.dtype))}
np.savez_compressed(FOLDER / "deflated.npz", x=arrays["images"], y=arrays["labels"])
np.save(FOLDER / "far.npy", np.array([[1_700_000_000], [1_700_000_060], [1_700_000_121]]))
np.save(FOLDER / "array.npy", arrays["f>f8"])
with open(FOLDER / "arrays.json", "w") as file:
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(value)}" for name, value in expected.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
