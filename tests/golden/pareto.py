"""Non-domination ranks and hypervolumes by optuna.

Writes pareto.txt: points of which lower coordinates are better, with a penalty each, their ranks from 1, the reference point
and the hypervolume.

    pip install optuna==5.0.0
    python pareto.py
"""

import pathlib
import random

import numpy as np
from optuna._hypervolume import compute_hypervolume
from optuna.study._multi_objective import _fast_non_domination_rank

rng = random.Random(0)
lines = []
for case in range(300):
    axes = rng.choice([1, 2, 2, 3, 3, 4])
    # Few values, so that points are equal and share coordinates.
    steps = rng.choice([3, 10, 1000])
    points = np.array([[rng.randint(0, steps) / steps for _ in range(axes)] for _ in range(rng.randint(1, 14))])
    penalty = np.array([max(0.0, round(rng.uniform(-0.5, 0.5), 1)) if case % 3 == 0 else 0.0 for _ in points])
    ranks = _fast_non_domination_rank(points, penalty=penalty) + 1
    reference = np.array([rng.choice([0.5, 0.9, 1.1, 2.0]) for _ in range(axes)])
    # It asks for points that are no worse than the reference.
    inside = points[(points <= reference).all(axis=1)]
    volume = compute_hypervolume(inside, reference) if len(inside) else 0.0
    text = lambda numbers: " ".join(str(float(number)) for number in numbers)
    of_points = ";".join(text(point) for point in points)
    lines.append(f"{of_points} | {text(penalty)} | {' '.join(map(str, ranks))} | {text(reference)} | {float(volume)!r}")
head = "# points | penalties | ranks | reference | hypervolume; by pareto.py"
(pathlib.Path(__file__).parent / "pareto.txt").write_text("\n".join([head, *lines]) + "\n")
