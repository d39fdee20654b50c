#!/usr/bin/env python3
"""Reads fitted models that dropgrid saved, with the `safetensors` package, and computes their forward pass again.

    DROPGRID_FITTED=FOLDER cargo test --test fitted files_for_readers_in_python
    fitted.py FOLDER                compares with NumPy
    fitted.py FOLDER --torch        compares with PyTorch, whose modules take the file's tensors by their names
    fitted.py FILE --golden OUT     writes what PyTorch gives for the rows of `tests/fitted/main.rs`

The layers are those of `Mlp` in `tests/fitted/main.rs`: a dense layer with a rectifier or tanh, a batch normalisation, a
dropout, a dense layer. Run with Python 3.11, torch 2.15, safetensors 0.8 and numpy 2.4; the differential
run takes no PyTorch.
"""

import argparse
import json
import pathlib

import numpy as np
from safetensors import safe_open

# Sums in another order, in single precision.
TOLERANCE = 1e-5


def read(path):
    """The header and the tensors of a file, as NumPy arrays."""
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
        assert list(metadata) == ["dropgrid"], metadata
        header = json.loads(metadata["dropgrid"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    hidden = header["params"]["hidden"]
    shapes = {
        "hidden.0.weight": (hidden, 4),
        "hidden.0.bias": (hidden,),
        "norm.scale": (hidden,),
        "norm.bias": (hidden,),
        "norm.running_mean": (hidden,),
        "norm.running_var": (hidden,),
        "output.weight": (3, hidden),
        "output.bias": (3,),
    }
    assert {name: tensor.shape for name, tensor in tensors.items()} == shapes, tensors.keys()
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())
    assert (header["format"], header["model"], header["target"]) == (1, "Mlp", "classes"), header
    assert (header["input"], header["output"], header["names"]) == ([4], [3], ["left", "middle", "right"]), header
    assert header["scalars"]["dropout.p"] == np.float32(header["params"]["dropout"]), header
    return header, tensors


def by_numpy(header, tensors, rows):
    function = {"ReLU": lambda x: np.maximum(x, 0), "Tanh": np.tanh}[header["params"]["act"]]
    x = function(rows @ tensors["hidden.0.weight"].T + tensors["hidden.0.bias"])
    deviation = np.sqrt(tensors["norm.running_var"] + np.float32(header["scalars"]["norm.epsilon"]))
    x = (x - tensors["norm.running_mean"]) / deviation * tensors["norm.scale"] + tensors["norm.bias"]
    return x @ tensors["output.weight"].T + tensors["output.bias"]


def by_torch(header, tensors, rows):
    import torch

    params, scalars = header["params"], header["scalars"]
    net = torch.nn.Sequential()
    function = {"ReLU": torch.nn.ReLU, "Tanh": torch.nn.Tanh}[params["act"]]
    net.add_module("hidden", torch.nn.Sequential(torch.nn.Linear(4, params["hidden"]), function()))
    net.add_module("norm", torch.nn.BatchNorm1d(params["hidden"], eps=scalars["norm.epsilon"]))
    net.add_module("dropout", torch.nn.Dropout(params["dropout"]))
    net.add_module("output", torch.nn.Linear(params["hidden"], 3))
    # dfdx calls the weight of a normalisation its scale; PyTorch counts batches beside.
    state = {name.replace("norm.scale", "norm.weight"): torch.from_numpy(tensor) for name, tensor in tensors.items()}
    state["norm.num_batches_tracked"] = torch.tensor(0)
    net.load_state_dict(state, strict=True)
    net.eval()
    with torch.no_grad():
        return net(torch.from_numpy(rows)).numpy()


def shown():
    """`shown()` of tests/fitted/main.rs."""
    row = lambda at: [((at * 13 + column * 7) % 23) / 4 - 2.5 for column in range(4)]
    return np.array([row(at) for at in range(12)], dtype=np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--torch", action="store_true")
    parser.add_argument("--golden", type=pathlib.Path)
    args = parser.parse_args()
    if args.golden:
        logits = by_torch(*read(args.path), shown())
        lines = [" ".join(repr(float(value)) for value in row) for row in logits]
        args.golden.write_text("# Written by fitted.py --golden.\n" + "\n".join(lines) + "\n")
        return
    files = sorted(args.path.glob("model*.safetensors"))
    assert len(files) == 2, files
    for file in files:
        header, tensors = read(file)
        rows = np.loadtxt(file.with_suffix(".rows"), dtype=np.float32)
        expected = np.loadtxt(file.with_suffix(".logits"))
        assert np.array_equal(rows, shown())
        found = (by_torch if args.torch else by_numpy)(header, tensors, rows)
        far = np.abs(found - expected).max()
        assert found.shape == expected.shape and far < TOLERANCE, (file, far)
        print(f"{file.name}: {len(tensors)} tensors, {header['params']}, largest difference {far:.1e}")


if __name__ == "__main__":
    main()
