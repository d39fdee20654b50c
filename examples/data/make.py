"""Writes digits.csv and diabetes.csv from scikit-learn's own copies. Needs scikit-learn 1.9.1."""

import csv
from pathlib import Path

from sklearn.datasets import load_diabetes, load_digits

HERE = Path(__file__).parent


def write(name, header, rows):
    with open(HERE / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([f"{value:g}" for value in row] for row in rows)


digits = load_digits()
pixels = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
write("digits.csv", [*pixels, "digit"], ([*x, y] for x, y in zip(digits.data, digits.target)))

diabetes = load_diabetes(scaled=False)
names = [*diabetes.feature_names, "progression"]
write("diabetes.csv", names, ([*x, y] for x, y in zip(diabetes.data, diabetes.target)))
