"""Writes gp.txt: likelihoods and posteriors of scikit-learn's GaussianProcessRegressor with fixed hyperparameters.

uv run --with scikit-learn==1.9.1 python tests/golden/gp.py

A case is a line of its numbers of observations, axes and points; the inverse squared lengths, the scale and the noise; a line
for each observation, its coordinates, its score and the variance of its own; the log marginal likelihood; and a line for each
point, its coordinates, mean and variance.
"""

from pathlib import Path

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

rng = np.random.default_rng(11)
lines = []


def write(*numbers):
    lines.append(" ".join(repr(float(number)) for number in numbers))


for count, axes, scale, noise in [(1, 1, 1.0, 0.01), (9, 2, 0.7, 1e-6), (40, 4, 2.5, 0.05)]:
    inverse_squared = np.exp(rng.uniform(-2, 4, axes))
    x, y, own = rng.random((count, axes)), rng.normal(size=count), rng.uniform(0, 0.3, count)
    points = np.vstack([rng.random((6, axes)), x[:2]])
    kernel = ConstantKernel(scale) * Matern(1 / np.sqrt(inverse_squared), nu=2.5)
    process = GaussianProcessRegressor(kernel, alpha=noise + own, optimizer=None).fit(x, y)
    mean, deviation = process.predict(points, return_std=True)
    write(count, axes, len(points))
    write(*inverse_squared, scale, noise)
    for row in zip(x, y, own):
        write(*row[0], *row[1:])
    write(process.log_marginal_likelihood_value_)
    for row in zip(points, mean, deviation**2):
        write(*row[0], *row[1:])
Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")
