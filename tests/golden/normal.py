"""Writes normal.txt: the tails of the normal distribution, by SciPy and mpmath.

uv run --with scipy==1.17.1 --with mpmath==1.3.0 python tests/golden/normal.py
"""

from pathlib import Path

from mpmath import exp, log, mp, mpf, ncdf, pi, sqrt
from scipy.special import log_ndtr

mp.dps = 60
Z = [-1e6, -1e3, -100.0, -40.0, -25.5, -25.0, -24.5, -10.0, -5.0, -2.0, -1.0, -0.5, 0.0, 0.3, 1.0, 3.0, 8.0, 40.0]


def improvement(z):
    z = mpf(z)
    # Digits enough for the two terms that cancel.
    mp.dps = 60 if z > -1000 else 200
    density = -z * z / 2 - log(sqrt(2 * pi))
    if z < -1000:
        # The asymptotic series, whose next term is below 1e-24.
        y = 1 / z**2
        return density + log(y * (1 - 3 * y + 15 * y**2 - 105 * y**3))
    return log(z * ncdf(z) + exp(density))


lines = ["z,log_ndtr,log(z ndtr(z) + pdf(z))"]
lines += [f"{z!r},{float(log_ndtr(z))!r},{float(improvement(z))!r}" for z in Z]
Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")
