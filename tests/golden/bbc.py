"""Bootstrap bias-corrected cross-validation (Tsamardinos, Greasidou and Borboudakis 2018) by numpy and scikit-learn's metrics.

Writes bbc.jsonl: out-of-fold predictions of some candidates, the units drawn by each resample, and the corrected scores with
their intervals of 90 %.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python bbc.py
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn import metrics as sk
from sklearn.model_selection import KFold, ShuffleSplit

CLASSES = {
    "accuracy": (1, lambda y, p, w: sk.accuracy_score(y, p.argmax(1), sample_weight=w)),
    "log_loss": (-1, lambda y, p, w: sk.log_loss(y, p, labels=range(p.shape[1]), sample_weight=w)),
    "f1_macro": (1, lambda y, p, w: sk.f1_score(y, p.argmax(1), average="macro", zero_division=0, sample_weight=w)),
}
BINARY = {
    "roc_auc": (1, lambda y, p, w: sk.roc_auc_score(y, p[:, 0], sample_weight=w)),
    "accuracy": (1, lambda y, p, w: sk.accuracy_score(y, p[:, 0] > 0.5, sample_weight=w)),
}
VALUES = {
    "rmse": (-1, lambda y, p, w: sk.root_mean_squared_error(y, p[:, 0], sample_weight=w)),
    "r2": (1, lambda y, p, w: sk.r2_score(y, p[:, 0], sample_weight=w)),
    "median_absolute_error": (-1, lambda y, p, w: sk.median_absolute_error(y, p[:, 0])),
}


def correct(y, weights, units, folds, repeats, outputs, metrics, resamples):
    """The corrected scores. `outputs[candidate][fold]` are those of the rows of a fold, in its order."""
    per = len(folds) // repeats
    rows = [np.concatenate(folds[r * per:(r + 1) * per]) for r in range(repeats)]
    tables = [[np.concatenate(of[r * per:(r + 1) * per]) for r in range(repeats)] for of in outputs]
    numbers = np.unique(np.concatenate([units[row] for row in rows]))

    def score(candidate, chosen, metric):
        scores = []
        for row, table in zip(rows, tables[candidate]):
            places = np.concatenate([np.flatnonzero(units[row] == unit) for unit in numbers[chosen]])
            weight = None if weights is None else weights[row[places]]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scores.append(metric(y[row[places]], table[places], weight))
        return np.mean(scores)

    deciding, decide = next(iter(metrics.values()))
    all_scores = {name: [] for name in metrics}
    for drawn in resamples:
        left = np.setdiff1d(np.arange(len(numbers)), drawn)
        inside = np.array([deciding * score(candidate, drawn, decide) for candidate in range(len(outputs))])
        if np.isnan(inside).all() or not len(left):
            continue
        # Of equal scores the first, and not the one that rounding favours.
        winner = int(np.nanargmax(np.round(inside, 12)))
        for name, (_, metric) in metrics.items():
            all_scores[name].append(score(winner, left, metric))
    found = {}
    for name, scores in all_scores.items():
        scores = np.array(scores)[np.isfinite(scores)]
        low, high = np.percentile(scores, [5, 95])
        found[name] = [scores.mean(), low, high, len(scores)]
    return found


def case(rng, kind, metrics, rows, candidates, splitter, repeats=1, weighted=False, groups=None, resamples=25):
    if kind == "values":
        y = rng.normal(size=rows)
        predict = lambda test, c: (y[test] + rng.normal(size=len(test)) * (0.5 + 0.05 * c))[:, None]
    else:
        count = 3 if kind == "classes" else 2
        y = rng.integers(count, size=rows)
        if kind == "binary":
            # So few of one class that some resamples leave none of it.
            y = (np.arange(rows) < 3).astype(int)
            predict = lambda test, c: 1 / (1 + np.exp(-(2.0 * y[test] - 1 + rng.normal(size=len(test)))))[:, None]
        else:
            def predict(test, c):
                scores = np.eye(count)[y[test]] * (1 + 0.1 * c) + rng.normal(size=(len(test), count))
                shares = np.exp(scores)
                return shares / shares.sum(1, keepdims=True)
    # Repeats have the same folds and other draws.
    folds = [test for _, test in splitter.split(np.zeros(rows))] * repeats
    outputs = [[predict(test, c) for test in folds] for c in range(candidates)]
    weights = rng.integers(1, 4, size=rows).astype(float) if weighted else None
    units = np.arange(rows) if groups is None else np.arange(rows) % groups
    scored = len(np.unique(np.concatenate([units[test] for test in folds])))
    drawn = rng.integers(scored, size=(resamples, scored))
    found = correct(y, weights, units, folds, repeats, outputs, metrics, drawn)
    return {
        "kind": kind, "truth": y.tolist(), "weights": None if weights is None else weights.tolist(),
        "groups": None if groups is None else units.tolist(), "repeats": repeats,
        "folds": [test.tolist() for test in folds],
        "outputs": [[part.ravel().tolist() for part in of] for of in outputs],
        "resamples": drawn.tolist(), "metrics": list(metrics), "scores": [found[name] for name in metrics],
    }


def main():
    rng = np.random.default_rng(5)
    folds = KFold(4, shuffle=True, random_state=1)
    by_loss = {name: CLASSES[name] for name in ["log_loss", "accuracy", "f1_macro"]}
    cases = [
        case(rng, "classes", CLASSES, 40, 5, folds),
        case(rng, "classes", by_loss, 24, 4, folds, repeats=3),
        case(rng, "classes", by_loss, 30, 4, folds, groups=10),
        case(rng, "binary", BINARY, 30, 5, folds, resamples=60),
        case(rng, "values", VALUES, 40, 6, folds),
        case(rng, "values", {name: VALUES[name] for name in ["r2", "rmse"]}, 40, 4, folds, weighted=True),
        # Rows that are scored several times, and rows that never are.
        case(rng, "values", VALUES, 40, 4, ShuffleSplit(5, test_size=0.25, random_state=2)),
    ]
    text = "\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    pathlib.Path(__file__).with_name("bbc.jsonl").write_text(text + "\n")


main()
