"""Receiver operating characteristics of each class against all others, and the areas under them, by scikit-learn.

Writes roc.txt: true classes, probabilities of each row, and the area of each class; then the curve of the last class, as pairs
of the rates of false and of true positives.

    pip install scikit-learn==1.9.0
    python roc.py
"""

import pathlib

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

rng = np.random.default_rng(14)
text = lambda numbers: " ".join(str(number) for number in np.ravel(numbers).tolist())
lines = []
for case in range(20):
    classes = int(rng.choice([3, 3, 4, 7, 10]))
    rows = int(rng.integers(classes, 40))
    # Every class has a row.
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, rows - classes)])
    logits = rng.normal(size=(rows, classes)) + rng.choice([0.0, 1.0, 4.0]) * np.eye(classes)[truth]
    # Few values, so that probabilities are tied.
    logits = np.round(logits, 0) if case % 3 == 0 else logits
    weights = np.exp(logits)
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    areas = roc_auc_score(truth, probabilities, multi_class="ovr", average=None)
    false, true, _ = roc_curve(truth == classes - 1, probabilities[:, -1], drop_intermediate=False)
    lines.append(f"{text(truth)} | {text(probabilities)} | {text(areas)} | {text(np.stack([false, true], axis=1))}")
head = "# classes | probabilities | areas | curve of the last class; by roc.py"
(pathlib.Path(__file__).parent / "roc.txt").write_text("\n".join([head, *lines]) + "\n")
