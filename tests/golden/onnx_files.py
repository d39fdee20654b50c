"""Checks and runs the ONNX files of a folder, and compares their outputs with those that dropgrid wrote beside them.

Each `case.onnx` has a `case.json`: the inputs by name, with shape and cells (null is NaN, or a missing text), and the outputs
that dropgrid gives. Every model is checked with full shape inference and runs on all rows, on one row, and on many. Numbers may
differ by 1e-5, relative where they are above 1; texts, classes and flags not at all.

    python tests/golden/onnx_files.py FOLDER
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-5
# Runs print nothing but errors.
onnxruntime.set_default_logger_severity(3)


def array(kind, cells):
    if kind == "tensor(string)":
        return np.array(["" if cell is None else cell for cell in cells], dtype=object)
    dtype = {"tensor(float)": np.float32, "tensor(double)": np.float64}[kind]
    return np.array([np.nan if cell is None else cell for cell in cells], dtype=dtype)


def difference(found, wanted):
    """The largest difference, relative where the wanted number is above 1; infinite where texts or holes differ."""
    found = found.ravel()
    if len(found) != len(wanted):
        return float("inf")
    if found.dtype.kind not in "fi":
        return 0.0 if found.tolist() == wanted else float("inf")
    wanted = np.array([np.nan if cell is None else cell for cell in wanted], dtype=np.float64)
    found = found.astype(np.float64)
    if (np.isnan(found) != np.isnan(wanted)).any():
        return float("inf")
    same = np.isnan(wanted) | (found == wanted)
    apart = np.abs(np.where(same, 0.0, found - wanted)) / np.maximum(1.0, np.where(same, 1.0, np.abs(wanted)))
    return float(apart.max(initial=0.0))


def run(session, case, rows):
    """The outputs by name for rows of the case, by their numbers."""
    inputs = {}
    for given in session.get_inputs():
        description = case["inputs"][given.name]
        cells = array(given.type, description["cells"]).reshape(description["shape"])
        inputs[given.name] = cells[rows]
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, inputs)))


def main(folder):
    faults = []
    files = sorted(pathlib.Path(folder).glob("*.onnx"))
    for file in files:
        case = json.loads(file.with_suffix(".json").read_text())
        model = onnx.load(file)
        try:
            onnx.checker.check_model(model, full_check=True)
            # Everything that is declared is inferred as well.
            onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
            session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
            count = next(iter(case["inputs"].values()))["shape"][0]
            worst = 0.0
            for rows in [list(range(count)), [count - 1], list(range(count)) * 37]:
                found = run(session, case, rows)
                if set(found) != set(case["outputs"]):
                    raise ValueError(f"the outputs are {sorted(found)}, expected {sorted(case['outputs'])}")
                for name, wanted in case["outputs"].items():
                    width = len(wanted) // count
                    wanted = [cell for row in rows for cell in wanted[row * width : (row + 1) * width]]
                    worst = max(worst, difference(found[name], wanted))
            for key, value in case.get("metadata", {}).items():
                if session.get_modelmeta().custom_metadata_map.get(key) != value:
                    raise ValueError(f"the metadata `{key}` is not {value}")
        except Exception as error:  # Every fault of every file is told.
            print(f"{file.stem}: {str(error).splitlines()[0]}")
            faults.append(file.stem)
            continue
        print(f"{file.stem}: {worst:.1e}")
        if not worst <= TOLERANCE:
            faults.append(file.stem)
    print(f"{len(files)} models, {len(faults)} with faults")
    return bool(faults) or not files


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
