"""Writes the data of the bench that the repository does not have: `data.py FOLDER [FASHION]`.

Breast cancer comes from scikit-learn. Fashion-MNIST comes from the folder FASHION with the four files of Debian's package
`dataset-fashion-mnist`: its first 3,000 training rows, each image averaged over squares of 2 x 2 pixels, from 0 to 1.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer

ROWS = 3000


def write(path, features, labels):
    names = ",".join(f"x{at}" for at in range(features.shape[1])) + ",y"
    rows = (",".join(f"{value:.7g}" for value in row) + f",{label}" for row, label in zip(features, labels))
    path.write_text("\n".join([names, *rows]) + "\n")


def fashion(folder):
    def read(name, offset):
        return np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, offset=offset)

    images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 14, 2, 14, 2)[:ROWS]
    return images.mean(axis=(2, 4)).reshape(ROWS, 196) / 255, read("train-labels-idx1-ubyte.gz", 8)[:ROWS]


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    write(out / "breast_cancer.csv", *load_breast_cancer(return_X_y=True))
    if len(sys.argv) > 2:
        write(out / "fashion_mnist.csv", *fashion(Path(sys.argv[2])))


main()
