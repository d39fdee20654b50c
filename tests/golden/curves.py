"""Reads curves.csv, fits.json and candidates.json by pandas and checks what it reads. Needs pandas; run in this folder.

The tests of report/fits write these files, and compare theirs with them to the letter.
"""

import json
import math

import pandas as pd

INF = math.inf
# candidate, hidden, momentum, fold, n_epochs, epoch, train_loss, learning_rate, monitored, failed
ROWS = [
    (0, 64, 0.9, 0, 1, 1, 0.1 + 0.2, 1e-3, None, False),
    (0, 64, 0.9, 0, 3, 1, 0.1 + 0.2, 1e-3, None, False),
    (0, 64, 0.9, 0, 3, 2, 1e-300, 1e-3 / 2, 0.5, False),
    (0, 64, 0.9, 0, 3, 3, 2 / 3, 1e-3 / 3, INF, False),
    (0, 64, 0.9, 1, 3, 1, 9.5, 1e-3, None, True),
    (1, 8, None, 0, 1, 1, 0.5, 1e-3, None, False),
]
NAMES = ["candidate", "param_hidden", "param_momentum", "fold", "n_epochs", "epoch", "train_loss", "learning_rate"]


def rows(frame, names):
    """The rows of a frame with None in place of NaN."""
    frame = frame[names + ["monitored", "failure"]].astype(object)
    values = frame.where(frame.notna(), None).values.tolist()
    return [(*row[:-1], row[-1] is not None) for row in values]


# The long table: one row an epoch of a fit.
curves = pd.read_csv("curves.csv", float_precision="round_trip")
assert rows(curves, NAMES) == ROWS, curves
assert curves["epoch"].dtype == "int64" and curves["train_loss"].dtype == "float64"
assert (curves["param_act"] == "ReLU").all() and (curves["rows_share"] == 1.0).all()
whole = curves[curves["n_epochs"] == 3]
wide = whole.pivot(index="epoch", columns=["candidate", "fold"], values="train_loss")
assert wide[(0, 0)].tolist() == [0.1 + 0.2, 1e-300, 2 / 3] and wide[(0, 1)].count() == 1

# The same from the nested forms. JSON has no infinity.
finite = [(*row[:8], None if row[8] == INF else row[8], row[9]) for row in ROWS]
fits = json.load(open("fits.json"))
assert [(fit["candidate"], fit["fold"], len(fit["curve"])) for fit in fits] == [(0, 0, 1), (0, 0, 3), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
long = pd.json_normalize(fits, "curve", ["candidate", "param_hidden", "param_momentum", "fold", "n_epochs", "failure"])
assert rows(long, NAMES) == finite, long

candidates = json.load(open("candidates.json"))
meta = ["param_hidden", "param_momentum", ["fits", "fold"], ["fits", "n_epochs"], ["fits", "failure"]]
long = pd.json_normalize(candidates, ["fits", "curve"], meta).rename(columns=lambda name: name.removeprefix("fits."))
assert rows(long, NAMES[1:]) == [row[1:] for row in finite], long
assert candidates[1]["fits"][1]["failure"].startswith("diverged"), "a fit without an epoch is told, too"

print("pandas", pd.__version__, "reads", len(curves), "epochs")
