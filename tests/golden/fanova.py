"""Shares of variance by Optuna's FanovaImportanceEvaluator, and exactly, for functions of random candidates.

Writes fanova.jsonl: the candidates, their scores, the shares of each hyperparameter by Optuna's forest of 64 trees (the mean of
ten seeds), and the exact shares of each and of each two together, by the mean over a fine grid.

    pip install optuna==5.0.0 scikit-learn==1.9.1
    python fanova.py
"""

import itertools
import json
import pathlib

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import FanovaImportanceEvaluator

optuna.logging.set_verbosity(optuna.logging.ERROR)


def exact(axes, function, points=24):
    """Shares by the mean over all combinations of evenly spread values."""
    grids = []
    for kind, *of in axes.values():
        if kind == "choice":
            grids.append(of)
        elif kind == "whole":
            grids.append(list(range(of[0], of[1] + 1)))
        else:
            even = (np.arange(points) + 0.5) / points
            low, high = (np.log(of) if kind == "log" else of)
            values = low + (high - low) * even
            grids.append(list(np.exp(values) if kind == "log" else values))
    table = np.array([function(*values) for values in itertools.product(*grids)]).reshape([len(g) for g in grids])
    count = table.ndim
    mean, total = table.mean(), table.var()
    main = [table.mean(tuple(b for b in range(count) if b != a)) - mean for a in range(count)]
    pairs = []
    for a, b in itertools.combinations(range(count), 2):
        both = table.mean(tuple(c for c in range(count) if c not in (a, b))) - mean
        pairs.append(((both - main[a][:, None] - main[b][None, :]) ** 2).mean() / total)
    return [float((of ** 2).mean() / total) for of in main], [float(share) for share in pairs]


def case(rng, axes, function, candidates, noise):
    # Optuna's analysis is even in a number itself, so it is given the logarithms.
    distributions, columns, given = {}, {}, {}
    for name, (kind, *of) in axes.items():
        if kind == "choice":
            distributions[name] = CategoricalDistribution(of)
            columns[name] = [of[at] for at in rng.integers(len(of), size=candidates)]
        elif kind == "whole":
            distributions[name] = IntDistribution(*of)
            columns[name] = rng.integers(of[0], of[1] + 1, size=candidates).tolist()
        else:
            low, high = (float(it) for it in (np.log(of) if kind == "log" else of))
            distributions[name] = FloatDistribution(low, high)
            columns[name] = rng.uniform(low, high, size=candidates).tolist()
        given[name] = columns[name]
        if kind == "log":
            columns[name] = np.exp(columns[name]).tolist()
    rows = list(zip(*columns.values()))
    scores = [float(function(*row) + noise * rng.normal()) for row in rows]
    study = optuna.create_study()
    for at, score in enumerate(scores):
        params = {name: given[name][at] for name in axes}
        study.add_trial(optuna.create_trial(params=params, distributions=distributions, value=score))
    shares = [FanovaImportanceEvaluator(seed=seed).evaluate(study) for seed in range(10)]
    mean = {name: float(np.mean([of[name] for of in shares])) for name in axes}
    main, pairs = exact(axes, function)
    return {"names": list(axes), "rows": rows, "scores": scores, "optuna": list(mean.values()), "main": main, "pairs": pairs}


def main():
    rng = np.random.default_rng(11)
    cases = [
        case(rng, {"x": ("even", 0.0, 1.0), "y": ("even", 0.0, 1.0), "z": ("even", 0.0, 1.0)},
             lambda x, y, z: 3 * x + 2 * (y > 0.4) + 0 * z, 200, 0.02),
        case(rng, {"lr": ("log", 1e-4, 1e-1), "act": ("choice", "relu", "tanh", "elu"), "width": ("whole", 1, 6)},
             lambda lr, act, width: -(np.log10(lr) + 2) ** 2 + {"relu": 0, "tanh": 1.5, "elu": -1}[act] + 0.1 * width, 250,
             0.02),
        case(rng, {"a": ("whole", 0, 3), "b": ("choice", "p", "q"), "c": ("even", -1.0, 1.0)},
             lambda a, b, c: (a - 1.5) * (1 if b == "p" else -1) + 0.5 * c, 250, 0.0),
    ]
    text = "\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    pathlib.Path(__file__).with_name("fanova.jsonl").write_text(text + "\n")
    for of in cases:
        print(of["names"], of["optuna"], of["main"], of["pairs"])


main()
