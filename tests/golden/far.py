"""Writes far.txt: what scikit-learn 1.9.1 makes of columns far from zero by StandardScaler and MinMaxScaler, in f64.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-learn==1.9.1
    /tmp/golden/bin/python tests/golden/far.py

Only expected numbers are stored. The features of a case, five columns of 2 to 30 rows, come from a SplitMix64 generator
seeded with the case's number, and are integers times powers of two, so that the Rust test, which draws them in the same
order, has the same bits. A case is two lines: the name of a scaler, then all rows scaled, row by row.
"""

import os

import numpy as np
import sklearn
from sklearn.preprocessing import MinMaxScaler, StandardScaler

assert sklearn.__version__ == "1.9.1", sklearn.__version__

MASK = (1 << 64) - 1
CASES = 20


class Draw:
    """SplitMix64 (Steele, Lea and Flood, 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % n


def row(draw):
    """Seconds since 1970, milliseconds likewise, a number that single precision does not hold, a latitude, a day."""
    n = [draw.below(1000) for _ in range(5)]
    return [
        1700000000.0 + 60 * n[0],
        1700000000000.0 + 1000 * n[1] + 1 / 1024,
        16777216.0 + n[2],
        52.5 + n[3] * 2.0**-20,
        2460000.5 + n[4] * 2.0**-10,
    ]


lines = []
for case in range(CASES):
    draw = Draw(case)
    count = 2 + draw.below(29)
    x = np.array([row(draw) for _ in range(count)], dtype=np.float64)
    for name, scaler in [("standard", StandardScaler()), ("minmax", MinMaxScaler())]:
        scaled = scaler.fit_transform(x)
        # By hand, without the order of operations in which scikit-learn's MinMaxScaler loses the digits of an offset.
        if name == "minmax":
            by_hand = (x - x.min(axis=0)) / np.where(np.ptp(x, axis=0) == 0, 1, np.ptp(x, axis=0))
            assert np.allclose(scaled, by_hand, rtol=0, atol=1e-4)
            scaled = by_hand
        lines.append(name + " " + " ".join(repr(float(number)) for number in scaled.ravel()))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "far.txt")
with open(path, "w") as file:
    file.write("\n".join(lines) + "\n")
