"""Writes target_transforms.txt: what scikit-learn 1.9.1's TransformedTargetRegressor trains on and predicts.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-learn==1.9.1
    /tmp/golden/bin/python tests/golden/target_transforms.py

A case is four lines: the name of the transform and the targets, row by row with two numbers a row; the targets as the
regressor sees them in `fit`; numbers that it predicts; the predictions in the units of the targets. The first six rows
are those that the transform is fitted on.
"""

import os

import numpy as np
import sklearn
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler

assert sklearn.__version__ == "1.9.1", sklearn.__version__

FITTED = 6


class Recorder(RegressorMixin, BaseEstimator):
    """Remembers what it is fitted on, and predicts its features."""

    def fit(self, x, y):
        Recorder.seen = np.array(y)
        return self

    def predict(self, x):
        return x


LOG = FunctionTransformer(np.log, np.exp)
LOG1P = FunctionTransformer(np.log1p, np.expm1)
TRANSFORMS = {
    "standardize": lambda: StandardScaler(),
    "min_max": lambda: MinMaxScaler(),
    "log": lambda: LOG,
    "log1p": lambda: LOG1P,
    "log_standardize": lambda: make_pipeline(LOG, StandardScaler()),
    "log1p_standardize": lambda: make_pipeline(LOG1P, StandardScaler()),
}
TARGETS = {
    "prices": [[505000.0 + 148000.0 * np.sin(3.0 * at), 0.5 + 0.001 * at] for at in range(8)],
    "a constant": [[7.5, 1.0 + at % 3] for at in range(8)],
    "counts": [[float(at * at), float(at)] for at in range(8)],
    "below zero": [[-3.0 + at, -0.5 * at] for at in range(8)],
}

lines = []
for kind, rows in TARGETS.items():
    y = np.array(rows)
    for name, transformer in TRANSFORMS.items():
        if name.startswith("log1p") and y.min() <= -1 or name in ["log", "log_standardize"] and y.min() <= 0:
            continue
        predicted = np.array([[-1.5, 0.25], [0.0, 1.0], [0.75, 2.0], [1.25, -0.125]])
        model = TransformedTargetRegressor(Recorder(), transformer=transformer(), check_inverse=False)
        model.fit(np.zeros((FITTED, 2)), y[:FITTED])
        seen = Recorder.seen
        for values in [y, seen, predicted, model.predict(predicted)]:
            words = [name] if values is y else []
            lines.append(" ".join(words + [repr(float(value)) for value in values.ravel()]))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "target_transforms.txt")
with open(path, "w") as file:
    file.write("\n".join(lines) + "\n")
