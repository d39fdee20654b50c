"""Writes parzen.txt: densities of optuna's multivariate Parzen estimator.

uv run --with optuna==5.0.0 python tests/golden/parzen.py

A block for each number of observations: that number and the number of points; the observations; the points with their log
densities. Columns: real, log, whole, log_whole, then the indices on `steps` and `choice`.
"""

from pathlib import Path

import numpy as np
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

SPACE = {
    "real": FloatDistribution(-2.0, 3.0),
    "log": FloatDistribution(1e-4, 1e-1, log=True),
    "whole": IntDistribution(1, 60),
    "log_whole": IntDistribution(2, 200, log=True),
    "steps": FloatDistribution(0.0, 0.5, step=0.01),
    "choice": CategoricalDistribution(["a", "b", "c"]),
}
PARAMETERS = _ParzenEstimatorParameters(
    prior_weight=1.0, consider_magic_clip=True, consider_endpoints=False, weights=default_weights, multivariate=True
)
rng = np.random.default_rng(7)


def draw(count):
    return {
        "real": rng.uniform(-2, 3, count),
        "log": np.exp(rng.uniform(np.log(1e-4), np.log(1e-1), count)),
        # Without ties, which numpy sorts in no order that is its own, and ours by the trial.
        "whole": rng.permutation(60)[:count] + 1,
        "log_whole": rng.permutation(199)[:count] + 2,
        "steps": rng.permutation(51)[:count] * 0.01,
        "choice": rng.integers(0, 3, count),
    }


def rows(points):
    index = {**points, "steps": np.rint(points["steps"] / 0.01).astype(int)}
    return [[index[name][at] for name in SPACE] for at in range(len(points["real"]))]


lines = ["real log whole log_whole steps choice log_density"]
for count in [0, 1, 2, 12, 40]:
    observed, points = draw(count), draw(12)
    density = _ParzenEstimator(observed, SPACE, PARAMETERS).log_pdf(points)
    lines.append(f"{count} 12")
    lines += [" ".join(str(float(cell)) for cell in row) for row in rows(observed)]
    lines += [" ".join(str(float(cell)) for cell in [*row, value]) for row, value in zip(rows(points), density)]
Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")
